// SPDX-License-Identifier: MIT
// Distributions of statistics.
#include "statistics/verdict.hpp"

#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/poisson.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <stdexcept>

namespace statistics {

Verdict beside(std::string test, const std::vector<int64_t>& counts,
               const std::vector<double>& probabilities) {
    constexpr double enough = 10;
    const auto all = static_cast<double>(std::accumulate(counts.begin(), counts.end(), int64_t{0}));
    struct Joined {
        double found = 0, expected = 0;
    };
    std::vector<Joined> classes(1);
    for (std::size_t k = 0; k < counts.size(); ++k) {
        if (classes.back().expected >= enough) classes.emplace_back();
        classes.back().found += static_cast<double>(counts[k]);
        classes.back().expected += all * probabilities[k];
    }
    if (classes.size() > 1 && classes.back().expected < enough) {
        const Joined rest = classes.back();
        classes.pop_back();
        classes.back().found += rest.found, classes.back().expected += rest.expected;
    }
    if (classes.size() < 2) throw std::invalid_argument(test + ": too few trials");
    double sum = 0;
    for (const Joined& c : classes)
        sum += (c.found - c.expected) * (c.found - c.expected) / c.expected;
    const boost::math::chi_squared law(static_cast<double>(classes.size() - 1));
    return {std::move(test), cdf(complement(law, sum)), cdf(law, sum)};
}

Verdict beside_poisson(std::string test, int64_t count, double mean) {
    const boost::math::poisson law(mean);
    const auto found = static_cast<double>(count);
    return {std::move(test), count > 0 ? cdf(complement(law, found - 1)) : 1, cdf(law, found)};
}

Verdict beside_uniform(std::string test, std::vector<double> numbers) {
    std::sort(numbers.begin(), numbers.end());
    const auto n = static_cast<double>(numbers.size());
    double distance = 0;
    for (std::size_t i = 0; i < numbers.size(); ++i)
        distance = std::max({distance, static_cast<double>(i + 1) / n - numbers[i],
                             numbers[i] - static_cast<double>(i) / n});
    const double x = (std::sqrt(n) + 0.12 + 0.11 / std::sqrt(n)) * distance;
    // Two series of one function; each is short on its side of 1.
    double below = 0, above = 0;
    for (int k = 1; k <= 20; ++k) {
        const double odd = 2 * k - 1;
        below += std::exp(-odd * odd * std::numbers::pi * std::numbers::pi / (8 * x * x));
        above += (k % 2 ? 2 : -2) * std::exp(-2.0 * k * k * x * x);
    }
    below *= std::sqrt(2 * std::numbers::pi) / x;
    return x < 1 ? Verdict{std::move(test), 1 - below, below}
                 : Verdict{std::move(test), above, 1 - above};
}

} // namespace statistics
