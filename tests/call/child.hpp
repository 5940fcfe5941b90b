// SPDX-License-Identifier: MIT
// one_call as a child process: started, killed, started again.
#pragma once

#include "values/value.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <sys/types.h>

namespace stepwise {

namespace fs = std::filesystem;

struct Outcome {
    int code = 0; // of the exit, or 128 + n when signal n ended it
    std::string out, err;
};

// A call with its arguments and its own folder for checkpoints, removed at the end.
class Call {
public:
    // plugins: a folder.
    Call(fs::path plugins, std::string component, const espalier::Map& arguments);
    ~Call();
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

    using Environment = std::map<std::string, std::string>;
    pid_t start(const Environment& = {});
    Outcome wait(pid_t);
    Outcome run(const Environment& environment = {}) { return wait(start(environment)); }

    fs::path checkpoints() const { return folder_ / "checkpoints"; }
    std::vector<fs::path> files() const; // in checkpoints(), hidden ones too
    fs::path newest() const;             // the checkpoint written last

    fs::path plugins;
    int threads = 2;
    double seconds = 0;  // between two states
    long file_limit = 0; // bytes; 0: none

private:
    fs::path folder_;
    std::string component_;
};

// What an undisturbed call prints.
std::string undisturbed(const fs::path& plugins, const std::string& component,
                        const espalier::Map& arguments);

} // namespace stepwise
