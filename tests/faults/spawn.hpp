// SPDX-License-Identifier: MIT
// The driver as a child under the shim, and how many rounds a proof is given.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <sys/types.h>

namespace faults {

struct Ended {
    int code = -1; // 128 + the signal that ended it
    std::string out, err;
};

class Driver {
public:
    // Starts a driver (a name under bin/tests) on FOLDER/runs with these words after it; `shim`
    // holds the variables of shim.cpp, without ESPALIER_FAULT_FOLDER.
    Driver(const std::string& name, const std::filesystem::path& folder,
           const std::vector<std::string>& words, const std::map<std::string, std::string>& shim);
    void kill() const;
    Ended finish();

private:
    std::filesystem::path folder_;
    pid_t process_;
};

// Acknowledged keys, in hexadecimal: the whole lines.
std::vector<std::string> lines_of(const std::string& text);

// ESPALIER_FAULT_ROUNDS where it is set, for the long proof of a night.
int rounds(int usually);

} // namespace faults
