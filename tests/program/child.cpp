// SPDX-License-Identifier: MIT
// The program as a child process.
#include "program/child.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

namespace program {

namespace {

// Milliseconds of silence after which a program is taken to hang: far beyond what a busy machine
// needs; sanitizers make a program ten times slower.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int patience = 1'200'000;
#else
constexpr int patience = 120'000;
#endif

// In the child: never returns.
[[noreturn]] void become(const Line& line) {
    if (!line.folder.empty() && chdir(line.folder.c_str()) != 0) _exit(126);
    setenv("ESPALIER_SCRIPTS", ESPALIER_SOURCE_FOLDER "/scripts", 1);
    for (const auto& [name, value] : line.environment) setenv(name.c_str(), value.c_str(), 1);
    std::vector<char*> words{const_cast<char*>("espalier")};
    for (const auto& word : line.words) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    execv(ESPALIER_PROGRAM, words.data());
    _exit(127);
}

bool take(int& stream, std::string& text) {
    char block[4096];
    const ssize_t n = read(stream, block, sizeof block);
    if (n < 0 && errno == EINTR) return true;
    if (n > 0) {
        text.append(block, static_cast<std::size_t>(n));
        return true;
    }
    close(stream); // a pseudo-terminal says EIO when the program is gone
    stream = -1;
    return false;
}

} // namespace

Child::Child(const Line& line, Streams streams) {
    if (streams == Streams::pipes)
        start_on_pipes(line);
    else
        start_on_terminal(line);
}

void Child::start_on_pipes(const Line& line) {
    int in[2], out[2], err[2];
    BOOST_REQUIRE(pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0 &&
                  pipe2(err, O_CLOEXEC) == 0);
    process_ = fork();
    BOOST_REQUIRE(process_ >= 0);
    if (process_ == 0) {
        dup2(in[0], STDIN_FILENO);
        dup2(out[1], STDOUT_FILENO);
        dup2(err[1], STDERR_FILENO);
        become(line);
    }
    close(in[0]), close(out[1]), close(err[1]);
    const ssize_t written = write(in[1], line.input.data(), line.input.size());
    BOOST_REQUIRE(written == static_cast<ssize_t>(line.input.size()));
    close(in[1]);
    out_ = out[0], err_ = err[0];
}

void Child::start_on_terminal(const Line& line) {
    winsize size{};
    size.ws_row = 25, size.ws_col = 100;
    process_ = forkpty(&out_, nullptr, nullptr, &size);
    BOOST_REQUIRE(process_ >= 0);
    if (process_ == 0) {
        setenv("TERM", "xterm", 1);
        unsetenv("NO_COLOR");
        become(line);
    }
}

Child::~Child() {
    if (process_ > 0) {
        kill(process_, SIGKILL);
        waitpid(process_, nullptr, 0);
    }
    if (out_ >= 0) close(out_);
    if (err_ >= 0) close(err_);
}

bool Child::read_some() {
    pollfd streams[2] = {{out_, POLLIN, 0}, {err_, POLLIN, 0}};
    if (out_ < 0 && err_ < 0) return false;
    const int ready = poll(streams, 2, patience);
    if (ready < 0) return errno == EINTR;
    if (ready == 0) BOOST_FAIL("silent for too long; it had said:\n" << out_text_ << err_text_);
    if (out_ >= 0 && streams[0].revents) take(out_, out_text_);
    if (err_ >= 0 && streams[1].revents) take(err_, err_text_);
    return true;
}

bool Child::wait_for(std::string_view text) {
    const auto found = [&](const std::string& all, std::size_t& seen) {
        const std::size_t at = all.find(text, seen);
        if (at != std::string::npos) seen = at + text.size();
        return at != std::string::npos;
    };
    const auto there = [&] { return found(out_text_, out_seen_) || found(err_text_, err_seen_); };
    while (!there())
        if (!read_some()) return there();
    return true;
}

void Child::type(std::string_view keys) {
    BOOST_REQUIRE(write(out_, keys.data(), keys.size()) == static_cast<ssize_t>(keys.size()));
}

void Child::signal(int number) const { kill(process_, number); }

Outcome Child::finish() {
    while (read_some()) {
    }
    int status = 0;
    waitpid(process_, &status, 0);
    process_ = -1;
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), out_text_, err_text_};
}

Outcome run(const Line& line) { return Child(line).finish(); }

Outcome run(const std::vector<std::string>& words) { return run(Line{words, {}, {}, {}}); }

Folder::Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "espalier-XXXXXX").string();
    BOOST_REQUIRE(mkdtemp(name.data()));
    path_ = name;
}

Folder::~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

void Folder::write(const std::string& name, std::string_view text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
}

std::string Folder::read(const std::string& name) const {
    std::ifstream in(path_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

Outcome Folder::run(const std::vector<std::string>& words,
                    const std::map<std::string, std::string>& environment) const {
    return program::run(Line{words, {}, path_, environment});
}

} // namespace program
