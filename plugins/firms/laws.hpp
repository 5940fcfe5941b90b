// SPDX-License-Identifier: MIT
// The laws of a panel: how each variable scales with size, how size grows, how both fluctuate.
#pragma once

#include "growth.hpp"
#include "lines.hpp"
#include "panel.hpp"

#include <string>
#include <vector>

namespace espalier::firms {

// How the law of growth is found.
struct GrowthColumns {
    std::string law = "auto";
    std::string income = "net_income", liabilities = "liabilities";
};
template <class T> void describe_growth(Schema<T>& s) {
    const auto param = [&s]<class V>(const char* name, V GrowthColumns::*member) {
        V T::*own = member;
        return s.param(name, own);
    };
    param("law", &GrowthColumns::law)
        .choices({"auto", "accounting", "direct"})
        .doc("accounting: from how income and liabilities scale with size; direct: the power of "
             "size that fits the growth of size; auto: accounting when both columns are there.");
    param("income", &GrowthColumns::income).doc("Column of net income, for the law of accounting.");
    param("liabilities", &GrowthColumns::liabilities)
        .doc("Column of liabilities, for the law of accounting.");
}

// Where ln |x| stands against ln A: for x > 0 and for x < 0. `rows` is 0 where there are too few.
struct ScalingLaw {
    Line gain, loss;
    Persistence persistence; // of ln |x| about these lines

    // ln |x| at a size; NaN when the value has no law: 0, missing, or a loss without a line.
    double expected(double value, double size) const noexcept {
        if (value > 0) return gain.at(size);
        return value < 0 && loss.rows > 0 ? loss.at(size) : missing;
    }
    // Losses too few for a line are taken to scale as gains do.
    double exponent(double value) const noexcept {
        return value < 0 && loss.rows > 0 ? loss.slope : gain.slope;
    }
};

struct SectorLaws {
    std::vector<ScalingLaw> scaling; // by variable; the size itself has slope 1
    GrowthLaw growth;
    bool accounting = false;
    DirectGrowth direct; // when not accounting
    Tent tent;           // of ln A' - (a year of growth from ln A), against ln A
};

// ln A, growth over the next year and firm of all rows that have both sizes, for firms that
// `wanted` says.
struct GrowthRows {
    std::vector<double> size, growth;
    std::vector<int32_t> firm;
};
template <class Wanted> GrowthRows growth_rows(const Panel& panel, Wanted&& wanted) {
    GrowthRows rows;
    for (int64_t f = 0; f < panel.firms(); ++f) {
        if (!wanted(f)) continue;
        for (int64_t r = panel.first(f); r + 1 < panel.first(f + 1); ++r) {
            const double now = panel.log_size(r), growth = panel.log_size(r + 1) - now;
            if (!std::isfinite(growth)) continue;
            rows.size.push_back(now), rows.growth.push_back(growth);
            rows.firm.push_back(static_cast<int32_t>(f));
        }
    }
    return rows;
}

// The scaling of one variable, among the firms that `chosen` marks (empty: all).
ScalingLaw fit_scaling(const Panel& panel, int64_t variable, const std::vector<char>& chosen);

// Laws of each sector from the firms that `chosen` marks (empty: all). Throws Invalid, naming
// sector and column, where there are too few rows.
std::vector<SectorLaws> fit_laws(const Task& task, const Panel& panel, const GrowthColumns& columns,
                                 const std::vector<char>& chosen);

} // namespace espalier::firms
