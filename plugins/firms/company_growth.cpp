// SPDX-License-Identifier: MIT
// Forecasts of firms: a trend, and beside it what a network or a straight line learned.
#include "training.hpp"

#include <espalier/random.hpp>

#include <algorithm>

namespace espalier::firms {
namespace {

struct CompanyGrowth : PanelColumns, GrowthColumns, Recipe {
    std::string trend = "growth_law", fluctuation = "mlp";
    std::vector<int64_t> horizons{1, 3, 5, 10};
    std::vector<std::string> targets;
    int64_t window = 5, history = 1;
    double held_out = 0.2;
    bool lines = true;
    int64_t hidden = 64, layers = 2, heads = 4;

    static void describe(Schema<CompanyGrowth>& s);
    static void describe_network(Schema<CompanyGrowth>& s);
    void check() const;
    void run(const Task& task) const;

private:
    std::vector<char> chosen_targets(const Panel& panel) const;
};

enum Stream : uint64_t { split_stream = 1, weights_stream, picks_stream, shuffle_stream };

void CompanyGrowth::describe(Schema<CompanyGrowth>& s) {
    s.learner("company_growth", "Forecasts of firms: the law of growth and what deviates from it")
        .doc(
            R"(A forecast is made in codes (ln x; sign(x) ln(1 + |x|) for a variable that was seen at 0 or below), for each
variable and horizon at once:

    forecast = trend + fluctuation,  with an interval from the errors on held-out firms.

`trend`: `growth_law`: assets follow the fitted law of learn.growth_law from their last value, every other variable
grows by its exponent times the growth of ln A; `persistence`: the last value; `linear`: the last value and the median
slope between the years of the window; `none`: nothing.

`fluctuation`, from the last `window` years of all variables: `mlp` and `attention` (a token a variable) are networks
trained by Adam on the mean |error|; `ar` and `var` are straight lines, by least squares on the variable's own years, and by
the lasso on all; `none`: nothing. With `lines` a network starts from those of `var` and learns what they leave. With
the trend growth_law they see deviations from the fitted laws (and of signed variables the code), with another one the
codes. So growth_law + mlp is the hybrid of the reference, persistence + none the constant model, persistence
+ ar and var the autoregressions, none + mlp the network without a law, persistence + mlp the one on differences.

A value not seen counts as the mean, and marks among the features say so. Firms are held out whole
(`held_out`): they choose the network's best state and the lasso's penalty, and give the intervals: their errors
divided by a width that falls with size (split conformal prediction, doi:10.1080/01621459.2017.1307116).)")
        .reference("arXiv:2410.17587")
        .example(
            R"(local world = esp.simulate.firms { firms = 500, years = 30, feedback = 0.1, seed = 1 }
local hybrid = esp.learn.company_growth { panel = world.panel, horizons = { 1, 5 }, steps = 500, seed = 1 }
print(hybrid.errors.error, hybrid.errors.persistence))");
    s.random().isa_bits();
    describe_panel(s);
    describe_sector(s);
    describe_growth(s);
    s.param("trend", &CompanyGrowth::trend)
        .choices({"growth_law", "persistence", "linear", "none"})
        .doc("What a forecast starts from.");
    s.param("fluctuation", &CompanyGrowth::fluctuation)
        .choices({"mlp", "attention", "ar", "var", "none"})
        .doc("What is learned beside it.");
    s.param("horizons", &CompanyGrowth::horizons).unit("year").doc("Years ahead, ascending.");
    s.param("targets", &CompanyGrowth::targets)
        .doc("Variables to forecast; empty: the size and all others.");
    s.param("window", &CompanyGrowth::window)
        .range(1, 1000)
        .unit("year")
        .doc("Years that a forecast looks back.");
    s.param("history", &CompanyGrowth::history)
        .range(1, 1000)
        .unit("year")
        .doc("Years of the window in which the size must be seen; 1: even a firm's first year.");
    s.param("held_out", &CompanyGrowth::held_out)
        .range(0.05, 0.9)
        .doc("Share of the firms that judge.");
    describe_network(s);
    s.output_model("model", "For predict.company_growth and analyze.company_growth.");
    s.output_table("errors", "horizon, variable, error, persistence, trend (mean |error| in codes "
                             "on held-out firms of the forecast, of the last value and of the "
                             "trend alone, NaN for trend = none), count.");
    s.output_table("curve", "step, training_loss, held_out_loss: mean |error| in units of each "
                            "output's scale; empty without a network.");
    s.output_table("importance", "horizon, variable, increase: relative, of the error on held-out "
                                 "firms when what the network sees of the variable is shuffled "
                                 "among them.");
}

void CompanyGrowth::describe_network(Schema<CompanyGrowth>& s) {
    const auto recipe = [&s]<class V>(const char* name, V Recipe::*member) {
        V CompanyGrowth::*own = member;
        return s.param(name, own);
    };
    recipe("steps", &Recipe::steps).range(1, 1e7).doc("Steps of Adam.");
    recipe("batch", &Recipe::batch).range(1, 65536).doc("Origins in a step.");
    recipe("learning_rate", &Recipe::learning_rate)
        .above(0)
        .max(1)
        .doc("Adam's rate at the start; it falls to 0 as a cosine.");
    recipe("decay", &Recipe::decay)
        .range(0, 1000)
        .doc("Decoupled weight decay (AdamW): each step shrinks weights by rate times this.");
    s.param("lines", &CompanyGrowth::lines)
        .doc("Whether a network learns only what the straight lines of `var` leave.");
    s.param("hidden", &CompanyGrowth::hidden).range(1, 4096).doc("Width of the layers.");
    s.param("layers", &CompanyGrowth::layers).range(1, 64).doc("Layers before the last.");
    s.param("heads", &CompanyGrowth::heads)
        .range(1, 256)
        .doc("Heads of attention; divides `hidden`.");
}

void CompanyGrowth::check() const {
    if (horizons.empty()) throw Invalid("horizons", "is empty: name at least one year ahead");
    for (std::size_t i = 0; i < horizons.size(); ++i)
        if (horizons[i] < 1 || horizons[i] > 1000 || (i > 0 && horizons[i] <= horizons[i - 1]))
            throw Invalid("horizons", "must be ascending whole numbers 1 to 1000");
    if (history > window)
        throw Invalid("history", "must be at most window = " + std::to_string(window));
    if (fluctuation == "attention" && hidden % heads != 0)
        throw Invalid("hidden", "must be a multiple of heads = " + std::to_string(heads) + ", is " +
                                    std::to_string(hidden));
    if (trend == "none" && fluctuation == "none")
        throw Invalid("fluctuation", "and trend are both none: nothing forecasts");
}

std::vector<char> CompanyGrowth::chosen_targets(const Panel& panel) const {
    const auto& names = panel.variables();
    std::vector<char> chosen(names.size(), targets.empty());
    for (const auto& target : targets) {
        const auto found = std::find(names.begin(), names.end(), target);
        if (found == names.end())
            throw Invalid("targets", "'" + target + "' is not among the panel's variables");
        chosen[static_cast<std::size_t>(found - names.begin())] = 1;
    }
    return chosen;
}

// Which firms judge: a shuffled share.
std::vector<char> draw_held_out(const Panel& panel, double share, const Key& key) {
    constexpr int64_t fewest = 10;
    if (panel.firms() < fewest)
        throw Invalid("panel", "has " + std::to_string(panel.firms()) + " firms: at least " +
                                   std::to_string(fewest) + " are needed to learn and to judge");
    std::vector<int64_t> order(static_cast<std::size_t>(panel.firms()));
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<int64_t>(i);
    Random random(key, 0);
    random.shuffle(order);
    const auto count = static_cast<std::size_t>(
        std::clamp<double>(std::round(share * static_cast<double>(order.size())), 2,
                           static_cast<double>(order.size()) - 5));
    std::vector<char> held(order.size(), 0);
    for (std::size_t i = 0; i < count; ++i) held[static_cast<std::size_t>(order[i])] = 1;
    return held;
}

struct Origins {
    std::vector<int64_t> training, held_out;
};
Origins origins_of(const History& history, const std::vector<char>& held) {
    Origins o;
    const int64_t nearest = history.outlook().horizons.front();
    const Panel& panel = history.panel();
    for (int64_t f = 0; f < panel.firms(); ++f)
        for (int64_t r = panel.first(f); r + nearest < panel.first(f + 1); ++r)
            if (history.is_origin(r))
                (held[static_cast<std::size_t>(f)] ? o.held_out : o.training).push_back(r);
    if (o.training.size() < 20 || o.held_out.empty())
        throw Invalid("panel",
                      "has " + std::to_string(o.training.size()) + " origins to learn from and " +
                          std::to_string(o.held_out.size()) +
                          " to judge by, with a size and a year " + std::to_string(nearest) +
                          " ahead: at least 20 and 1 are needed");
    return o;
}

// Errors on held-out rows: tables, and the reliability that the model keeps.
void judge(const Task& task, Forecaster& f, const History& history, std::span<const int64_t> rows) {
    const std::vector<float> learned = f.learned(task, history, rows);
    const int64_t width = history.variables(), horizons = f.outlook.horizon_count();
    struct Row {
        double error = 0, persistence = 0, trend = 0;
        int64_t count = 0;
    };
    std::vector<Row> found(static_cast<std::size_t>(f.outputs()));
    task.parallel_for(f.outputs(), 1, [&](int64_t begin, int64_t end) {
        for (int64_t k = begin; k < end; ++k) {
            const int64_t v = k / horizons, h = k % horizons;
            Row& row = found[static_cast<std::size_t>(k)];
            std::vector<double> errors, size;
            std::vector<int32_t> firm;
            for (std::size_t i = 0; i < rows.size(); ++i) {
                const double seen = history.target(rows[i], h, v);
                const double forecast =
                    f.forecast(history, rows[i], v, h,
                               learned[i * static_cast<std::size_t>(f.outputs()) +
                                       static_cast<std::size_t>(k)]);
                const double last = history.persistence(rows[i], v);
                if (std::isnan(seen) || std::isnan(forecast) || std::isnan(last)) continue;
                errors.push_back(seen - forecast);
                size.push_back(history.code(rows[i], 0));
                firm.push_back(static_cast<int32_t>(history.firm_of(rows[i])));
                row.error += std::abs(errors.back()), row.persistence += std::abs(seen - last);
                row.trend += std::abs(seen - history.trend(rows[i], h, v));
            }
            row.count = static_cast<int64_t>(errors.size());
            f.reliability[static_cast<std::size_t>(k)] = Reliability::of(errors, size, firm);
        }
    });
    std::vector<int64_t> horizon, count;
    std::vector<std::string> variable;
    std::vector<double> error, persistence, trend;
    for (int64_t h = 0; h < horizons; ++h)
        for (int64_t v = 0; v < width; ++v) {
            const Row& row = found[static_cast<std::size_t>(f.output(v, h))];
            if (row.count == 0) continue;
            const auto n = static_cast<double>(row.count);
            horizon.push_back(f.outlook.horizons[static_cast<std::size_t>(h)]);
            variable.push_back(f.laws.variables[static_cast<std::size_t>(v)]);
            error.push_back(row.error / n), persistence.push_back(row.persistence / n);
            trend.push_back(f.outlook.trend == "none" ? missing : row.trend / n);
            count.push_back(row.count);
        }
    const Bundle table = task.output_table("errors");
    write_column<int64_t>(table, "horizon", horizon);
    table.set("variable", variable);
    write_column<double>(table, "error", error);
    write_column<double>(table, "persistence", persistence);
    write_column<double>(table, "trend", trend);
    write_column<int64_t>(table, "count", count);
}

// By horizon, in units of each output's scale.
std::vector<double> horizon_errors(const Forecaster& f, const History& history,
                                   std::span<const int64_t> rows,
                                   const std::vector<float>& learned) {
    std::vector<double> sum(f.outlook.horizons.size(), 0);
    for (std::size_t i = 0; i < rows.size(); ++i)
        for (int64_t k = 0; k < f.outputs(); ++k) {
            if (!f.forecasts(k)) continue;
            const int64_t v = k / f.outlook.horizon_count(), h = k % f.outlook.horizon_count();
            const double left =
                f.residual(history, rows[i], v, h) -
                static_cast<double>(learned[i * static_cast<std::size_t>(f.outputs()) +
                                            static_cast<std::size_t>(k)]);
            if (std::isfinite(left))
                sum[static_cast<std::size_t>(h)] +=
                    std::abs(left) / f.scale[static_cast<std::size_t>(k)];
        }
    return sum;
}

void write_importance(const Task& task, const Forecaster& f, const History& history,
                      std::span<const int64_t> held_out) {
    constexpr std::size_t enough = 4096;
    std::vector<int64_t> horizon;
    std::vector<std::string> variable;
    std::vector<double> increase;
    if (f.network) {
        const std::vector<int64_t> rows = spread(held_out, enough);
        const auto before = horizon_errors(f, history, rows, f.learned(task, history, rows));
        for (int64_t v = 0; v < history.variables(); ++v) {
            std::vector<int64_t> other = rows;
            Random random(task.key(shuffle_stream), static_cast<uint32_t>(v));
            random.shuffle(other);
            const auto learned =
                f.learned(task, static_cast<int64_t>(rows.size()), [&](int64_t i, float* to) {
                    const auto place = static_cast<std::size_t>(i);
                    std::vector<float> strange(static_cast<std::size_t>(f.shape.inputs()));
                    f.write_features(history, other[place], strange.data());
                    f.write_features(history, rows[place], to);
                    std::copy_n(strange.data() + v * f.shape.features, f.shape.features,
                                to + v * f.shape.features);
                });
            const auto after = horizon_errors(f, history, rows, learned);
            for (std::size_t h = 0; h < after.size(); ++h) {
                horizon.push_back(f.outlook.horizons[h]);
                variable.push_back(f.laws.variables[static_cast<std::size_t>(v)]);
                increase.push_back(before[h] > 0 ? after[h] / before[h] - 1 : 0);
            }
        }
    }
    const Bundle table = task.output_table("importance");
    write_column<int64_t>(table, "horizon", horizon);
    table.set("variable", variable);
    write_column<double>(table, "increase", increase);
}

void CompanyGrowth::run(const Task& task) const {
    Panel panel(task, "panel", *this);
    const std::vector<char> wanted = chosen_targets(panel);
    const std::vector<char> held = draw_held_out(panel, held_out, task.key(split_stream));
    std::vector<char> learning;
    for (const char h : held) learning.push_back(!h);

    Forecaster f;
    f.outlook = {trend, window, history, horizons};
    f.coding = coding_of(panel);
    f.laws = {panel.variables(), panel.sector_names(), {}};
    if (f.outlook.by_law())
        f.laws.laws = fit_laws(task, panel, *this, learning);
    else
        for (std::size_t k = 0; k < panel.sector_names().size(); ++k)
            f.laws.laws.emplace_back().scaling.resize(wanted.size());
    const History past(task, std::move(panel), f.coding, f.outlook, f.laws.laws);
    const Origins origins = origins_of(past, held);
    set_scales(task, f, past, origins.training, wanted);

    f.shape = {
        fluctuation, lines, past.variables(), f.features(), f.outlook.horizon_count(), hidden,
        layers,      heads};
    std::vector<Progress> curve;
    if (fluctuation != "none") {
        f.network = std::make_unique<Network>(f.shape, task.key(weights_stream));
        if (lines || !f.shape.trained())
            fit_lines(task, f, past, origins.training, origins.held_out);
        if (f.shape.trained())
            curve = train(task, *this, task.key(picks_stream), f, past, origins.training,
                          origins.held_out);
    }
    judge(task, f, past, origins.held_out);
    write_importance(task, f, past, origins.held_out);
    const Bundle table = task.output_table("curve");
    std::vector<int64_t> step;
    std::vector<double> training_loss, held_out_loss;
    for (const Progress& p : curve) {
        step.push_back(p.step);
        training_loss.push_back(p.training_loss), held_out_loss.push_back(p.held_out_loss);
    }
    write_column<int64_t>(table, "step", step);
    write_column<double>(table, "training_loss", training_loss);
    write_column<double>(table, "held_out_loss", held_out_loss);
    f.write(task.output_model("model"));
}

} // namespace
} // namespace espalier::firms

ESPALIER_COMPONENT(company_growth, espalier::firms::CompanyGrowth)
