// SPDX-License-Identifier: MIT
// The line that says how far a run has come.
#include "app/task_progress.hpp"

#include "app/progress.hpp"
#include "app/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace espalier::app {

TaskProgress::TaskProgress(bool quiet) : quiet_(quiet), drawn_in_place_(draws_on_error()) {}

TaskProgress::~TaskProgress() {
    if (drawn_in_place_ && !quiet_) draw_status({});
}

void TaskProgress::begin(std::size_t tasks, std::size_t finished) {
    tasks_ = tasks, finished_ = finished;
    computed_ = 0;
    began_ = Clock::now();
}

void TaskProgress::hear(const Map& said) {
    const auto is = said.find("is");
    if (is == said.end() || is->second.text() != "progress") return;
    doing_ = fmt::format("{} {:.0f} %", said.at("component").as<std::string>(),
                         100 * said.at("fraction").as<double>());
}

void TaskProgress::ended(const Outcome& outcome) {
    ++finished_, ++computed_;
    if (outcome.state != TaskState::done) ++failed_;
    const Map* result = outcome.result.get<Map>();
    if (!result) return;
    for (const auto& [name, v] : *result) {
        const auto x = v.number();
        const int better = direction_of(name);
        if (!x || better == 0 || !std::isfinite(*x) || (!metric_.empty() && metric_ != name))
            continue;
        const bool first = metric_.empty();
        metric_ = name;
        best_ = first ? *x : better < 0 ? std::min(best_, *x) : std::max(best_, *x);
    }
}

std::string TaskProgress::text(std::size_t running) const {
    const double lasted = std::chrono::duration<double>(Clock::now() - began_).count();
    std::string line = fmt::format("{}/{} tasks", finished_, tasks_);
    if (failed_ > 0) line += fmt::format(", {} failed", failed_);
    if (computed_ > 0) {
        const double rate = static_cast<double>(computed_) / lasted;
        line +=
            rate >= 1 ? fmt::format(", {:.3g}/s", rate) : fmt::format(", {:.3g}/min", 60 * rate);
        if (finished_ < tasks_)
            line += fmt::format(", {} left",
                                duration_text(static_cast<double>(tasks_ - finished_) / rate));
    }
    if (!metric_.empty()) line += fmt::format(", best {} {:.4g}", metric_, best_);
    if (running > 0 && computed_ == 0) line += fmt::format(", {} running", running);
    if (!doing_.empty() && (lasted > 5 || computed_ == 0)) line += ", " + doing_;
    return line;
}

void TaskProgress::show(std::size_t running) {
    const auto now = Clock::now();
    const double lasted = std::chrono::duration<double>(now - began_).count();
    const double silent = std::chrono::duration<double>(now - shown_).count();
    if (quiet_ || lasted < 1 || silent < (drawn_in_place_ ? 0.1 : 60)) return;
    shown_ = now;
    const std::string line = text(running);
    if (!drawn_in_place_) return tell(line);
    draw_status(line.substr(0, static_cast<std::size_t>(std::max(columns_of_error() - 1, 20))));
}

} // namespace espalier::app
