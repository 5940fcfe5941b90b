// SPDX-License-Identifier: MIT
// Tasks of a run computed once more, to see whether they give the same bits.
#pragma once

#include "app/command.hpp"
#include "store/store.hpp"

namespace espalier::app {

struct Rerun {
    std::size_t tasks = 0; // each at 1, 2 and 8 threads
    Texts differing;       // a sentence each
    int signal = 0;        // that ended it early, or 0
};

// "1%", "100%" as a share; throws Failure (Exit::command_line).
double share_in(const std::string& text);

// That share of the finished tasks of a run, one at least: always the same ones. Nothing is
// written. Throws Failure (Exit::bad_data) when the script or a module has changed since.
Rerun rerun(const Invocation&, const Store&, int64_t run, double share);

} // namespace espalier::app
