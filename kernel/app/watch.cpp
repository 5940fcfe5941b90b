// SPDX-License-Identifier: MIT
// espalier watch: a run that another process computes, followed in the terminal.
#include "app/live_run.hpp"
#include "app/progress.hpp"
#include "app/stored_runs.hpp"
#include "app/terminal.hpp"
#include "plot/picture.hpp"
#include "store/lock.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <thread>

namespace espalier::app {

namespace {

constexpr std::size_t most_curves = 6;
constexpr int plot_rows = 12;

// Metrics of one task.
struct Heard {
    std::string name;
    std::map<std::string, Series, std::less<>> metrics;
};

Series series_in(const Map& curve) {
    Series series;
    for (const Value& step : curve.at("steps").as<List>())
        series.steps.push_back(step.as<int64_t>());
    for (const Value& x : curve.at("values").as<List>())
        series.values.push_back(x.number().value_or(std::numeric_limits<double>::quiet_NaN()));
    return series;
}

// "coupling=0.3 seed=2": what of a point is not fixed for the run.
std::string name_of_point(const Map& point, const Map& fixed) {
    std::string text;
    for (const auto& [name, v] : point)
        if (!fixed.contains(name))
            text += fmt::format("{}{}={}", text.empty() ? "" : " ", name, short_text(v));
    return text.empty() ? "the task" : text;
}

class Watch {
public:
    Watch(const Store& store, int64_t run)
        : store_(store), run_(run), record_(store.record(run)), summary_(store.summary(run)) {}

    void look() { summary_ = store_.summary(run_); }
    bool running() const { return summary_.status == "running"; }
    bool abandoned() const { return running() && !store::is_held(store_.folder()); }

    std::string line() const {
        const auto live = running() ? live_run(store_.folder(), run_) : std::nullopt;
        if (live) return live->at("progress").as<std::string>();
        return states_text(summary_);
    }
    std::string picture(int columns) const;

private:
    std::vector<Heard> heard() const;
    std::string curves(int columns) const;

    const Store& store_;
    int64_t run_;
    RunRecord record_;
    RunSummary summary_;
};

// Of the tasks that run; when they have said nothing, of those that ended last in the plan.
std::vector<Heard> Watch::heard() const {
    const Map* parameters = record_.parameters.get<Map>();
    const Map fixed = parameters ? *parameters : Map();
    std::vector<Heard> all;
    if (const auto live = running() ? live_run(store_.folder(), run_) : std::nullopt)
        for (const Value& v : live->at("tasks").as<List>()) {
            const Map& task = v.as<Map>();
            Heard one{name_of_point(task.at("point").as<Map>(), fixed), {}};
            for (const auto& [name, curve] : task.at("metrics").as<Map>())
                one.metrics[name] = series_in(curve.as<Map>());
            if (!one.metrics.empty() && all.size() < most_curves) all.push_back(std::move(one));
        }
    if (!all.empty()) return all;
    std::vector<RunTask> ended;
    store_.outcomes(run_, Detail::scalars, [&](std::size_t, const RunTask& task, const Outcome& o) {
        if (o.state != TaskState::pending) ended.push_back(task);
        return true;
    });
    const std::size_t first = ended.size() - std::min(ended.size(), most_curves);
    for (std::size_t i = first; i < ended.size(); ++i) {
        auto outcome = store_.outcome(record_.basis, ended[i].key, Detail::metrics);
        if (outcome && !outcome->metrics.empty())
            all.push_back({name_of_point(ended[i].point, fixed), std::move(outcome->metrics)});
    }
    return all;
}

// The metric that says most: a loss or an error, else one that is to grow, else the first.
std::string Watch::curves(int columns) const {
    const auto all = heard();
    std::string metric;
    for (const int direction : {-1, 1, 0})
        for (const Heard& task : all)
            for (const auto& [name, series] : task.metrics)
                if (metric.empty() && (direction == 0 || direction_of(name) == direction))
                    metric = name;
    plot::Picture picture;
    picture.kind = "line";
    picture.title = metric;
    picture.x.label = "step";
    bool positive = true;
    for (const Heard& task : all) {
        const auto found = task.metrics.find(metric);
        if (found == task.metrics.end()) continue;
        const auto& [steps, values] = found->second;
        plot::Curve curve;
        curve.name = task.name;
        curve.x.assign(steps.begin(), steps.end());
        curve.y = values;
        for (const double y : values) positive = positive && (y > 0 || std::isnan(y));
        picture.curves.push_back(std::move(curve));
    }
    if (picture.curves.empty()) return "";
    picture.y.log = positive && direction_of(metric) < 0;
    return plot::text_of(picture, columns, plot_rows);
}

std::string Watch::picture(int columns) const {
    const int64_t ended = summary_.tasks - summary_.in(TaskState::pending);
    const double share =
        summary_.tasks > 0 ? static_cast<double>(ended) / static_cast<double>(summary_.tasks) : 0;
    const int cells = std::clamp(columns - 20, 10, 60);
    const int full = static_cast<int>(share * cells);
    std::string text = fmt::format("run {} '{}': {}{}\n", run_, record_.name, summary_.status,
                                   abandoned() ? ", but no process computes it: the same line of "
                                                 "'espalier run' goes on"
                                               : "");
    text += fmt::format("[{:#<{}}{:.<{}}] {:.1f} %\n", "", full, "", cells - full, 100 * share);
    text += fmt::format("{}\n", line());
    if (running() && ended > 0) text += states_text(summary_) + '\n';
    return text + curves(columns);
}

// In place of the lines that were drawn before.
void redraw(const std::string& text, std::ptrdiff_t& lines) {
    std::string out = lines > 0 ? fmt::format("\x1b[{}A\x1b[J", lines) : "";
    print(out + text);
    finish_output();
    lines = std::count(text.begin(), text.end(), '\n');
}

int watch(const Invocation& given) {
    const Store store = open_store(given, Access::read);
    const int64_t run = store.find(given.words.empty() ? "last" : given.words[0]);
    const bool draws = draws_on_output();
    const int columns = draws ? card_columns() : 80;
    Watch seen(store, run);
    if (given.has("once") || !seen.running() || seen.abandoned()) {
        print(seen.picture(columns));
        return 0;
    }
    using Clock = std::chrono::steady_clock;
    std::ptrdiff_t lines = 0;
    Clock::time_point told{};
    while (seen.running() && !seen.abandoned()) {
        if (draws)
            redraw(seen.picture(columns), lines);
        else if (Clock::now() - told >= std::chrono::minutes(1)) {
            print(seen.line() + '\n');
            finish_output();
            told = Clock::now();
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(500));
        seen.look();
    }
    if (draws)
        redraw(seen.picture(columns), lines);
    else
        print(seen.picture(columns));
    return 0;
}

} // namespace

const Command watch_command{
    "watch",
    "[RUN]",
    "Follow a run that another process computes.",
    0,
    1,
    "RUN as in 'espalier show'; the last one when none is given. On a terminal the picture is\n"
    "redrawn until the run ends, with the loss curves of the tasks that run; otherwise a line a\n"
    "minute is printed, and the picture at the end.",
    {{"once", 0, "", "Print the picture as it is now, and end."}, store_option()},
    {"espalier watch", "espalier watch ggn --once"},
    watch};

} // namespace espalier::app
