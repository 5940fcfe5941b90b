// SPDX-License-Identifier: MIT
// Forecasts of each firm with their parts and intervals.
#include "forecaster.hpp"

namespace espalier::firms {
namespace {

struct CompanyGrowthPredictor : PanelColumns {
    std::string origins = "last";
    double coverage = 0.8;

    static void describe(Schema<CompanyGrowthPredictor>& s);
    void run(const Task& task) const;
};

void CompanyGrowthPredictor::describe(Schema<CompanyGrowthPredictor>& s) {
    s.predictor("company_growth", "Forecast of each firm with its parts and interval")
        .doc(
            R"(Applies what learn.company_growth learned to the last year of each firm in which its size was seen, or to
every year. A forecast is exp(trend + learned); for a variable that was learned with values at 0 or below the code is
undone as sign(y) (e^|y| - 1). The interval holds `coverage` of the errors that held-out firms of this size had. A
firm's variable that was not seen in the window has no row.)")
        .reference("arXiv:2410.17587")
        .example(
            R"(local future = esp.predict.company_growth { model = hybrid.model, panel = world.panel }
print(future.forecasts.forecast, future.forecasts.lower, future.forecasts.upper))");
    s.isa_bits();
    s.input_model("model", "What learn.company_growth returned.");
    s.input_table("panel", "A row for each firm and year, with the columns of the model.");
    const auto param = [&s]<class V>(const char* name, V PanelColumns::*member) {
        V CompanyGrowthPredictor::*own = member;
        return s.param(name, own);
    };
    param("firm", &PanelColumns::firm).doc("Column of the firms' names.");
    param("year", &PanelColumns::year).doc("Column of the years.");
    describe_sector(s);
    s.param("origins", &CompanyGrowthPredictor::origins)
        .choices({"last", "all"})
        .doc("From which years forecasts are made.");
    s.param("coverage", &CompanyGrowthPredictor::coverage)
        .range(0.01, 0.99)
        .doc("Share of the errors inside an interval.");
    s.output_table("forecasts",
                   "firm, year (of the origin), horizon, variable, forecast, lower, upper (in the "
                   "units of the variable; NaN: too few errors were seen), trend, learned (in "
                   "codes; their sum is that of the forecast).");
}

void CompanyGrowthPredictor::run(const Task& task) const {
    const Forecaster f = Forecaster::read(task.model("model"));
    const History history = f.history(task, "panel", *this);
    const Panel& panel = history.panel();
    std::vector<int64_t> rows;
    for (int64_t firm = 0; firm < panel.firms(); ++firm) {
        const std::size_t before = rows.size();
        for (int64_t r = panel.first(firm); r < panel.first(firm + 1); ++r)
            if (history.is_origin(r)) rows.push_back(r);
        if (origins == "last" && rows.size() > before + 1) {
            rows[before] = rows.back();
            rows.resize(before + 1);
        }
    }
    if (rows.empty())
        throw Invalid("panel", "has no year with a size and " + std::to_string(f.outlook.history) +
                                   " years of history");
    const std::vector<float> learned = f.learned(task, history, rows);
    std::vector<int64_t> firm, year, horizon;
    std::vector<std::string> variable;
    std::vector<double> forecast, lower, upper, trend, part;
    for (std::size_t i = 0; i < rows.size(); ++i)
        for (int64_t h = 0; h < f.outlook.horizon_count(); ++h)
            for (int64_t v = 0; v < history.variables(); ++v) {
                const int64_t k = f.output(v, h);
                const float added = learned[i * static_cast<std::size_t>(f.outputs()) +
                                            static_cast<std::size_t>(k)];
                const double code = f.forecast(history, rows[i], v, h, added);
                if (std::isnan(code)) continue;
                const auto place = static_cast<std::size_t>(v);
                const Reliability& r = f.reliability[static_cast<std::size_t>(k)];
                const double size = history.code(rows[i], 0);
                firm.push_back(history.firm_of(rows[i]));
                year.push_back(panel.year(firm.back(), rows[i]));
                horizon.push_back(f.outlook.horizons[static_cast<std::size_t>(h)]);
                variable.push_back(f.laws.variables[place]);
                forecast.push_back(f.coding.value(code, place));
                lower.push_back(f.coding.value(code + r.quantile((1 - coverage) / 2, size), place));
                upper.push_back(f.coding.value(code + r.quantile((1 + coverage) / 2, size), place));
                trend.push_back(history.trend(rows[i], h, v));
                part.push_back(static_cast<double>(added));
            }
    const Bundle table = task.output_table("forecasts");
    panel.write_firms(table, "firm", firm);
    write_column<int64_t>(table, "year", year);
    write_column<int64_t>(table, "horizon", horizon);
    table.set("variable", variable);
    write_column<double>(table, "forecast", forecast);
    write_column<double>(table, "lower", lower);
    write_column<double>(table, "upper", upper);
    write_column<double>(table, "trend", trend);
    write_column<double>(table, "learned", part);
}

} // namespace
} // namespace espalier::firms

ESPALIER_COMPONENT(company_growth_predictor, espalier::firms::CompanyGrowthPredictor)
