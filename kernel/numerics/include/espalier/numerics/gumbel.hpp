// SPDX-License-Identifier: MIT
// Differentiable sampling of categories (Jang et al. 2017, arXiv:1611.01144; Maddison et al. 2017,
// arXiv:1611.00712), and dropout.
#pragma once

#include "espalier/numerics/noise.hpp"
#include "espalier/numerics/tape.hpp"

namespace espalier::numerics {

// soft: the relaxed sample. hard: its one-hot maximum, with the gradient of the relaxed one
// (straight through).
enum class Sample { soft, hard };

// Each row is a sample over its columns: softmax((logits + Gumbel noise) / temperature).
// temperature > 0, otherwise std::invalid_argument.
template <class Real>
Variable<Real> gumbel_softmax(Variable<Real> logits, std::type_identity_t<Real> temperature,
                              const Place& place, Sample sample = Sample::soft);
// Each element is 1 with probability sigmoid(logit): sigmoid((logit + logistic noise) /
// temperature); hard: whether that exceeds 1/2.
template <class Real>
Variable<Real> gumbel_sigmoid(Variable<Real> logits, std::type_identity_t<Real> temperature,
                              const Place& place, Sample sample = Sample::soft);
// Zero with probability `rate`, otherwise scaled by 1 / (1 - rate); 0 <= rate < 1.
template <class Real>
Variable<Real> dropout(Variable<Real> x, std::type_identity_t<Real> rate, const Place& place);

} // namespace espalier::numerics
