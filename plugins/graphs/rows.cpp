// SPDX-License-Identifier: MIT
// Compressed rows turned round, or without self-loops.
#include "rows.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace espalier::graphs {

GraphView Rows::view() const {
    GraphView g;
    g.nodes = static_cast<int64_t>(offsets.size()) - 1;
    g.directed = directed;
    g.offsets = offsets;
    g.targets = targets;
    g.weights = weights;
    return g;
}

Rows turned_round(const GraphView& graph) {
    Rows rows;
    rows.directed = graph.directed;
    rows.offsets.resize(graph.offsets.size());
    rows.targets.resize(graph.targets.size());
    rows.weights.resize(graph.weights.size());
    for (const int32_t u : graph.targets) ++rows.offsets[u + 1];
    for (int64_t v = 0; v < graph.nodes; ++v) rows.offsets[v + 1] += rows.offsets[v];
    std::vector<int64_t> free(rows.offsets.begin(), rows.offsets.end() - 1);
    for (int64_t v = 0; v < graph.nodes; ++v)
        for (int64_t k = graph.offsets[v]; k < graph.offsets[v + 1]; ++k) {
            const int64_t place = free[graph.targets[k]]++;
            rows.targets[place] = static_cast<int32_t>(v);
            if (!graph.weights.empty()) rows.weights[place] = graph.weights[k];
        }
    return rows;
}

Rows both_ways(const GraphView& graph) {
    std::optional<Rows> kept;
    const GraphView back = arriving(graph, kept);
    const auto weight = [](const GraphView& g, int64_t k) {
        return g.weights.empty() ? 1.0 : g.weights[k];
    };
    Rows rows;
    rows.offsets.push_back(0);
    for (int64_t v = 0; v < graph.nodes; ++v) {
        int64_t i = graph.offsets[v], j = back.offsets[v];
        const int64_t i_end = graph.offsets[v + 1], j_end = back.offsets[v + 1];
        while (i < i_end || j < j_end) {
            const int32_t a = i < i_end ? graph.targets[i] : INT32_MAX;
            const int32_t b = j < j_end ? back.targets[j] : INT32_MAX;
            const int32_t u = std::min(a, b);
            double w = 0;
            if (a == u) w += weight(graph, i++);
            if (b == u) w += weight(back, j++);
            if (u == v) continue;
            rows.targets.push_back(u);
            rows.weights.push_back(w);
        }
        rows.offsets.push_back(static_cast<int64_t>(rows.targets.size()));
    }
    return rows;
}

GraphView simple(const GraphView& graph, std::optional<Rows>& kept) {
    if (graph.directed) throw Invalid("graph", "must be undirected, is directed");
    bool loops = false;
    for (int64_t v = 0; v < graph.nodes && !loops; ++v) loops = has_loop(graph, v);
    if (!loops) return graph;
    Rows& rows = kept.emplace();
    rows.offsets.push_back(0);
    for (int64_t v = 0; v < graph.nodes; ++v) {
        for (const int32_t u : graph.neighbours(v))
            if (u != v) rows.targets.push_back(u);
        rows.offsets.push_back(static_cast<int64_t>(rows.targets.size()));
    }
    return rows.view();
}

GraphView arriving(const GraphView& graph, std::optional<Rows>& kept) {
    if (!graph.directed) return graph;
    return kept.emplace(turned_round(graph)).view();
}

void check_lengths(const GraphView& graph, bool positive) {
    if (graph.weights.empty())
        throw Invalid("graph", "has no weights, which weighted = true takes as lengths");
    const auto bad = std::ranges::find_if(graph.weights, [&](double w) {
        return !std::isfinite(w) || w < 0 || (positive && w == 0);
    });
    if (bad != graph.weights.end())
        throw Invalid("graph", std::string("has a weight of ") + std::to_string(*bad) +
                                   ": as a length it must be finite and " +
                                   (positive ? "> 0" : ">= 0"));
}

} // namespace espalier::graphs
