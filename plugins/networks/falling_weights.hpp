// SPDX-License-Identifier: MIT
// Expected degrees that follow a power law, largest first.
#pragma once

#include "compressed_rows.hpp"
#include "elementary.hpp"

namespace espalier::networks {

// x^y of x > 0.
inline double power(double x, double y) noexcept {
    return natural_exponential(y * natural_logarithm(x));
}

// The i0 with which the first of n weights (i + i0)^-fall is about `most` times their mean; the sum
// is taken by the formula of Euler and Maclaurin. 0 < fall < 1.
inline double first_rank(double n, double fall, double most) noexcept {
    double low = 1e-6, high = 1e6 * n;
    for (int step = 0; step < 100; ++step) {
        const double middle = std::sqrt(low * high), end = middle + n;
        const double first = power(middle, -fall), last = power(end, -fall);
        const double sum = (end * last - middle * first) / (1 - fall) + (first - last) / 2;
        (first * n > most * sum ? low : high) = middle;
    }
    return low;
}

// weights[i] proportional to (i + i0)^(-1/(exponent - 1)), of mean 1, the largest about `most`: a
// power law with this exponent, above 2 (Chung and Lu 2002, doi:10.1073/pnas.252631999).
inline void fill_falling_weights(const Task& task, std::span<double> weights, double exponent,
                                 double most) {
    constexpr int64_t grain = 8192;
    const auto n = static_cast<double>(weights.size());
    const double first = first_rank(n, 1 / (exponent - 1), most);
    const auto count = static_cast<int64_t>(weights.size());
    const double sum = task.parallel_reduce(
        count, grain, 0.0,
        [&](int64_t begin, int64_t end) {
            double part = 0;
            for (int64_t i = begin; i < end; ++i)
                part += weights[index_of(i)] =
                    power(static_cast<double>(i) + first, -1 / (exponent - 1));
            return part;
        },
        [](double a, double b) { return a + b; });
    task.parallel_for(count, grain, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) weights[index_of(i)] *= n / sum;
    });
}

} // namespace espalier::networks
