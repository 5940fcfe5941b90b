// SPDX-License-Identifier: MIT
// Graphs of given degrees: the ends of edges (stubs) are paired at random, and what is not simple
// is refused, switched away or mixed.
#pragma once

#include "compressed_rows.hpp"

#include <espalier/random.hpp>

#include <optional>
#include <vector>

namespace espalier::networks {

// Node v has degrees[v] stubs; their number is even. Every pairing of all stubs is equally likely.
Scratch<Edge> pair_stubs(const Task& task, std::span<const int32_t> degrees, const Key& key);

// Pairs until the graph is simple, at most `attempts` times: every simple graph of these degrees is
// equally likely. For small graphs: works on one core.
std::optional<std::vector<Edge>> pair_until_simple(const Task& task,
                                                   std::span<const int32_t> degrees,
                                                   int64_t attempts, Random random);

// A simple graph of these degrees: a pairing, in which each self-loop and each repeated edge {u, v}
// is switched with an edge {x, y} drawn at random into {u, x}, {v, y} (McKay and Wormald 1990,
// doi:10.1016/0196-6774(90)90029-E; without their rejections, as REG* of Gao and Wormald 2017,
// doi:10.1137/15M1052779). Then `mixing` switches of two random edges are tried for each edge.
// Where an edge cannot be switched away another pairing is taken; empty after 100 of them.
std::optional<RowBlocks> pair_and_switch(const Task& task, std::span<const int32_t> degrees,
                                         double mixing, uint64_t first_stream);

// Whether a simple graph has these degrees (Erdos and Gallai 1960).
bool are_graphical(std::vector<int32_t> degrees);

} // namespace espalier::networks
