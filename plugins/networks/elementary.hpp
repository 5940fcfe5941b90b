// SPDX-License-Identifier: MIT
// Logarithm, exponential, points of a circle: plain arithmetic, so that the bits are the same with
// every C library and instruction set.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

namespace espalier::networks {

// artanh f = f + f^3/3 + ... for |f| <= 0.172.
inline double inverse_hyperbolic_tangent(double f) noexcept {
    const double z = f * f;
    double series = 1.0 / 19;
    for (int odd = 17; odd >= 1; odd -= 2) series = series * z + 1.0 / odd;
    return f * series;
}

// ln x of a positive normal number, error below 2 ulp.
inline double natural_logarithm(double x) noexcept {
    constexpr uint64_t root_of_half = 0x3fe6a09e667f3bcd;
    const uint64_t bits = std::bit_cast<uint64_t>(x);
    const uint64_t exponent = (bits - root_of_half + (uint64_t{1023} << 52)) >> 52; // plus 1023
    const double m = std::bit_cast<double>(bits - ((exponent - 1023) << 52));
    const double count = std::bit_cast<double>(0x4330000000000000u | exponent) - (0x1p52 + 1023);
    return count * 0x1.62e42fefa39efp-1 + 2 * inverse_hyperbolic_tangent((m - 1) / (m + 1));
}

// ln(1 - p) for 0 < p <= 1, accurate for small p too; -infinity for 1.
inline double logarithm_of_failure(double p) noexcept {
    if (p >= 1) return -std::numeric_limits<double>::infinity();
    return p > 0.25 ? natural_logarithm(1 - p) : 2 * inverse_hyperbolic_tangent(-p / (2 - p));
}

// e^x for |x| <= 700, error below 2 ulp.
inline double natural_exponential(double x) noexcept {
    const double count = std::nearbyint(x * 0x1.71547652b82fep0);
    const double r = (x - count * 0x1.62e42feep-1) - count * 0x1.a39ef35793c76p-33;
    double series = 1;
    for (int k = 14; k >= 1; --k) series = 1 + series * r / k;
    return std::ldexp(series, static_cast<int>(count));
}

// (cos, sin) of the angle 2 pi i / n, 0 <= i < n, error below 2 ulp.
inline std::pair<double, double> point_on_circle(int64_t i, int64_t n) noexcept {
    const int64_t quarter = 4 * i / n, rest = 4 * i % n; // rest / n of a quarter turn
    const bool beyond = 2 * rest > n;                    // past an eighth: seen from the other side
    const double x = 0x1.921fb54442d18p0 *
                     (static_cast<double>(beyond ? n - rest : rest) / static_cast<double>(n));
    const double z = x * x;
    double cosine = 1, sine = 1;
    for (int k = 18; k >= 2; k -= 2) cosine = 1 - cosine * z / (k * (k - 1));
    for (int k = 19; k >= 3; k -= 2) sine = 1 - sine * z / (k * (k - 1));
    sine *= x;
    if (beyond) std::swap(sine, cosine);
    switch (quarter) {
    case 0: return {cosine, sine};
    case 1: return {-sine, cosine};
    case 2: return {-cosine, -sine};
    default: return {sine, -cosine};
    }
}

} // namespace espalier::networks
