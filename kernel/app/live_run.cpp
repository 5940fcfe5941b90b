// SPDX-License-Identifier: MIT
// Metrics of running tasks, kept short, written as one line of JSON.
#include "app/live_run.hpp"

#include "files/json.hpp"
#include "files/text.hpp"
#include "values/failure.hpp"

#include <fmt/format.h>

#include <cmath>
#include <fstream>
#include <iterator>

namespace espalier::app {

namespace fs = std::filesystem;

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t most_points = 400; // of a curve; beyond it every second one goes

fs::path file_of(const fs::path& store, int64_t run) {
    return store / fmt::format("live-{}.json", run);
}

void thin(Series& series) {
    if (series.steps.size() <= most_points) return;
    const std::size_t half = series.steps.size() / 2;
    for (std::size_t i = 0; i < half; ++i) {
        series.steps[i] = series.steps[2 * i];
        series.values[i] = series.values[2 * i];
    }
    series.steps.resize(half), series.values.resize(half);
}

Map data_of(const Series& series) {
    List values; // JSON has no infinities
    for (const double x : series.values)
        if (std::isfinite(x))
            values.emplace_back(x);
        else
            values.emplace_back();
    return {{"steps", List(series.steps.begin(), series.steps.end())}, {"values", values}};
}

} // namespace

LiveRun::LiveRun(const fs::path& store, int64_t run) : file_(file_of(store, run)) {}

LiveRun::~LiveRun() {
    std::error_code ignored;
    fs::remove(file_, ignored);
}

void LiveRun::hear(const RunTask& task, const Map& said) {
    const auto series = said.find("series");
    if (series == said.end()) return;
    Running& one = running_[task.key];
    one.point = task.point;
    for (const auto& [name, points] : series->second.as<Map>()) {
        Series& known = one.metrics[name];
        const auto steps = points.as<Map>().at("steps").as<Tensor>().values<int64_t>();
        const auto values = points.as<Map>().at("values").as<Tensor>().values<double>();
        known.steps.insert(known.steps.end(), steps.begin(), steps.end());
        known.values.insert(known.values.end(), values.begin(), values.end());
        thin(known);
    }
}

void LiveRun::ended(const RunTask& task) { running_.erase(task.key); }

void LiveRun::write(const std::function<std::string()>& progress) {
    const auto now = Clock::now();
    if (now - written_ < std::chrono::seconds(1)) return;
    written_ = now;
    List tasks;
    for (const auto& [key, running] : running_) {
        Map metrics;
        for (const auto& [name, series] : running.metrics) metrics[name] = data_of(series);
        tasks.push_back(Map{{"point", running.point}, {"metrics", metrics}});
    }
    const fs::path draft = file_.string() + ".new";
    {
        std::ofstream out(draft, std::ios::binary);
        out << files::json_line(Map{{"progress", progress()}, {"tasks", tasks}}, "live run");
        if (!out.flush()) return;
    }
    std::error_code ignored;
    fs::rename(draft, file_, ignored);
}

std::optional<Map> live_run(const fs::path& store, int64_t run) {
    const fs::path file = file_of(store, run);
    std::ifstream in(file, std::ios::binary);
    if (!in) return {};
    const std::string text(std::istreambuf_iterator<char>(in), {});
    return files::parse_json(files::as_text(file.string(), text)).as<Map>();
}

} // namespace espalier::app
