// SPDX-License-Identifier: MIT
// A worker that is a process: spawned, listened to, ended, and asked how it ended.
#include "values/failure.hpp"
#include "work/wire.hpp"
#include "work/worker.hpp"
#include "work/worker_process.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace espalier {

namespace {

class Descriptor {
public:
    explicit Descriptor(int number = -1) : number_(number) {}
    ~Descriptor() { reset(); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int number() const { return number_; }
    void reset(int number = -1) {
        if (number_ >= 0) close(number_);
        number_ = number;
    }

private:
    int number_;
};

[[noreturn]] void cannot(const char* what) {
    throw Failure(
        Exit::input_output,
        fmt::format("a worker process cannot be started: {}: {}", what, std::strerror(errno)),
        "fewer of them, with -j, need less");
}

class ProcessWorker final : public Worker {
public:
    explicit ProcessWorker(const ProcessSettings& settings) { start(settings); }
    ~ProcessWorker() override { ProcessWorker::end(); }

    bool send(const Value& message) override { return stream_.send(message); }
    std::vector<int> descriptors() const override {
        std::vector<int> all;
        if (talks_) all.push_back(socket_.number());
        if (output_.number() >= 0) all.push_back(output_.number());
        return all;
    }
    bool listen() override {
        take_output();
        if (talks_ && !stream_.read_some()) talks_ = false;
        return talks_;
    }
    std::optional<Value> receive() override { return stream_.next(); }
    std::string output() override {
        take_output();
        return std::exchange(text_, {});
    }
    void interrupt() override {
        if (process_ > 0) kill(process_, SIGTERM);
    }
    bool expendable() const override { return true; }
    WorkerEnd end() override;

private:
    void start(const ProcessSettings&);
    void take_output();

    pid_t process_ = -1;
    Descriptor socket_, output_, board_file_;
    MessageStream stream_{-1};
    WorkerBoard* board_ = nullptr; // written by the worker
    bool talks_ = true;
    std::string text_;
    WorkerEnd end_;
};

void ProcessWorker::start(const ProcessSettings& settings) {
    int pair[2], streams[2] = {-1, -1};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) cannot("a socket");
    socket_.reset(pair[0]);
    const Descriptor theirs(pair[1]);
    board_file_.reset(memfd_create("espalier-worker", MFD_CLOEXEC));
    if (board_file_.number() < 0 || ftruncate(board_file_.number(), sizeof(WorkerBoard)) != 0)
        cannot("shared memory");
    void* memory = mmap(nullptr, sizeof(WorkerBoard), PROT_READ | PROT_WRITE, MAP_SHARED,
                        board_file_.number(), 0);
    if (memory == MAP_FAILED) cannot("shared memory");
    board_ = static_cast<WorkerBoard*>(memory);
    if (!settings.streams && pipe2(streams, O_CLOEXEC) != 0) cannot("a pipe");
    output_.reset(streams[0]);
    const Descriptor written(streams[1]);
    if (output_.number() >= 0) fcntl(output_.number(), F_SETFL, O_NONBLOCK);

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    if (!settings.input)
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (!settings.streams) {
        posix_spawn_file_actions_adddup2(&actions, written.number(), STDOUT_FILENO);
        posix_spawn_file_actions_adddup2(&actions, written.number(), STDERR_FILENO);
    }
    // Above what either number may be now, so that neither is overwritten by the other.
    posix_spawn_file_actions_adddup2(&actions, theirs.number(), 1000);
    posix_spawn_file_actions_adddup2(&actions, board_file_.number(), 1001);
    posix_spawn_file_actions_adddup2(&actions, 1000, worker_socket);
    posix_spawn_file_actions_adddup2(&actions, 1001, worker_board);
    posix_spawn_file_actions_addclose(&actions, 1000);
    posix_spawn_file_actions_addclose(&actions, 1001);
    const std::string parent = std::to_string(getpid()),
                      memory_limit = std::to_string(settings.memory_limit);
    const char* words[] = {settings.program.c_str(), "worker", parent.c_str(), memory_limit.c_str(),
                           nullptr};
    const int failed = posix_spawn(&process_, settings.program.c_str(), &actions, nullptr,
                                   const_cast<char* const*>(words), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) {
        process_ = -1;
        errno = failed;
        cannot(settings.program.c_str());
    }
    stream_ = MessageStream(socket_.number());
}

void ProcessWorker::take_output() {
    char block[1 << 16];
    while (output_.number() >= 0) {
        const ssize_t n = read(output_.number(), block, sizeof block);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return;
        if (n == 0) return output_.reset();
        const std::size_t room = largest_output - std::min(largest_output, text_.size());
        text_.append(block, std::min(static_cast<std::size_t>(n), room));
    }
}

WorkerEnd ProcessWorker::end() {
    if (process_ > 0) {
        int status = 0;
        bool reaped = false;
        const auto gone = [&] {
            return reaped = reaped || waitpid(process_, &status, WNOHANG) == process_;
        };
        // One that has closed its socket is on its way out, and says more than one that we end.
        for (int i = 0; !talks_ && i < 100 && !gone(); ++i) usleep(1000);
        if (!gone()) {
            end_.cut_off = !talks_;
            kill(process_, SIGKILL);
            waitpid(process_, &status, 0);
        }
        process_ = -1;
        end_.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
        end_.code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
        board_->component[sizeof board_->component - 1] = 0;
        end_.running = board_->component;
        talks_ = false;
        take_output();
        munmap(board_, sizeof(WorkerBoard));
        board_ = nullptr;
    }
    return end_;
}

} // namespace

std::string WorkerEnd::text() const {
    std::string what = cut_off       ? "closed its connection"
                       : signal != 0 ? fmt::format("crashed (SIG{})", sigabbrev_np(signal))
                                     : fmt::format("ended its process (exit code {})", code);
    if (!running.empty()) what += " in " + running;
    return what;
}

std::unique_ptr<Worker> process_worker(const ProcessSettings& settings) {
    return std::make_unique<ProcessWorker>(settings);
}

} // namespace espalier
