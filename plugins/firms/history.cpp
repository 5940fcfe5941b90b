// SPDX-License-Identifier: MIT
// Codes, trends and coordinates of the years up to an origin.
#include "history.hpp"

#include <algorithm>

namespace espalier::firms {

Coding coding_of(const Panel& panel) {
    Coding coding;
    coding.is_signed.assign(panel.variables().size(), 0);
    for (int64_t r = 0; r < panel.rows(); ++r)
        for (int64_t v = 1; v < panel.width(); ++v)
            if (panel.value(r, v) <= 0) coding.is_signed[static_cast<std::size_t>(v)] = 1;
    return coding;
}

History::History(const Task& task, Panel panel, const Coding& coding, const Outlook& outlook,
                 std::vector<SectorLaws> laws)
    : panel_(std::move(panel)), coding_(coding), outlook_(outlook), laws_(std::move(laws)),
      firm_(at(panel_.rows())) {
    constexpr int64_t grain = 1024; // rows
    int64_t lost = 0;
    for (int64_t f = 0; f < panel_.firms(); ++f)
        for (int64_t r = panel_.first(f); r < panel_.first(f + 1); ++r) {
            firm_[at(r)] = static_cast<int32_t>(f);
            for (int64_t v = 0; v < panel_.width(); ++v) {
                double& x = panel_.value(r, v);
                if (std::isnan(x)) continue;
                x = coding_.code(x, at(v));
                lost += std::isnan(x);
            }
        }
    if (lost > 0)
        task.warn(std::to_string(lost) + " values are 0 or below in variables that were learned "
                                         "above 0, and count as missing");
    if (!outlook_.by_law()) return;
    const int64_t horizons = outlook_.horizon_count();
    const int64_t longest = *std::max_element(outlook_.horizons.begin(), outlook_.horizons.end());
    growth_.resize(at(panel_.rows() * horizons));
    yearly_.resize(at(panel_.rows()));
    task.parallel_for(panel_.rows(), grain, [&](int64_t begin, int64_t end) {
        for (int64_t r = begin; r < end; ++r) {
            const double start = code(r, 0);
            if (std::isnan(start)) continue;
            double size = start;
            for (int64_t year = 1; year <= longest; ++year) {
                size = this->laws(r).growth.after_a_year(size);
                if (year == 1) yearly_[at(r)] = static_cast<float>(size - start);
                for (int64_t h = 0; h < horizons; ++h)
                    if (outlook_.horizons[at(h)] == year)
                        growth_[at(r * horizons + h)] = static_cast<float>(size - start);
            }
            if (!std::isfinite(size))
                throw Invalid("trend", "the law of growth ends less than " +
                                           std::to_string(longest) + " years after ln " +
                                           panel_.variables()[0] + " = " + std::to_string(start) +
                                           ": set law = direct, or shorten horizons");
        }
        task.check_cancelled();
    });
}

bool History::is_origin(int64_t row) const noexcept {
    if (std::isnan(code(row, 0))) return false;
    int64_t seen = 0;
    for (int64_t lag = 0; lag < outlook_.window; ++lag)
        seen += !std::isnan(code_at_lag(row, 0, lag));
    return seen >= outlook_.history;
}

int64_t History::lag_of(int64_t row, int64_t variable) const noexcept {
    for (int64_t lag = 0; lag < outlook_.window && has_lag(row, lag); ++lag)
        if (!std::isnan(code(row - lag, variable))) return lag;
    return -1;
}

// The median of the slopes between all pairs of years of the window (Theil and Sen); 0 for one.
double History::own_slope(int64_t row, int64_t variable) const noexcept {
    std::vector<double> slopes;
    for (int64_t a = 0; a < outlook_.window; ++a)
        for (int64_t b = a + 1; b < outlook_.window; ++b) {
            const double rise = code_at_lag(row, variable, a) - code_at_lag(row, variable, b);
            if (std::isfinite(rise)) slopes.push_back(rise / static_cast<double>(b - a));
        }
    return slopes.empty() ? 0 : median_of(std::move(slopes));
}

double History::trend(int64_t row, int64_t horizon, int64_t variable) const noexcept {
    if (outlook_.trend == "none") return 0;
    const int64_t lag = lag_of(row, variable);
    const double last = code_at_lag(row, variable, lag);
    if (std::isnan(last) || outlook_.trend == "persistence") return last;
    if (outlook_.trend == "linear")
        return last +
               own_slope(row, variable) * static_cast<double>(outlook_.horizons[at(horizon)] + lag);
    double growth = growth_[at(row * outlook_.horizon_count() + horizon)];
    // A value last seen some years ago has grown with the size since then.
    const double since = code(row, 0) - code_at_lag(row, 0, lag);
    if (std::isfinite(since)) growth += since;
    const double exponent = variable == 0 ? 1 : laws(row).scaling[at(variable)].exponent(last);
    const bool below = coding_.is_signed[at(variable)] && last < 0;
    return below ? last - exponent * growth : last + exponent * growth;
}

double History::coordinate(int64_t row, int64_t variable, int64_t lag) const noexcept {
    const double seen = code_at_lag(row, variable, lag);
    if (!outlook_.by_law() || variable == 0 || std::isnan(seen)) return seen;
    const double expected = laws(row).scaling[at(variable)].gain.at(code(row - lag, 0));
    if (!coding_.is_signed[at(variable)]) return seen - expected;
    return std::asinh(coding_.value(seen, at(variable)) * std::exp(-expected));
}

double History::change(int64_t row, int64_t variable, int64_t lag) const noexcept {
    double change = coordinate(row, variable, lag) - coordinate(row, variable, lag + 1);
    if (outlook_.by_law() && variable == 0 && std::isfinite(change))
        change -= yearly_[at(row - lag - 1)];
    return change;
}

} // namespace espalier::firms
