// SPDX-License-Identifier: MIT
// A sparse matrix in compressed rows times a dense one, differentiated in both.
#pragma once

#include "espalier/numerics/tape.hpp"

#include <cstdint>
#include <span>

namespace espalier::numerics {

// Entries of row r are offsets[r] .. offsets[r + 1] - 1, in columns[entry]. Does not own.
struct CompressedRows {
    std::span<const std::int64_t> offsets; // rows + 1
    std::span<const std::int32_t> columns;
    Index cols = 0;

    Index rows() const noexcept { return static_cast<Index>(offsets.size()) - 1; }
    Index entries() const noexcept { return static_cast<Index>(columns.size()); }
};

// S X, where entry e of S has the value weights[e]; `weights` holds entries() numbers in any shape.
// The arrays must stay until the tape is cleared. Wrong lengths and columns out of range:
// std::invalid_argument.
template <class Real>
Variable<Real> sparse_product(const CompressedRows& structure, Variable<Real> weights,
                              Variable<Real> x);
// The same with all weights 1.
template <class Real>
Variable<Real> sparse_product(const CompressedRows& structure, Variable<Real> x);

} // namespace espalier::numerics
