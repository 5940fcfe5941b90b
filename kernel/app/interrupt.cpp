// SPDX-License-Identifier: MIT
// Signal handlers: they set a flag and ask what is running to stop, which is safe there.
#include "app/interrupt.hpp"

#include <atomic>

#include <cerrno>

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace espalier::app {

namespace {

constexpr int watched[] = {SIGINT, SIGTERM, SIGHUP};

std::atomic<Session*> session_running{nullptr};
std::atomic<Interpreter*> script_running{nullptr};
std::atomic<int> arrived{0};
static_assert(std::atomic<Session*>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

// Readable from the first signal on: who waits in poll cannot miss one that came just before.
const int bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

void on_signal(int number) {
    if (arrived.exchange(number) != 0) _exit(128 + number);
    const int before = errno;
    const uint64_t one = 1;
    [[maybe_unused]] const ssize_t rung = write(bell, &one, sizeof one);
    errno = before;
    if (Interpreter* script = script_running.load()) script->interrupt();
    if (Session* session = session_running.load()) session->cancel();
}

void silence() noexcept {
    uint64_t rings = 0;
    [[maybe_unused]] const ssize_t taken = read(bell, &rings, sizeof rings);
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

void forget_interrupt() noexcept {
    silence();
    arrived = 0;
}

bool wait_for_input(int descriptor) noexcept {
    pollfd waited[2] = {{descriptor, POLLIN, 0}, {bell, POLLIN, 0}};
    while (interrupting_signal() == 0) {
        if (poll(waited, 2, -1) <= 0) continue;
        if (!waited[1].revents) return true;
        if (interrupting_signal() == 0) silence(); // of one that was forgotten meanwhile
    }
    return false;
}

} // namespace espalier::app
