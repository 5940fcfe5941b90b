// SPDX-License-Identifier: MIT
// How far the uncertainty of one-step forecasts can be trusted on held-out pairs.
#include "forecast.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace espalier::reconstruction {

namespace {

constexpr Index most_pairs = 2000;

std::vector<Reliability> of_classes(const Dynamics& dynamics, const Series& series,
                                    const PairList& list) {
    constexpr std::size_t bins = 10;
    std::array<Reliability, bins> found{};
    Forecaster forecaster(dynamics);
    const Index n = series.nodes(), classes = dynamics.code.classes;
    std::vector<double> next(static_cast<std::size_t>(n));
    for (const auto& [run, time] : list.pairs) {
        forecaster.step(series.frame(run, time), next.data(), nullptr);
        const double* truth = series.frame(run, time + 1);
        for (Index i = 0; i < n; ++i)
            for (Index c = 0; c < classes; ++c) {
                const double p = forecaster.probabilities()[i * classes + c];
                Reliability& bin = found[std::min(bins - 1, static_cast<std::size_t>(p * bins))];
                bin.nominal += p, ++bin.count;
                bin.observed += truth[i] == static_cast<double>(c);
            }
    }
    std::vector<Reliability> rows;
    for (Reliability& bin : found) {
        if (bin.count == 0) continue;
        bin.nominal /= static_cast<double>(bin.count);
        bin.observed /= static_cast<double>(bin.count);
        rows.push_back(bin);
    }
    return rows;
}

std::vector<Reliability> of_numbers(const Dynamics& dynamics, const Series& series,
                                    const PairList& list) {
    // Quantiles of the standard normal distribution at (1 + share) / 2.
    constexpr std::array<std::pair<double, double>, 4> intervals{
        {{0.5, 0.674490}, {0.8, 1.281552}, {0.9, 1.644854}, {0.95, 1.959964}}};
    Forecaster forecaster(dynamics);
    const Index size = series.frame_size(), f = series.features();
    std::vector<double> next(static_cast<std::size_t>(size)), width(static_cast<std::size_t>(f));
    std::vector<std::vector<double>> residuals(2);
    for (std::size_t k = 0; k < list.pairs.size(); ++k) {
        const auto& [run, time] = list.pairs[k];
        forecaster.step(series.frame(run, time), next.data(), nullptr);
        const double* truth = series.frame(run, time + 1);
        for (Index q = 0; q < size; ++q) residuals[k % 2].push_back(next[q] - truth[q]);
    }
    const Index fitted = static_cast<Index>(residuals[0].size());
    for (Index q = 0; q < fitted; ++q)
        width[q % f] += residuals[0][q] * residuals[0][q] * static_cast<double>(f) /
                        static_cast<double>(fitted);
    std::vector<Reliability> rows;
    const Index checked = static_cast<Index>(residuals[1].size());
    for (const auto& [share, quantile] : intervals) {
        Index inside = 0;
        for (Index q = 0; q < checked; ++q)
            inside += std::abs(residuals[1][q]) <= quantile * std::sqrt(width[q % f]);
        if (checked > 0)
            rows.push_back(
                {share, static_cast<double>(inside) / static_cast<double>(checked), checked});
    }
    return rows;
}

} // namespace

std::vector<Reliability> reliability(const Dynamics& dynamics, const Series& series,
                                     const PairList& held_out) {
    PairList some;
    const Index count = static_cast<Index>(held_out.pairs.size());
    const Index wanted = std::min(count, most_pairs);
    for (Index k = 0; k < wanted; ++k) some.pairs.push_back(held_out.pairs[k * count / wanted]);
    return dynamics.code.classes ? of_classes(dynamics, series, some)
                                 : of_numbers(dynamics, series, some);
}

} // namespace espalier::reconstruction
