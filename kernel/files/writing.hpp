// SPDX-License-Identifier: MIT
// A file written completely or not at all: a temporary file beside it, flushed, renamed.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace espalier::files {

// The temporary name beside a file, removed unless it took the file's place. A symbolic link is
// followed: the file it points to is replaced.
class Replacement {
public:
    explicit Replacement(const std::filesystem::path&);
    ~Replacement();
    Replacement(const Replacement&) = delete;
    Replacement& operator=(const Replacement&) = delete;

    const std::filesystem::path& temporary() const noexcept { return temporary_; }
    const std::string& name() const noexcept { return name_; } // as the user gave it
    int create();  // opens the temporary file for writing
    void commit(); // the written and closed temporary file takes the place of the file
    [[noreturn]] void fail(int error) const; // "out.csv: cannot be written: No space left ..."

private:
    std::filesystem::path target_, temporary_;
    std::string name_;
};

// Bytes written in order; packed when the name ends in .gz. Nothing is seen before commit().
class Destination {
public:
    explicit Destination(const std::filesystem::path&);
    ~Destination();
    Destination(const Destination&) = delete;
    Destination& operator=(const Destination&) = delete;

    void write(std::string_view);
    void commit();
    const std::string& name() const noexcept { return replacement_.name(); }

private:
    struct Packer;
    void put(std::string_view);
    void write_out(const char* data, std::size_t bytes);

    Replacement replacement_;
    int descriptor_ = -1;
    std::unique_ptr<Packer> packer_;
    std::string waiting_;
};

} // namespace espalier::files
