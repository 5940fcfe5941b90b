// SPDX-License-Identifier: MIT
// Undirected edges and the compressed rows that they make.
#pragma once

#include <espalier/plugin.hpp>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace espalier::completion {

struct WeightedEdge {
    std::int32_t from, to; // from <= to
    double weight;
};

// Each edge once, in the order of the rows.
inline std::vector<WeightedEdge> edges_of(const GraphView& graph) {
    std::vector<WeightedEdge> edges;
    for (int64_t i = 0; i < graph.nodes; ++i) {
        const auto row = graph.neighbours(i);
        for (std::size_t k = 0; k < row.size(); ++k)
            if (row[k] >= i)
                edges.push_back({static_cast<std::int32_t>(i), row[k],
                                 graph.weights.empty() ? 1 : graph.weights_of(i)[k]});
    }
    return edges;
}

// Edges once each, in any order and either way round; no edge twice.
inline GraphOutput write_edges(const Task& task, const char* port, int64_t nodes,
                               const std::vector<WeightedEdge>& edges, bool weighted) {
    std::vector<WeightedEdge> entries = edges;
    for (const WeightedEdge& e : edges)
        if (e.from != e.to) entries.push_back({e.to, e.from, e.weight});
    std::sort(entries.begin(), entries.end(), [](const WeightedEdge& a, const WeightedEdge& b) {
        return a.from != b.from ? a.from < b.from : a.to < b.to;
    });
    const auto count = static_cast<int64_t>(entries.size());
    GraphOutput out = task.output_graph(port, nodes, count, false);
    const View<double> weights = weighted ? out.weights() : View<double>();
    for (int64_t k = 0; k < count; ++k) {
        const WeightedEdge& e = entries[static_cast<std::size_t>(k)];
        ++out.offsets(e.from + 1);
        out.targets(k) = e.to;
        if (weighted) weights(k) = e.weight;
    }
    for (int64_t i = 0; i < nodes; ++i) out.offsets(i + 1) += out.offsets(i);
    return out;
}

} // namespace espalier::completion
