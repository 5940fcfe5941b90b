// SPDX-License-Identifier: MIT
// A sample of tasks goes through workers as in a run, at three numbers of threads.
#include "app/rerun.hpp"

#include "app/desk.hpp"
#include "app/interrupt.hpp"
#include "app/staff.hpp"
#include "values/failure.hpp"
#include "values/wording.hpp"
#include "work/supervisor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <iterator>
#include <thread>

namespace espalier::app {

namespace {

struct Stored {
    std::size_t place = 0;
    RunTask task;
    Digest digest;
};

void require_unchanged(const std::string& path, const std::string& text) {
    std::ifstream file(path, std::ios::binary);
    const std::string now{std::istreambuf_iterator<char>(file), {}};
    if (file.is_open() && now == text) return;
    throw Failure(Exit::bad_data,
                  fmt::format("{}: {} since the run: its tasks cannot be computed again", path,
                              file.is_open() ? "has changed" : "is gone"),
                  "'espalier show RUN --json' has its text");
}

// The keys are hashes: those that are small are as good a sample as any.
std::vector<Stored> sample(const Store& store, int64_t run, double share) {
    std::vector<std::pair<Digest, std::size_t>> finished;
    store.outcomes(run, Detail::scalars,
                   [&](std::size_t place, const RunTask& task, const Outcome& o) {
                       if (o.state == TaskState::done || o.state == TaskState::diverged)
                           finished.emplace_back(task.key, place);
                       return true;
                   });
    std::sort(finished.begin(), finished.end());
    const double wanted = std::ceil(share * static_cast<double>(finished.size()));
    finished.resize(std::min(finished.size(), static_cast<std::size_t>(wanted)));
    const Digest basis = store.record(run).basis;
    std::vector<Stored> all;
    for (const auto& [key, place] : finished)
        all.push_back({place, store.task(run, place), digest_of(*store.outcome(basis, key))});
    return all;
}

class Pass {
public:
    Pass(const Invocation& given, const RunRecord& record, int64_t threads) : threads_(threads) {
        Invocation theirs = given;
        theirs.words = {record.script};
        theirs.options["seed"] = std::to_string(record.seed);
        theirs.options["threads"] = std::to_string(threads);
        theirs.options.erase("json");
        const auto cores = static_cast<int64_t>(std::max(1u, std::thread::hardware_concurrency()));
        settings_.jobs = static_cast<int>(std::max<int64_t>(1, cores / threads));
        settings_.make = [theirs] { return make_worker(theirs, false); };
        settings_.load = load_message(theirs, false, record.script_text.empty());
        settings_.wake = interrupt_descriptor();
    }

    void run(const std::vector<Stored>& sample, Rerun& report) {
        Supervisor supervisor(settings_);
        std::map<Digest, const Stored*> by_key;
        std::vector<RunTask> tasks;
        for (const Stored& one : sample) {
            by_key[one.task.key] = &one;
            tasks.push_back(one.task);
        }
        supervisor.add(std::move(tasks));
        while (!supervisor.idle()) {
            for (const auto& [task, outcome] : supervisor.wait(0.1))
                compare(*by_key.at(task.key), outcome, report);
            report.signal = interrupting_signal();
            if (report.signal != 0) return;
        }
    }

private:
    void compare(const Stored& stored, const Outcome& outcome, Rerun& report) const {
        if (digest_of(outcome) == stored.digest) return;
        const bool failed = outcome.state != TaskState::done && !outcome.message.empty();
        report.differing.push_back(fmt::format(
            "task {} gives another result at {}{}", stored.place + 1, counted(threads_, "thread"),
            failed ? fmt::format(": {}: {}", name_of(outcome.state), outcome.message) : ""));
    }

    int64_t threads_;
    SupervisorSettings settings_;
};

} // namespace

double share_in(const std::string& text) {
    double percent = 0;
    const char* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, percent);
    const std::string_view rest(read.ptr, static_cast<std::size_t>(end - read.ptr));
    if (read.ec != std::errc{} || rest != "%" || !(percent > 0 && percent <= 100))
        throw Failure(
            Exit::command_line,
            fmt::format("command line: option '--rerun' = '{}': must be in (0%, 100%]", text),
            "--rerun 1%");
    return percent / 100;
}

Rerun rerun(const Invocation& given, const Store& store, int64_t run, double share) {
    const RunRecord record = store.record(run);
    if (!record.script_text.empty()) require_unchanged(record.script, record.script_text);
    for (const auto& [path, text] : record.modules) require_unchanged(path, text);
    const std::vector<Stored> tasks = sample(store, run, share);
    Rerun report;
    report.tasks = tasks.size();
    for (const int64_t threads : {1, 2, 8})
        if (report.signal == 0) Pass(given, record, threads).run(tasks, report);
    return report;
}

} // namespace espalier::app
