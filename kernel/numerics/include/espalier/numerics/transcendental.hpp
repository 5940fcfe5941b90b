// SPDX-License-Identifier: MIT
// exp, log, tanh and their kin without branches or tables, so that loops over them become vector
// code. An element's bits depend neither on its place nor on the width of the vectors.
//
// Within 3 units in the last place; results below 2^-125 (2^-1021) of exp are zero, because
// denormal numbers would slow down what comes after. Series about 0 after reducing the argument:
// Taylor for exp; log(1+f) = f - (h - s (h + R)), h = f^2/2, s = f/(2+f), R = sum 2 s^2n/(2n+1).
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace espalier::numerics {

template <class Real> struct Binary;
template <> struct Binary<float> {
    using Bits = std::uint32_t;
    static constexpr int fraction = 23, bias = 127, exp_terms = 7, log_terms = 4;
    static constexpr float rounder = 0x1.8p23f;   // adding it rounds to an integer
    static constexpr Bits two_power = 0x4B000000; // 2^23
    static constexpr float ln2_high = 0x1.62e3p-1f, ln2_low = 0x1.2fefa2p-17f;
    static constexpr float saturation = 10; // tanh is 1 from here
};
template <> struct Binary<double> {
    using Bits = std::uint64_t;
    static constexpr int fraction = 52, bias = 1023, exp_terms = 13, log_terms = 10;
    static constexpr double rounder = 0x1.8p52;
    static constexpr Bits two_power = 0x4330000000000000; // 2^52
    static constexpr double ln2_high = 0x1.62e42feep-1, ln2_low = 0x1.a39ef35793c76p-33;
    static constexpr double saturation = 20;
};

template <class Real> constexpr Real reciprocal_factorial(int n) noexcept {
    double product = 1;
    for (int i = 2; i <= n; ++i) product *= i;
    return static_cast<Real>(1 / product);
}

template <class Real> struct ReducedExponential {
    Real less_one; // exp(r) - 1, |r| <= ln 2 / 2
    Real scale;    // 2^(k - 1)
};

// x = k ln 2 + r, with |k| at most the greatest exponent.
template <class Real> inline ReducedExponential<Real> reduce_exponential(Real x) noexcept {
    using B = Binary<Real>;
    using Bits = typename B::Bits;
    constexpr Real log2_e = static_cast<Real>(1.44269504088896340735992468100189214L);
    const Real shifted = x * log2_e + B::rounder;
    const Real k = shifted - B::rounder;
    const Real r = (x - k * B::ln2_high) - k * B::ln2_low;
    Real series = reciprocal_factorial<Real>(B::exp_terms);
#pragma GCC unroll 16
    for (int n = B::exp_terms - 1; n >= 2; --n) series = series * r + reciprocal_factorial<Real>(n);
    const Real less_one = r + r * r * series;
    const Bits exponent = std::bit_cast<Bits>(shifted) + static_cast<Bits>(B::bias - 1);
    return {less_one, std::bit_cast<Real>(static_cast<Bits>(exponent << B::fraction))};
}

template <class Real> inline Real fast_exp(Real x) noexcept {
    constexpr Real ln2 = static_cast<Real>(0.693147180559945309417232121458176568L);
    constexpr Real low = std::numeric_limits<Real>::min_exponent * ln2;
    constexpr Real high = std::numeric_limits<Real>::max_exponent * ln2;
    Real t = x < low ? low : x;
    t = t > high ? high : t;
    const auto [less_one, scale] = reduce_exponential(t);
    Real y = (1 + less_one) * 2 * scale;
    y = x < low ? Real(0) : y;
    return x > high ? std::numeric_limits<Real>::infinity() : y;
}

template <class Real> inline Real fast_log(Real x) noexcept {
    using B = Binary<Real>;
    using Bits = typename B::Bits;
    constexpr Real least = std::numeric_limits<Real>::min();
    constexpr Real lift = static_cast<Real>(Bits(1) << B::fraction);
    constexpr Bits root_half = std::bit_cast<Bits>(static_cast<Real>(0.70710678118654752440L));
    constexpr Bits offset = static_cast<Bits>(B::bias) << B::fraction;
    const bool tiny = x < least;
    const Bits bits = std::bit_cast<Bits>(tiny ? x * lift : x);
    const Bits raised = (bits - root_half + offset) >> B::fraction; // exponent + bias
    const Bits mantissa = bits - (raised << B::fraction) + offset;
    Real k = std::bit_cast<Real>(raised | B::two_power) - std::bit_cast<Real>(B::two_power);
    k -= tiny ? Real(B::bias + B::fraction) : Real(B::bias);
    const Real f = std::bit_cast<Real>(mantissa) - 1;
    const Real s = f / (2 + f), z = s * s, half = Real(0.5) * f * f;
    Real series = 0;
#pragma GCC unroll 16
    for (int n = B::log_terms; n >= 1; --n) series = (series + Real(2) / Real(2 * n + 1)) * z;
    Real y = k * B::ln2_high - ((half - (s * (half + series) + k * B::ln2_low)) - f);
    y = x == 0 ? -std::numeric_limits<Real>::infinity() : y;
    y = x < 0 ? std::numeric_limits<Real>::quiet_NaN() : y;
    return x >= std::numeric_limits<Real>::infinity() || x != x ? x : y;
}

template <class Real> inline Real fast_tanh(Real x) noexcept {
    Real a = std::abs(x);
    a = a > Binary<Real>::saturation ? Binary<Real>::saturation : a;
    const auto [less_one, scale] = reduce_exponential(2 * a);
    const Real full = 2 * scale;
    const Real e = full * less_one + (full - 1); // exp(2a) - 1
    return std::copysign(e / (e + 2), x);
}

template <class Real> inline Real fast_sigmoid(Real x) noexcept { return 1 / (1 + fast_exp(-x)); }

// log(1 + u) for u >= 0 (Kahan's correction of the rounding of 1 + u).
template <class Real> inline Real fast_log1p(Real u) noexcept {
    const Real w = 1 + u;
    const Real excess = w - 1;
    const Real y = fast_log(w) * (u / (excess > 0 ? excess : Real(1)));
    return excess > 0 ? y : u;
}

// log(1 + exp(x))
template <class Real> inline Real fast_softplus(Real x) noexcept {
    return (x > 0 ? x : Real(0)) + fast_log1p(fast_exp(-std::abs(x)));
}

} // namespace espalier::numerics
