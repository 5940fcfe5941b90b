// SPDX-License-Identifier: MIT
// Products of matrices, and their cutting, joining and turning. Shapes that do not fit:
// std::invalid_argument.
#pragma once

#include "espalier/numerics/activations.hpp"
#include "espalier/numerics/tape.hpp"

#include <span>

namespace espalier::numerics {

// A B
template <class Real> Variable<Real> matmul(Variable<Real> a, Variable<Real> b);
// activation(X W + b), X: batch x in, W: in x out, b: 1 x out; in one pass over memory.
template <class Real>
Variable<Real> affine(Variable<Real> x, Variable<Real> weight, Variable<Real> bias,
                      Activation activation = Activation::none);

template <class Real> Variable<Real> transpose(Variable<Real> x);
// The same numbers in row-major order; shares the memory of x.
template <class Real> Variable<Real> reshape(Variable<Real> x, Index rows, Index cols);
template <class Real> Variable<Real> concatenate_columns(std::span<const Variable<Real>> parts);
template <class Real> Variable<Real> concatenate_columns(Variable<Real> a, Variable<Real> b) {
    const Variable<Real> parts[] = {a, b};
    return concatenate_columns(std::span<const Variable<Real>>(parts));
}
// Columns begin .. end - 1.
template <class Real> Variable<Real> slice_columns(Variable<Real> x, Index begin, Index end);
// Rows begin .. end - 1; shares the memory of x.
template <class Real> Variable<Real> slice_rows(Variable<Real> x, Index begin, Index end);

} // namespace espalier::numerics
