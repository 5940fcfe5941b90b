// SPDX-License-Identifier: MIT
// Money of many years in the money of one.
#include "law_model.hpp"

#include <algorithm>
#include <map>

namespace espalier::firms {
namespace {

struct Deflate : PanelColumns {
    std::string index = "index";
    int64_t base_year = 0;
    std::vector<std::string> keep;

    static void describe(Schema<Deflate>& s);
    void run(const Task& task) const;
};

void Deflate::describe(Schema<Deflate>& s) {
    s.analyzer("deflate", "Panel of firms in the money of one year")
        .doc(
            R"(Multiplies every variable but those in `keep` by index(base_year) / index(year). Rows are put in the order of
firms and years; what learn.growth_law says of gaps, repeated rows and columns of text holds here too.)")
        .example(R"(local prices = esp.table { year = { 1, 2, 3 }, index = { 100, 103, 107 } }
local world = esp.simulate.firms { firms = 100, years = 3, seed = 1 }
local real = esp.analyze.deflate {
  panel = world.panel, prices = prices, base_year = 3, keep = { "employees" } }
print(real.panel))");
    describe_panel(s);
    s.input_table("prices", "A price index: the columns `year` and `index`, a row for each year.");
    s.param("index", &Deflate::index).doc("Column of the price index.");
    s.param("base_year", &Deflate::base_year)
        .required()
        .range(-1e6, 1e6)
        .doc("The year in whose money values are to be.");
    s.param("keep", &Deflate::keep).doc("Variables that are no money, such as employees.");
    s.output_table("panel", "firm, year, the size and the variables; years without any value that "
                            "the panel lacked between a firm's first and last are left out.");
}

std::vector<double> numbers_of(const Bundle& table, const std::string& name) {
    for (const auto& part : table.parts())
        if (part == name) {
            try {
                const auto v = table.tensor<double>(name.c_str());
                return {v.begin(), v.end()};
            } catch (const Invalid&) {
                const auto v = table.tensor<int64_t>(name.c_str());
                return {v.begin(), v.end()};
            }
        }
    throw Invalid("prices", "has no column '" + name + "'");
}

void Deflate::run(const Task& task) const {
    const Panel panel(task, "panel", *this);
    std::vector<char> money(panel.variables().size(), 1);
    for (const auto& name : keep) {
        const auto at = std::find(panel.variables().begin(), panel.variables().end(), name);
        if (at == panel.variables().end())
            throw Invalid("keep", "'" + name + "' is not among the panel's variables");
        money[static_cast<std::size_t>(at - panel.variables().begin())] = 0;
    }
    const std::vector<double> years = numbers_of(task.table("prices"), "year");
    const std::vector<double> values = numbers_of(task.table("prices"), index);
    std::map<double, double> prices;
    for (std::size_t i = 0; i < years.size(); ++i) {
        if (!(values[i] > 0))
            throw Invalid("prices", "row " + std::to_string(i + 1) + ": the index must be > 0");
        if (!prices.emplace(years[i], values[i]).second)
            throw Invalid("prices", "has two rows of the year " +
                                        std::to_string(static_cast<int64_t>(years[i])));
    }
    const auto price_of = [&](int64_t year) {
        const auto found = prices.find(static_cast<double>(year));
        if (found == prices.end())
            throw Invalid("prices", "lacks the year " + std::to_string(year));
        return found->second;
    };
    const double base = price_of(base_year);
    std::vector<int64_t> firm, year;
    std::vector<std::vector<double>> columns(panel.variables().size());
    for (int64_t f = 0; f < panel.firms(); ++f)
        for (int64_t r = panel.first(f); r < panel.first(f + 1); ++r) {
            const auto row = panel.row(r);
            if (std::all_of(row.begin(), row.end(), [](double x) { return std::isnan(x); }))
                continue;
            firm.push_back(f), year.push_back(panel.year(f, r));
            const double factor = base / price_of(year.back());
            for (std::size_t v = 0; v < row.size(); ++v)
                columns[v].push_back(money[v] ? factor * row[v] : row[v]);
        }
    const Bundle table = task.output_table("panel");
    panel.write_firms(table, "firm", firm);
    write_column<int64_t>(table, "year", year);
    for (std::size_t v = 0; v < columns.size(); ++v)
        write_column<double>(table, panel.variables()[v].c_str(), columns[v]);
}

} // namespace
} // namespace espalier::firms

ESPALIER_COMPONENT(deflate, espalier::firms::Deflate)
