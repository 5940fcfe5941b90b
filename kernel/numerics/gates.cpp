// SPDX-License-Identifier: MIT
// One pass over weights to draw gates, one to send gradients through them, one to do both.
#include "espalier/numerics/gates.hpp"

#include "espalier/numerics/loops.hpp"
#include "espalier/numerics/transcendental.hpp"
#include "philox.hpp"

#include <algorithm>
#include <bit>
#include <numbers>
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

// ln(2)^n / n!, of the series of 2^r.
template <class Real> constexpr Real power_of_two_term(int n) {
    double term = 1;
    for (int i = 1; i <= n; ++i) term *= std::numbers::ln2 / i;
    return static_cast<Real>(term);
}

// log2(u / (1 - u)), u the middle of one of 2^23 equal cells of (0, 1), with one division:
// u / (1 - u) = a / b in odd numbers, log(2^k m) = k log 2 + 2 atanh((m - 1) / (m + 1)).
template <class Real> Real logistic_of(std::uint32_t word) {
    using B = Binary<Real>;
    using Bits = typename B::Bits;
    constexpr int terms = sizeof(Real) == 4 ? 5 : 15; // error 2e-6, 2e-17
    constexpr Real two_log2_e = static_cast<Real>(2 * std::numbers::log2e);
    const Real a = static_cast<Real>(static_cast<std::int32_t>(word >> 8 | 1)), b = 0x1p24f - a;
    const Bits k =
        (std::bit_cast<Bits>(a) >> B::fraction) - (std::bit_cast<Bits>(b) >> B::fraction);
    const Real near = std::bit_cast<Real>(std::bit_cast<Bits>(a) - (k << B::fraction)); // to b
    const Real s = (near - b) / (near + b), z = s * s;
    Real series = two_log2_e / (2 * terms + 1);
#pragma GCC unroll 16
    for (int n = terms - 1; n >= 0; --n) series = series * z + two_log2_e / Real(2 * n + 1);
    return s * series + static_cast<Real>(static_cast<std::make_signed_t<Bits>>(k));
}

// 1 / (1 + 2^-x), its tails cut at 2^-115.
template <class Real> Real relaxed_gate(Real x) {
    using B = Binary<Real>;
    using Bits = typename B::Bits;
    Real t = x > 115 ? Real(-115) : -x;
    t = x < -115 ? Real(115) : t;
    const Real shifted = t + B::rounder, r = t - (shifted - B::rounder);
    constexpr int terms = sizeof(Real) == 4 ? 6 : 13;
    Real power = power_of_two_term<Real>(terms); // 2^r, |r| <= 1/2
#pragma GCC unroll 16
    for (int n = terms - 1; n >= 0; --n) power = power * r + power_of_two_term<Real>(n);
    const Bits exponent = std::bit_cast<Bits>(shifted) << B::fraction;
    return 1 / (1 + std::bit_cast<Real>(std::bit_cast<Bits>(power) + exponent));
}

// For gates that share the blocks of a Philox call: prepare(first, count), then use(i, relaxed
// gate) for each. Two short loops: one long chain of dependent operations would leave vectors
// waiting.
template <class Real, class Prepare, class Use>
void for_each_gate(Index n, const Real* logits, const GateLaw& law, const Place& place,
                   Prepare prepare, Use use) {
    constexpr Index together = 4 * blocks_together;
    const Real shift = static_cast<Real>(law.shift);
    const Real slope = static_cast<Real>(std::numbers::log2e / law.temperature);
    const Real noise = static_cast<Real>(law.noise / law.temperature);
    alignas(64) std::uint32_t words[together] = {};
    alignas(64) Real perturbed[together];
    for (Index at = 0; at < n; at += together) {
        if (law.noise > 0) philox_words(words, static_cast<std::uint32_t>(at / 4), place);
        const auto draw = [&](Index count) {
            prepare(at, count);
            const auto perturb = [=, l = logits + at, w = &words[0], x = &perturbed[0]](Index i) {
                x[i] = (l[i] - shift) * slope + noise * logistic_of<Real>(w[i]);
            };
            for_each_index(count, perturb);
            for_each_index(count,
                           [=, x = &perturbed[0]](Index i) { use(at + i, relaxed_gate(x[i])); });
        };
        if (at + together <= n)
            draw(together);
        else
            draw(n - at);
    }
}

// What draws a gate with a logit of its own and writes both results.
template <class Real> auto to_own_weight(Real* effective, Real* soft, const Real* weights) {
    return [=](Index i, Real y) { soft[i] = y, effective[i] = weights[i] * open(y, Sample::hard); };
}

} // namespace

template <class Real>
void draw_gates(MatrixView<Real> effective, MatrixView<Real> soft,
                std::type_identity_t<MatrixView<const Real>> weights,
                std::type_identity_t<MatrixView<const Real>> logits, const GateLaw& law,
                const Place& place, Sample sample) {
    check<Real>(weights, logits, law);
    const auto draw = [&](auto use) {
        for_each_gate(
            logits.size(), logits.data, law, place, [](Index, Index) {}, use);
    };
    if (logits.cols == weights.cols && sample == Sample::hard)
        return draw(to_own_weight(effective.data, soft.data, weights.data));
    draw([s = soft.data](Index i, Real y) { s[i] = y; });
    for (Index r = 0; r < weights.rows; ++r)
        for (Index c = 0; c < weights.cols; ++c)
            effective(r, c) = weights(r, c) * open(soft(r, soft.cols > 1 ? c : 0), sample);
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
void descend_and_draw(Index n, const Descent<Real>& weights, const Descent<Real>& logits,
                      const Real* effective_gradient, Real* effective, Real* soft,
                      const GateLaw& law, std::type_identity_t<Real> closing, const GateLaw& next,
                      const Place& place) {
    const auto descend = [=, slope = static_cast<Real>(1 / law.temperature)](Index i, Real closes) {
        const Real y = soft[i], pull = effective_gradient[i];
        const Real logit_pull = slope * pull * weights.values[i] * y * (1 - y);
        weights.step(weights.values[i], pull * open(y, Sample::hard), weights.first[i],
                     weights.second[i]);
        logits.step(logits.values[i], logit_pull + closes, logits.first[i], logits.second[i]);
    };
    const auto descend_all = [=](Index first, Index count) {
        if (closing == 0) return for_each_index(count, [=](Index i) { descend(first + i, 0); });
        for_each_index(count, [=](Index i) {
            const Real p = fast_sigmoid(logits.values[first + i]);
            descend(first + i, closing * p * (1 - p));
        });
    };
    for_each_gate(n, logits.values, next, place, descend_all,
                  to_own_weight(effective, soft, weights.values));
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
    constexpr Index width = 16; // lanes, that are then added pairwise
    const Real factor = static_cast<Real>(1 / noise);
    double sum[width] = {}, slope[width] = {};
    for (Index i = 0; i < n; i += width) {
        const auto add = [&](Index j) {
            const Real p = fast_sigmoid((l[i + j] - at) * factor);
            sum[j] += static_cast<double>(p), slope[j] += static_cast<double>(p * (1 - p));
        };
        if (i + width <= n)
            for_each_index(width, add);
        else
            for_each_index(n - i, add);
    }
    for (Index half = width / 2; half > 0; half /= 2)
        for (Index j = 0; j < half; ++j) sum[j] += sum[j + half], slope[j] += slope[j + half];
    return {sum[0], -slope[0] / noise};
}

#define ESPALIER_GATES(Real)                                                                       \
    template void draw_gates(MatrixView<Real>, MatrixView<Real>, MatrixView<const Real>,           \
                             MatrixView<const Real>, const GateLaw&, const Place&, Sample);        \
    template void gate_gradients(MatrixView<Real>, MatrixView<Real>, MatrixView<const Real>,       \
                                 MatrixView<const Real>, MatrixView<const Real>, const GateLaw&,   \
                                 Sample);                                                          \
    template void descend_and_draw(Index, const Descent<Real>&, const Descent<Real>&, const Real*, \
                                   Real*, Real*, const GateLaw&, Real, const GateLaw&,             \
                                   const Place&);                                                  \
    template MeanGate sum_of_gates(std::span<const Real>, double, double) noexcept;
ESPALIER_GATES(float)
ESPALIER_GATES(double)

} // namespace espalier::numerics
