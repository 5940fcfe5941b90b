// SPDX-License-Identifier: MIT
// Attention among the rows of a block, and normalisation of rows: what a transformer adds to dense
// layers. Shapes that do not fit: std::invalid_argument.
#pragma once

#include "espalier/numerics/tape.hpp"

namespace espalier::numerics {

// Scaled dot-product attention (Vaswani et al. 2017, arXiv:1706.03762): blocks of `tokens` rows of
// one width, cut into `heads` equal groups of columns; in each block and group
// softmax(Q K' / sqrt(columns of a group)) V.
template <class Real>
Variable<Real> attention(Variable<Real> queries, Variable<Real> keys, Variable<Real> values,
                         Index tokens, Index heads);

// gain (x - mean) / sqrt(variance + 1e-5) + bias, mean and variance of each row (Ba et al. 2016,
// arXiv:1607.06450); gain and bias are rows.
template <class Real>
Variable<Real> layer_norm(Variable<Real> x, Variable<Real> gain, Variable<Real> bias);

} // namespace espalier::numerics
