// SPDX-License-Identifier: MIT
// Weights that are kept or pruned by gates drawn anew at each step, and the gradients of both
// (straight through): Gumbel-softmax over {keep, prune} (Jang et al. 2017, arXiv:1611.01144).
#pragma once

#include "espalier/numerics/gumbel.hpp"
#include "espalier/numerics/optimisers.hpp"

#include <span>

namespace espalier::numerics {

// A gate is open when logit - shift + noise * L > 0 with standard logistic L: the difference of two
// Gumbel-perturbed logits, of which only the difference acts. Its gradient is that of
// sigmoid((logit - shift + noise * L) / temperature).
struct GateLaw {
    double temperature = 3; // > 0
    double noise = 1;       // 1: open with probability sigmoid(logit - shift); 0: a threshold
    double shift = 0;       // the same for all gates
};

// Draws the gates and writes effective = gate * weights. logits: one a weight (weights.rows x
// weights.cols) or one a row (weights.rows x 1). soft: the relaxed gates, shaped as the logits;
// with Sample::soft they are the gates.
template <class Real>
void draw_gates(MatrixView<Real> effective, MatrixView<Real> soft,
                std::type_identity_t<MatrixView<const Real>> weights,
                std::type_identity_t<MatrixView<const Real>> logits, const GateLaw& law,
                const Place& place, Sample sample = Sample::hard);

// From the gradient of the effective weights those of the weights (`gradient`, which may be the
// same memory) and of the logits.
template <class Real>
void gate_gradients(MatrixView<Real> gradient, MatrixView<Real> logit_gradient,
                    std::type_identity_t<MatrixView<const Real>> effective_gradient,
                    std::type_identity_t<MatrixView<const Real>> weights,
                    std::type_identity_t<MatrixView<const Real>> soft, const GateLaw& law,
                    Sample sample = Sample::hard);

// Numbers that Adam moves, with its moments.
template <class Real> struct Descent {
    Real *values, *first, *second;
    AdamStep<Real> step;
};
// In one pass over n weights with a logit each, hard gates: gate_gradients, a step of Adam on both,
// and draw_gates with the law of the next step. closing * p (1 - p) with p = sigmoid(logit) is
// added to the gradient of each logit. soft: the gates of this step, then those of the next.
template <class Real>
void descend_and_draw(Index n, const Descent<Real>& weights, const Descent<Real>& logits,
                      const Real* effective_gradient, Real* effective, Real* soft,
                      const GateLaw& law, std::type_identity_t<Real> closing, const GateLaw& next,
                      const Place& place);

// The mean of sigmoid((logit - shift) / noise) over all logits (of a threshold when noise is 0),
// and its derivative by the shift.
struct MeanGate {
    double sum = 0, slope = 0;
};
template <class Real>
MeanGate sum_of_gates(std::span<const Real> logits, double shift, double noise) noexcept;

} // namespace espalier::numerics
