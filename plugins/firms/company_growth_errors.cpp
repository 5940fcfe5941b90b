// SPDX-License-Identifier: MIT
// How good forecasts of firms are on a panel, beside the last value and beside a rival.
#include "forecaster.hpp"

#include <espalier/random.hpp>

#include <algorithm>
#include <optional>

namespace espalier::firms {
namespace {

struct CompanyGrowthErrors : PanelColumns {
    double coverage = 0.8;
    int64_t resamples = 200;

    static void describe(Schema<CompanyGrowthErrors>& s);
    void run(const Task& task) const;
};

enum Stream : uint64_t { resample_stream = 1 };

// Sums over the origins of one firm for one variable and horizon.
struct Sums {
    double error = 0, persistence = 0, rival = 0, inside = 0, count = 0;

    void add(const Sums& s, double times) {
        error += times * s.error, persistence += times * s.persistence;
        rival += times * s.rival, inside += times * s.inside, count += times * s.count;
    }
};

// The means of all variables of a horizon are averaged with equal weight.
struct Means {
    double error = 0, persistence = 0, rival = 0, inside = 0;
    int64_t variables = 0;

    void add(const Sums& s) {
        error += s.error / s.count, persistence += s.persistence / s.count;
        rival += s.rival / s.count, inside += s.inside / s.count, ++variables;
    }
    void close() {
        const auto n = static_cast<double>(variables);
        error /= n, persistence /= n, rival /= n, inside /= n;
    }
};

// Mean and standard deviation of what resamples of the firms give.
struct Resampled {
    double sum = 0, squares = 0, count = 0;
    void add(double x) {
        if (std::isfinite(x)) sum += x, squares += x * x, count += 1;
    }
    double deviation() const {
        if (count < 2) return missing;
        const double mean = sum / count;
        return std::sqrt(std::max(0.0, (squares / count - mean * mean) * count / (count - 1)));
    }
};

// One forecaster over the panel.
struct Judged {
    Forecaster forecaster;
    History history;
    std::vector<float> learned; // filled for the origins that are judged

    Judged(const Task& task, const char* model, const PanelColumns& columns)
        : forecaster(Forecaster::read(task.model(model))),
          history(forecaster.history(task, "panel", columns)) {}
    double forecast(std::size_t i, int64_t row, int64_t v, int64_t h) const {
        const auto k = static_cast<std::size_t>(forecaster.output(v, h));
        return forecaster.forecast(history, row, v, h,
                                   learned[i * static_cast<std::size_t>(forecaster.outputs()) + k]);
    }
};

void CompanyGrowthErrors::describe(Schema<CompanyGrowthErrors>& s) {
    s.analyzer("company_growth", "Errors of forecasts of firms, beside the last value and a rival")
        .doc(
            R"(Forecasts from every origin of the panel are held against what was seen: mean |error| in codes (ln x;
sign(x) ln(1 + |x|) for signed variables), for each horizon and variable, and for `all`, the mean over the variables.
Only cases that the model, the last value and the rival can all forecast count. Deviations are standard errors by
bootstrap over firms, which keeps the years of a firm together. Firms that the model was learned from flatter it: give
a panel of others.)")
        .reference("arXiv:2410.17587")
        .example(
            R"(local fresh = esp.simulate.firms { firms = 300, years = 30, feedback = 0.1, seed = 2 }
local score = esp.analyze.company_growth { model = hybrid.model, panel = fresh.panel, seed = 1 }
print(score.errors.ratio, score.errors.covered))");
    s.random().isa_bits();
    s.input_model("model", "What learn.company_growth returned.");
    s.input_model("rival", "Another such model, of the same horizons and variables.").optional();
    s.input_table("panel", "A row for each firm and year, with the columns of the model.");
    const auto param = [&s]<class V>(const char* name, V PanelColumns::*member) {
        V CompanyGrowthErrors::*own = member;
        return s.param(name, own);
    };
    param("firm", &PanelColumns::firm).doc("Column of the firms' names.");
    param("year", &PanelColumns::year).doc("Column of the years.");
    describe_sector(s);
    s.param("coverage", &CompanyGrowthErrors::coverage)
        .range(0.01, 0.99)
        .doc("Share of the errors that the intervals should hold.");
    s.param("resamples", &CompanyGrowthErrors::resamples)
        .range(2, 100000)
        .doc("Resamples of the bootstrap.");
    s.output_table("errors",
                   "horizon, variable, error, error_deviation, persistence, ratio (error over "
                   "persistence), ratio_deviation, rival, rival_ratio (error over the rival's), "
                   "rival_ratio_deviation (NaN without a rival), covered, count, firms.");
    s.output_table("firms", "firm, horizon, variable, error, persistence, count: means over the "
                            "origins of each firm.");
}

void check_rival(const Forecaster& f, const Forecaster& rival) {
    if (rival.outlook.horizons != f.outlook.horizons)
        throw Invalid("rival", "forecasts other horizons than the model");
    if (rival.laws.variables != f.laws.variables)
        throw Invalid("rival", "was learned on other variables than the model");
}

void CompanyGrowthErrors::run(const Task& task) const {
    Judged model(task, "model", *this);
    std::optional<Judged> rival;
    if (task.has("rival")) {
        rival.emplace(task, "rival", *this);
        check_rival(model.forecaster, rival->forecaster);
    }
    const Forecaster& f = model.forecaster;
    const Panel& panel = model.history.panel();
    std::vector<int64_t> rows;
    for (int64_t r = 0; r < panel.rows(); ++r)
        if (model.history.is_origin(r) && (!rival || rival->history.is_origin(r)))
            rows.push_back(r);
    model.learned = f.learned(task, model.history, rows);
    if (rival) rival->learned = rival->forecaster.learned(task, rival->history, rows);

    const int64_t outputs = f.outputs(), horizons = f.outlook.horizon_count();
    std::vector<Sums> sums(static_cast<std::size_t>(panel.firms() * outputs));
    task.parallel_for(outputs, 1, [&](int64_t begin, int64_t end) {
        for (int64_t k = begin; k < end; ++k)
            for (std::size_t i = 0; i < rows.size(); ++i) {
                const int64_t v = k / horizons, h = k % horizons, r = rows[i];
                const double seen = model.history.target(r, h, v);
                const double last = model.history.persistence(r, v);
                const double guess = model.forecast(i, r, v, h);
                const double other = rival ? rival->forecast(i, r, v, h) : 0;
                if (std::isnan(seen + last + guess + other)) continue;
                Sums& s = sums[static_cast<std::size_t>(model.history.firm_of(r) * outputs + k)];
                s.error += std::abs(seen - guess), s.persistence += std::abs(seen - last);
                s.rival += std::abs(seen - other), s.count += 1;
                const Reliability& known = f.reliability[static_cast<std::size_t>(k)];
                const double size = model.history.code(r, 0), left = seen - guess;
                s.inside += left >= known.quantile((1 - coverage) / 2, size) &&
                            left <= known.quantile((1 + coverage) / 2, size);
            }
    });

    // Outputs, then the means of each horizon.
    const auto cases = static_cast<std::size_t>(outputs + horizons);
    const auto summary = [&](auto&& times) {
        std::vector<Sums> total(static_cast<std::size_t>(outputs));
        for (int64_t firm = 0; firm < panel.firms(); ++firm)
            if (const double weight = times(firm); weight > 0)
                for (int64_t k = 0; k < outputs; ++k)
                    total[static_cast<std::size_t>(k)].add(
                        sums[static_cast<std::size_t>(firm * outputs + k)], weight);
        std::vector<Means> means(cases);
        for (int64_t k = 0; k < outputs; ++k) {
            const Sums& s = total[static_cast<std::size_t>(k)];
            if (s.count == 0) continue;
            means[static_cast<std::size_t>(k)].add(s);
            means[static_cast<std::size_t>(outputs + k % horizons)].add(s);
        }
        for (Means& m : means) m.close();
        return means;
    };
    const std::vector<Means> means = summary([](int64_t) { return 1.0; });
    std::vector<std::vector<Means>> drawn(static_cast<std::size_t>(resamples));
    task.parallel_for(resamples, 1, [&](int64_t begin, int64_t end) {
        for (int64_t b = begin; b < end; ++b) {
            Random random(task.key(resample_stream), static_cast<uint32_t>(b));
            std::vector<double> times(static_cast<std::size_t>(panel.firms()), 0);
            for (int64_t i = 0; i < panel.firms(); ++i)
                times[random.below(static_cast<uint64_t>(panel.firms()))] += 1;
            drawn[static_cast<std::size_t>(b)] =
                summary([&](int64_t firm) { return times[static_cast<std::size_t>(firm)]; });
            task.check_cancelled();
        }
    });
    std::vector<Resampled> error_of(cases), ratio_of(cases), rival_of(cases);
    for (const auto& sample : drawn)
        for (std::size_t k = 0; k < cases; ++k) {
            error_of[k].add(sample[k].error);
            ratio_of[k].add(sample[k].error / sample[k].persistence);
            rival_of[k].add(sample[k].error / sample[k].rival);
        }

    std::vector<int64_t> horizon, count, firm_count;
    std::vector<std::string> variable;
    std::vector<double> error, error_deviation, persistence, ratio, ratio_deviation, other,
        other_ratio, other_deviation, covered;
    for (int64_t h = 0; h < horizons; ++h)
        for (int64_t v = 0; v <= model.history.variables(); ++v) {
            const bool all = v == model.history.variables();
            const auto k = static_cast<std::size_t>(all ? outputs + h : f.output(v, h));
            const Means& m = means[k];
            if (m.variables == 0) continue;
            double origins = 0;
            int64_t seen = 0;
            for (int64_t firm = 0; firm < panel.firms(); ++firm) {
                double here = 0;
                for (int64_t w = 0; w < model.history.variables(); ++w)
                    if (all || w == v)
                        here +=
                            sums[static_cast<std::size_t>(firm * outputs + f.output(w, h))].count;
                origins += here, seen += here > 0;
            }
            horizon.push_back(f.outlook.horizons[static_cast<std::size_t>(h)]);
            variable.push_back(all ? "all" : f.laws.variables[static_cast<std::size_t>(v)]);
            error.push_back(m.error), error_deviation.push_back(error_of[k].deviation());
            persistence.push_back(m.persistence), ratio.push_back(m.error / m.persistence);
            ratio_deviation.push_back(ratio_of[k].deviation());
            other.push_back(rival ? m.rival : missing);
            other_ratio.push_back(rival ? m.error / m.rival : missing);
            other_deviation.push_back(rival ? rival_of[k].deviation() : missing);
            covered.push_back(m.inside), count.push_back(static_cast<int64_t>(origins));
            firm_count.push_back(seen);
        }
    if (horizon.empty())
        throw Invalid("panel", "holds no year ahead of an origin at any horizon of the model");
    const Bundle errors = task.output_table("errors");
    write_column<int64_t>(errors, "horizon", horizon);
    errors.set("variable", variable);
    write_column<double>(errors, "error", error);
    write_column<double>(errors, "error_deviation", error_deviation);
    write_column<double>(errors, "persistence", persistence);
    write_column<double>(errors, "ratio", ratio);
    write_column<double>(errors, "ratio_deviation", ratio_deviation);
    write_column<double>(errors, "rival", other);
    write_column<double>(errors, "rival_ratio", other_ratio);
    write_column<double>(errors, "rival_ratio_deviation", other_deviation);
    write_column<double>(errors, "covered", covered);
    write_column<int64_t>(errors, "count", count);
    write_column<int64_t>(errors, "firms", firm_count);

    std::vector<int64_t> firm, at, origins;
    std::vector<std::string> what;
    std::vector<double> own, still;
    for (int64_t who = 0; who < panel.firms(); ++who)
        for (int64_t k = 0; k < outputs; ++k) {
            const Sums& s = sums[static_cast<std::size_t>(who * outputs + k)];
            if (s.count == 0) continue;
            firm.push_back(who);
            at.push_back(f.outlook.horizons[static_cast<std::size_t>(k % horizons)]);
            what.push_back(f.laws.variables[static_cast<std::size_t>(k / horizons)]);
            own.push_back(s.error / s.count), still.push_back(s.persistence / s.count);
            origins.push_back(static_cast<int64_t>(s.count));
        }
    const Bundle table = task.output_table("firms");
    panel.write_firms(table, "firm", firm);
    write_column<int64_t>(table, "horizon", at);
    table.set("variable", what);
    write_column<double>(table, "error", own);
    write_column<double>(table, "persistence", still);
    write_column<int64_t>(table, "count", origins);
}

} // namespace
} // namespace espalier::firms

ESPALIER_COMPONENT(company_growth_errors, espalier::firms::CompanyGrowthErrors)
