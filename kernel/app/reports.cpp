// SPDX-License-Identifier: MIT
// Events of a session as messages, few enough that nobody waits for them.
#include "app/reports.hpp"

#include <chrono>
#include <mutex>
#include <string>
#include <vector>

namespace espalier::app {

namespace {

using Clock = std::chrono::steady_clock;
constexpr auto pause = std::chrono::milliseconds(200);

struct Points {
    std::vector<int64_t> steps;
    std::vector<double> values;
};

} // namespace

struct Reports::State {
    Say say;
    std::mutex guard;
    std::map<std::string, Points, std::less<>> metrics;
    Clock::time_point metrics_said = Clock::now(), progress_said = metrics_said;

    Map taken() {
        Map series;
        for (auto& [name, points] : metrics)
            series[name] = Map{{"steps", Tensor::vector(points.steps)},
                               {"values", Tensor::vector(points.values)}};
        metrics.clear();
        return series;
    }
};

Reports::Reports(Say say) : state_(std::make_unique<State>()) { state_->say = std::move(say); }
Reports::~Reports() = default;

CallEvents Reports::events() {
    State* s = state_.get();
    CallEvents events;
    events.progress = [s](std::string_view component, double fraction, std::string_view doing) {
        const std::lock_guard lock(s->guard);
        if (Clock::now() - s->progress_said < pause) return;
        s->progress_said = Clock::now();
        s->say(Map{{"is", "progress"},
                   {"component", std::string(component)},
                   {"fraction", fraction},
                   {"doing", std::string(doing)}});
    };
    events.metric = [s](std::string_view component, std::string_view name, int64_t step,
                        double value) {
        const std::lock_guard lock(s->guard);
        Points& points =
            s->metrics[(component.empty() ? "" : std::string(component) + ' ') + std::string(name)];
        points.steps.push_back(step), points.values.push_back(value);
        if (Clock::now() - s->metrics_said < pause) return;
        s->metrics_said = Clock::now();
        s->say(Map{{"is", "metrics"}, {"series", s->taken()}});
    };
    events.log = [](std::string_view component, int level, std::string_view message) {
        if (level < 1) return;
        std::fprintf(stderr, "%s%.*s: %.*s\n", level > 1 ? "warning: " : "",
                     static_cast<int>(component.size()), component.data(),
                     static_cast<int>(message.size()), message.data());
    };
    return events;
}

void Reports::say(const Map& message) {
    const std::lock_guard lock(state_->guard);
    state_->say(message);
}

void Reports::finish(Map answer) {
    const std::lock_guard lock(state_->guard);
    if (Map series = state_->taken(); !series.empty()) answer["series"] = std::move(series);
    state_->say(answer);
}

} // namespace espalier::app
