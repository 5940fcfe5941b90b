// SPDX-License-Identifier: MIT
// The edges of a graph, each once.
#pragma once

#include "values/value.hpp"

namespace espalier {

// body(from, to, entry) by rows; an undirected edge is met where from <= to.
template <class Body> void each_edge(const Graph& graph, Body&& body) {
    const auto offsets = graph.offsets.values<int64_t>();
    const auto targets = graph.targets.values<int32_t>();
    for (int64_t v = 0; v < graph.nodes(); ++v)
        for (int64_t k = offsets[static_cast<std::size_t>(v)];
             k < offsets[static_cast<std::size_t>(v) + 1]; ++k) {
            const int64_t to = targets[static_cast<std::size_t>(k)];
            if (graph.directed || v <= to) body(v, to, k);
        }
}

} // namespace espalier
