// SPDX-License-Identifier: MIT
// Ctrl-C and termination: the first asks what is running to stop, the second ends the program at
// once.
#pragma once

#include "call/session.hpp"
#include "script/interpreter.hpp"

namespace espalier::app {

// While it lives, SIGINT, SIGTERM and SIGHUP cancel the session, or the script and its calls.
class InterruptGuard {
public:
    explicit InterruptGuard(Session&);
    explicit InterruptGuard(Interpreter&);
    ~InterruptGuard();
    InterruptGuard(const InterruptGuard&) = delete;
    InterruptGuard& operator=(const InterruptGuard&) = delete;
};

// The signal that arrived, or 0.
int interrupting_signal() noexcept;
// Forgets it, for a prompt that reads the next line.
void forget_interrupt() noexcept;
// Waits until the descriptor can be read; false when a signal arrived before, or while waiting.
bool wait_for_input(int descriptor) noexcept;

} // namespace espalier::app
