// SPDX-License-Identifier: MIT
// How far a statistic of random numbers is from what it should be.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace statistics {

// The probabilities that a perfect generator gives at least, and at most, what was found. Both near
// 0 are suspicious: too irregular, and too regular.
struct Verdict {
    std::string test;
    double at_least, at_most;

    double least() const { return at_least < at_most ? at_least : at_most; }
};

// counts[k] of independent trials fell into class k, of probability `probabilities[k]`; those sum
// to 1. Neighbouring classes are joined until 10 are expected in each. Chi-square.
Verdict beside(std::string test, const std::vector<int64_t>& counts,
               const std::vector<double>& probabilities);
// A count with Poisson's distribution.
Verdict beside_poisson(std::string test, int64_t count, double mean);
// Numbers uniform in [0, 1): the greatest difference of distribution functions (Kolmogorov,
// Smirnov; with the correction of Stephens 1970, doi:10.1111/j.2517-6161.1970.tb00821.x).
Verdict beside_uniform(std::string test, std::vector<double> numbers);

} // namespace statistics
