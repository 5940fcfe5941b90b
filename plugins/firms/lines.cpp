// SPDX-License-Identifier: MIT
// Least squares, the tent's likelihood and the moments of differences, each with clustered errors.
#include "lines.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>

namespace espalier::firms {

namespace {

constexpr int64_t fewest_firms = 3;

// Sums scores of two parameters firm by firm; their outer products are the middle of the sandwich.
struct ClusteredScores {
    std::array<double, 2> here{};
    double aa = 0, ab = 0, bb = 0;
    int32_t firm = -1;
    int64_t firms = 0;

    void add(int32_t of_firm, double a, double b) {
        if (of_firm != firm) close(), firm = of_firm, ++firms;
        here[0] += a, here[1] += b;
    }
    void close() {
        aa += here[0] * here[0], ab += here[0] * here[1], bb += here[1] * here[1];
        here = {};
    }
    // For the few firms: n / (n - 1).
    double correction() const {
        return firms > 1 ? static_cast<double>(firms) / static_cast<double>(firms - 1) : 0;
    }
};

// A symmetric 2 x 2 matrix.
struct Pair {
    double aa, ab, bb;
    Pair inverse() const {
        const double det = aa * bb - ab * ab;
        return {bb / det, -ab / det, aa / det};
    }
    std::array<double, 2> times(double a, double b) const {
        return {aa * a + ab * b, ab * a + bb * b};
    }
    // this M this
    Pair around(const Pair& m) const {
        const auto [p, q] = times(m.aa, m.ab);
        const auto [r, s] = times(m.ab, m.bb);
        return {p * aa + r * ab, p * ab + r * bb, q * ab + s * bb};
    }
};

double weight_of(std::span<const double> weights, std::size_t i) {
    return weights.empty() ? 1 : weights[i];
}

} // namespace

double median_of(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    if (values.size() % 2 == 1) return *middle;
    return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

Line fit_line(std::span<const double> x, std::span<const double> y, std::span<const double> weights,
              std::span<const int32_t> firm) {
    Line line;
    double total = 0, mean_x = 0, mean_y = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double w = weight_of(weights, i);
        total += w, mean_x += w * x[i], mean_y += w * y[i];
        line.firms += i == 0 || firm[i] != firm[i - 1];
    }
    mean_x /= total, mean_y /= total;
    double xx = 0, xy = 0, yy = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double w = weight_of(weights, i), dx = x[i] - mean_x, dy = y[i] - mean_y;
        xx += w * dx * dx, xy += w * dx * dy, yy += w * dy * dy;
    }
    if (line.firms < fewest_firms || !(xx > 0)) return {};
    line.rows = static_cast<int64_t>(x.size());
    line.slope = xy / xx;
    line.intercept = mean_y - line.slope * mean_x;
    line.explained = yy > 0 ? xy * xy / (xx * yy) : 1;
    ClusteredScores scores;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double e = weight_of(weights, i) * (y[i] - line.at(x[i]));
        scores.add(firm[i], e, e * (x[i] - mean_x));
    }
    scores.close();
    const double c = scores.correction();
    const double level = c * scores.aa / (total * total), slope = c * scores.bb / (xx * xx),
                 both = c * scores.ab / (total * xx);
    line.slope_error = std::sqrt(slope);
    line.intercept_error =
        std::sqrt(std::max(0.0, level - 2 * mean_x * both + mean_x * mean_x * slope));
    return line;
}

Tent fit_tent(std::span<const double> deviations, std::span<const double> size,
              std::span<const int32_t> firm) {
    Tent t;
    const std::size_t n = deviations.size();
    if (n == 0) return t;
    t.rows = static_cast<int64_t>(n);
    const double count = static_cast<double>(n);
    t.median = median_of({deviations.begin(), deviations.end()});
    const auto magnitude = [&](std::size_t i) { return std::abs(deviations[i] - t.median); };
    double mean = 0, square = 0, mean_size = 0;
    for (std::size_t i = 0; i < n; ++i) {
        mean += magnitude(i) / count, square += magnitude(i) * magnitude(i) / count;
        mean_size += size[i] / count;
    }
    t.deviation = std::sqrt(square);
    if (!(mean > 0)) {
        t.log_width = -std::numeric_limits<double>::infinity();
        return t;
    }
    // Newton's method on the convex  sum(a - k z + m e^(k z - a)),  z about its mean.
    double a = std::log(mean), k = 0;
    Pair hessian{};
    const auto ratio = [&](std::size_t i) {
        return magnitude(i) * std::exp(k * (size[i] - mean_size) - a);
    };
    for (int step = 0; step < 60; ++step) {
        hessian = {0, 0, 0};
        double slope_a = 0, slope_k = 0;
        for (std::size_t i = 0; i < n; ++i) {
            const double q = ratio(i), z = size[i] - mean_size;
            slope_a += 1 - q, slope_k -= (1 - q) * z;
            hessian.aa += q, hessian.ab -= q * z, hessian.bb += q * z * z;
        }
        if (!(hessian.aa * hessian.bb - hessian.ab * hessian.ab >
              1e-12 * hessian.aa * hessian.aa)) {
            hessian.bb += hessian.aa, slope_k = 0; // sizes do not vary
        }
        const auto [da, dk] = hessian.inverse().times(slope_a, slope_k);
        const double shrink = std::max(1.0, 2 * std::max(std::abs(da), std::abs(dk)));
        a -= da / shrink, k -= dk / shrink;
        if (std::abs(da) + std::abs(dk) < 1e-12) break;
    }
    ClusteredScores scores;
    double fourth = 0, second = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const double q = ratio(i), z = size[i] - mean_size;
        scores.add(firm[i], 1 - q, -(1 - q) * z);
        second += q * q / count, fourth += q * q * q * q / count;
    }
    scores.close();
    const Pair errors = hessian.inverse().around({scores.aa, scores.ab, scores.bb});
    const double c = scores.correction();
    t.exponent = k, t.exponent_error = std::sqrt(c * errors.bb);
    t.log_width = a + k * mean_size;
    t.log_width_error = std::sqrt(std::max(
        0.0, c * (errors.aa + 2 * mean_size * errors.ab + mean_size * mean_size * errors.bb)));
    t.kurtosis = fourth / (second * second);
    // Laplace: -log 2b - 1 on average. Normal of deviation s b, s^2 = mean q^2: -log(s b sqrt(2 pi
    // e)).
    t.lead = -std::log(2.0) - 1 + 0.5 * std::log(2 * std::numbers::pi * second) + 0.5;
    return t;
}

Persistence fit_persistence(std::span<const double> deviations, std::span<const int64_t> first) {
    Persistence p;
    double squares = 0, products = 0, all_squares = 0;
    int64_t differences = 0;
    const auto visit = [&](auto&& each, auto&& after_firm) {
        for (std::size_t f = 0; f + 1 < first.size(); ++f) {
            for (int64_t r = first[f] + 1; r < first[f + 1]; ++r) {
                const auto at = static_cast<std::size_t>(r);
                const double d = deviations[at] - deviations[at - 1];
                if (!std::isfinite(d)) continue;
                const double before =
                    r - 1 > first[f] ? deviations[at - 1] - deviations[at - 2] : std::nan("");
                each(d, before);
            }
            after_firm();
        }
    };
    visit(
        [&](double d, double before) {
            all_squares += d * d, ++differences;
            if (!std::isfinite(before)) return;
            squares += before * before, products += before * (2 * d + before), ++p.rows;
        },
        [] {});
    if (p.rows < 10 || !(squares > 0)) return {};
    p.share = products / squares;
    const double variance = all_squares / static_cast<double>(differences);
    double of_share = 0, of_width = 0, share_here = 0, variance_here = 0;
    visit(
        [&](double d, double before) {
            variance_here += (d * d - variance) / static_cast<double>(differences);
            if (std::isfinite(before))
                share_here += before * (2 * d + before - p.share * before) / squares;
        },
        [&] {
            const double log_width = 0.5 * (share_here / (1 + p.share) + variance_here / variance);
            of_share += share_here * share_here, of_width += log_width * log_width;
            share_here = variance_here = 0;
        });
    p.share_error = std::sqrt(of_share);
    // Var D = 2 s^2 / (1 + share), and s^2 = 2 width^2 of Laplace's law.
    p.width = std::sqrt(std::max(0.0, (1 + p.share) / 4 * variance));
    p.width_error = p.width * std::sqrt(of_width);
    return p;
}

DirectGrowth fit_direct_growth(std::span<const double> size, std::span<const double> growth,
                               std::span<const double> weights, std::span<const int32_t> firm) {
    DirectGrowth g;
    const std::size_t n = size.size();
    double total = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const double w = weight_of(weights, i);
        total += w, g.centre += w * size[i], g.rate += w * growth[i];
    }
    g.rows = static_cast<int64_t>(n);
    if (!(total > 0)) throw std::domain_error("there are no rows");
    g.centre /= total, g.rate /= total;
    // A year of d ln A / dt = rate e^(-q z), z = ln A - centre, is ln(1 + q rate e^(-q z)) / q.
    const auto year = [](double rate, double q, double z) {
        const double now = rate * std::exp(-q * z);
        return std::abs(q) < 1e-9 ? now : std::log1p(q * now) / q;
    };
    double q = 0;
    constexpr double nudge = 1e-5;
    Pair hessian{};
    for (int step = 0; step < 100; ++step) {
        hessian = {0, 0, 0};
        double down_rate = 0, down_q = 0;
        for (std::size_t i = 0; i < n; ++i) {
            const double w = weight_of(weights, i), z = size[i] - g.centre;
            const double e = growth[i] - year(g.rate, q, z);
            const double a =
                (year(g.rate + nudge, q, z) - year(g.rate - nudge, q, z)) / (2 * nudge);
            const double b =
                (year(g.rate, q + nudge, z) - year(g.rate, q - nudge, z)) / (2 * nudge);
            down_rate += w * e * a, down_q += w * e * b;
            hessian.aa += w * a * a, hessian.ab += w * a * b, hessian.bb += w * b * b;
        }
        const auto [d_rate, d_q] = hessian.inverse().times(down_rate, down_q);
        if (!std::isfinite(d_rate) || !std::isfinite(d_q))
            throw std::domain_error("no power of size describes the growth");
        const double shrink = std::max(1.0, 10 * std::max(std::abs(d_rate), std::abs(d_q)));
        g.rate += d_rate / shrink, q += d_q / shrink;
        if (std::abs(d_rate) + std::abs(d_q) < 1e-11) break;
        if (step == 99) throw std::domain_error("no power of size describes the growth");
    }
    ClusteredScores scores;
    for (std::size_t i = 0; i < n; ++i) {
        const double w = weight_of(weights, i), z = size[i] - g.centre;
        const double e = w * (growth[i] - year(g.rate, q, z));
        scores.add(firm[i],
                   e * (year(g.rate + nudge, q, z) - year(g.rate - nudge, q, z)) / (2 * nudge),
                   e * (year(g.rate, q + nudge, z) - year(g.rate, q - nudge, z)) / (2 * nudge));
    }
    scores.close();
    const Pair errors = hessian.inverse().around({scores.aa, scores.ab, scores.bb});
    g.exponent = 1 - q;
    g.rate_error = std::sqrt(scores.correction() * errors.aa);
    g.exponent_error = std::sqrt(scores.correction() * errors.bb);
    return g;
}

} // namespace espalier::firms
