// SPDX-License-Identifier: MIT
// Work done in a process of its own: forked, listened to, ended in time.
#include "registry/child.hpp"

#include "values/failure.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace espalier {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t most_output = 64 * 1024;
constexpr char last_byte = '.'; // after it nothing is missing

struct Pipe {
    int ends[2] = {-1, -1};
    Pipe() {
        if (pipe2(ends, O_CLOEXEC) != 0)
            throw Failure(Exit::input_output,
                          fmt::format("a process cannot be started: {}", std::strerror(errno)));
    }
    ~Pipe() { close_end(0), close_end(1); }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    void close_end(int which) {
        if (ends[which] >= 0) close(ends[which]);
        ends[which] = -1;
    }
    // Takes in what is there; closes at the end of the stream.
    void read_into(std::string& text, std::size_t most) {
        char block[1 << 16];
        while (ends[0] >= 0) {
            const ssize_t n = read(ends[0], block, sizeof block);
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) return;
            if (n == 0) return close_end(0);
            text.append(block, std::min(static_cast<std::size_t>(n), most - text.size()));
        }
    }
};

bool write_all(int file, const std::string& text) {
    for (std::size_t done = 0; done < text.size();) {
        const ssize_t n = write(file, text.data() + done, text.size() - done);
        if (n < 0 && errno != EINTR) return false;
        if (n > 0) done += static_cast<std::size_t>(n);
    }
    return true;
}

[[noreturn]] void serve(const ChildLimits& limits, const std::function<std::string()>& work,
                        int answer, int output) {
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const rlimit no_core{0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) // they reserve terabytes
    const rlimit memory{static_cast<rlim_t>(limits.bytes), static_cast<rlim_t>(limits.bytes)};
    if (limits.bytes > 0) setrlimit(RLIMIT_AS, &memory);
#endif
    for (int number = 1; number < NSIG; ++number)
        if (number != SIGPIPE) std::signal(number, SIG_DFL); // a crash is to be one
    const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    dup2(nothing, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    close(nothing), close(output);
    std::string said;
    try {
        said = work();
    } catch (...) {
        std::abort();
    }
    std::fflush(nullptr);
    if (!write_all(answer, said + last_byte)) _exit(1);
    if (limits.by_exit) std::exit(0);
    _exit(0);
}

} // namespace

std::string ChildEnd::text(const ChildLimits& limits) const {
    if (late) return fmt::format("did not end within {:g} s", limits.seconds);
    if (signal != 0) return fmt::format("crashed (SIG{})", sigabbrev_np(signal));
    return fmt::format("ended its process (exit code {})", code);
}

ChildEnd in_child(const ChildLimits& limits, const std::function<std::string()>& work) {
    Pipe answer, output;
    std::fflush(nullptr);
    const pid_t child = fork();
    if (child < 0)
        throw Failure(Exit::input_output,
                      fmt::format("a process cannot be started: {}", std::strerror(errno)));
    if (child == 0) serve(limits, work, answer.ends[1], output.ends[1]);
    setpgid(child, child);
    answer.close_end(1), output.close_end(1);
    for (Pipe* p : {&answer, &output}) fcntl(p->ends[0], F_SETFL, O_NONBLOCK);

    ChildEnd end;
    const auto until = Clock::now() + std::chrono::duration<double>(limits.seconds);
    const auto take = [&] {
        answer.read_into(end.said, end.said.max_size());
        output.read_into(end.output, most_output);
    };
    for (siginfo_t state{}; !end.late; end.late = Clock::now() >= until) {
        take();
        if (waitid(P_PID, static_cast<id_t>(child), &state, WEXITED | WNOHANG | WNOWAIT) != 0 ||
            state.si_pid == child)
            break;
        // The two pipes say when something happens; the pause is for a death that closes neither.
        pollfd files[] = {{answer.ends[0], POLLIN, 0}, {output.ends[0], POLLIN, 0}};
        poll(files, 2, answer.ends[0] < 0 && output.ends[0] < 0 ? 1 : 20);
    }
    kill(-child, SIGKILL); // it is still there, as a zombie, so that the number is its own
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    take();
    if (!end.late && WIFSIGNALED(status)) end.signal = WTERMSIG(status);
    if (WIFEXITED(status)) end.code = WEXITSTATUS(status);
    const bool whole = !end.said.empty() && end.said.back() == last_byte;
    end.answered = whole && !end.late && end.signal == 0 && end.code == 0;
    if (whole) end.said.pop_back();
    return end;
}

} // namespace espalier
