// SPDX-License-Identifier: MIT
// Means, errors, bootstrap intervals and autocorrelation times.
#include "run/statistics.hpp"

#include "espalier/random.hpp"

#include <boost/math/special_functions/erf.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace espalier {

namespace {

// Neumaier 1974 (doi:10.1002/zamm.19740540106): what each addition loses is added at the end.
class Sum {
public:
    void add(double x) noexcept {
        const double next = sum_ + x;
        lost_ += std::abs(sum_) >= std::abs(x) ? (sum_ - next) + x : (x - next) + sum_;
        sum_ = next;
    }
    double value() const noexcept { return sum_ + lost_; }

private:
    double sum_ = 0, lost_ = 0;
};

// The mean in two parts, so that differences from it lose nothing.
struct Mean {
    double main = 0, rest = 0;
};

Mean mean_of(const std::vector<double>& values) {
    const auto n = static_cast<double>(values.size());
    Sum sum, rest;
    for (const double x : values) sum.add(x / n);
    const double main = sum.value();
    for (const double x : values) rest.add(x), rest.add(-main); // x - main may lose bits
    return {main, rest.value() / n};
}

std::vector<double> finite_of(std::span<const double> values) {
    std::vector<double> finite;
    std::copy_if(values.begin(), values.end(), std::back_inserter(finite),
                 [](double x) { return std::isfinite(x); });
    return finite;
}

double plain_mean(const std::vector<double>& values) {
    const Mean mean = mean_of(values);
    return mean.main + mean.rest;
}

double below(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }
double normal_quantile(double share) {
    return -std::numbers::sqrt2 * boost::math::erfc_inv(2 * std::clamp(share, 1e-300, 1 - 0x1p-53));
}

// A sixth of the skewness of the mean, as the jackknife of a mean gives it.
double acceleration_of(const std::vector<double>& values, double mean) {
    Sum squares, cubes;
    for (const double x : values) {
        const double d = x - mean;
        squares.add(d * d), cubes.add(d * d * d);
    }
    const double scale = std::pow(squares.value(), 1.5);
    return scale > 0 ? cubes.value() / (6 * scale) : 0;
}

} // namespace

Summary summary_of(std::span<const double> given) {
    const std::vector<double> values = finite_of(given);
    Summary s;
    s.count = static_cast<int64_t>(given.size());
    s.finite = static_cast<int64_t>(values.size());
    if (values.empty()) return s;
    const auto [least, most] = std::minmax_element(values.begin(), values.end());
    s.minimum = *least, s.maximum = *most;
    const Mean mean = mean_of(values);
    s.mean = mean.main + mean.rest;
    if (values.size() < 2) return s;
    // In units of the largest difference: no square is lost below or above the range.
    double scale = 0;
    for (const double x : values) scale = std::max(scale, std::abs((x - mean.main) - mean.rest));
    Sum squares;
    for (const double x : values) {
        const double d = scale > 0 ? ((x - mean.main) - mean.rest) / scale : 0;
        squares.add(d * d);
    }
    const auto n = static_cast<double>(values.size());
    s.standard_deviation = scale * std::sqrt(squares.value() / (n - 1));
    s.standard_error = s.standard_deviation / std::sqrt(n);
    return s;
}

Interval bootstrap_of_mean(std::span<const double> given, double confidence, int64_t resamples,
                           int64_t seed) {
    const std::vector<double> values = finite_of(given);
    const double nan = std::numeric_limits<double>::quiet_NaN();
    if (values.size() < 2) return {nan, nan};
    const double mean = plain_mean(values);
    const auto word = static_cast<uint64_t>(seed);
    const Key key{static_cast<uint32_t>(word), static_cast<uint32_t>(word >> 32)};
    std::vector<double> means(static_cast<std::size_t>(resamples));
    for (std::size_t r = 0; r < means.size(); ++r) {
        Random draws(key, static_cast<uint32_t>(r), 0, 0xb007);
        Sum sum;
        for (std::size_t i = 0; i < values.size(); ++i)
            sum.add(values[static_cast<std::size_t>(draws.below(values.size()))] - mean);
        means[r] = mean + sum.value() / static_cast<double>(values.size());
    }
    std::sort(means.begin(), means.end());
    // Ties count half, so that few distinct values bring no bias.
    const auto [first, last] = std::equal_range(means.begin(), means.end(), mean);
    const double less =
        (static_cast<double>(first - means.begin()) + static_cast<double>(last - means.begin())) /
        2;
    const double bias = normal_quantile(less / static_cast<double>(means.size()));
    const double acceleration = acceleration_of(values, mean);
    const auto quantile = [&](double share) {
        const double z = bias + normal_quantile(share);
        const double place =
            below(bias + z / (1 - acceleration * z)) * static_cast<double>(means.size() - 1);
        return means[static_cast<std::size_t>(
            std::clamp(std::round(place), 0.0, static_cast<double>(means.size() - 1)))];
    };
    return {quantile((1 - confidence) / 2), quantile((1 + confidence) / 2)};
}

Autocorrelation autocorrelation_of(std::span<const double> given) {
    Autocorrelation found;
    const std::vector<double> series = finite_of(given);
    const std::size_t n = series.size();
    if (n != given.size() || n < 2) return found;
    const double mean = plain_mean(series);
    const auto covariance = [&](std::size_t lag) {
        Sum sum;
        for (std::size_t i = 0; i + lag < n; ++i)
            sum.add((series[i] - mean) * (series[i + lag] - mean));
        return sum.value() / static_cast<double>(n - lag);
    };
    const double variance = covariance(0);
    if (!(variance > 0)) return found;
    double time = 1;
    for (std::size_t lag = 1; lag < n; ++lag) {
        time += 2 * covariance(lag) / variance;
        found.window = static_cast<int64_t>(lag);
        if (static_cast<double>(lag) >= std::max(5.0, 3 * time)) break;
    }
    found.time = time;
    found.reliable = static_cast<double>(n) >= 50 * time && time > 0;
    return found;
}

} // namespace espalier
