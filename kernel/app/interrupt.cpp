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

using Ask = void (*)(void*);
std::atomic<Ask> ask{nullptr};
std::atomic<void*> running{nullptr};
std::atomic<int> arrived{0};
static_assert(std::atomic<Ask>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

// Readable from the first signal on: who waits in poll cannot miss one that came just before.
const int bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

void on_signal(int number) {
    if (arrived.exchange(number) != 0) _exit(128 + number);
    const int before = errno;
    const uint64_t one = 1;
    [[maybe_unused]] const ssize_t rung = write(bell, &one, sizeof one);
    errno = before;
    if (const Ask stop = ask.load()) stop(running.load());
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

InterruptGuard::InterruptGuard(void (*stop)(void*), void* what) {
    running = what;
    ask = stop;
    watch(on_signal);
}

InterruptGuard::~InterruptGuard() {
    watch(SIG_DFL);
    ask = nullptr;
}

int interrupting_signal() noexcept { return arrived; }

void forget_interrupt() noexcept {
    silence();
    arrived = 0;
}

int interrupt_descriptor() noexcept { return bell; }

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
