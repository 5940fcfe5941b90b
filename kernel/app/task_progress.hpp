// SPDX-License-Identifier: MIT
// Progress of a run: tasks done, rate, time left, failures, the best metric.
#pragma once

#include "run/task.hpp"

#include <chrono>
#include <map>
#include <string>

namespace espalier::app {

// One line, redrawn in place on a terminal, once a minute otherwise; nothing in the first second.
class TaskProgress {
public:
    explicit TaskProgress(bool quiet);
    ~TaskProgress();
    TaskProgress(const TaskProgress&) = delete;
    TaskProgress& operator=(const TaskProgress&) = delete;

    void begin(std::size_t tasks, std::size_t finished);
    void hear(const Map& said); // {is = "progress", ...} of a worker
    void ended(const Outcome&);
    void show(std::size_t running);
    std::string text(std::size_t running) const; // "12/75 tasks, 3.1/s, 20 s left, best auc 0.98"

private:
    using Clock = std::chrono::steady_clock;

    bool quiet_, drawn_in_place_;
    std::size_t tasks_ = 0, finished_ = 0, computed_ = 0, failed_ = 0;
    std::string metric_, doing_;
    double best_ = 0;
    Clock::time_point began_ = Clock::now(), shown_ = began_;
};

} // namespace espalier::app
