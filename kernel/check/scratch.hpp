// SPDX-License-Identifier: MIT
// A folder for one check.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace espalier {

// Made in the folder for temporary files, gone with the object; no path when none can be made.
class Scratch {
public:
    Scratch() {
        std::error_code error;
        std::string pattern = std::filesystem::temp_directory_path(error) / "espalier-check-XXXXXX";
        if (!error && mkdtemp(pattern.data())) path_ = pattern;
    }
    ~Scratch() {
        std::error_code ignored;
        if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;

    const std::filesystem::path& path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
};

} // namespace espalier
