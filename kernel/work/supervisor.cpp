// SPDX-License-Identifier: MIT
// What happens to a task between the queue and its outcome.
#include "work/supervisor.hpp"

#include "values/failure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>

#include <poll.h>

namespace espalier {

namespace {

using Clock = std::chrono::steady_clock;

constexpr double grace = 2; // seconds between asking a task to stop and ending its process

double since(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

template <class T> T field(const Map& map, std::string_view name, T otherwise) {
    const auto at = map.find(name);
    const T* content = at == map.end() ? nullptr : at->second.get<T>();
    return content ? *content : otherwise;
}

void add_metrics(std::map<std::string, Series, std::less<>>& all, const Map& said) {
    const auto series = said.find("series");
    if (series == said.end()) return;
    for (const auto& [name, points] : series->second.as<Map>()) {
        const Map& part = points.as<Map>();
        const auto steps = part.at("steps").as<Tensor>().values<int64_t>();
        const auto values = part.at("values").as<Tensor>().values<double>();
        Series& whole = all[name];
        whole.steps.insert(whole.steps.end(), steps.begin(), steps.end());
        whole.values.insert(whole.values.end(), values.begin(), values.end());
    }
}

} // namespace

enum class Phase { empty, loading, ready, running };

struct Supervisor::Slot {
    std::unique_ptr<Worker> worker;
    Phase phase = Phase::empty;
    int failed_loads = 0;

    Waiting waiting; // the task that runs
    Outcome outcome; // what is known of it so far
    Clock::time_point began, asked;
    TaskState stopped = TaskState::pending; // why it was asked to stop
};

Supervisor::Supervisor(SupervisorSettings settings) : settings_(std::move(settings)) {
    for (int i = 0; i < settings_.jobs; ++i) slots_.push_back(std::make_unique<Slot>());
}

Supervisor::~Supervisor() = default;

void Supervisor::add(std::vector<RunTask> tasks) {
    for (RunTask& task : tasks) queue_.push_back({std::move(task), 0});
}

std::size_t Supervisor::running() const noexcept {
    return static_cast<std::size_t>(std::count_if(
        slots_.begin(), slots_.end(), [](const auto& s) { return s->phase == Phase::running; }));
}

std::vector<RunTask> Supervisor::drain() {
    std::vector<RunTask> left;
    for (Waiting& w : queue_) left.push_back(std::move(w.task));
    queue_.clear();
    return left;
}

void Supervisor::cancel() {
    for (auto& slot : slots_) {
        if (slot->phase != Phase::running || slot->stopped != TaskState::pending) continue;
        slot->stopped = TaskState::cancelled;
        slot->asked = Clock::now();
        slot->worker->interrupt();
    }
}

// Whether the slot has a worker that is ready, or will have.
bool Supervisor::start(Slot& slot) {
    if (slot.phase != Phase::empty) return true;
    const auto loading = std::count_if(slots_.begin(), slots_.end(),
                                       [](const auto& s) { return s->phase == Phase::loading; });
    if (static_cast<std::size_t>(loading) >= queue_.size()) return false; // enough of them
    slot.worker = settings_.make();
    slot.phase = Phase::loading;
    return slot.worker->send(settings_.load);
}

void Supervisor::begin(Slot& slot) {
    if (queue_.empty() || !start(slot) || slot.phase != Phase::ready) return;
    slot.waiting = std::move(queue_.front());
    queue_.pop_front();
    const RunTask& task = slot.waiting.task;
    slot.worker->output(); // of nobody
    slot.outcome = {};
    slot.stopped = TaskState::pending;
    slot.began = Clock::now();
    slot.phase = Phase::running;
    // When it is gone by now, `listen` says so.
    slot.worker->send(
        Map{{"do", "run"}, {"point", task.point}, {"seed", task.seed}, {"key", task.key.hex()}});
}

void Supervisor::finish(Slot& slot, Outcome outcome, std::vector<Ended>& ended) {
    outcome.seconds = since(slot.began);
    outcome.attempts = slot.waiting.attempts + 1;
    outcome.output = slot.worker->output().substr(0, largest_output);
    slot.phase = Phase::ready;
    ended.push_back({std::move(slot.waiting.task), std::move(outcome)});
}

void Supervisor::answer(Slot& slot, const Map& said, std::vector<Ended>& ended) {
    const auto is = field<std::string>(said, "is", "");
    if (slot.phase == Phase::loading) {
        if (is == "failed")
            throw Failure(static_cast<Exit>(field<int64_t>(said, "exit", int64_t{70})),
                          field<std::string>(said, "message", ""),
                          field<std::string>(said, "hint", ""));
        if (is == "loaded") slot.phase = Phase::ready, slot.failed_loads = 0;
        return;
    }
    if (slot.phase != Phase::running) return;
    if (is == "metrics") add_metrics(slot.outcome.metrics, said);
    if (is != "done" && is != "failed") {
        if (settings_.heard) settings_.heard(slot.waiting.task, said);
        return;
    }
    Outcome outcome = std::move(slot.outcome);
    add_metrics(outcome.metrics, said);
    outcome.state = task_state_named(field<std::string>(said, "state", "done"));
    if (const auto result = said.find("result"); result != said.end())
        outcome.result = result->second;
    outcome.message = field<std::string>(said, "message", "");
    outcome.hint = field<std::string>(said, "hint", "");
    outcome.peak_bytes = field<int64_t>(said, "peak", int64_t{0});
    if (const auto plugins = said.find("plugins"); plugins != said.end())
        for (const Value& plugin : plugins->second.as<List>())
            outcome.plugins.push_back(plugin.as<std::string>());
    if (const auto read = said.find("read"); read != said.end())
        for (const auto& [name, content] : read->second.as<Map>())
            outcome.read[name] = digest_named(content.as<std::string>());
    // One that was asked to stop and finished nevertheless has finished.
    if (is == "failed" && slot.stopped != TaskState::pending) {
        outcome.state = slot.stopped;
        outcome.message = slot.stopped == TaskState::timeout
                              ? fmt::format("took longer than {:g} s", settings_.task_time)
                              : "cancelled";
        outcome.hint.clear();
    }
    const bool grown = settings_.recycle_bytes > 0 && outcome.peak_bytes > settings_.recycle_bytes;
    finish(slot, std::move(outcome), ended);
    if (grown && slot.worker->expendable()) slot.worker.reset(), slot.phase = Phase::empty;
}

void Supervisor::died(Slot& slot, std::vector<Ended>& ended) {
    const WorkerEnd end = slot.worker->end();
    if (slot.phase == Phase::loading && ++slot.failed_loads > 1)
        throw Failure(Exit::plugin,
                      fmt::format("a worker {} while it loaded the script", end.text()));
    if (slot.phase == Phase::running) {
        const bool again =
            slot.stopped == TaskState::pending && slot.waiting.attempts < settings_.retries;
        if (again) {
            queue_.push_front({std::move(slot.waiting.task), slot.waiting.attempts + 1});
        } else {
            Outcome outcome = std::move(slot.outcome);
            outcome.state = slot.stopped == TaskState::pending ? TaskState::crashed : slot.stopped;
            outcome.message =
                outcome.state == TaskState::timeout
                    ? fmt::format("took longer than {:g} s, and did not stop when asked to",
                                  settings_.task_time)
                : outcome.state == TaskState::cancelled ? "cancelled"
                                                        : end.text();
            finish(slot, std::move(outcome), ended);
        }
    }
    slot.worker.reset();
    slot.phase = Phase::empty;
}

void Supervisor::hear(Slot& slot, std::vector<Ended>& ended) {
    const bool there = slot.worker->listen();
    while (slot.worker) {
        const auto said = slot.worker->receive();
        if (!said) break;
        answer(slot, said->as<Map>(), ended);
    }
    if (slot.worker && !there) died(slot, ended);
}

void Supervisor::watch_time(Slot& slot, std::vector<Ended>& ended) {
    if (slot.phase != Phase::running) return;
    if (slot.stopped == TaskState::pending) {
        if (settings_.task_time <= 0 || since(slot.began) < settings_.task_time) return;
        slot.stopped = TaskState::timeout;
        slot.asked = Clock::now();
        slot.worker->interrupt();
    } else if (since(slot.asked) > grace && slot.worker->expendable())
        died(slot, ended);
}

// Milliseconds until a limit may be reached, at most `seconds`.
int Supervisor::until_next_limit(double seconds) const {
    for (const auto& slot : slots_) {
        if (slot->phase != Phase::running) continue;
        if (slot->stopped != TaskState::pending)
            seconds = std::min(seconds, grace - since(slot->asked));
        else if (settings_.task_time > 0)
            seconds = std::min(seconds, settings_.task_time - since(slot->began));
    }
    return static_cast<int>(std::clamp(seconds, 0.0, 1e6) * 1000) + 1;
}

std::vector<Supervisor::Ended> Supervisor::wait(double seconds) {
    std::vector<Ended> ended;
    for (auto& slot : slots_) begin(*slot);
    std::vector<pollfd> waited{{settings_.wake, POLLIN, 0}};
    std::vector<Slot*> owners{nullptr};
    for (auto& slot : slots_)
        if (slot->worker)
            for (const int descriptor : slot->worker->descriptors()) {
                waited.push_back({descriptor, POLLIN, 0});
                owners.push_back(slot.get());
            }
    poll(waited.data(), waited.size(), until_next_limit(seconds));
    for (std::size_t i = 1; i < waited.size(); ++i)
        if (waited[i].revents && owners[i]->worker) hear(*owners[i], ended);
    for (auto& slot : slots_) watch_time(*slot, ended);
    return ended;
}

} // namespace espalier
