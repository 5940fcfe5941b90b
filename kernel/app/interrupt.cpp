// SPDX-License-Identifier: MIT
// Signal handlers: they set a flag and ask what is running to stop, which is safe there.
#include "app/interrupt.hpp"

#include <atomic>

#include <signal.h>
#include <unistd.h>

namespace espalier::app {

namespace {

constexpr int watched[] = {SIGINT, SIGTERM, SIGHUP};

std::atomic<Session*> session_running{nullptr};
std::atomic<Interpreter*> script_running{nullptr};
std::atomic<int> arrived{0};
static_assert(std::atomic<Session*>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

void on_signal(int number) {
    if (arrived.exchange(number) != 0) _exit(128 + number);
    if (Interpreter* script = script_running.load()) script->interrupt();
    if (Session* session = session_running.load()) session->cancel();
}

void watch(void (*handler)(int)) {
    for (const int number : watched) {
        struct sigaction action {};
        action.sa_handler = handler;
        sigemptyset(&action.sa_mask);
        sigaction(number, &action, nullptr);
    }
}

} // namespace

InterruptGuard::InterruptGuard(Session& session) {
    session_running = &session;
    watch(on_signal);
}

InterruptGuard::InterruptGuard(Interpreter& script) {
    script_running = &script;
    watch(on_signal);
}

InterruptGuard::~InterruptGuard() {
    watch(SIG_DFL);
    session_running = nullptr;
    script_running = nullptr;
}

int interrupting_signal() noexcept { return arrived; }

void forget_interrupt() noexcept { arrived = 0; }

} // namespace espalier::app
