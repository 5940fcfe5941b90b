// SPDX-License-Identifier: MIT
// Work in steps: advanced, saved now and then, and taken up again after an interruption.
#include "call/host.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

using namespace espalier;

namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr auto most_deaf = std::chrono::seconds(1); // as abi.h says

Table table_of(const std::vector<std::tuple<std::string, int64_t, double>>& metrics) {
    Texts names;
    std::vector<int64_t> steps;
    std::vector<double> values;
    for (const auto& [name, step, value] : metrics)
        names.push_back(name), steps.push_back(step), values.push_back(value);
    Table table;
    table.add("name", std::make_shared<const Texts>(std::move(names)));
    table.add("step", Tensor::vector(steps));
    table.add("value", Tensor::vector(values));
    return table;
}

// Steps to ask for at once: as many as fill the time after which a state may be due.
class Batch {
public:
    explicit Batch(double seconds) : aim_(std::min(seconds, 0.1)) {}
    int64_t size() const noexcept { return size_; }
    void took(double seconds) noexcept {
        if (seconds > aim_)
            size_ = std::max<int64_t>(1, size_ / 2);
        else if (seconds < aim_ / 4 && size_ < std::numeric_limits<int64_t>::max() / 2)
            size_ *= 2;
    }

private:
    double aim_;
    int64_t size_ = 1;
};

} // namespace

const esp_iterative* espalier::iterative_of(const Component& c) {
    const auto extension = c.declaration->extension;
    const auto* steps =
        static_cast<const esp_iterative*>(extension ? extension(ESP_ITERATIVE) : nullptr);
    if (steps && (steps->size < sizeof(esp_iterative) || !steps->begin || !steps->advance ||
                  !steps->save || !steps->load || !steps->finish || !steps->end))
        throw Failure(Exit::plugin,
                      fmt::format("{}: its extension {} lacks a function", c.name, ESP_ITERATIVE),
                      fmt::format("a bug of plugin {} {}", c.plugin, c.version));
    return steps;
}

// The steps of one call. Ends the work when it goes, unless its state is unknown.
class esp_call::Steps {
public:
    Steps(esp_call& call, void* self, const esp_iterative& functions)
        : call_(call), self_(self), functions_(functions) {}

    void run() {
        begin();
        if (call_.around.checkpoint) {
            resume();
            while (!done_) {
                advance_a_while();
                save_when_due();
            }
        } else
            advance(std::numeric_limits<int64_t>::max());
        call_.phase = Phase::finishing;
        call_.enter(functions_.finish(work_, call_.around.table, &call_), "finish");
    }
    void end() {
        if (work_) functions_.end(std::exchange(work_, nullptr));
    }

private:
    void begin() {
        call_.phase = Phase::steps;
        call_.metrics.clear();
        call_.enter(functions_.begin(self_, call_.around.table, &call_, &work_), "begin");
    }

    void advance(int64_t steps) {
        int32_t done = 0;
        call_.enter(functions_.advance(work_, call_.around.table, &call_, steps, &done), "advance");
        done_ = done != 0;
        taken_ += steps;
    }

    // A cancellation waits until these steps are done, so that their state can be saved.
    void advance_a_while() {
        const auto before = Clock::now();
        call_.deaf_until = before + most_deaf;
        advance(batch_.size());
        call_.deaf_until = {};
        batch_.took(Seconds(Clock::now() - before).count());
    }

    void save_when_due() {
        const bool cancelled = call_.around.cancelled.load(std::memory_order_relaxed);
        const double since = Seconds(Clock::now() - saved_at_).count();
        if (cancelled || (!done_ && since >= call_.around.checkpoint_seconds)) save();
        if (cancelled) call_.enter(ESP_CANCELLED, "advance");
    }

    // The call goes on without a checkpoint when it cannot be written; the first time it says so.
    void save() {
        call_.phase = Phase::saving;
        call_.saved.emplace();
        const esp_status status = functions_.save(work_, call_.around.table, &call_);
        call_.phase = Phase::steps;
        try {
            call_.enter(status, "save its state");
            SavedState s;
            s.steps = taken_;
            s.state =
                call_.saved->assemble(ESP_MODEL, call_.component.name, call_.component.version)
                    .as<Model>();
            s.metrics = table_of(call_.metrics);
            call_.around.checkpoint->save(std::move(s));
        } catch (const std::exception& error) {
            if (!std::exchange(warned_, true))
                say(2, fmt::format("its state is not saved, an interruption would lose it: {}",
                                   error.what()));
            forget_failure();
        }
        call_.saved.reset();
        saved_at_ = Clock::now();
    }

    void resume() {
        for (const SavedState& s : call_.around.checkpoint->found()) {
            if (load(s)) {
                taken_ = s.steps;
                tell_again(s.metrics);
                return say(1, fmt::format("goes on from the state saved after {} steps", taken_));
            }
            end();
            begin();
        }
    }

    bool load(const SavedState& s) {
        call_.phase = Phase::loading;
        try {
            call_.loaded.emplace(Value(s.state));
            call_.enter(functions_.load(work_, call_.around.table, &call_), "load its state");
        } catch (const Failure& failure) {
            if (failure.exit() == Exit::interrupted) throw;
            say(2, fmt::format("the state saved after {} steps is not used: {}", s.steps,
                               failure.what()));
            forget_failure();
        }
        call_.phase = Phase::steps;
        const bool loaded = call_.loaded.has_value();
        call_.loaded.reset();
        return loaded;
    }

    // What was told before the interruption, except what begin told this time.
    void tell_again(const Table& told) {
        const auto& names = *std::get<1>(*told.find("name"));
        const auto steps = std::get<0>(*told.find("step")).values<int64_t>();
        const auto values = std::get<0>(*told.find("value")).values<double>();
        for (std::size_t k = call_.metrics.size(); k < names.size(); ++k)
            host().metric(&call_, names[k].c_str(), steps[k], values[k]);
    }

    void say(int level, const std::string& message) const {
        if (call_.around.events.log) call_.around.events.log(call_.component.name, level, message);
    }
    void forget_failure() {
        call_.loaded.reset();
        call_.where.clear(), call_.message.clear(), call_.cause.reset();
    }

    esp_call& call_;
    void* self_;
    const esp_iterative& functions_;
    void* work_ = nullptr;
    bool done_ = false, warned_ = false;
    int64_t taken_ = 0;
    Batch batch_{call_.around.checkpoint_seconds};
    Clock::time_point saved_at_ = Clock::now();
};

void esp_call::iterate(void* self, const esp_iterative& functions) {
    Steps steps(*this, self, functions);
    try {
        steps.run();
    } catch (const Failure&) {
        steps.end();
        throw;
    }
    steps.end();
}
