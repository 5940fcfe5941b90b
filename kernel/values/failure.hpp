// SPDX-License-Identifier: MIT
// The exception of the kernel: one line for the user, a hint where there is one, and the exit code.
#pragma once

#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

namespace espalier {

// Exit codes of the program (sysexits where one fits).
enum class Exit : int {
    done = 0,
    some_failed = 1,
    command_line = 2,
    bad_data = 65,
    missing_input = 66,
    plugin = 69,
    bug = 70,
    cannot_create = 73,
    input_output = 74,
    busy = 75,
    permissions = 77,
    script = 78,
    interrupted = 130
};

// What a failed task is counted as.
enum class Cause { other, diverged, out_of_memory };

// message: one sentence that suffices without the source, with file and line where there is one.
class Failure : public std::runtime_error {
public:
    Failure(Exit exit, const std::string& message, std::string hint = {},
            Cause cause = Cause::other)
        : std::runtime_error(message), exit_(exit), cause_(cause), hint_(std::move(hint)) {}
    Exit exit() const noexcept { return exit_; }
    Cause cause() const noexcept { return cause_; }
    const std::string& hint() const noexcept { return hint_; }

private:
    Exit exit_;
    Cause cause_;
    std::string hint_;
};

// What the system says of an errno: "No such file or directory".
inline std::string reason(int error) { return std::generic_category().message(error); }

} // namespace espalier
