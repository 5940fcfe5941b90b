// SPDX-License-Identifier: MIT
// Estimators with errors that allow for anything that the rows of one firm share.
//
// Every error is a standard error clustered by firm (Liang and Zeger 1986,
// doi:10.1093/biomet/73.1.13): firms are independent, rows of a firm need not be. `firm` ascends.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace espalier::firms {

// y = intercept + slope x by weighted least squares.
struct Line {
    double slope = 0, slope_error = 0;
    double intercept = 0, intercept_error = 0;
    double explained = 0; // share of y's variance
    int64_t rows = 0, firms = 0;

    double at(double x) const noexcept { return intercept + slope * x; }
};
// weights: empty, or one for each row. `rows` is 0 when there are fewer than three firms or x does
// not vary: no line was fitted.
Line fit_line(std::span<const double> x, std::span<const double> y, std::span<const double> weights,
              std::span<const int32_t> firm);

// Deviations of Laplace's law, whose width falls with size: b(s) = exp(log_width - exponent s), by
// maximum likelihood.
struct Tent {
    double log_width = 0, log_width_error = 0;
    double exponent = 0, exponent_error = 0;
    double median = 0;    // taken out before
    double deviation = 0; // standard deviation about the median
    double kurtosis = 0;  // of the deviations divided by their width: 6 for Laplace, 3 for normal
    double lead = 0; // log-likelihood a row over a normal law whose width falls with the same power
    int64_t rows = 0;
};
Tent fit_tent(std::span<const double> deviations, std::span<const double> size,
              std::span<const int32_t> firm);

// d' = share d + Laplace(width), with an unknown constant added for each firm: the constant drops
// out of differences D, and E[D (2 D' + (1 - share) D)] = 0 (Han and Phillips 2010, Econometric
// Theory 26, 119-151), for any share in (-1, 1].
struct Persistence {
    double share = 0, share_error = 0;
    double width = 0, width_error = 0;
    int64_t rows = 0; // pairs of successive differences; 0: nothing was fitted
};
// deviations: of firm f at first[f] .. first[f + 1] - 1, year by year; NaN: missing.
Persistence fit_persistence(std::span<const double> deviations, std::span<const int64_t> first);

// ln A(t + 1) - ln A(t) of the power law dA/dt = c A^exponent by least squares on the solution,
// weighted by 1 / width(size)^2.
struct DirectGrowth {
    double rate = 0, rate_error = 0; // d ln A / dt at `centre`
    double exponent = 1, exponent_error = 0;
    double centre = 0; // mean of ln A
    int64_t rows = 0;
};
// Throws std::domain_error when no power law describes the rows.
DirectGrowth fit_direct_growth(std::span<const double> size, std::span<const double> growth,
                               std::span<const double> weights, std::span<const int32_t> firm);

double median_of(std::vector<double> values); // of at least one

} // namespace espalier::firms
