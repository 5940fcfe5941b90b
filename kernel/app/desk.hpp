// SPDX-License-Identifier: MIT
// Desk: what a worker does with the messages of the supervisor (work/worker.hpp).
#pragma once

#include "app/command.hpp"
#include "values/value.hpp"
#include "work/worker.hpp"
#include "work/worker_process.hpp"

#include <memory>

namespace espalier::app {

// The message that has a desk load a script (the first word of the command line), or a component
// whose parameters are swept. alone: the script may turn out to be no experiment and is run as it
// is, with the terminal; otherwise it waits for tasks, and what it says goes to the supervisor.
Value load_message(const Invocation&, bool alone, bool component = false);

class Desk {
public:
    // board: where the name of the running component is written; may be null.
    Desk(Say, WorkerBoard* board);
    ~Desk();
    Desk(const Desk&) = delete;
    Desk& operator=(const Desk&) = delete;

    void serve(const Value& message); // answers by one message, and never throws
    void interrupt() noexcept;        // any thread, or a signal handler

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace espalier::app
