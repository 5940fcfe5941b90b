// SPDX-License-Identifier: MIT
// The edges of a graph, each once; and where a node or an entry stands.
#pragma once

#include "values/value.hpp"

#include <cstddef>

namespace espalier {

// The place in memory of a node or an entry.
inline std::size_t at(int64_t index) noexcept { return static_cast<std::size_t>(index); }

// body(from, to, entry) by rows; an undirected edge is met where from <= to.
template <class Body> void each_edge(const Graph& graph, Body&& body) {
    const auto offsets = graph.offsets.values<int64_t>();
    const auto targets = graph.targets.values<int32_t>();
    for (int64_t v = 0; v < graph.nodes(); ++v)
        for (int64_t k = offsets[at(v)]; k < offsets[at(v + 1)]; ++k) {
            const int64_t to = targets[at(k)];
            if (graph.directed || v <= to) body(v, to, k);
        }
}

} // namespace espalier
