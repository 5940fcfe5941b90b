// SPDX-License-Identifier: MIT
// How the variables of firms scale with their size.
#include "law_model.hpp"

#include <algorithm>

namespace espalier::firms {
namespace {

struct Scaling : PanelColumns {
    int64_t bins = 20;

    static void describe(Schema<Scaling>& s);
    void run(const Task& task) const;
};

// One variable's gains or losses: the points, both lines, the bins.
struct Branch {
    std::string variable;
    bool loss = false;
    std::vector<double> x, y;
    std::vector<int32_t> firm;
    Line line, binned;
    struct Bin {
        double size = 0, value = 0, squares = 0;
        int64_t rows = 0;
    };
    std::vector<Bin> bins;

    void fit(int64_t count);
};

void Branch::fit(int64_t count) {
    constexpr std::size_t fewest = 10; // rows, of all and in a bin
    if (x.size() < fewest) return;
    line = fit_line(x, y, {}, firm);
    if (line.rows == 0) return;
    const auto [low, high] = std::minmax_element(x.begin(), x.end());
    const double step = (*high - *low) / static_cast<double>(count);
    const auto bin_of = [&, least = *low](double size) {
        return static_cast<std::size_t>(
            std::min(count - 1, static_cast<int64_t>((size - least) / step)));
    };
    std::vector<Bin> all(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < x.size(); ++i) {
        Bin& b = all[bin_of(x[i])];
        b.size += x[i], b.value += y[i], ++b.rows;
    }
    for (Bin& b : all)
        if (b.rows > 0)
            b.size /= static_cast<double>(b.rows), b.value /= static_cast<double>(b.rows);
    // Every bin that is full enough weighs the same: its rows share a weight of one.
    std::vector<double> xs, ys, weights;
    std::vector<int32_t> firms;
    for (std::size_t i = 0; i < x.size(); ++i) {
        Bin& b = all[bin_of(x[i])];
        b.squares += (y[i] - b.value) * (y[i] - b.value);
        if (b.rows < static_cast<int64_t>(fewest)) continue;
        xs.push_back(b.size), ys.push_back(y[i]), firms.push_back(firm[i]);
        weights.push_back(1 / static_cast<double>(b.rows));
    }
    for (const Bin& b : all)
        if (b.rows >= static_cast<int64_t>(fewest)) bins.push_back(b);
    if (bins.size() > 1) binned = fit_line(xs, ys, weights, firms);
}

void Scaling::describe(Schema<Scaling>& s) {
    s.analyzer("scaling", "How the variables of firms scale with their size")
        .doc(
            R"(Fits ln |x| = ln c + b ln A for every variable x, its gains (x > 0) and its losses (x < 0) apart, by
least squares: over the rows, and over the means of equal bins of ln A with at least ten rows, each bin of the same
weight. Standard errors are clustered by firm, so they allow for whatever the years of a firm share. Rows where size
or variable is missing or 0 are left out.

The verdict is sublinear or superlinear when the interval b -+ 1.96 errors lies below or above 1, otherwise linear.
It assumes that deviations from the law do not depend on size. Branches of fewer than ten rows, three firms, or one
size are not fitted and have no row.)")
        .reference("arXiv:2410.17587")
        .example(R"(local world = esp.simulate.firms { firms = 500, years = 20, seed = 1 }
local laws = esp.analyze.scaling { panel = world.panel }.laws
for k = 1, #laws do print(laws.variable[k], laws.exponent[k], laws.exponent_error[k]) end)");
    describe_panel(s);
    s.param("bins", &Scaling::bins).range(2, 1e5).doc("Bins of ln A, of equal width.");
    s.output_table("laws", "variable, branch (gain, loss), exponent, exponent_error, log_constant, "
                           "log_constant_error, binned_exponent, binned_error (NaN: one bin), "
                           "explained (share of variance), count (rows), firms, verdict.");
    s.output_table("bins", "variable, branch, size (mean of ln A), value (mean of ln |x|), "
                           "deviation (standard deviation), count.");
}

std::string verdict_of(const Line& line) {
    constexpr double sure = 1.96; // of a normal number, 95 %
    if (line.slope + sure * line.slope_error < 1) return "sublinear";
    return line.slope - sure * line.slope_error > 1 ? "superlinear" : "linear";
}

void Scaling::run(const Task& task) const {
    const Panel panel(task, "panel", *this);
    if (panel.width() < 2) throw Invalid("panel", "has no column of numbers beside the size");
    std::vector<Branch> branches(static_cast<std::size_t>(2 * (panel.width() - 1)));
    task.parallel_for(static_cast<int64_t>(branches.size()), 1, [&](int64_t begin, int64_t end) {
        for (int64_t k = begin; k < end; ++k) {
            Branch& branch = branches[static_cast<std::size_t>(k)];
            const int64_t variable = 1 + k / 2;
            branch.variable = panel.variables()[static_cast<std::size_t>(variable)];
            branch.loss = k % 2 == 1;
            for (int64_t f = 0; f < panel.firms(); ++f)
                for (int64_t r = panel.first(f); r < panel.first(f + 1); ++r) {
                    const double size = panel.log_size(r), value = panel.value(r, variable);
                    if (!std::isfinite(size) || !(branch.loss ? value < 0 : value > 0)) continue;
                    branch.x.push_back(size), branch.y.push_back(std::log(std::abs(value)));
                    branch.firm.push_back(static_cast<int32_t>(f));
                }
            branch.fit(bins);
            branch.x = {}, branch.y = {}, branch.firm = {};
            task.check_cancelled();
        }
    });
    std::erase_if(branches, [](const Branch& b) { return b.line.rows == 0; });
    if (branches.empty())
        throw Invalid("panel", "no variable has ten rows of three firms of different sizes");

    const Bundle laws = task.output_table("laws");
    const auto texts = [&](const Bundle& table, const char* name, auto&& text, bool by_bin) {
        std::vector<std::string> column;
        for (const Branch& b : branches)
            column.insert(column.end(), by_bin ? b.bins.size() : 1, text(b));
        table.set(name, column);
    };
    const auto name_of = [](const Branch& b) { return b.variable; };
    const auto branch_of = [](const Branch& b) { return std::string(b.loss ? "loss" : "gain"); };
    const auto numbers = [&](const char* name, auto&& number) {
        std::vector<double> column;
        for (const Branch& b : branches) column.push_back(number(b));
        write_column<double>(laws, name, column);
    };
    texts(laws, "variable", name_of, false);
    texts(laws, "branch", branch_of, false);
    numbers("exponent", [](const Branch& b) { return b.line.slope; });
    numbers("exponent_error", [](const Branch& b) { return b.line.slope_error; });
    numbers("log_constant", [](const Branch& b) { return b.line.intercept; });
    numbers("log_constant_error", [](const Branch& b) { return b.line.intercept_error; });
    numbers("binned_exponent",
            [](const Branch& b) { return b.binned.rows ? b.binned.slope : missing; });
    numbers("binned_error",
            [](const Branch& b) { return b.binned.rows ? b.binned.slope_error : missing; });
    numbers("explained", [](const Branch& b) { return b.line.explained; });
    std::vector<int64_t> rows, firms;
    for (const Branch& b : branches) rows.push_back(b.line.rows), firms.push_back(b.line.firms);
    write_column<int64_t>(laws, "count", rows);
    write_column<int64_t>(laws, "firms", firms);
    texts(
        laws, "verdict", [](const Branch& b) { return verdict_of(b.line); }, false);

    const Bundle table = task.output_table("bins");
    std::vector<double> size, value, deviation;
    rows.clear();
    for (const Branch& branch : branches)
        for (const auto& b : branch.bins) {
            size.push_back(b.size), value.push_back(b.value), rows.push_back(b.rows);
            deviation.push_back(std::sqrt(b.squares / static_cast<double>(b.rows - 1)));
        }
    texts(table, "variable", name_of, true);
    texts(table, "branch", branch_of, true);
    write_column<double>(table, "size", size);
    write_column<double>(table, "value", value);
    write_column<double>(table, "deviation", deviation);
    write_column<int64_t>(table, "count", rows);
}

} // namespace
} // namespace espalier::firms

ESPALIER_COMPONENT(scaling, espalier::firms::Scaling)
