// SPDX-License-Identifier: MIT
// Modularity of a division of the nodes into groups.
#pragma once

#include <espalier/task.hpp>

#include <span>
#include <vector>

namespace espalier::graphs {

// What leaves and what arrives at each node, by weight; a loop of an undirected graph counts twice.
struct Strengths {
    std::vector<double> out, in;
    double total = 0; // of `out`

    Strengths(const GraphView& graph, bool weighted);
};

// Sum over groups of their share of edges less what chance would give, times `resolution`
// (Reichardt and Bornholdt 2006, doi:10.1103/PhysRevE.74.016110). labels: 0 .. groups - 1. NaN
// without edges.
double modularity_of(const GraphView& graph, std::span<const int64_t> labels, double resolution,
                     const Strengths& strengths, bool weighted);

// Throws Invalid unless weights are finite and >= 0. False when there are none to count.
bool counts_weights(const GraphView& graph, bool wanted);

} // namespace espalier::graphs
