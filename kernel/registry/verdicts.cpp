// SPDX-License-Identifier: MIT
// The store of verdicts: a small file with its own sum in the first line, replaced whole.
#include "registry/verdicts.hpp"

#include "espalier/abi.h"
#include "registry/scan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>
#include <sstream>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace espalier {

namespace fs = std::filesystem;

namespace {

constexpr int64_t young = 2; // seconds in which a second change may leave the times as they are

int64_t nanoseconds(const timespec& t) { return int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec; }

// Empty when there is no such file.
std::string stamp_of(const fs::path& file, bool& old_enough) {
    struct stat s {};
    if (stat(file.c_str(), &s) != 0) return "";
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    old_enough = now.tv_sec - s.st_ctim.tv_sec > young;
    return fmt::format("{} {} {} {} {}", s.st_dev, s.st_ino, s.st_size, nanoseconds(s.st_mtim),
                       nanoseconds(s.st_ctim));
}

std::string path_of(const fs::path& file) {
    std::error_code error;
    const fs::path real = fs::canonical(file, error);
    return error ? fs::absolute(file).string() : real.string();
}

// Fields are parted by tabs and entries by newlines.
std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (c == '\t' || c == '\n' || c == '\\')
            out += {'\\', c == '\t' ? 't' : c == '\n' ? 'n' : '\\'};
        else
            out += c;
    }
    return out;
}

std::string plain(const std::string& text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char next = i + 1 < text.size() ? text[i + 1] : 0;
        if (text[i] == '\\' && next)
            out += next == 't' ? '\t' : next == 'n' ? '\n' : next, ++i;
        else
            out += text[i];
    }
    return out;
}

// FNV-1a of the rest (Fowler, Noll and Vo 1991): against damage, and cheap at every start, where
// the first SHA-256 would cost two milliseconds.
std::string first_line(const std::string& rest) {
    uint64_t sum = 0xcbf29ce484222325;
    for (const char c : rest) sum = (sum ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    return fmt::format("espalier plugins {}.{} {:016x}\n", ESP_ABI_MAJOR, ESP_ABI_MINOR, sum);
}

// What nobody but the user can have written.
bool is_ours(const fs::path& file) {
    struct stat s {};
    return lstat(file.c_str(), &s) == 0 && S_ISREG(s.st_mode) && s.st_uid == geteuid() &&
           !(s.st_mode & (S_IWGRP | S_IWOTH));
}

} // namespace

fs::path verdicts_file() {
    const auto named = [](const char* variable) -> std::string {
        const char* text = std::getenv(variable);
        return text ? text : "";
    };
    fs::path folder = named("XDG_CACHE_HOME");
    if (folder.empty() && !named("HOME").empty()) folder = fs::path(named("HOME")) / ".cache";
    if (!folder.is_absolute()) return {};
    return folder / "espalier" / fmt::format("plugins-{}.{}", ESP_ABI_MAJOR, ESP_ABI_MINOR);
}

Verdicts::Verdicts(fs::path store) : store_(std::move(store)) {
    if (!store_.empty() && is_ours(store_)) read();
}

Verdicts::~Verdicts() {
    try {
        if (changed_ && !store_.empty()) write();
    } catch (...) { // the next start looks again
    }
}

void Verdicts::read() {
    std::ifstream in(store_, std::ios::binary);
    const std::string all((std::istreambuf_iterator<char>(in)), {});
    const auto end = all.find('\n');
    if (end == std::string::npos) return;
    const std::string rest = all.substr(end + 1);
    if (all.substr(0, end + 1) != first_line(rest)) return;
    std::istringstream lines(rest);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream parts(line);
        std::array<std::string, 4> field;
        for (std::string& f : field) std::getline(parts, f, '\t');
        if (field[2].size() == 64)
            entries_.push_back(
                {plain(field[0]), field[1], digest_named(field[2]), plain(field[3])});
    }
}

void Verdicts::write() const {
    std::string rest;
    for (const Entry& e : entries_) {
        std::error_code gone;
        if (fs::exists(e.path, gone))
            rest += fmt::format("{}\t{}\t{}\t{}\n", escaped(e.path), e.stamp, e.content.hex(),
                                escaped(e.verdict));
    }
    const std::string all = first_line(rest) + rest;
    std::error_code error;
    fs::create_directories(store_.parent_path(), error);
    const std::string name = fmt::format("{}.{}.tmp", store_.string(), getpid());
    const int file = open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0) return;
    const bool whole = ::write(file, all.data(), all.size()) == static_cast<ssize_t>(all.size());
    close(file);
    if (whole)
        fs::rename(name, store_, error);
    else
        fs::remove(name, error);
}

void Verdicts::put(Entry entry) {
    std::erase_if(entries_, [&](const Entry& e) { return e.path == entry.path; });
    entries_.push_back(std::move(entry));
    changed_ = true;
}

std::optional<std::string> Verdicts::find(const fs::path& file) {
    const std::string path = path_of(file);
    bool old_enough = false;
    const std::string stamp = stamp_of(file, old_enough);
    for (const Entry& e : entries_)
        if (e.path == path && !e.stamp.empty() && e.stamp == stamp) return e.verdict;
    const Digest content = digest_of_file(file);
    for (const Entry& e : entries_)
        if (e.content == content) {
            std::string verdict = e.verdict;
            if (old_enough || e.path != path)
                put({path, old_enough ? stamp : "", content, verdict});
            return verdict;
        }
    return {};
}

void Verdicts::keep(const fs::path& file, std::string verdict) {
    bool old_enough = false;
    const std::string stamp = stamp_of(file, old_enough);
    put({path_of(file), old_enough ? stamp : "", digest_of_file(file), std::move(verdict)});
}

} // namespace espalier
