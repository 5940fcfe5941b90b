// SPDX-License-Identifier: MIT
// Ctrl-C and termination: the first asks what is running to stop, the second ends the program at
// once.
#pragma once

#include "call/session.hpp"
#include "script/interpreter.hpp"

namespace espalier::app {

// While it lives, SIGINT, SIGTERM and SIGHUP are noted, and what runs is asked to stop, if
// anything.
class InterruptGuard {
public:
    InterruptGuard() : InterruptGuard(nullptr, nullptr) {}
    explicit InterruptGuard(Session& session)
        : InterruptGuard([](void* s) { static_cast<Session*>(s)->cancel(); }, &session) {}
    explicit InterruptGuard(Interpreter& script)
        : InterruptGuard([](void* s) { static_cast<Interpreter*>(s)->interrupt(); }, &script) {}
    // stop must be safe in a signal handler.
    InterruptGuard(void (*stop)(void*), void* what);
    ~InterruptGuard();
    InterruptGuard(const InterruptGuard&) = delete;
    InterruptGuard& operator=(const InterruptGuard&) = delete;
};

// The signal that arrived, or 0.
int interrupting_signal() noexcept;
// Forgets it, for a prompt that reads the next line.
void forget_interrupt() noexcept;
// Readable from the first signal on, until it is forgotten.
int interrupt_descriptor() noexcept;
// Waits until the descriptor can be read; false when a signal arrived before, or while waiting.
bool wait_for_input(int descriptor) noexcept;

} // namespace espalier::app
