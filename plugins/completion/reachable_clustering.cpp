// SPDX-License-Identifier: MIT
// How many pairs of neighbours of a node are joined by a short path around it.
#include <espalier/plugin.hpp>
#include <espalier/random.hpp>

#include <algorithm>
#include <numeric>

namespace espalier::completion {
namespace {

struct ReachableClustering {
    int64_t hops = 4, sample = 0;

    static void describe(Schema<ReachableClustering>& s);
    void run(const Task& task) const;
};

void ReachableClustering::describe(Schema<ReachableClustering>& s) {
    s.analyzer("reachable_clustering",
               "Reachable clustering coefficient: pairs of neighbours joined around a node")
        .doc(
            R"(RCC_k is the share of the pairs of neighbours of a node, over all nodes or a sample of them, that are joined by a
path of at most k edges that avoids the node. RCC_1 is the transitivity; RCC_2 counts what a triangle or a cycle of
four closes, so it tells a lattice without triangles from a random graph. The paper (arXiv:2204.11852) names the
measure without a formula; this one separates the families that it is said to separate.

Loops and directions are left out of account. Time: sum over the nodes of degree x nodes within k edges.)")
        .reference("arXiv:2204.11852")
        .example(R"(local grid = esp.generate.grid { shape = { 33, 33 } }
print(esp.analyze.reachable_clustering { graph = grid.graph }.coefficients))");
    s.random();
    s.input_graph("graph", "Undirected.");
    s.param("hops", &ReachableClustering::hops)
        .range(1, 64)
        .doc("The longest path: k = 1 .. hops.");
    s.param("sample", &ReachableClustering::sample)
        .min(0)
        .doc("Nodes that are looked at, drawn without repetition; 0: all.");
    s.output_tensor<double>("coefficients", "hops", "RCC_1, RCC_2, ...; 0 without a pair.");
    s.output_integer("pairs", "Pairs of neighbours that were looked at.");
}

void ReachableClustering::run(const Task& task) const {
    const GraphView graph = task.graph("graph");
    if (graph.directed) throw Invalid("graph", "must be undirected, is directed");
    std::vector<int64_t> nodes(static_cast<std::size_t>(graph.nodes));
    std::iota(nodes.begin(), nodes.end(), 0);
    if (sample > 0 && sample < graph.nodes) {
        Random(task.key(0), 0).shuffle(nodes);
        nodes.resize(static_cast<std::size_t>(sample));
    }
    // joined[d]: pairs at distance d; the last: pairs in all.
    using Counts = std::vector<int64_t>;
    const auto size = static_cast<std::size_t>(hops) + 2;
    const auto look = [&](int64_t begin, int64_t end) {
        Counts joined(size);
        std::vector<int32_t> queue;
        std::vector<int64_t> distance(static_cast<std::size_t>(graph.nodes), -1);
        for (int64_t k = begin; k < end; ++k) {
            task.check_cancelled();
            const int64_t node = nodes[static_cast<std::size_t>(k)];
            const auto row = graph.neighbours(node);
            for (const int32_t from : row) {
                if (from == node) continue;
                queue.assign(1, from);
                distance[static_cast<std::size_t>(from)] = 0;
                for (std::size_t at = 0; at < queue.size(); ++at) {
                    const int64_t d = distance[static_cast<std::size_t>(queue[at])];
                    if (d == hops) break;
                    for (const int32_t to : graph.neighbours(queue[at])) {
                        if (to == node || distance[static_cast<std::size_t>(to)] >= 0) continue;
                        distance[static_cast<std::size_t>(to)] = d + 1;
                        queue.push_back(to);
                    }
                }
                for (const int32_t to : row) {
                    if (to == node || to <= from) continue;
                    ++joined.back();
                    const int64_t d = distance[static_cast<std::size_t>(to)];
                    if (d > 0) ++joined[static_cast<std::size_t>(d)];
                }
                for (const int32_t v : queue) distance[static_cast<std::size_t>(v)] = -1;
            }
        }
        return joined;
    };
    constexpr int64_t grain = 64;
    const Counts joined = task.parallel_reduce(static_cast<int64_t>(nodes.size()), grain,
                                               Counts(size), look, [](Counts a, Counts b) {
                                                   for (std::size_t i = 0; i < a.size(); ++i)
                                                       a[i] += b[i];
                                                   return a;
                                               });
    const auto out = task.output<double>("coefficients", {hops});
    int64_t within = 0;
    for (int64_t k = 1; k <= hops; ++k) {
        within += joined[static_cast<std::size_t>(k)];
        out(k - 1) = joined.back() > 0
                         ? static_cast<double>(within) / static_cast<double>(joined.back())
                         : 0;
    }
    task.output_value("pairs", joined.back());
}

} // namespace
} // namespace espalier::completion

ESPALIER_COMPONENT(reachable_clustering, espalier::completion::ReachableClustering)
