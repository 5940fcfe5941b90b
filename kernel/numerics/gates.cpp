// SPDX-License-Identifier: MIT
// One pass over weights to draw gates, one to send gradients through them.
#include "espalier/numerics/gates.hpp"

#include "espalier/numerics/loops.hpp"
#include "espalier/numerics/transcendental.hpp"

#include <stdexcept>

namespace espalier::numerics {

namespace {

template <class Real>
void check(MatrixView<const Real> weights, MatrixView<const Real> logits, const GateLaw& law) {
    if (logits.rows != weights.rows || (logits.cols != weights.cols && logits.cols != 1))
        throw std::invalid_argument("gates: logits are " + shape_text(logits.rows, logits.cols) +
                                    " for weights of " + shape_text(weights.rows, weights.cols));
    if (!(law.temperature > 0) || !(law.noise >= 0))
        throw std::invalid_argument("gates: temperature must be > 0 and noise >= 0");
}

template <class Real> Real open(Real soft, Sample sample) {
    return sample == Sample::soft ? soft : soft > Real(0.5) ? Real(1) : Real(0);
}

} // namespace

template <class Real>
void draw_gates(MatrixView<Real> effective, MatrixView<Real> soft,
                std::type_identity_t<MatrixView<const Real>> weights,
                std::type_identity_t<MatrixView<const Real>> logits, const GateLaw& law,
                const Place& place, Sample sample) {
    check<Real>(weights, logits, law);
    const Real shift = static_cast<Real>(law.shift), noise = static_cast<Real>(law.noise);
    const Real slope = static_cast<Real>(1 / law.temperature);
    Real* const s = soft.data;
    if (law.noise > 0)
        fill_logistic(std::span<Real>(s, static_cast<std::size_t>(logits.size())), place);
    else
        std::fill_n(s, logits.size(), Real(0));
    for_each_index(logits.size(), [=, l = logits.data](Index i) {
        s[i] = fast_sigmoid((l[i] - shift + noise * s[i]) * slope);
    });
    if (logits.cols == weights.cols)
        return for_each_index(weights.size(), [=, e = effective.data, w = weights.data](Index i) {
            e[i] = w[i] * open(s[i], sample);
        });
    for (Index r = 0; r < weights.rows; ++r)
        for_each_index(weights.cols, [e = effective.row(r), w = weights.row(r),
                                      gate = open(s[r], sample)](Index i) { e[i] = w[i] * gate; });
}

template <class Real>
void gate_gradients(MatrixView<Real> gradient, MatrixView<Real> logit_gradient,
                    std::type_identity_t<MatrixView<const Real>> effective_gradient,
                    std::type_identity_t<MatrixView<const Real>> weights,
                    std::type_identity_t<MatrixView<const Real>> soft, const GateLaw& law,
                    Sample sample) {
    const Real slope = static_cast<Real>(1 / law.temperature);
    if (soft.cols == weights.cols)
        return for_each_index(weights.size(), [=, g = gradient.data, to = logit_gradient.data,
                                               from = effective_gradient.data, w = weights.data,
                                               s = soft.data](Index i) {
            const Real y = s[i], pull = from[i];
            to[i] = slope * pull * w[i] * y * (1 - y);
            g[i] = pull * open(y, sample);
        });
    for (Index r = 0; r < weights.rows; ++r) {
        const Real* const from = effective_gradient.row(r);
        const Real y = soft.data[r], gate = open(y, sample);
        const Real pull = sum_over<Real>(
            weights.cols, [=, w = weights.row(r)](Index i) { return from[i] * w[i]; });
        logit_gradient.data[r] = slope * pull * y * (1 - y);
        for_each_index(weights.cols, [=, g = gradient.row(r)](Index i) { g[i] = from[i] * gate; });
    }
}

template <class Real>
MeanGate sum_of_gates(std::span<const Real> logits, double shift, double noise) noexcept {
    const Index n = static_cast<Index>(logits.size());
    const Real* const l = logits.data();
    const Real at = static_cast<Real>(shift);
    if (!(noise > 0)) {
        const Index above = sum_over<Index>(n, [=](Index i) { return Index(l[i] > at); });
        return {static_cast<double>(above), 0};
    }
    const Real factor = static_cast<Real>(1 / noise);
    const double sum =
        sum_over<double>(n, [=](Index i) { return double(fast_sigmoid((l[i] - at) * factor)); });
    const double slope = sum_over<double>(n, [=](Index i) {
        const Real p = fast_sigmoid((l[i] - at) * factor);
        return double(p * (1 - p));
    });
    return {sum, -slope / noise};
}

#define ESPALIER_GATES(Real)                                                                       \
    template void draw_gates(MatrixView<Real>, MatrixView<Real>, MatrixView<const Real>,           \
                             MatrixView<const Real>, const GateLaw&, const Place&, Sample);        \
    template void gate_gradients(MatrixView<Real>, MatrixView<Real>, MatrixView<const Real>,       \
                                 MatrixView<const Real>, MatrixView<const Real>, const GateLaw&,   \
                                 Sample);                                                          \
    template MeanGate sum_of_gates(std::span<const Real>, double, double) noexcept;
ESPALIER_GATES(float)
ESPALIER_GATES(double)

} // namespace espalier::numerics
