// SPDX-License-Identifier: MIT
// espalier worker: the process in which scripts and plugins run, started by the supervisor.
#include "app/desk.hpp"
#include "app/interrupt.hpp"
#include "app/terminal.hpp"
#include "values/failure.hpp"
#include "work/wire.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

namespace espalier::app {

namespace {

// Nothing outlives the supervisor, and when memory is short the kernel takes a worker, not it.
void belong_to(pid_t parent) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(static_cast<int>(Exit::interrupted));
    if (const int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC); file >= 0) {
        [[maybe_unused]] const ssize_t written = write(file, "500", 3);
        close(file);
    }
}

void limit_memory([[maybe_unused]] int64_t bytes) {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) // they reserve terabytes
    const rlimit limit{static_cast<rlim_t>(bytes), static_cast<rlim_t>(bytes)};
    if (bytes > 0) setrlimit(RLIMIT_AS, &limit);
#endif
}

// Ctrl-C at the terminal is for the supervisor, which passes on what it wants as SIGTERM.
// Handlers, not SIG_IGN, which programs that a script starts would inherit.
void leave_to_supervisor() {
    for (const int number : {SIGINT, SIGHUP}) std::signal(number, [](int) {});
}

int worker(const Invocation& given) {
    void* board =
        mmap(nullptr, sizeof(WorkerBoard), PROT_READ | PROT_WRITE, MAP_SHARED, worker_board, 0);
    if (board == MAP_FAILED)
        throw Failure(Exit::command_line, "command line: a worker is started by the program itself",
                      "espalier run SCRIPT");
    belong_to(static_cast<pid_t>(std::atoi(given.words[0].c_str())));
    limit_memory(std::atoll(given.words[1].c_str()));
    const rlimit no_core{0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    fcntl(worker_socket, F_SETFD, FD_CLOEXEC);
    fcntl(worker_board, F_SETFD, FD_CLOEXEC);

    MessageStream stream(worker_socket);
    // What a task printed is there before its answer, else it would be taken for nobody's.
    Desk desk(
        [&](const Value& message) {
            std::fflush(nullptr);
            stream.send(message);
        },
        static_cast<WorkerBoard*>(board));
    const InterruptGuard guard([](void* d) { static_cast<Desk*>(d)->interrupt(); }, &desk);
    leave_to_supervisor();
    while (const auto message = stream.wait()) {
        forget_interrupt();
        desk.serve(*message);
    }
    std::fflush(nullptr);
    _exit(0); // a plugin's destructors have nothing to add
}

} // namespace

const Command worker_command{"worker", "PARENT MEMORY", "Serve a supervisor.", 2, 2, "", {},
                             {},       worker};

} // namespace espalier::app
