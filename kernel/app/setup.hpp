// SPDX-License-Identifier: MIT
// From the options of the command line to those of a session and of a script.
#pragma once

#include "app/command.hpp"
#include "app/progress.hpp"
#include "call/session.hpp"
#include "script/interpreter.hpp"

namespace espalier::app {

// Reads --threads, --seed, --isa. The session's events go to `progress`, which must outlive it.
SessionOptions session_options(const Invocation&, Progress* progress = nullptr);

// Reads --seed, --trust, --time, --output, --quiet; prints on standard error instead of standard
// output when that carries JSON.
ScriptOptions script_options(const Invocation&, std::vector<Argument> arguments);

// "90", "90s", "10m", "2h" in seconds; throws Failure (Exit::command_line).
double seconds_in(const std::string& text);

// Refused plugins, a warning each.
void tell_refusals(const Registry&);

} // namespace espalier::app
