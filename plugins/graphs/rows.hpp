// SPDX-License-Identifier: MIT
// Compressed rows turned round, or without self-loops.
#pragma once

#include <espalier/task.hpp>
#include <espalier/view.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace espalier::graphs {

// Rows that somebody keeps; `view` is valid as long as this, and after a move too.
struct Rows {
    std::vector<int64_t> offsets;
    std::vector<int32_t> targets;
    std::vector<double> weights; // empty when the graph has none
    bool directed = false;

    GraphView view() const;
};

// Edges against their direction.
Rows turned_round(const GraphView& graph);

// Both directions of each edge, weights added (1 where there are none): s(u, v) = w(u, v) + w(v,
// u), without loops.
Rows both_ways(const GraphView& graph);

// Whether an edge leads from v to itself. Without branches that the data decide.
inline bool has_loop(const GraphView& graph, int64_t v) {
    const auto row = graph.neighbours(v);
    const int32_t* at = row.data();
    for (std::size_t left = row.size(); left > 1;) {
        const std::size_t half = left / 2;
        at += at[half - 1] < v ? half : 0;
        left -= half;
    }
    return !row.empty() && *at == v;
}

// Undirected and without self-loops, as measures of simple graphs need it: the graph itself, or a
// copy that `kept` holds. Throws Invalid when the graph is directed.
GraphView simple(const GraphView& graph, std::optional<Rows>& kept);

// The edges that lead to a node: the rows themselves when undirected, or turned round in `kept`.
GraphView arriving(const GraphView& graph, std::optional<Rows>& kept);

// Throws Invalid unless weights are finite and >= 0 (> 0 when `positive`), and there are some.
void check_lengths(const GraphView& graph, bool positive);

} // namespace espalier::graphs
