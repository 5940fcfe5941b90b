// SPDX-License-Identifier: MIT
// The workers of one command: made as it asks, and asked questions that end with it.
#pragma once

#include "app/command.hpp"
#include "work/worker.hpp"

namespace espalier::app {

enum class Isolation { process, none };
Isolation isolation_of(const Invocation&); // --isolate; throws Failure

// A worker for scripts that are alone with the terminal, or for tasks. Reads --isolate, --memory.
std::unique_ptr<Worker> make_worker(const Invocation&, bool alone);

// Sends a message and waits for the answer that is not only a report. A signal is passed on to the
// worker; one that does not stop within two seconds, or `limit` seconds after (0: none), is ended.
// Throws the Failure that it answers, and one when it dies, which `doing` begins.
Map ask(Worker&, const Map& message, const std::string& doing, double limit = 0);

// "2G", "512M" in bytes; throws Failure (Exit::command_line) that names the option.
int64_t bytes_in(const std::string& text, const char* option);

} // namespace espalier::app
