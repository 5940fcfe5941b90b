// SPDX-License-Identifier: MIT
// Cores: how deep in the network a node sits.
#include "rows.hpp"

#include <espalier/plugin.hpp>

#include <algorithm>

namespace espalier::graphs {
namespace {

struct CoreNumbers {
    static void describe(Schema<CoreNumbers>& s) {
        s.analyzer("core_numbers", "Core number of every node")
            .doc(
                R"(The k-core is the largest part of the network in which every node has at least k edges to others of the part; a
node's core number is the largest k of a core that holds it (Seidman 1983). Directions do not count: an edge either way
is one, and one each way are two, as in networkx. Self-loops are left aside.

Nodes are removed by rising degree, kept in buckets (Batagelj and Zaversnik 2003, arXiv:cs/0310049): time and memory grow
with the edges.)")
            .reference("doi:10.1016/0378-8733(83)90028-X")
            .example("local c = esp.analyze.core_numbers { graph = g }; print(c.degeneracy)");
        s.input_graph("graph", "Directed or not.");
        s.output_tensor<int64_t>("cores", "node", "Core number of each node.");
        s.output_integer("degeneracy", "The largest core number; 0 without nodes.");
    }

    void run(const Task& task) const;
};

void CoreNumbers::run(const Task& task) const {
    const GraphView graph = task.graph("graph");
    const auto cores = task.output<int64_t>("cores", {graph.nodes});
    std::optional<Rows> kept;
    const GraphView back = arriving(graph, kept);
    const auto n = static_cast<std::size_t>(graph.nodes);
    std::vector<int32_t> degree(n), place(n), order(n);
    const auto each_edge = [&](int32_t v, auto&& visit) {
        for (const int32_t u : graph.neighbours(v)) visit(u);
        if (graph.directed)
            for (const int32_t u : back.neighbours(v)) visit(u);
    };
    int32_t largest = 0;
    for (int32_t v = 0; v < graph.nodes; ++v) {
        each_edge(v, [&](int32_t u) { degree[v] += u != v; });
        largest = std::max(largest, degree[v]);
    }
    // first[d]: where the nodes of degree d begin in `order`.
    std::vector<int32_t> first(static_cast<std::size_t>(largest) + 2);
    for (const int32_t d : degree) ++first[d + 1];
    for (int32_t d = 0; d <= largest; ++d) first[d + 1] += first[d];
    std::vector<int32_t> free(first.begin(), first.end() - 1);
    for (int32_t v = 0; v < graph.nodes; ++v) {
        place[v] = free[degree[v]]++;
        order[place[v]] = v;
    }
    for (int32_t i = 0; i < graph.nodes; ++i) {
        if (i % 65536 == 0) task.check_cancelled();
        const int32_t v = order[i], core = degree[v];
        each_edge(v, [&](int32_t u) {
            if (degree[u] <= core) return;
            // u goes to the front of its bucket, which then begins behind it: degree[u] falls by 1.
            const int32_t front = first[degree[u]], other = order[front];
            std::swap(order[place[u]], order[front]);
            place[other] = place[u], place[u] = front;
            first[degree[u]] = front + 1;
            --degree[u];
        });
    }
    for (int64_t v = 0; v < graph.nodes; ++v) cores(v) = degree[v];
    const auto deepest = std::ranges::max_element(degree);
    task.output_value("degeneracy", deepest == degree.end() ? int64_t{0} : int64_t{*deepest});
}

} // namespace
} // namespace espalier::graphs

ESPALIER_COMPONENT(core_numbers, espalier::graphs::CoreNumbers)
