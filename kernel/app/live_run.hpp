// SPDX-License-Identifier: MIT
// LiveRun: what a run says while it computes, in a small file beside the store for those who watch.
#pragma once

#include "run/task.hpp"

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>

namespace espalier::app {

// One computing process. The file is for the eye: it is neither flushed nor part of the store, a
// disk that is full leaves it out, and it goes with the run.
class LiveRun {
public:
    LiveRun(const std::filesystem::path& store, int64_t run);
    ~LiveRun();
    LiveRun(const LiveRun&) = delete;
    LiveRun& operator=(const LiveRun&) = delete;

    void hear(const RunTask&, const Map& said); // {is = "metrics", ...} of a worker
    void ended(const RunTask&);
    // At most once a second; the progress is asked for only then.
    void write(const std::function<std::string()>& progress);

private:
    struct Running {
        Map point;
        std::map<std::string, Series, std::less<>> metrics;
    };
    std::filesystem::path file_;
    std::map<Digest, Running> running_; // by the key of the task
    std::chrono::steady_clock::time_point written_ = std::chrono::steady_clock::now();
};

// What LiveRun wrote last: {progress, tasks = [{point, metrics = {name = {steps, values}}}]};
// nothing when there is no such file.
std::optional<Map> live_run(const std::filesystem::path& store, int64_t run);

} // namespace espalier::app
