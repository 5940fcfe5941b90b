// SPDX-License-Identifier: MIT
// The law of growth of a panel, fitted for every sector and variable.
#include "law_model.hpp"

namespace espalier::firms {
namespace {

struct GrowthLawLearner : PanelColumns, GrowthColumns {
    double reference_size = 0;

    static void describe(Schema<GrowthLawLearner>& s);
    void run(const Task& task) const;
};

void GrowthLawLearner::describe(Schema<GrowthLawLearner>& s) {
    s.learner("growth_law", "The law of growth of a panel of firms")
        .doc(R"(For each sector, and with standard errors clustered by firm:

* how every variable scales with size, ln |x| = ln c + b ln A, gains and losses apart;
* the law of growth. `accounting`: dA/dt = I + dL/dt with income I = c_I A^b_I and liabilities L = c_L A^b_L, so
  dA/dt = c_I A^b_I / (1 - c_L b_L A^(b_L - 1)). `direct`: dA/dt = c A^b, the curve whose solution over a year is
  nearest to the growth that is seen, in squares weighted by the tent's width;
* the tent: ln A a year later, less a year of the law, has Laplace's law of width b(A) = volatility
  (A / reference_size)^-volatility_exponent, by maximum likelihood, their median taken out;
* how deviations d of ln |x| from its line last, d' = persistence d + Laplace(width), whatever constant a firm adds.

Assets then grow about as time to the power time_exponent, and the law ends at singular_log_size (infinite: nowhere),
where liabilities would grow faster than assets.)")
        .reference("arXiv:2410.17587")
        .example(R"(local world = esp.simulate.firms { firms = 1000, years = 30, seed = 1 }
local law = esp.learn.growth_law { panel = world.panel }
print(law.growth.time_exponent[1], law.growth.volatility[1]))");
    describe_panel(s);
    describe_sector(s);
    describe_growth(s);
    s.param("reference_size", &GrowthLawLearner::reference_size)
        .range(0, 1e30)
        .doc("Size at which the tent's width is given; 0: the geometric mean of the sizes.");
    s.output_model("model", "The laws, for analyze.growth_rates.");
    s.output_table("laws", "sector, variable, branch (gain, loss), exponent, exponent_error, "
                           "log_constant, log_constant_error, count.");
    s.output_table("growth",
                   "sector, law, rate (d ln A / dt at the reference size), exponent (of dA/dt "
                   "against A there), exponent_error (of b, or of b_I), time_exponent, "
                   "singular_log_size, reference_size, volatility, volatility_error, "
                   "volatility_exponent, volatility_exponent_error, median, deviation, kurtosis "
                   "(of deviations over width: 6 for Laplace, 3 for normal), lead (log-likelihood "
                   "a row of Laplace over normal), count.");
    s.output_table("deviations",
                   "sector, variable, persistence, persistence_error, width, width_error, count.");
}

// Columns of one table, filled row by row.
class Columns {
public:
    void text(const char* name, const std::string& v) { texts_[slot(name)].push_back(v); }
    void number(const char* name, double v) { numbers_[slot(name)].push_back(v); }
    void count(const char* name, int64_t v) { counts_[slot(name)].push_back(v); }
    void write(const Bundle& table) const {
        for (std::size_t k = 0; k < names_.size(); ++k) {
            if (!texts_[k].empty()) table.set(names_[k], texts_[k]);
            if (!numbers_[k].empty()) write_column<double>(table, names_[k], numbers_[k]);
            if (!counts_[k].empty()) write_column<int64_t>(table, names_[k], counts_[k]);
        }
    }

private:
    std::size_t slot(const char* name) {
        for (std::size_t k = 0; k < names_.size(); ++k)
            if (std::string_view(names_[k]) == name) return k;
        names_.push_back(name);
        texts_.emplace_back(), numbers_.emplace_back(), counts_.emplace_back();
        return names_.size() - 1;
    }
    std::vector<const char*> names_;
    std::vector<std::vector<std::string>> texts_;
    std::vector<std::vector<double>> numbers_;
    std::vector<std::vector<int64_t>> counts_;
};

void add_scaling(Columns& to, const std::string& sector, const std::string& variable,
                 const char* branch, const Line& line) {
    if (line.rows == 0) return;
    to.text("sector", sector), to.text("variable", variable), to.text("branch", branch);
    to.number("exponent", line.slope), to.number("exponent_error", line.slope_error);
    to.number("log_constant", line.intercept);
    to.number("log_constant_error", line.intercept_error);
    to.count("count", line.rows);
}

// The width of the tent at a size, with the error of that. The two estimates are given apart at
// ln A = 0 only when their covariance is known, so the fit is made about the reference size.
void add_growth(Columns& to, const std::string& sector, const SectorLaws& laws, const Tent& tent,
                double reference) {
    const GrowthLaw& law = laws.growth;
    constexpr double nudge = 1e-4; // of ln A
    const double rate = law.rate(reference);
    to.text("sector", sector), to.text("law", laws.accounting ? "accounting" : "direct");
    to.number("rate", rate);
    to.number("exponent",
              1 + (law.rate(reference + nudge) - law.rate(reference - nudge)) / (2 * nudge * rate));
    to.number("exponent_error", laws.accounting ? missing : laws.direct.exponent_error);
    to.number("time_exponent", law.time_exponent());
    to.number("singular_log_size", law.singular_size());
    to.number("reference_size", std::exp(reference));
    to.number("volatility", std::exp(tent.log_width));
    to.number("volatility_error", std::exp(tent.log_width) * tent.log_width_error);
    to.number("volatility_exponent", tent.exponent);
    to.number("volatility_exponent_error", tent.exponent_error);
    to.number("median", tent.median), to.number("deviation", tent.deviation);
    to.number("kurtosis", tent.kurtosis), to.number("lead", tent.lead);
    to.count("count", tent.rows);
}

void GrowthLawLearner::run(const Task& task) const {
    const Panel panel(task, "panel", *this);
    const std::vector<SectorLaws> all = fit_laws(task, panel, *this, {});
    Columns laws, growth, deviations;
    for (int32_t k = 0; k < panel.sectors(); ++k) {
        const std::string& sector = panel.sector_names()[static_cast<std::size_t>(k)];
        const SectorLaws& found = all[static_cast<std::size_t>(k)];
        for (std::size_t v = 1; v < found.scaling.size(); ++v) {
            const std::string& variable = panel.variables()[v];
            add_scaling(laws, sector, variable, "gain", found.scaling[v].gain);
            add_scaling(laws, sector, variable, "loss", found.scaling[v].loss);
            const Persistence& p = found.scaling[v].persistence;
            deviations.text("sector", sector), deviations.text("variable", variable);
            const bool none = p.rows == 0;
            deviations.number("persistence", none ? missing : p.share);
            deviations.number("persistence_error", none ? missing : p.share_error);
            deviations.number("width", none ? missing : p.width);
            deviations.number("width_error", none ? missing : p.width_error);
            deviations.count("count", p.rows);
        }
        GrowthRows rows = growth_rows(panel, [&](int64_t f) { return panel.sector(f) == k; });
        double reference = std::log(reference_size);
        if (reference_size == 0) {
            reference = 0;
            for (const double size : rows.size)
                reference += size / static_cast<double>(rows.size.size());
        }
        for (std::size_t i = 0; i < rows.size.size(); ++i) {
            rows.growth[i] += rows.size[i] - found.growth.after_a_year(rows.size[i]);
            rows.size[i] -= reference;
        }
        add_growth(growth, sector, found, fit_tent(rows.growth, rows.size, rows.firm), reference);
    }
    laws.write(task.output_table("laws"));
    growth.write(task.output_table("growth"));
    deviations.write(task.output_table("deviations"));
    write_laws(task.output_model("model"), {panel.variables(), panel.sector_names(), all});
}

} // namespace
} // namespace espalier::firms

ESPALIER_COMPONENT(growth_law, espalier::firms::GrowthLawLearner)
