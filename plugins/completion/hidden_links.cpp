// SPDX-License-Identifier: MIT
// An observation that misses some edges of a network.
#include "edge_rows.hpp"

#include <espalier/random.hpp>

namespace espalier::completion {
namespace {

struct HiddenLinks {
    double fraction = 0.1;

    static void describe(Schema<HiddenLinks>& s);
    void run(const Task& task) const;
};

void HiddenLinks::describe(Schema<HiddenLinks>& s) {
    s.sampler("hidden_links", "Observation of a network that misses some of its edges")
        .doc(
            R"(Hides floor(`fraction` x edges) edges, each set of them equally likely. In `observed` a hidden edge looks
like a pair without one; `hidden` holds just the hidden edges. Weights and positions go along.)")
        .reference("doi:10.1002/asi.20591")
        .example(
            R"(local seen = esp.sample.hidden_links { graph = ring.graph, fraction = 0.1, seed = 1 }
print(seen.observed, seen.hidden))");
    s.random();
    s.input_graph("graph", "Undirected.");
    s.param("fraction", &HiddenLinks::fraction).range(0, 1).doc("Share of the edges to hide.");
    s.output_graph("observed", "Edges that were seen.");
    s.output_graph("hidden", "Edges that were not.");
}

void HiddenLinks::run(const Task& task) const {
    const GraphView graph = task.graph("graph");
    if (graph.directed) throw Invalid("graph", "must be undirected, is directed");
    std::vector<WeightedEdge> edges = edges_of(graph);
    Random(task.key(0), 0).shuffle(edges);
    const auto cut =
        edges.begin() + static_cast<std::ptrdiff_t>(fraction * static_cast<double>(edges.size()));
    const auto write = [&](const char* port, std::vector<WeightedEdge> part) {
        const GraphOutput out = write_edges(task, port, graph.nodes, part, !graph.weights.empty());
        if (graph.positions.empty()) return;
        const auto positions = out.positions(graph.positions.axis(1));
        std::copy(graph.positions.begin(), graph.positions.end(), positions.data());
    };
    write("hidden", {edges.begin(), cut});
    write("observed", {cut, edges.end()});
}

} // namespace
} // namespace espalier::completion

ESPALIER_COMPONENT(hidden_links, espalier::completion::HiddenLinks)
