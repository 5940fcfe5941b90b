// SPDX-License-Identifier: MIT
// Sums and means, added in an order that depends on the shape alone.
#pragma once

#include "espalier/numerics/tape.hpp"

namespace espalier::numerics {

// Of all elements: 1 x 1.
template <class Real> Variable<Real> sum(Variable<Real> x);
template <class Real> Variable<Real> mean(Variable<Real> x);
// Of each row: m x 1.
template <class Real> Variable<Real> row_sums(Variable<Real> x);
// Of each column: 1 x n.
template <class Real> Variable<Real> column_sums(Variable<Real> x);

} // namespace espalier::numerics
