// SPDX-License-Identifier: MIT
// A program run to its end in a folder, its talk kept in a file.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace espalier::data {

struct Ended {
    bool found = true;     // the program was there
    int code = 0;          // its exit code, 128 + n when signal n ended it
    std::string last_line; // of what it said
};

// Throws Failure (Exit::input_output) when no process can be started.
Ended run_program(const std::vector<std::string>& words, const std::filesystem::path& folder);

} // namespace espalier::data
