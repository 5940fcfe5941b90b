// SPDX-License-Identifier: MIT
// The write order that keeps what was acknowledged: array and its name on the disk before the row.
#pragma once

#include "values/digest.hpp"

#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace espalier::store::protocol {

// SQLite's setting: a commit returns after its log is on the disk.
std::string_view synchronous();

// A descriptor that is closed on every way out.
class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    ~Descriptor() { close(); }
    int number() const noexcept { return number_; }
    bool close() noexcept; // whether that went well

private:
    int number_;
};

// Files of arrays: FOLDER/ab/abcd....npy, named by the SHA-256 of their content. All members throw
// Failure with the file's name: Exit::input_output, or Exit::cannot_create.
class ArrayFiles {
public:
    explicit ArrayFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}
    ~ArrayFiles(); // what is not settled is removed
    ArrayFiles(ArrayFiles&&) = default;
    ArrayFiles& operator=(ArrayFiles&&) = default;

    std::filesystem::path path_of(const Digest&) const;
    // Writes a temporary file, and lets the disk begin with it.
    void put(const Digest&, std::string_view header, std::string_view data);
    // Around the commit of the rows that name them: before it every file is flushed, gets its name,
    // and its name reaches the disk.
    void before_commit();
    void after_commit();

private:
    struct Written {
        Descriptor file;
        std::filesystem::path temporary, path;
    };
    void write(const Digest&, std::string_view header, std::string_view data);
    void settle(); // gives the written files their names

    std::filesystem::path folder_;
    std::vector<Written> written_;            // not yet flushed
    std::set<std::filesystem::path> touched_; // folders with names that are not yet on the disk
};

// Makes a folder and sees its name on the disk; an existing one is fine.
void make_folder(const std::filesystem::path&);
// The names in a folder reach the disk.
void flush_folder(const std::filesystem::path&);

} // namespace espalier::store::protocol
