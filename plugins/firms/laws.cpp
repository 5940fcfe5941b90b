// SPDX-License-Identifier: MIT
// Fits every law of a panel, sector by sector.
#include "laws.hpp"

#include <algorithm>
#include <stdexcept>

namespace espalier::firms {

namespace {

constexpr int64_t fewest_rows = 10;

struct Points {
    std::vector<double> x, y;
    std::vector<int32_t> firm;
};

Line line_of(const Points& p) {
    return static_cast<int64_t>(p.x.size()) < fewest_rows ? Line{} : fit_line(p.x, p.y, {}, p.firm);
}

bool is_chosen(const std::vector<char>& chosen, int64_t firm) {
    return chosen.empty() || chosen[static_cast<std::size_t>(firm)] != 0;
}

std::string place_of(const Panel& panel, int32_t sector) {
    return panel.sectors() > 1
               ? "sector " + panel.sector_names()[static_cast<std::size_t>(sector)] + ": "
               : "";
}

int64_t column_of(const Panel& panel, const std::string& name) {
    const auto& all = panel.variables();
    const auto at = std::find(all.begin(), all.end(), name);
    return at == all.end() ? -1 : at - all.begin();
}

// Weights from the tent about the mean growth, then about the law.
DirectGrowth direct_growth(const GrowthRows& rows) {
    std::vector<double> weights, left = rows.growth;
    DirectGrowth found;
    for (int round = 0; round < 2; ++round) {
        const Tent tent = fit_tent(left, rows.size, rows.firm);
        weights.clear();
        for (const double size : rows.size)
            weights.push_back(std::isfinite(tent.log_width) ? std::exp(2 * tent.exponent * size)
                                                            : 1);
        found = fit_direct_growth(rows.size, rows.growth, weights, rows.firm);
        const GrowthLaw law{found.rate * std::exp((1 - found.exponent) * found.centre),
                            found.exponent, 0, 1};
        for (std::size_t i = 0; i < left.size(); ++i)
            left[i] = rows.growth[i] - (law.after_a_year(rows.size[i]) - rows.size[i]);
    }
    return found;
}

void fit_growth(const Panel& panel, int32_t sector, int64_t income, int64_t liabilities,
                const GrowthRows& rows, SectorLaws& laws) {
    if (static_cast<int64_t>(rows.size.size()) < fewest_rows)
        throw Invalid("panel", place_of(panel, sector) + "only " +
                                   std::to_string(rows.size.size()) +
                                   " pairs of successive years hold a size: at least " +
                                   std::to_string(fewest_rows) + " are needed");
    if (laws.accounting) {
        const Line& earned = laws.scaling[static_cast<std::size_t>(income)].gain;
        const Line& owed = laws.scaling[static_cast<std::size_t>(liabilities)].gain;
        laws.growth = {std::exp(earned.intercept), earned.slope, std::exp(owed.intercept),
                       owed.slope};
    } else {
        try {
            laws.direct = direct_growth(rows);
        } catch (const std::domain_error& error) {
            throw Invalid("panel", place_of(panel, sector) + error.what());
        }
        laws.growth = {laws.direct.rate * std::exp((1 - laws.direct.exponent) * laws.direct.centre),
                       laws.direct.exponent, 0, 1};
    }
    std::vector<double> left;
    for (std::size_t i = 0; i < rows.size.size(); ++i) {
        left.push_back(rows.size[i] + rows.growth[i] - laws.growth.after_a_year(rows.size[i]));
        if (!std::isfinite(left.back()))
            throw Invalid("law", place_of(panel, sector) +
                                     "liabilities grow faster than assets at ln " +
                                     panel.variables()[0] + " = " + std::to_string(rows.size[i]) +
                                     ", where the law of accounting ends: set law = direct");
    }
    laws.tent = fit_tent(left, rows.size, rows.firm);
}

} // namespace

ScalingLaw fit_scaling(const Panel& panel, int64_t variable, const std::vector<char>& chosen) {
    Points gains, losses;
    for (int64_t f = 0; f < panel.firms(); ++f) {
        if (!is_chosen(chosen, f)) continue;
        for (int64_t r = panel.first(f); r < panel.first(f + 1); ++r) {
            const double size = panel.log_size(r), value = panel.value(r, variable);
            if (!std::isfinite(size) || !std::isfinite(value) || value == 0) continue;
            Points& to = value > 0 ? gains : losses;
            to.x.push_back(size), to.y.push_back(std::log(std::abs(value)));
            to.firm.push_back(static_cast<int32_t>(f));
        }
    }
    ScalingLaw law{line_of(gains), line_of(losses), {}};
    if (law.gain.rows == 0) return law;
    std::vector<double> deviations;
    std::vector<int64_t> first{0};
    for (int64_t f = 0; f < panel.firms(); ++f) {
        if (!is_chosen(chosen, f)) continue;
        for (int64_t r = panel.first(f); r < panel.first(f + 1); ++r) {
            const double size = panel.log_size(r), value = panel.value(r, variable);
            deviations.push_back(std::log(std::abs(value)) - law.expected(value, size));
        }
        first.push_back(static_cast<int64_t>(deviations.size()));
    }
    law.persistence = fit_persistence(deviations, first);
    return law;
}

std::vector<SectorLaws> fit_laws(const Task& task, const Panel& panel, const GrowthColumns& columns,
                                 const std::vector<char>& chosen) {
    const int64_t income = column_of(panel, columns.income);
    const int64_t liabilities = column_of(panel, columns.liabilities);
    const bool both = income > 0 && liabilities > 0;
    if (columns.law == "accounting" && !both)
        throw Invalid(income > 0 ? "liabilities" : "income",
                      "the law of accounting needs the column '" +
                          (income > 0 ? columns.liabilities : columns.income) +
                          "', which is not among the variables: name it, or set law = direct");
    std::vector<SectorLaws> all(static_cast<std::size_t>(panel.sectors()));
    for (int32_t sector = 0; sector < panel.sectors(); ++sector) {
        SectorLaws& laws = all[static_cast<std::size_t>(sector)];
        laws.accounting = columns.law == "accounting" || (columns.law == "auto" && both);
        std::vector<char> here(static_cast<std::size_t>(panel.firms()));
        for (int64_t f = 0; f < panel.firms(); ++f)
            here[static_cast<std::size_t>(f)] = panel.sector(f) == sector && is_chosen(chosen, f);
        laws.scaling.resize(panel.variables().size());
        task.parallel_for(panel.width(), 1, [&](int64_t begin, int64_t end) {
            for (int64_t v = begin; v < end; ++v)
                laws.scaling[static_cast<std::size_t>(v)] = fit_scaling(panel, v, here);
        });
        for (std::size_t v = 0; v < laws.scaling.size(); ++v)
            if (laws.scaling[v].gain.rows == 0)
                throw Invalid("panel", place_of(panel, sector) + "too few rows hold a size and '" +
                                           panel.variables()[v] +
                                           "' above 0, in three firms of "
                                           "different sizes: at least " +
                                           std::to_string(fewest_rows) + " are needed");
        const GrowthRows rows =
            growth_rows(panel, [&](int64_t f) { return here[static_cast<std::size_t>(f)] != 0; });
        fit_growth(panel, sector, income, liabilities, rows, laws);
        task.check_cancelled();
    }
    return all;
}

} // namespace espalier::firms
