// SPDX-License-Identifier: MIT
// What is known of the running call, and when a line about it is due.
#include "app/progress.hpp"

#include "app/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <mutex>
#include <string>

namespace espalier::app {

namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

bool on_unseen(std::string_view metric) {
    return metric.starts_with("validation") || metric.starts_with("held_out");
}

std::string bar(double fraction, int cells) {
    const int full = static_cast<int>(fraction * cells);
    return '[' + std::string(static_cast<std::size_t>(full), '#') +
           std::string(static_cast<std::size_t>(cells - full), '.') + ']';
}

} // namespace

std::string duration_text(double seconds) {
    const auto whole = std::llround(seconds);
    if (whole < 60) return fmt::format("{} s", whole);
    if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
    return fmt::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
}

// Which way a metric improves, as far as its name says; 0 when it does not.
int direction_of(std::string_view metric) {
    for (const char* part : {"loss", "error"})
        if (metric.find(part) != std::string_view::npos) return -1;
    for (const char* part : {"auc", "accuracy", "likelihood"})
        if (metric.find(part) != std::string_view::npos) return 1;
    return 0;
}

struct Progress::State {
    bool quiet;
    bool drawn_in_place = draws_on_error();
    std::mutex guard;
    std::string component, doing, metric;
    double fraction = 0, value = 0, best = 0;
    Clock::time_point began = Clock::now(), shown = began;

    void begin(std::string_view name) {
        component = name;
        doing.clear(), metric.clear();
        fraction = 0;
        began = shown = Clock::now();
    }

    // A new call is known by its name, or by a fraction that falls.
    void report(std::string_view name, double now, std::string_view what) {
        const std::lock_guard lock(guard);
        if (name != component || now < fraction) begin(name);
        fraction = std::clamp(now, 0.0, 1.0);
        if (!what.empty()) doing = what;
        show();
    }

    void measure(std::string_view name, std::string_view what, double number) {
        const std::lock_guard lock(guard);
        if (name != component) begin(name);
        const int better = direction_of(what);
        const bool first = metric.empty() || (on_unseen(what) && !on_unseen(metric));
        if (better == 0 || (!first && what != metric)) return;
        if (first) metric = what, best = number;
        best = better < 0 ? std::min(best, number) : std::max(best, number);
        value = number;
        show();
    }

    void show() {
        const auto now = Clock::now();
        const double lasted = Seconds(now - began).count();
        const double silent = Seconds(now - shown).count();
        if (quiet || lasted < 1 || silent < (drawn_in_place ? 0.1 : 60)) {
            if (drawn_in_place && fraction >= 1 && !quiet) draw_status({});
            return;
        }
        shown = now;
        std::string line = text(lasted);
        if (!drawn_in_place) return tell(line);
        const auto room = static_cast<std::size_t>(std::max(columns_of_error() - 1, 20));
        draw_status(line.substr(0, room));
    }

    std::string text(double lasted) const {
        std::string line = drawn_in_place ? fmt::format("{} {} ", component, bar(fraction, 12))
                                          : fmt::format("{}: ", component);
        line += fmt::format("{:.1f} %", 100 * fraction);
        if (!doing.empty()) line += ", " + doing;
        if (fraction > 0 && fraction < 1)
            line += fmt::format(", {} left", duration_text(lasted * (1 - fraction) / fraction));
        if (!metric.empty()) line += fmt::format(", {} {:.3g} (best {:.3g})", metric, value, best);
        return line;
    }
};

Progress::Progress(bool quiet) : state_(std::make_unique<State>()) { state_->quiet = quiet; }

Progress::~Progress() {
    if (state_->drawn_in_place && !state_->quiet) draw_status({});
}

CallEvents Progress::events() {
    State* state = state_.get();
    CallEvents events;
    events.progress = [state](std::string_view name, double fraction, std::string_view doing) {
        state->report(name, fraction, doing);
    };
    events.metric = [state](std::string_view name, std::string_view metric, int64_t, double value) {
        state->measure(name, metric, value);
    };
    events.log = [state](std::string_view name, int level, std::string_view message) {
        if (level >= 2)
            warn(fmt::format("{}: {}", name, message));
        else if (level == 1 && !state->quiet)
            tell(fmt::format("{}: {}", name, message));
    };
    return events;
}

} // namespace espalier::app
