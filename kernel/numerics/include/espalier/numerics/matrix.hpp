// SPDX-License-Identifier: MIT
// A view of a dense row-major matrix, the one shape numerics works on: rows are the batch.
#pragma once

#include <cstdint>
#include <string>
#include <type_traits>

namespace espalier::numerics {

using Index = std::int64_t;

// Does not own. Rows follow each other without a gap.
template <class Real> struct MatrixView {
    Real* data = nullptr;
    Index rows = 0, cols = 0;

    MatrixView() = default;
    MatrixView(Real* values, Index row_count, Index column_count) noexcept
        : data(values), rows(row_count), cols(column_count) {}
    template <class Other>
    requires(std::is_const_v<Real>&& std::is_same_v<const Other, Real>)
        MatrixView(const MatrixView<Other>& m)
    noexcept : data(m.data), rows(m.rows), cols(m.cols) {}

    Index size() const noexcept { return rows * cols; }
    Real& operator()(Index row, Index column) const noexcept { return data[row * cols + column]; }
    Real* row(Index r) const noexcept { return data + r * cols; }
    MatrixView slice_rows(Index begin, Index end) const noexcept {
        return {row(begin), end - begin, cols};
    }
};

// "3x4", for messages.
inline std::string shape_text(Index rows, Index cols) {
    return std::to_string(rows) + "x" + std::to_string(cols);
}

} // namespace espalier::numerics
