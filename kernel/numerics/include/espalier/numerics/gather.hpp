// SPDX-License-Identifier: MIT
// Rows taken and added by index, and sums over the edges of each node. Index arrays must stay until
// the tape is cleared. Indices out of range and lengths that do not fit: std::invalid_argument.
#pragma once

#include "espalier/numerics/tape.hpp"

#include <cstdint>
#include <span>

namespace espalier::numerics {

// Row i of the result is row indices[i] of x.
template <class Real>
Variable<Real> gather_rows(Variable<Real> x, std::span<const std::int32_t> indices);
// Row i of x is added to row indices[i] of `rows` rows.
template <class Real>
Variable<Real> scatter_add_rows(Variable<Real> x, std::span<const std::int32_t> indices,
                                Index rows);
// Row s of the result is the sum of the rows offsets[s] .. offsets[s + 1] - 1 of x. Offsets ascend
// from 0 to x.rows, one more than segments.
template <class Real>
Variable<Real> segment_sum(Variable<Real> x, std::span<const std::int64_t> offsets);

} // namespace espalier::numerics
