// SPDX-License-Identifier: MIT
// Losses with their gradients in one pass each.
#include "espalier/numerics/losses.hpp"

#include "row_checks.hpp"
#include "slopes.hpp"
#include "softmax_rows.hpp"

#include <cmath>
#include <stdexcept>

namespace espalier::numerics {

namespace {

template <class Real> struct LabelNode : Node<Real> {
    Node<Real>* logits;
    const Real* probabilities;
    const std::int32_t* labels;
};
template <class Real> struct PairNode : Node<Real> { Node<Real>*prediction, *target; };

struct L1 {
    template <class R> static R value(R p, R t) { return std::abs(p - t); }
    template <class R> static R slope(R p, R t) { return R(p > t) - R(p < t); }
    template <class R> static R target_slope(R p, R t) { return -slope(p, t); }
};
struct L2 {
    template <class R> static R value(R p, R t) { return (p - t) * (p - t); }
    template <class R> static R slope(R p, R t) { return 2 * (p - t); }
    template <class R> static R target_slope(R p, R t) { return -slope(p, t); }
};
struct BinaryCrossEntropy {
    template <class R> static R value(R x, R t) { return fast_softplus(x) - x * t; }
    template <class R> static R slope(R x, R t) { return fast_sigmoid(x) - t; }
    template <class R> static R target_slope(R x, R) { return -x; }
};

// The mean of Loss over the elements of two equal shapes.
template <class Loss, class Real>
Variable<Real> mean_loss(const char* name, Variable<Real> prediction, Variable<Real> target) {
    if (prediction.rows() != target.rows() || prediction.cols() != target.cols())
        refuse(std::string(name) + ": prediction is " +
               shape_text(prediction.rows(), prediction.cols()) + ", target " +
               shape_text(target.rows(), target.cols()));
    auto& node = prediction.tape->template operation<PairNode<Real>>(
        1, 1,
        [](Tape<Real>& tape, Node<Real>& base) {
            auto& n = static_cast<PairNode<Real>&>(base);
            const Real g = *n.gradient / static_cast<Real>(n.prediction->size());
            contribute(tape, *n.prediction,
                       [g, p = n.prediction->value, t = n.target->value](Index i) {
                           return g * Loss::slope(p[i], t[i]);
                       });
            contribute(tape, *n.target, [g, p = n.prediction->value, t = n.target->value](Index i) {
                return g * Loss::target_slope(p[i], t[i]);
            });
        },
        prediction, target);
    node.prediction = prediction.node, node.target = target.node;
    const Real total =
        sum_over<Real>(prediction.size(), [p = prediction.node->value, t = target.node->value](
                                              Index i) { return Loss::value(p[i], t[i]); });
    *node.value = total / static_cast<Real>(prediction.size());
    return {prediction.tape, &node};
}

} // namespace

template <class Real>
Variable<Real> cross_entropy(Variable<Real> logits, std::span<const std::int32_t> labels) {
    const Index rows = logits.rows(), cols = logits.cols();
    if (static_cast<Index>(labels.size()) != rows)
        refuse("cross_entropy: " + std::to_string(labels.size()) + " labels for " +
               std::to_string(rows) + " rows");
    for (const std::int32_t label : labels)
        if (label < 0 || label >= cols)
            refuse("cross_entropy: label " + std::to_string(label) + " of " + std::to_string(cols) +
                   " classes");
    auto& node = logits.tape->template operation<LabelNode<Real>>(
        1, 1,
        [](Tape<Real>& tape, Node<Real>& base) {
            auto& n = static_cast<LabelNode<Real>&>(base);
            const Real g = *n.gradient / static_cast<Real>(n.logits->rows);
            const auto target = tape.contribute(*n.logits);
            add_or_set(target, n.logits->size(),
                       [g, p = n.probabilities](Index i) { return g * p[i]; });
            for (Index r = 0; r < n.logits->rows; ++r)
                target.data[r * n.logits->cols + n.labels[r]] -= g;
        },
        logits);
    Real* p = logits.tape->arena().template take_array<Real>(logits.size());
    node.logits = logits.node, node.probabilities = p, node.labels = labels.data();
    Scratch scratch(logits.tape->arena());
    Real* shifted = scratch.take<Real>(logits.size());
    shift_and_exponentiate(MatrixView<Real>(p, rows, cols), shifted, logits.node->value);
    const Real total = sum_over<Real>(rows, [=](Index r) {
        return normalise(p + r * cols, cols) -
               shifted[r * cols + labels[static_cast<std::size_t>(r)]];
    });
    *node.value = total / static_cast<Real>(rows);
    return {logits.tape, &node};
}

template <class Real>
Variable<Real> binary_cross_entropy_with_logits(Variable<Real> logits, Variable<Real> targets) {
    return mean_loss<BinaryCrossEntropy>("binary_cross_entropy_with_logits", logits, targets);
}
template <class Real> Variable<Real> l1_loss(Variable<Real> prediction, Variable<Real> target) {
    return mean_loss<L1>("l1_loss", prediction, target);
}
template <class Real> Variable<Real> l2_loss(Variable<Real> prediction, Variable<Real> target) {
    return mean_loss<L2>("l2_loss", prediction, target);
}

#define ESPALIER_LOSSES(Real)                                                                      \
    template Variable<Real> cross_entropy(Variable<Real>, std::span<const std::int32_t>);          \
    template Variable<Real> binary_cross_entropy_with_logits(Variable<Real>, Variable<Real>);      \
    template Variable<Real> l1_loss(Variable<Real>, Variable<Real>);                               \
    template Variable<Real> l2_loss(Variable<Real>, Variable<Real>);
ESPALIER_LOSSES(float)
ESPALIER_LOSSES(double)

} // namespace espalier::numerics
