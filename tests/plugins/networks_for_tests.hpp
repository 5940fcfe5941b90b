// SPDX-License-Identifier: MIT
// Small networks written down in a line, for tests of components.
#pragma once

#include "values/value.hpp"

#include <utility>
#include <vector>

namespace espalier {

inline Graph directed(int64_t nodes, const std::vector<std::pair<int64_t, int64_t>>& pairs) {
    std::vector<Edge> edges;
    for (const auto& [from, to] : pairs) edges.push_back({from, to, 1});
    return graph_from_edges(nodes, edges, true, false);
}

inline Graph weighted(int64_t nodes, const std::vector<Edge>& edges, bool is_directed = true) {
    return graph_from_edges(nodes, edges, is_directed, true);
}

inline Graph complete(int64_t nodes) {
    std::vector<Edge> edges;
    for (int64_t i = 0; i < nodes; ++i)
        for (int64_t j = i + 1; j < nodes; ++j) edges.push_back({i, j, 1});
    return graph_from_edges(nodes, edges, false, false);
}

// Each node with its `reach` nearest on either side.
inline Graph ring_of(int64_t nodes, int64_t reach = 1) {
    std::vector<Edge> edges;
    for (int64_t i = 0; i < nodes; ++i)
        for (int64_t k = 1; k <= reach; ++k) edges.push_back({i, (i + k) % nodes, 1});
    return graph_from_edges(nodes, edges, false, false);
}

// Irregular, connected, of any size: a ring with two long chords a node.
inline Graph tangle(int64_t nodes) {
    std::vector<Edge> edges;
    for (int64_t i = 0; i < nodes; ++i) {
        edges.push_back({i, (i + 1) % nodes, 1});
        edges.push_back({i, i * i % nodes, 1});
        edges.push_back({i, (7 * i + 3) % nodes, 1});
    }
    std::erase_if(edges, [](const Edge& e) { return e.from == e.to; });
    return graph_from_edges(nodes, edges, false, false, Repeated::keep_first);
}

} // namespace espalier
