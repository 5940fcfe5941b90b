// SPDX-License-Identifier: MIT
// A script run to its end: as it is, or as an experiment whose tasks go through the store.
#pragma once

#include "app/command.hpp"
#include "values/value.hpp"

namespace espalier::app {

struct ScriptEnd {
    Value result; // what the script returned; of an experiment: the only task's result, or a table
    int code = 0; // of the program
};

// The first word is the script, or a component that is swept; the others are name=value. Reads the
// options that run_options() declares. Throws Failure.
ScriptEnd run_script(const Invocation&, bool component = false);

// Prints the result and saves it where --output says; returns the code.
int run_and_tell(const Invocation&, bool component = false);

// Options of every command that runs scripts.
std::vector<Option> run_options();

} // namespace espalier::app
