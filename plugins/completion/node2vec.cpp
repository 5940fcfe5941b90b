// SPDX-License-Identifier: MIT
// Embedding of nodes by random walks: which nodes are near each other on a walk.
#include <espalier/numerics/arena.hpp>
#include <espalier/numerics/loops.hpp>
#include <espalier/plugin.hpp>
#include <espalier/random.hpp>

#include <algorithm>
#include <cmath>

namespace espalier::completion {
namespace {

using numerics::Index;

struct Node2vec {
    int64_t hidden = 0, width = 64, walks = 10, length = 40, window = 5, negatives = 5;
    double return_parameter = 1, in_out_parameter = 1, learning_rate = 0.025;

    static void describe(Schema<Node2vec>& s);
    void run(const Task& task) const;

private:
    using Walk = std::vector<std::int32_t>;
    Walk walk(const GraphView& graph, std::int32_t start, Random random) const;
    std::vector<Walk> all_walks(const Task& task, const GraphView& graph) const;
    void descend(const Task& task, const GraphView& graph, const std::vector<Walk>& walks,
                 std::span<float> z) const;
    void draw_hidden(const Task& task, int64_t nodes, std::span<float> z) const;
};

enum Stream : uint64_t { steps = 1, order, initial_values, pairs, unseen };

void Node2vec::describe(Schema<Node2vec>& s) {
    s.learner("node2vec", "Embedding of nodes by biased random walks and skip-grams")
        .doc(
            R"(From each node `walks` walks of `length` nodes start. One that came from t to v goes on to a neighbour x of v in
proportion to 1 / p when x = t (p: `return_parameter`), to 1 when x is a neighbour of t, else to 1 / q (q:
`in_out_parameter`); p = q = 1 is DeepWalk. Two nodes at most `window` apart on a walk, the reach drawn anew for each
node, are a pair: stochastic gradient descent raises log sigmoid(z_i . c_j) and lowers it for `negatives` nodes drawn in
proportion to degree^(3/4), once over all walks, with a rate that falls to a ten thousandth in a straight line.

No walk meets the last `hidden` nodes: their vectors are normal with the mean and the deviation of each number over the
known nodes, so that a matching has something to choose from.

The descent takes one pair after the other, on one core.)")
        .reference("arXiv:1607.00653")
        .example(
            R"(local z = esp.learn.node2vec { graph = seen.observed, hidden = seen.hidden, seed = 1 }
print(z.embedding))");
    s.random().isa_bits();
    s.input_graph("graph", "Undirected.");
    s.param("hidden", &Node2vec::hidden).min(0).doc("Nodes that were not observed: the last ones.");
    s.param("width", &Node2vec::width).range(1, 1024).doc("Numbers a node.");
    s.param("walks", &Node2vec::walks).range(1, 10000).doc("From each node.");
    s.param("length", &Node2vec::length).range(2, 10000).doc("Nodes of a walk.");
    s.param("window", &Node2vec::window).range(1, 1000).doc("Largest distance of a pair.");
    s.param("negatives", &Node2vec::negatives).range(0, 1000).doc("Drawn for each pair.");
    s.param("return_parameter", &Node2vec::return_parameter).above(0).max(1e6).doc("p.");
    s.param("in_out_parameter", &Node2vec::in_out_parameter).above(0).max(1e6).doc("q.");
    s.param("learning_rate", &Node2vec::learning_rate).above(0).max(1).log_scale().doc("At first.");
    s.output_tensor<float>("embedding", "node,feature", "z of each node.");
}

Node2vec::Walk Node2vec::walk(const GraphView& graph, std::int32_t start, Random random) const {
    Walk way{start};
    std::vector<double> until;
    while (static_cast<int64_t>(way.size()) < length) {
        const auto row = graph.neighbours(way.back());
        if (row.empty()) break;
        double sum = 0;
        until.clear();
        for (const std::int32_t x : row) {
            double w = 1;
            if (way.size() > 1) {
                const std::int32_t before = way[way.size() - 2];
                if (x == before)
                    w = 1 / return_parameter;
                else if (!std::ranges::binary_search(graph.neighbours(before), x))
                    w = 1 / in_out_parameter;
            }
            until.push_back(sum += w);
        }
        const double u = random.uniform() * sum;
        const auto at = std::upper_bound(until.begin(), until.end() - 1, u) - until.begin();
        way.push_back(row[static_cast<std::size_t>(at)]);
    }
    return way;
}

std::vector<Node2vec::Walk> Node2vec::all_walks(const Task& task, const GraphView& graph) const {
    const int64_t known = graph.nodes - hidden;
    std::vector<Walk> all(static_cast<std::size_t>(known * walks));
    task.parallel_for(known * walks, 64, [&](int64_t begin, int64_t end) {
        for (int64_t k = begin; k < end; ++k)
            all[static_cast<std::size_t>(k)] = walk(
                graph, static_cast<std::int32_t>(k % known),
                Random(task.key(steps), static_cast<uint32_t>(k), static_cast<uint32_t>(k >> 32)));
    });
    Random(task.key(order), 0).shuffle(all);
    return all;
}

void Node2vec::descend(const Task& task, const GraphView& graph, const std::vector<Walk>& all,
                       std::span<float> z) const {
    // A place in `urn` for each share of degree^(3/4).
    std::vector<std::int32_t> urn;
    double total = 0, passed = 0;
    for (int64_t i = 0; i < graph.nodes; ++i)
        total += std::pow(static_cast<double>(graph.degree(i)), 0.75);
    const double places = 100.0 * static_cast<double>(graph.nodes);
    for (int64_t i = 0; i < graph.nodes && total > 0; ++i) {
        passed += std::pow(static_cast<double>(graph.degree(i)), 0.75) / total;
        while (static_cast<double>(urn.size()) < passed * places)
            urn.push_back(static_cast<std::int32_t>(i));
    }
    numerics::AlignedVector<float> contexts(z.size());
    std::vector<float> pull(static_cast<std::size_t>(width));
    Random random(task.key(pairs), 0);
    const auto toward = [&](float* centre, std::int32_t other, float wanted, float rate) {
        float* const c = contexts.data() + other * width;
        const float s = numerics::sum_over<float>(width, [=](Index k) { return centre[k] * c[k]; });
        const float step = rate * (wanted - 1 / (1 + std::exp(-s)));
        for (Index k = 0; k < width; ++k) {
            pull[static_cast<std::size_t>(k)] += step * c[k];
            c[k] += step * centre[k];
        }
    };
    for (std::size_t w = 0; w < all.size(); ++w) {
        if (w % 256 == 0) {
            task.check_cancelled();
            task.progress(static_cast<double>(w) / static_cast<double>(all.size()), "learning");
        }
        const auto rate = static_cast<float>(
            learning_rate *
            std::max(1e-4, 1 - static_cast<double>(w) / static_cast<double>(all.size())));
        const Walk& way = all[w];
        const auto size = static_cast<int64_t>(way.size());
        for (int64_t at = 0; at < size; ++at) {
            const auto reach =
                1 + static_cast<int64_t>(random.below(static_cast<uint64_t>(window)));
            float* const centre = z.data() + way[static_cast<std::size_t>(at)] * width;
            for (int64_t o = std::max<int64_t>(0, at - reach); o <= std::min(size - 1, at + reach);
                 ++o) {
                if (o == at) continue;
                const std::int32_t near = way[static_cast<std::size_t>(o)];
                std::fill(pull.begin(), pull.end(), 0.0f);
                toward(centre, near, 1, rate);
                for (int64_t k = 0; k < negatives; ++k)
                    if (const auto far = urn[random.below(urn.size())]; far != near)
                        toward(centre, far, 0, rate);
                for (Index k = 0; k < width; ++k) centre[k] += pull[static_cast<std::size_t>(k)];
            }
        }
    }
}

void Node2vec::draw_hidden(const Task& task, int64_t nodes, std::span<float> z) const {
    const int64_t known = nodes - hidden;
    Random random(task.key(unseen), 0);
    for (int64_t k = 0; k < width; ++k) {
        double mean = 0, variance = 0;
        const auto at = [&](int64_t i) -> float& {
            return z[static_cast<std::size_t>(i * width + k)];
        };
        for (int64_t i = 0; i < known; ++i)
            mean += static_cast<double>(at(i)) / static_cast<double>(known);
        for (int64_t i = 0; i < known; ++i)
            variance += std::pow(static_cast<double>(at(i)) - mean, 2) / static_cast<double>(known);
        for (int64_t i = known; i < nodes; ++i)
            at(i) = static_cast<float>(mean + std::sqrt(variance) * random.normal());
    }
}

void Node2vec::run(const Task& task) const {
    const GraphView graph = task.graph("graph");
    if (graph.directed) throw Invalid("graph", "must be undirected, is directed");
    if (hidden > graph.nodes - 2)
        throw Invalid("hidden", "leaves fewer than two known nodes: the graph has " +
                                    std::to_string(graph.nodes));
    if (graph.entries() == 0) throw Invalid("graph", "has no edge to walk on");
    const View<float> out = task.output<float>("embedding", {graph.nodes, width});
    Random random(task.key(initial_values), 0);
    for (float& x : out.flat())
        x = static_cast<float>((random.uniform() - 0.5) / static_cast<double>(width));
    descend(task, graph, all_walks(task, graph), out.flat());
    draw_hidden(task, graph.nodes, out.flat());
}

} // namespace
} // namespace espalier::completion

ESPALIER_COMPONENT(node2vec, espalier::completion::Node2vec)
