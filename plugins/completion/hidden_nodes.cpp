// SPDX-License-Identifier: MIT
// An observation that misses some nodes of a network, with all their edges.
#include "edge_rows.hpp"

#include <espalier/random.hpp>

#include <cmath>
#include <numeric>

namespace espalier::completion {
namespace {

struct HiddenNodes {
    double fraction = 0.2;
    std::string selection = "random";

    static void describe(Schema<HiddenNodes>& s);
    void run(const Task& task) const;

private:
    std::vector<int64_t> order(const GraphView& graph, int64_t hidden, const Key& key) const;
};

void HiddenNodes::describe(Schema<HiddenNodes>& s) {
    s.sampler("hidden_nodes", "Observation of a network that misses some of its nodes")
        .doc(R"(Hides floor(`fraction` x nodes) nodes:

- random: each set of them is equally likely;
- last: those of the highest numbers;
- snowball: a random node, its neighbours, theirs, and so on (those of one node in random order); when a component
  is used up, from another random node.

Nodes are numbered anew so that the hidden ones are the last; within the known and within the hidden ones the order
is random (with `last` it stays), so that it tells nothing. `truth` is the whole network in the new numbers,
`observed` has the same nodes and the edges among known ones. Weights and positions go along.)")
        .reference("arXiv:2204.11852")
        .example(
            R"(local seen = esp.sample.hidden_nodes { graph = ring.graph, fraction = 0.2, seed = 1 }
print(seen.observed, seen.hidden))");
    s.random();
    s.input_graph("graph", "Undirected.");
    s.param("fraction", &HiddenNodes::fraction).min(0).below(1).doc("Share of the nodes to hide.");
    s.param("selection", &HiddenNodes::selection)
        .choices({"random", "last", "snowball"})
        .doc("Which nodes are hidden.");
    s.output_graph("truth", "The network in the new numbers.");
    s.output_graph("observed", "The same nodes, edges among known ones only.");
    s.output_tensor<int64_t>("nodes", "node", "The old number of each node.");
    s.output_integer("known", "Nodes that were observed: the first ones.");
    s.output_integer("hidden", "Nodes that were not: the last ones.");
}

std::vector<int64_t> HiddenNodes::order(const GraphView& graph, int64_t hidden,
                                        const Key& key) const {
    std::vector<int64_t> order(static_cast<std::size_t>(graph.nodes));
    std::iota(order.begin(), order.end(), 0);
    if (selection == "last") return order;
    Random random(key, 0);
    random.shuffle(order);
    if (selection == "random" || hidden == 0) return order;
    std::vector<bool> taken(order.size());
    std::vector<int64_t> ball;
    const auto take = [&](int64_t v) {
        if (static_cast<int64_t>(ball.size()) == hidden || taken[static_cast<std::size_t>(v)])
            return;
        taken[static_cast<std::size_t>(v)] = true;
        ball.push_back(v);
    };
    std::size_t next = 0, fresh = 0;
    while (static_cast<int64_t>(ball.size()) < hidden) {
        while (next == ball.size()) take(order[fresh++]);
        const auto row = graph.neighbours(ball[next++]);
        std::vector<int64_t> heard(row.begin(), row.end());
        random.shuffle(heard);
        for (const int64_t v : heard) take(v);
    }
    random.shuffle(ball);
    std::erase_if(order, [&](int64_t v) { return taken[static_cast<std::size_t>(v)]; });
    order.insert(order.end(), ball.begin(), ball.end());
    return order;
}

void HiddenNodes::run(const Task& task) const {
    const GraphView graph = task.graph("graph");
    if (graph.directed) throw Invalid("graph", "must be undirected, is directed");
    const auto hidden = static_cast<int64_t>(fraction * static_cast<double>(graph.nodes));
    const int64_t known = graph.nodes - hidden;
    const std::vector<int64_t> old = order(graph, hidden, task.key(0));
    std::vector<std::int32_t> now(old.size());
    for (std::size_t i = 0; i < old.size(); ++i)
        now[static_cast<std::size_t>(old[i])] = static_cast<std::int32_t>(i);
    std::vector<WeightedEdge> edges = edges_of(graph);
    for (WeightedEdge& e : edges) {
        e.from = now[static_cast<std::size_t>(e.from)];
        e.to = now[static_cast<std::size_t>(e.to)];
    }
    const auto write = [&](const char* port) {
        const GraphOutput out = write_edges(task, port, graph.nodes, edges, !graph.weights.empty());
        if (graph.positions.empty()) return;
        const int64_t axes = graph.positions.axis(1);
        const auto positions = out.positions(axes);
        for (int64_t i = 0; i < graph.nodes; ++i)
            for (int64_t k = 0; k < axes; ++k)
                positions(i, k) = graph.positions(old[static_cast<std::size_t>(i)], k);
    };
    write("truth");
    std::erase_if(edges, [&](const WeightedEdge& e) { return e.from >= known || e.to >= known; });
    write("observed");
    std::copy(old.begin(), old.end(), task.output<int64_t>("nodes", {graph.nodes}).data());
    task.output_value("known", known);
    task.output_value("hidden", hidden);
}

} // namespace
} // namespace espalier::completion

ESPALIER_COMPONENT(hidden_nodes, espalier::completion::HiddenNodes)
