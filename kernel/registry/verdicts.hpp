// SPDX-License-Identifier: MIT
// The verdicts on plugin files, remembered by the SHA-256 of their content.
#pragma once

#include "values/digest.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace espalier {

class Verdicts {
public:
    // `store` may be empty, missing or damaged: then nothing is known.
    explicit Verdicts(std::filesystem::path store);
    ~Verdicts(); // replaces the store whole when something is new
    Verdicts(const Verdicts&) = delete;
    Verdicts& operator=(const Verdicts&) = delete;

    // Of this content. The file is read only when its inode or its times are not those of the last
    // time, or so young that a change would not show in them.
    std::optional<std::string> find(const std::filesystem::path& file);
    void keep(const std::filesystem::path& file, std::string verdict);

private:
    struct Entry {
        std::string path, stamp; // stamp: device, inode, size, times; empty: too young
        Digest content;
        std::string verdict;
    };
    void read();
    void write() const;
    void put(Entry);

    std::filesystem::path store_;
    std::vector<Entry> entries_; // one a path
    bool changed_ = false;
};

} // namespace espalier
