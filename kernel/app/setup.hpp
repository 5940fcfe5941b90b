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

int64_t seed_of(const Invocation&); // --seed, 0 without one
// The name=value words behind the first; throws Failure (Exit::command_line) when one has no '=' or
// its name is there twice.
std::vector<Argument> arguments_of(const Invocation&);

// The script is the first word, if any. Reads --seed, --trust, --time, --output, --quiet; prints on
// standard error instead of standard output when that carries JSON.
ScriptOptions script_options(const Invocation&);

// "90", "90s", "10m", "2h" in seconds; throws Failure (Exit::command_line) that names the option.
double seconds_in(const std::string& text, const char* option);

std::filesystem::path store_folder(const Invocation&); // --store, `runs` without one

// Refused plugins, a warning each.
void tell_refusals(const Registry&);

} // namespace espalier::app
