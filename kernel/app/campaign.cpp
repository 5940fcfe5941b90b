// SPDX-License-Identifier: MIT
// Rounds of tasks: handed to the supervisor, kept in the store, acknowledged once they are safe.
#include "app/campaign.hpp"

#include "app/interrupt.hpp"
#include "app/live_run.hpp"
#include "app/task_progress.hpp"
#include "app/terminal.hpp"
#include "values/failure.hpp"

#include <fmt/format.h>

#include <chrono>

namespace espalier::app {

namespace {

using Clock = std::chrono::steady_clock;

double since(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

class Campaign {
public:
    Campaign(Store& store, int64_t run, const CampaignSettings& settings)
        : store_(store), run_(run), settings_(settings), progress_(settings.quiet),
          live_(store.folder(), run), supervisor_(with_progress(settings.supervisor)) {}

    // False when the run is to end.
    bool round(const Again& again) {
        std::vector<RunTask> tasks;
        for (const std::size_t place : store_.unfinished(run_, again))
            if (place % settings_.shard.count == settings_.shard.index)
                tasks.push_back(store_.task(run_, place));
        // Of this shard: places index, index + count, ...
        const std::size_t all = store_.task_count(run_);
        const std::size_t known =
            (all + settings_.shard.count - 1 - settings_.shard.index) / settings_.shard.count;
        for (const std::string& warning : store_.take_warnings()) warn(warning);
        end_.remembered = known - std::min(known, tasks.size() + end_.computed);
        progress_.begin(known, known - tasks.size());
        supervisor_.add(std::move(tasks));
        while (!supervisor_.idle()) step();
        commit();
        return !ending_;
    }

    Map finished(const Texts& reads) const {
        Map all;
        store_.outcomes(run_, Detail::scalars,
                        [&](std::size_t, const RunTask& task, const Outcome& o) {
                            if (o.state == TaskState::pending) return true;
                            Value& cut = all[task.key.hex()];
                            if (o.state != TaskState::done) return true;
                            Map fields;
                            if (const Map* result = o.result.get<Map>())
                                for (const std::string& name : reads)
                                    if (const auto at = result->find(name); at != result->end())
                                        fields[name] = at->second;
                            cut = fields;
                            return true;
                        });
        return all;
    }

    CampaignEnd end() const { return end_; }

private:
    SupervisorSettings with_progress(SupervisorSettings s) {
        s.wake = interrupt_descriptor();
        s.heard = [this](const RunTask& task, const Map& said) {
            progress_.hear(said);
            live_.hear(task, said);
        };
        return s;
    }

    void step() {
        for (auto& ended : supervisor_.wait(0.1)) keep(ended.task, ended.outcome);
        if (store_.commit_due(Clock::now())) commit();
        progress_.show(supervisor_.running());
        live_.write([&] { return progress_.text(supervisor_.running()); });
        const int signal = interrupting_signal();
        if (!ending_ && signal != 0) {
            end_.signal = signal;
            stop(fmt::format(
                "ending: {} running tasks get {:g} s to finish; once more ends them now",
                supervisor_.running(), settings_.grace));
        }
        if (!ending_ && settings_.time > 0 && since(began_) > settings_.time) {
            end_.out_of_time = true;
            stop("the time is over: running tasks are finished");
        }
        if (ending_ && !cancelled_ && since(ending_since_) > settings_.grace) {
            cancelled_ = true;
            supervisor_.cancel();
        }
    }

    void stop(const std::string& why) {
        ending_ = true;
        ending_since_ = Clock::now();
        supervisor_.drain(); // they stay pending
        if (supervisor_.running() > 0 && !settings_.quiet) tell(why);
    }

    void keep(const RunTask& task, const Outcome& outcome) {
        if (outcome.state == TaskState::cancelled) return; // pending, as if it had not begun
        store_.keep(run_, task, outcome);
        progress_.ended(outcome);
        live_.ended(task);
        ++end_.computed;
        if (outcome.state == TaskState::done || !settings_.stop_on_failure || ending_) return;
        end_.stopped = true;
        stop("a task failed: running tasks are finished, no others are begun");
    }

    void commit() { store_.commit(); }

    Store& store_;
    int64_t run_;
    const CampaignSettings& settings_;
    TaskProgress progress_;
    LiveRun live_;
    Supervisor supervisor_;
    CampaignEnd end_;
    bool ending_ = false, cancelled_ = false;
    Clock::time_point began_ = Clock::now(), ending_since_;
};

} // namespace

CampaignEnd compute(Store& store, int64_t run, const CampaignSettings& settings, const Texts& reads,
                    const NextRound& next) {
    Campaign campaign(store, run, settings);
    Again again = settings.again;
    while (campaign.round(again) && next) {
        again.failed = false;
        const std::vector<RunTask> more = next(campaign.finished(reads));
        if (more.empty()) break;
        store.extend(run, more);
    }
    return campaign.end();
}

} // namespace espalier::app
