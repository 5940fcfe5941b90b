// SPDX-License-Identifier: MIT
// The write order that keeps what was acknowledged: array and its name on the disk before the row.
#pragma once

#include "values/digest.hpp"

#include <filesystem>
#include <set>
#include <string>
#include <string_view>

namespace espalier::store::protocol {

// SQLite's setting: a commit returns after its log is on the disk.
std::string_view synchronous();

// Files of arrays: FOLDER/ab/abcd....npy, named by the SHA-256 of their content. All members throw
// Failure with the file's name: Exit::input_output, or Exit::cannot_create.
class ArrayFiles {
public:
    explicit ArrayFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}

    std::filesystem::path path_of(const Digest&) const;
    // Writes a temporary file, flushes it, and gives it its name.
    void put(const Digest&, std::string_view header, std::string_view data);
    // Around the commit of the rows that name them: the names reach the disk before it.
    void before_commit();
    void after_commit();

private:
    void write(const Digest&, std::string_view header, std::string_view data);

    std::filesystem::path folder_;
    std::set<std::filesystem::path> touched_; // folders with names that are not yet on the disk
};

// Makes a folder and sees its name on the disk; an existing one is fine.
void make_folder(const std::filesystem::path&);
// The names in a folder reach the disk.
void flush_folder(const std::filesystem::path&);

} // namespace espalier::store::protocol
