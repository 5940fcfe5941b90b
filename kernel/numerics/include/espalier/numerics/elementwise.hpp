// SPDX-License-Identifier: MIT
// Arithmetic element by element. A row (1 x n), a column (m x 1) and a number (1 x 1) are repeated
// where the other operand is larger. Shapes that do not fit: std::invalid_argument.
#pragma once

#include "espalier/numerics/tape.hpp"

namespace espalier::numerics {

template <class Real> Variable<Real> add(Variable<Real> a, Variable<Real> b);
template <class Real> Variable<Real> subtract(Variable<Real> a, Variable<Real> b);
template <class Real> Variable<Real> multiply(Variable<Real> a, Variable<Real> b);
template <class Real> Variable<Real> divide(Variable<Real> a, Variable<Real> b);

// factor * x + shift
template <class Real>
Variable<Real> scale(Variable<Real> x, std::type_identity_t<Real> factor,
                     std::type_identity_t<Real> shift = 0);

template <class Real> Variable<Real> exp(Variable<Real> x);
template <class Real> Variable<Real> log(Variable<Real> x);
// Slope 0 at 0.
template <class Real> Variable<Real> abs(Variable<Real> x);
template <class Real> Variable<Real> square(Variable<Real> x);

template <class Real> Variable<Real> operator+(Variable<Real> a, Variable<Real> b) {
    return add(a, b);
}
template <class Real> Variable<Real> operator-(Variable<Real> a, Variable<Real> b) {
    return subtract(a, b);
}
template <class Real> Variable<Real> operator*(Variable<Real> a, Variable<Real> b) {
    return multiply(a, b);
}
template <class Real> Variable<Real> operator/(Variable<Real> a, Variable<Real> b) {
    return divide(a, b);
}
template <class Real> Variable<Real> operator-(Variable<Real> x) { return scale(x, Real(-1)); }
template <class Real>
Variable<Real> operator*(std::type_identity_t<Real> factor, Variable<Real> x) {
    return scale(x, factor);
}

} // namespace espalier::numerics
