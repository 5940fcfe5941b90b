// SPDX-License-Identifier: MIT
// A disk that loses its power: what of a log of calls may be on it afterwards.
#pragma once

#include "faults/record.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace faults {

struct Event {
    Kind kind;
    int descriptor;
    int64_t number;
    std::string first, second;
};
std::vector<Event> events_in(const std::filesystem::path& log);

// Promises no more than POSIX: the content of a file is safe after fsync of the file, its name
// after fsync of its folder; syncfs saves everything. Before that any part of the writes, in
// sectors of 512 bytes, and any of the names may be there; a file may be long and full of zeros.
class Disk {
public:
    explicit Disk(std::string folder) : folder_(std::move(folder)) {}
    void play(const Event&);
    // Writes one state that the power cut may leave, below `to`.
    void crash(std::mt19937_64&, const std::filesystem::path& to) const;

private:
    struct Write {
        int64_t offset; // -1: truncated to `size`
        int64_t size;
        std::string bytes;
    };
    struct File {
        std::string now, safe;
        std::vector<Write> pending;
    };
    struct Rename {
        std::string from, to; // from empty: made; to empty: removed
        int file;
    };

    static void settle(File&);
    void settle_names(const std::string& folder);
    int file_at(const std::string& path, bool make);
    std::string after_crash(const File&, std::mt19937_64&) const;

    std::string folder_;
    std::vector<File> files_;
    std::map<std::string, int> names_, safe_names_;            // -1: a folder
    std::map<std::string, std::vector<Rename>> pending_names_; // by folder
    std::map<int, std::string> open_paths_;
    std::map<int, int> open_files_;
};

} // namespace faults
