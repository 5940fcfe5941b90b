// SPDX-License-Identifier: MIT
// What a worker says while it works: progress a few times a second, metrics in batches.
#pragma once

#include "call/session.hpp"
#include "work/worker.hpp"

#include <memory>

namespace espalier::app {

class Reports {
public:
    explicit Reports(Say);
    ~Reports();

    // Of a session; they may come from any of its threads.
    CallEvents events();
    void say(const Map& message);
    void finish(Map answer); // with the metrics that were not said yet

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace espalier::app
