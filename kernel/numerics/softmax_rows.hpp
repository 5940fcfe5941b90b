// SPDX-License-Identifier: MIT
// Softmax over the columns of each row, the exponential taken over all rows at once.
#pragma once

#include "espalier/numerics/loops.hpp"
#include "espalier/numerics/transcendental.hpp"

namespace espalier::numerics {

// shifted = x - max of its row; exponentials = exp(shifted). `shifted` may be exponentials' memory.
template <class Real>
inline void shift_and_exponentiate(MatrixView<Real> exponentials, Real* shifted, const Real* x) {
    const Index cols = exponentials.cols;
    for (Index r = 0; r < exponentials.rows; ++r) {
        const Real* in = x + r * cols;
        Real* out = shifted + r * cols;
        Real greatest = in[0];
        for (Index i = 1; i < cols; ++i) greatest = in[i] > greatest ? in[i] : greatest;
        for_each_index(cols, [=](Index i) { out[i] = in[i] - greatest; });
    }
    for_each_index(exponentials.size(),
                   [y = exponentials.data, shifted](Index i) { y[i] = fast_exp(shifted[i]); });
}

// Divides a row of exponentials by its sum; the logarithm of the sum.
template <class Real> inline Real normalise(Real* row, Index cols) {
    const Real total = sum_over<Real>(cols, [=](Index i) { return row[i]; });
    for_each_index(cols, [=, factor = 1 / total](Index i) { row[i] *= factor; });
    return fast_log(total);
}

// y = softmax of each row of x, which may be y itself.
template <class Real> inline void softmax_rows(MatrixView<Real> y, const Real* x) {
    shift_and_exponentiate(y, y.data, x);
    for (Index r = 0; r < y.rows; ++r) normalise(y.row(r), y.cols);
}

} // namespace espalier::numerics
