// SPDX-License-Identifier: MIT
// Few changes to many sorted edges: they are kept aside and brought in at the end.
#pragma once

#include "compressed_rows.hpp"
#include "edge_set.hpp"

#include <espalier/random.hpp>

namespace espalier::networks {

// Sees `rows` (each edge in the row of its smaller end, no repetition, no self-loop) as if the
// changes were made. `rows` must outlive this and stay as it is until `apply`.
class EdgeEdits {
public:
    explicit EdgeEdits(RowBlocks& rows) : rows_(rows) {}

    bool contains(Edge e) const noexcept {
        return added_.contains(e) || (stands(e) && !removed_.contains(e));
    }
    // The edge must be absent, and no self-loop.
    void insert(Edge e) {
        if (!removed_.erase(e)) added_.insert(e);
    }
    // The edge must be present.
    void remove(Edge e) {
        if (!added_.erase(e)) removed_.insert(e);
    }
    // Makes the changes; none are left.
    void apply(const Task& task);

private:
    bool stands(Edge e) const noexcept;

    RowBlocks& rows_;
    EdgeSet added_, removed_;
};

// Leaves `wanted` of the edges, each choice of them equally likely. wanted <= rows.entries().
void remove_surplus(const Task& task, RowBlocks& rows, int64_t wanted, Random random);

} // namespace espalier::networks
