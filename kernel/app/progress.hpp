// SPDX-License-Identifier: MIT
// Progress of calls that last: a line redrawn in place on a terminal, one line a minute otherwise.
#pragma once

#include "call/session.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace espalier::app {

std::string duration_text(double seconds); // "2 min 05 s"
// Which way a metric improves, as far as its name says: 1, -1, or 0 when it does not.
int direction_of(std::string_view metric);

// Shows nothing during the first second of a call. Its events may come from any thread.
class Progress {
public:
    explicit Progress(bool quiet);
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    // To be given to a session that this object outlives.
    CallEvents events();

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace espalier::app
