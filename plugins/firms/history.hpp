// SPDX-License-Identifier: MIT
// What a forecast is made from: coded values of the years up to an origin, and the trends that go
// on from there.
#pragma once

#include "laws.hpp"

namespace espalier::firms {

// Forecasts are made of coded values: ln x, or for a variable that was seen at 0 or below
// sign(x) ln(1 + |x|). What has no code is missing.
struct Coding {
    std::vector<char> is_signed; // by variable

    double code(double value, std::size_t variable) const noexcept {
        if (is_signed[variable]) return std::copysign(std::log1p(std::abs(value)), value);
        return value > 0 ? std::log(value) : missing;
    }
    double value(double code, std::size_t variable) const noexcept {
        if (is_signed[variable]) return std::copysign(std::expm1(std::abs(code)), code);
        return std::exp(code);
    }
};
Coding coding_of(const Panel& panel);

struct Outlook {
    std::string trend = "growth_law";
    int64_t window = 5, history = 1;
    std::vector<int64_t> horizons{1, 3, 5, 10};

    bool by_law() const noexcept { return trend == "growth_law"; }
    int64_t horizon_count() const noexcept { return static_cast<int64_t>(horizons.size()); }
};

// A panel in codes with its origins. Rows and variables are those of the panel.
class History {
public:
    // Codes the panel in place. laws: one a sector, needed for the trend growth_law. Throws Invalid
    // when a size lies where the law has ended.
    History(const Task& task, Panel panel, const Coding& coding, const Outlook& outlook,
            std::vector<SectorLaws> laws);

    const Panel& panel() const noexcept { return panel_; }
    const Outlook& outlook() const noexcept { return outlook_; }
    int64_t variables() const noexcept { return panel_.width(); }
    int64_t firm_of(int64_t row) const noexcept { return firm_[at(row)]; }
    double code(int64_t row, int64_t variable) const noexcept {
        return panel_.value(row, variable);
    }
    // Rows whose size is seen, with enough of a history.
    bool is_origin(int64_t row) const noexcept;
    // The code at a horizon after an origin; NaN when it was not seen.
    double target(int64_t row, int64_t horizon, int64_t variable) const noexcept {
        const int64_t then = row + outlook_.horizons[at(horizon)];
        return then < panel_.first(firm_of(row) + 1) ? code(then, variable) : missing;
    }
    // Where the trend leads; NaN when the variable was not seen in the window, 0 for `none`.
    double trend(int64_t row, int64_t horizon, int64_t variable) const noexcept;
    // The last value seen in the window.
    double persistence(int64_t row, int64_t variable) const noexcept {
        return code_at_lag(row, variable, lag_of(row, variable));
    }
    // A variable at an origin less `lag` years in the coordinates that a network sees: under the
    // trend growth_law deviations from the laws, otherwise codes. NaN when it was not seen.
    double coordinate(int64_t row, int64_t variable, int64_t lag) const noexcept;
    // Change of the same from lag + 1 to lag; of the size under growth_law: less a year of the law.
    double change(int64_t row, int64_t variable, int64_t lag) const noexcept;

private:
    static std::size_t at(int64_t i) noexcept { return static_cast<std::size_t>(i); }
    const SectorLaws& laws(int64_t row) const noexcept {
        return laws_[at(panel_.sector(firm_of(row)))];
    }
    bool has_lag(int64_t row, int64_t lag) const noexcept {
        return lag >= 0 && row - lag >= panel_.first(firm_of(row));
    }
    double code_at_lag(int64_t row, int64_t variable, int64_t lag) const noexcept {
        return has_lag(row, lag) ? code(row - lag, variable) : missing;
    }
    // The least lag in the window at which a variable was seen; -1: none.
    int64_t lag_of(int64_t row, int64_t variable) const noexcept;
    double own_slope(int64_t row, int64_t variable) const noexcept;

    Panel panel_;
    Coding coding_;
    Outlook outlook_;
    std::vector<SectorLaws> laws_;
    std::vector<int32_t> firm_;
    std::vector<float> growth_; // by row and horizon: growth of ln A that the law expects
    std::vector<float> yearly_; // by row: the same over one year
};

} // namespace espalier::firms
