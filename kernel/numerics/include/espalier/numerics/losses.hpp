// SPDX-License-Identifier: MIT
// Losses, each a 1x1 mean: over rows for cross_entropy, over elements for the others.
#pragma once

#include "espalier/numerics/tape.hpp"

#include <cstdint>
#include <span>

namespace espalier::numerics {

// -log softmax(logits)[row, label[row]]. Labels are in 0 .. cols - 1, one a row, and must stay
// until the tape is cleared; otherwise std::invalid_argument.
template <class Real>
Variable<Real> cross_entropy(Variable<Real> logits, std::span<const std::int32_t> labels);
// -(t log s + (1 - t) log(1 - s)), s = sigmoid(logit), t in [0, 1].
template <class Real>
Variable<Real> binary_cross_entropy_with_logits(Variable<Real> logits, Variable<Real> targets);
// |prediction - target|
template <class Real> Variable<Real> l1_loss(Variable<Real> prediction, Variable<Real> target);
// (prediction - target)^2
template <class Real> Variable<Real> l2_loss(Variable<Real> prediction, Variable<Real> target);

} // namespace espalier::numerics
