// SPDX-License-Identifier: MIT
// Supervisor: gives tasks to workers, says what became of each, and replaces workers that die.
#pragma once

#include "run/task.hpp"
#include "work/worker.hpp"

#include <deque>
#include <functional>
#include <memory>
#include <vector>

namespace espalier {

struct SupervisorSettings {
    int jobs = 1;
    MakeWorker make;
    Value load;           // the message that makes a new worker ready
    double task_time = 0; // seconds that a task may take; 0: as long as it likes
    int retries = 1;      // of a task that crashed its worker
    int64_t recycle_bytes =
        0;         // a worker that has grown beyond this is replaced after its task; 0: never
    int wake = -1; // a descriptor that ends `wait` when it is readable
    // What a worker says while it runs a task: {is = "progress" | "metrics", ...}.
    std::function<void(const RunTask&, const Map& said)> heard;
};

// Runs no code of scripts and plugins itself. Used by one thread.
class Supervisor {
public:
    explicit Supervisor(SupervisorSettings);
    ~Supervisor(); // ends every worker at once
    Supervisor(const Supervisor&) = delete;
    Supervisor& operator=(const Supervisor&) = delete;

    void add(std::vector<RunTask>);

    struct Ended {
        RunTask task;
        Outcome outcome;
    };
    // Begins what can be begun and waits at most so many seconds for something to happen. Throws
    // Failure when a worker cannot be started or cannot load the script.
    std::vector<Ended> wait(double seconds);

    // Nothing more is begun; gives back what had not been.
    std::vector<RunTask> drain();
    // What runs is asked to stop and ended two seconds later; its outcome is `cancelled`.
    void cancel();

    std::size_t queued() const noexcept { return queue_.size(); }
    std::size_t running() const noexcept;
    bool idle() const noexcept { return queue_.empty() && running() == 0; }

private:
    struct Waiting {
        RunTask task;
        int attempts = 0; // before this one
    };
    struct Slot;

    void begin(Slot&);
    bool start(Slot&);
    void hear(Slot&, std::vector<Ended>&);
    void answer(Slot&, const Map&, std::vector<Ended>&);
    void died(Slot&, std::vector<Ended>&);
    void watch_time(Slot&, std::vector<Ended>&);
    void finish(Slot&, Outcome, std::vector<Ended>&);
    int until_next_limit(double seconds) const;

    SupervisorSettings settings_;
    std::deque<Waiting> queue_;
    std::vector<std::unique_ptr<Slot>> slots_;
};

} // namespace espalier
