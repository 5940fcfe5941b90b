// SPDX-License-Identifier: MIT
// Work done in a process of its own: what happens to it there happens to nobody else.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace espalier {

struct ChildLimits {
    double seconds = 5;
    int64_t bytes = int64_t{8} << 30; // of address space; 0: no limit
    bool by_exit = false;             // it leaves by exit(), so that destructors and atexit run
};

struct ChildEnd {
    bool answered = false; // `said` is whole, and the process ended by itself
    bool late = false;     // it was ended after its seconds
    int signal = 0, code = 0;
    std::string said;   // what the work returned
    std::string output; // what it wrote on the two standard streams, its first 64 kB

    // "crashed (SIGSEGV)", "did not end within 5 s", "ended its process (exit code 3)".
    std::string text(const ChildLimits&) const;
};

// Forks, does `work` there, and ends what is left of it, the processes that it started too. Throws
// Failure (Exit::input_output) when there can be no further process.
ChildEnd in_child(const ChildLimits&, const std::function<std::string()>& work);

} // namespace espalier
