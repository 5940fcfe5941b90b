// SPDX-License-Identifier: MIT
// The tent of growth rates and how its width falls with size.
#include "law_model.hpp"

#include <algorithm>
#include <numbers>

namespace espalier::firms {
namespace {

struct GrowthRates : PanelColumns {
    int64_t bins = 10;
    double range = 8, step = 0.25;

    static void describe(Schema<GrowthRates>& s);
    void run(const Task& task) const;

private:
    void write_widths(const Task& task, const GrowthRows& rows, double median) const;
    void write_distribution(const Task& task, const GrowthRows& rows, const Tent& tent) const;
};

void GrowthRates::describe(Schema<GrowthRates>& s) {
    s.analyzer("growth_rates", "The tent of growth rates and its width against size")
        .doc(
            R"(A growth rate is r = ln A(t + 1) - ln A(t), less a year of the law of `model` when one is given, else
less the straight line of r against ln A. Their median is taken out. By maximum likelihood they have Laplace's
tent-shaped law of width b(A) = exp(log_width) A^-exponent; errors are clustered by firm.

`distribution` holds the density of r / b(A) beside Laplace's and the normal law of the same variance; `widths` the
mean and standard deviation of |r| in classes of size of equally many rows. A kurtosis near 6 and a positive lead
(log-likelihood a row over the normal law) speak for a tent, 3 and a negative one for a normal law.)")
        .reference("doi:10.1038/379804a0")
        .example(R"(local world = esp.simulate.firms { firms = 1000, years = 30, seed = 1 }
local law = esp.learn.growth_law { panel = world.panel }
local rates = esp.analyze.growth_rates { panel = world.panel, model = law.model }
print(rates.exponent, rates.exponent_error, rates.kurtosis))");
    describe_panel(s);
    describe_sector(s);
    s.input_model("model", "What learn.growth_law returned.").optional();
    s.param("bins", &GrowthRates::bins).range(1, 10000).doc("Classes of size.");
    s.param("range", &GrowthRates::range)
        .above(0)
        .max(1000)
        .doc("The distribution is given from -range to range, in widths.");
    s.param("step", &GrowthRates::step)
        .above(0)
        .max(100)
        .doc("Width of a bin of the distribution, in widths of the tent.");
    s.output_table("distribution", "rate, density, laplace, normal, count.");
    s.output_table("widths", "size (mean of ln A), width (mean of |r|), width_error, deviation "
                             "(standard deviation of r), count.");
    s.output_real("log_width", "ln of the width where ln A = 0.");
    s.output_real("log_width_error", "Standard error.");
    s.output_real("exponent", "How the width falls with size.");
    s.output_real("exponent_error", "Standard error.");
    s.output_real("median", "Median of r.");
    s.output_real("deviation", "Standard deviation of r about it.");
    s.output_real("kurtosis", "Of r over its width.");
    s.output_real("lead", "Log-likelihood a row of Laplace's law over the normal one.");
    s.output_integer("count", "Growth rates seen.");
}

void GrowthRates::write_widths(const Task& task, const GrowthRows& rows, double median) const {
    std::vector<std::size_t> order(rows.size.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return rows.size[a] != rows.size[b] ? rows.size[a] < rows.size[b] : a < b;
    });
    std::vector<double> size, width, error, deviation;
    std::vector<int64_t> count;
    const auto n = static_cast<int64_t>(order.size());
    for (int64_t k = 0; k < bins; ++k) {
        const int64_t begin = n * k / bins, end = n * (k + 1) / bins;
        if (end - begin < 2) continue;
        const double rows_here = static_cast<double>(end - begin);
        double sizes = 0, magnitudes = 0, squares = 0;
        for (int64_t i = begin; i < end; ++i) {
            const std::size_t row = order[static_cast<std::size_t>(i)];
            const double r = std::abs(rows.growth[row] - median);
            sizes += rows.size[row], magnitudes += r, squares += r * r;
        }
        size.push_back(sizes / rows_here), width.push_back(magnitudes / rows_here);
        deviation.push_back(std::sqrt(squares / rows_here));
        const double mean = width.back();
        error.push_back(
            std::sqrt(std::max(0.0, squares / rows_here - mean * mean) / (rows_here - 1)));
        count.push_back(end - begin);
    }
    const Bundle table = task.output_table("widths");
    write_column<double>(table, "size", size);
    write_column<double>(table, "width", width);
    write_column<double>(table, "width_error", error);
    write_column<double>(table, "deviation", deviation);
    write_column<int64_t>(table, "count", count);
}

void GrowthRates::write_distribution(const Task& task, const GrowthRows& rows,
                                     const Tent& tent) const {
    const auto half = static_cast<int64_t>(std::ceil(range / step));
    std::vector<int64_t> count(static_cast<std::size_t>(2 * half), 0);
    double squares = 0;
    for (std::size_t i = 0; i < rows.size.size(); ++i) {
        const double r = (rows.growth[i] - tent.median) /
                         std::exp(tent.log_width - tent.exponent * rows.size[i]);
        squares += r * r;
        const double at = std::floor(r / step) + static_cast<double>(half);
        if (at >= 0 && at < static_cast<double>(2 * half)) ++count[static_cast<std::size_t>(at)];
    }
    const double n = static_cast<double>(rows.size.size()), variance = squares / n;
    std::vector<double> rate, density, laplace, normal;
    for (int64_t k = 0; k < 2 * half; ++k) {
        const double x = (static_cast<double>(k - half) + 0.5) * step;
        rate.push_back(x);
        density.push_back(static_cast<double>(count[static_cast<std::size_t>(k)]) / (n * step));
        laplace.push_back(std::exp(-std::abs(x)) / 2);
        normal.push_back(std::exp(-x * x / (2 * variance)) /
                         std::sqrt(2 * std::numbers::pi * variance));
    }
    const Bundle table = task.output_table("distribution");
    write_column<double>(table, "rate", rate);
    write_column<double>(table, "density", density);
    write_column<double>(table, "laplace", laplace);
    write_column<double>(table, "normal", normal);
    write_column<int64_t>(table, "count", count);
}

void GrowthRates::run(const Task& task) const {
    const Panel panel(task, "panel", *this);
    GrowthRows rows = growth_rows(panel, [](int64_t) { return true; });
    if (rows.size.size() < 10)
        throw Invalid("panel", "only " + std::to_string(rows.size.size()) +
                                   " pairs of successive years hold a size: at least 10 are "
                                   "needed");
    if (task.has("model")) {
        const auto laws = read_laws(task.model("model")).of(panel, "panel");
        for (std::size_t i = 0; i < rows.size.size(); ++i) {
            const auto& law = laws[static_cast<std::size_t>(panel.sector(rows.firm[i]))].growth;
            const double after = law.after_a_year(rows.size[i]);
            if (!std::isfinite(after))
                throw Invalid("model", "its law of growth ends below ln " + panel.variables()[0] +
                                           " = " + std::to_string(rows.size[i]));
            rows.growth[i] -= after - rows.size[i];
        }
    } else {
        const Line line = fit_line(rows.size, rows.growth, {}, rows.firm);
        if (line.rows > 0)
            for (std::size_t i = 0; i < rows.size.size(); ++i)
                rows.growth[i] -= line.at(rows.size[i]);
    }
    const Tent tent = fit_tent(rows.growth, rows.size, rows.firm);
    if (!std::isfinite(tent.log_width))
        throw Invalid("panel", "all growth rates are equal: there is no tent");
    write_widths(task, rows, tent.median);
    write_distribution(task, rows, tent);
    task.output_value("log_width", tent.log_width);
    task.output_value("log_width_error", tent.log_width_error);
    task.output_value("exponent", tent.exponent);
    task.output_value("exponent_error", tent.exponent_error);
    task.output_value("median", tent.median);
    task.output_value("deviation", tent.deviation);
    task.output_value("kurtosis", tent.kurtosis);
    task.output_value("lead", tent.lead);
    task.output_value("count", tent.rows);
}

} // namespace
} // namespace espalier::firms

ESPALIER_COMPONENT(growth_rates, espalier::firms::GrowthRates)
