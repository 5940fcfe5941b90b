// SPDX-License-Identifier: MIT
// Relaxed and straight-through samples of categories and of bits, and dropout.
#include "espalier/numerics/gumbel.hpp"

#include "slopes.hpp"
#include "softmax_rows.hpp"

#include <cstring>
#include <stdexcept>

namespace espalier::numerics {

namespace {

template <class Real> struct SampleNode : Node<Real> {
    Node<Real>* logits;
    const Real* soft; // the relaxed sample; for dropout the factor of each element
    Real slope;       // 1 / temperature
};

template <class Real> void check_temperature(const char* what, Real temperature) {
    if (!(temperature > 0))
        throw std::invalid_argument(
            std::string(what) + ": temperature = " + std::to_string(temperature) + ", must be > 0");
}

template <class Real> void softmax_sample_backward(Tape<Real>& tape, Node<Real>& base) {
    auto& n = static_cast<SampleNode<Real>&>(base);
    const auto target = tape.contribute(*n.logits);
    for (Index r = 0; r < n.rows; ++r) {
        const Real *g = n.gradient + r * n.cols, *y = n.soft + r * n.cols;
        const Real dot = sum_over<Real>(n.cols, [=](Index i) { return g[i] * y[i]; });
        add_or_set(typename Tape<Real>::Target{target.data + r * n.cols, target.add}, n.cols,
                   [=, slope = n.slope](Index i) { return slope * y[i] * (g[i] - dot); });
    }
}

template <class Real> void sigmoid_sample_backward(Tape<Real>& tape, Node<Real>& base) {
    auto& n = static_cast<SampleNode<Real>&>(base);
    contribute(tape, *n.logits, [g = n.gradient, y = n.soft, slope = n.slope](Index i) {
        return slope * g[i] * y[i] * (1 - y[i]);
    });
}

// Ones at the greatest of each row (the first of equals).
template <class Real> void one_hot_maxima(MatrixView<Real> out, const Real* soft) {
    for (Index r = 0; r < out.rows; ++r) {
        const Real* y = soft + r * out.cols;
        const Index greatest = std::max_element(y, y + out.cols) - y;
        for_each_index(out.cols, [o = out.row(r), greatest](Index i) {
            o[i] = i == greatest ? Real(1) : Real(0);
        });
    }
}

// The node, its soft sample being the value itself unless the value is to be hard.
template <class Real>
Real* prepare(SampleNode<Real>& node, Variable<Real> logits, Real slope, Sample sample) {
    Real* soft = sample == Sample::soft
                     ? node.value
                     : logits.tape->arena().template take_array<Real>(node.size());
    node.logits = logits.node, node.soft = soft, node.slope = slope;
    return soft;
}

template <class Real> std::span<Real> span_of(Real* p, Index n) {
    return {p, static_cast<std::size_t>(n)};
}

} // namespace

template <class Real>
Variable<Real> gumbel_softmax(Variable<Real> logits, std::type_identity_t<Real> temperature,
                              const Place& place, Sample sample) {
    check_temperature("gumbel_softmax", temperature);
    auto& node = logits.tape->template operation<SampleNode<Real>>(
        logits.rows(), logits.cols(), &softmax_sample_backward<Real>, logits);
    Real* soft = prepare(node, logits, 1 / temperature, sample);
    fill_gumbel(span_of(soft, node.size()), place);
    for_each_index(node.size(), [=, x = logits.node->value, slope = node.slope](Index i) {
        soft[i] = (x[i] + soft[i]) * slope;
    });
    const MatrixView<Real> out(node.value, node.rows, node.cols);
    softmax_rows(MatrixView<Real>(soft, node.rows, node.cols), soft);
    if (sample == Sample::hard) one_hot_maxima(out, soft);
    return {logits.tape, &node};
}

template <class Real>
Variable<Real> gumbel_sigmoid(Variable<Real> logits, std::type_identity_t<Real> temperature,
                              const Place& place, Sample sample) {
    check_temperature("gumbel_sigmoid", temperature);
    auto& node = logits.tape->template operation<SampleNode<Real>>(
        logits.rows(), logits.cols(), &sigmoid_sample_backward<Real>, logits);
    Real* soft = prepare(node, logits, 1 / temperature, sample);
    fill_logistic(span_of(soft, node.size()), place);
    for_each_index(node.size(), [=, x = logits.node->value, slope = node.slope](Index i) {
        soft[i] = fast_sigmoid((x[i] + soft[i]) * slope);
    });
    if (sample == Sample::hard)
        for_each_index(node.size(), [=, out = node.value](Index i) {
            out[i] = soft[i] > Real(0.5) ? Real(1) : Real(0);
        });
    return {logits.tape, &node};
}

template <class Real>
Variable<Real> dropout(Variable<Real> x, std::type_identity_t<Real> rate, const Place& place) {
    if (!(rate >= 0 && rate < 1))
        throw std::invalid_argument("dropout: rate = " + std::to_string(rate) +
                                    ", must be in [0, 1)");
    auto& node = x.tape->template operation<SampleNode<Real>>(
        x.rows(), x.cols(),
        [](Tape<Real>& tape, Node<Real>& base) {
            auto& n = static_cast<SampleNode<Real>&>(base);
            contribute(tape, *n.logits,
                       [g = n.gradient, f = n.soft](Index i) { return g[i] * f[i]; });
        },
        x);
    Real* factor = x.tape->arena().template take_array<Real>(node.size());
    node.logits = x.node, node.soft = factor;
    fill_uniform(span_of(factor, node.size()), place);
    for_each_index(node.size(), [=, y = node.value, in = x.node->value](Index i) {
        factor[i] = factor[i] < rate ? Real(0) : 1 / (1 - rate);
        y[i] = in[i] * factor[i];
    });
    return {x.tape, &node};
}

#define ESPALIER_GUMBEL(Real)                                                                      \
    template Variable<Real> gumbel_softmax(Variable<Real>, Real, const Place&, Sample);            \
    template Variable<Real> gumbel_sigmoid(Variable<Real>, Real, const Place&, Sample);            \
    template Variable<Real> dropout(Variable<Real>, Real, const Place&);
ESPALIER_GUMBEL(float)
ESPALIER_GUMBEL(double)

} // namespace espalier::numerics
