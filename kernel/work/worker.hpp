// SPDX-License-Identifier: MIT
// Worker: where scripts and plugins run. The supervisor only talks to it, in messages.
#pragma once

#include "values/value.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace espalier {

// What a worker is asked and what it answers, maps with these fields:
//
//   {do = "load", ...settings of the script}    -> {is = "loaded", ...} or {is = "failed", ...}
//   {do = "plan", arguments, ...}               -> {is = "planned", tasks, more, ...}
//   {do = "next", finished}                     -> {is = "planned", tasks, more}
//   {do = "sum", tasks}                         -> {is = "summed", result}
//   {do = "run", point, seed, key}              -> {is = "done", result, plugins, peak}
//
// Any of them may be answered by {is = "failed", state, message, hint, exit}, and while it works a
// worker says {is = "print" | "log" | "progress" | "metrics", ...}.

// How the process of a worker ended.
struct WorkerEnd {
    int signal = 0, code = 0;
    bool cut_off = false;     // alive, and ended because it could no longer be talked to
    std::string running;      // the component that it was in; empty: none
    std::string text() const; // "crashed (SIGSEGV) in simulate.kuramoto"
};

// Of what a task prints, so much is kept.
inline constexpr std::size_t largest_output = std::size_t{1} << 20;

class Worker {
public:
    Worker() = default;
    virtual ~Worker() = default; // ends it at once; nothing of it is left
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    // False when it is gone.
    virtual bool send(const Value& message) = 0;
    // Readable when `receive` or `output` may have something, or when the worker is gone.
    virtual std::vector<int> descriptors() const = 0;
    // Takes in what there is without waiting; false when the worker will say nothing more.
    virtual bool listen() = 0;
    virtual std::optional<Value> receive() = 0;
    // What scripts and plugins wrote to the two standard streams since the last time.
    virtual std::string output() = 0;
    // Asks what is running to stop; it answers {is = "failed"} soon, unless it hangs.
    virtual void interrupt() = 0;
    // Whether it can be ended while it hangs, and be replaced.
    virtual bool expendable() const = 0;
    // Ends it, and says how it ended.
    virtual WorkerEnd end() = 0;
};

using MakeWorker = std::function<std::unique_ptr<Worker>()>;

// A process of this program, `espalier worker`, with a plugin world of its own. It dies with the
// thread that made it. Throws Failure when none can be started.
struct ProcessSettings {
    std::string program;      // its own file
    bool input = false;       // it inherits standard input
    bool streams = false;     // it inherits standard output and standard error
    int64_t memory_limit = 0; // bytes of address space; 0: none
};
std::unique_ptr<Worker> process_worker(const ProcessSettings&);

// A thread of this process: a crash is everybody's. `serve` answers one message; it is made and
// used on that thread.
using Say = std::function<void(const Value&)>;
struct ThreadDesk {
    std::function<void(const Value& message)> serve;
    std::function<void()> interrupt; // from another thread
};
std::unique_ptr<Worker> thread_worker(std::function<ThreadDesk(Say)> open);

} // namespace espalier
