// SPDX-License-Identifier: MIT
// Statistics that belong to results. Each says how many of how many values were finite, and leaves
// the others out.
#pragma once

#include <cstdint>
#include <limits>
#include <span>

namespace espalier {

// Two passes with compensated sums: exact to rounding on data whose mean dwarfs its spread. NaN
// where too few values are finite. All in the unit of the values.
struct Summary {
    int64_t count = 0, finite = 0;
    double mean = std::numeric_limits<double>::quiet_NaN();
    double standard_deviation = mean; // of the sample: over finite - 1
    double standard_error = mean;     // of the mean, when the values are independent
    double minimum = mean, maximum = mean;
};
Summary summary_of(std::span<const double>);

struct Interval {
    double low = 0, high = 0;
};
// Of the mean: bias-corrected and accelerated bootstrap (Efron 1987,
// doi:10.1080/01621459.1987.10478410), confidence in (0, 1). The same arguments give the same
// interval. NaN of fewer than two finite values.
Interval bootstrap_of_mean(std::span<const double>, double confidence, int64_t resamples,
                           int64_t seed);

// Integrated autocorrelation time 1 + 2 (rho(1) + rho(2) + ...) of a series, in steps: 1 when
// independent, so that count / time values are worth as much as independent ones. Summed up to the
// first window of at least 5 steps and three times itself (Madras and Sokal 1988, doi:10.1007/BF01022990).
struct Autocorrelation {
    double time = std::numeric_limits<double>::quiet_NaN(); // of a constant or unfinite series: NaN
    int64_t window = 0;
    bool reliable = false; // the series is at least 50 times as long
};
Autocorrelation autocorrelation_of(std::span<const double> series);

} // namespace espalier
