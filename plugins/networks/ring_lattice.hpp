// SPDX-License-Identifier: MIT
// What a ring lattice is: which sizes make one, and where its nodes lie.
#pragma once

#include "compressed_rows.hpp"
#include "elementary.hpp"
#include "wording.hpp"

#include <tuple>

namespace espalier::networks {

// Throws Invalid unless `neighbours` is even, below `nodes`, and the edges are not too many.
inline void check_ring(int64_t nodes, int64_t neighbours) {
    if (neighbours % 2 != 0) throw Invalid("neighbours", "must be even, is " + number(neighbours));
    if (neighbours >= nodes && neighbours > 0)
        throw Invalid("neighbours", "must be below the number of nodes, " + number(nodes) +
                                        ", is " + number(neighbours));
    if (nodes * (neighbours / 2) > most_edges)
        throw Invalid("neighbours", "asks for " + number(nodes * (neighbours / 2)) +
                                        " edges; at most " + number(most_edges) + " are made");
}

// Evenly on the unit circle.
inline void write_ring_positions(const Task& task, const GraphOutput& out, int64_t nodes) {
    const View<double> positions = out.positions(2);
    task.parallel_for(nodes, 8192, [&](int64_t begin, int64_t end) {
        for (int64_t v = begin; v < end; ++v)
            std::tie(positions(v, 0), positions(v, 1)) = point_on_circle(v, nodes);
    });
}

} // namespace espalier::networks
