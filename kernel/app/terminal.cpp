// SPDX-License-Identifier: MIT
// Standard output, standard error and the line that is redrawn in place.
#include "app/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string>

#include <sys/ioctl.h>
#include <unistd.h>

namespace espalier::app {

namespace {

std::mutex guard;
bool status_drawn = false;

void write_error(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stderr);
    std::fflush(stderr);
}

void clear_status() {
    if (!status_drawn) return;
    write_error("\r\033[K");
    status_drawn = false;
}

bool draws(int stream) {
    const char* term = std::getenv("TERM");
    const char* plain = std::getenv("NO_COLOR");
    return isatty(stream) && !(plain && *plain) && term && std::strcmp(term, "dumb") != 0;
}

int columns_of(int stream, int otherwise) {
    winsize size{};
    return ioctl(stream, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : otherwise;
}

void check_output() {
    if (!std::ferror(stdout)) return;
    if (errno == EPIPE) throw OutputClosed{};
    throw Failure(Exit::input_output,
                  fmt::format("standard output: cannot be written: {}", std::strerror(errno)));
}

} // namespace

bool draws_on_output() {
    static const bool yes = draws(STDOUT_FILENO);
    return yes;
}

bool draws_on_error() {
    static const bool yes = draws(STDERR_FILENO);
    return yes;
}

int columns_of_error() { return columns_of(STDERR_FILENO, 80); }

int card_columns() { return std::min(columns_of(STDOUT_FILENO, 100), 110); }

void print(std::string_view text) {
    const std::lock_guard lock(guard);
    clear_status();
    std::fwrite(text.data(), 1, text.size(), stdout);
    check_output();
}

void tell(std::string_view line) {
    const std::lock_guard lock(guard);
    clear_status();
    std::fflush(stdout);
    write_error(fmt::format("{}\n", line));
}

void tell(const Failure& failure) {
    tell(failure.what());
    std::string_view hints = failure.hint();
    while (!hints.empty()) {
        const std::size_t end = std::min(hints.find('\n'), hints.size());
        tell(fmt::format("  hint: {}", hints.substr(0, end)));
        hints.remove_prefix(std::min(end + 1, hints.size()));
    }
}

void warn(std::string_view line) { tell(fmt::format("warning: {}", line)); }

void finish_output() {
    const std::lock_guard lock(guard);
    clear_status();
    std::fflush(stdout);
    check_output();
}

void draw_status(std::string_view line) {
    const std::lock_guard lock(guard);
    if (line.empty()) return clear_status();
    write_error(fmt::format("\r{}\033[K", line));
    status_drawn = true;
}

} // namespace espalier::app
