// SPDX-License-Identifier: MIT
// Replays calls, keeping apart what is on the disk and what is only on its way there.
#include "faults/disk.hpp"

#include <fcntl.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace faults {

namespace fs = std::filesystem;

namespace {

constexpr int a_folder = -1;

std::string above(const std::string& path) { return fs::path(path).parent_path().string(); }

void put(std::string& content, int64_t offset, std::string_view bytes) {
    const auto at = static_cast<std::size_t>(offset);
    if (content.size() < at + bytes.size()) content.resize(at + bytes.size(), '\0');
    std::copy(bytes.begin(), bytes.end(), content.begin() + static_cast<std::ptrdiff_t>(at));
}

// Which of n steps, not yet safe, the disk has done: none, all, the first ones, or any.
std::vector<bool> done_of(std::size_t n, std::mt19937_64& random) {
    std::vector<bool> done(n);
    const auto way = random() % 4;
    const std::size_t first = n == 0 ? 0 : random() % (n + 1);
    for (std::size_t i = 0; i < n; ++i)
        done[i] = way == 1 || (way == 2 && i < first) || (way == 3 && random() % 2);
    return done;
}

} // namespace

std::vector<Event> events_in(const fs::path& log) {
    std::ifstream in(log, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    std::vector<Event> events;
    for (std::size_t at = 0; at + sizeof(Head) <= bytes.size();) {
        Head head{};
        std::copy_n(bytes.data() + at, sizeof head, reinterpret_cast<char*>(&head));
        at += sizeof head;
        events.push_back({static_cast<Kind>(head.kind), head.descriptor, head.number,
                          bytes.substr(at, head.first),
                          bytes.substr(at + head.first, head.second)});
        at += head.first + head.second;
    }
    return events;
}

int Disk::file_at(const std::string& path, bool make) {
    const auto found = names_.find(path);
    if (found != names_.end()) return found->second;
    if (!make) throw std::runtime_error("the log opens " + path + ", which nothing made");
    files_.emplace_back();
    const int file = static_cast<int>(files_.size()) - 1;
    names_[path] = file;
    pending_names_[above(path)].push_back({"", path, file});
    return file;
}

void Disk::settle(File& file) {
    file.safe = file.now;
    file.pending.clear();
}

void Disk::settle_names(const std::string& folder) {
    for (const Rename& r : pending_names_[folder]) {
        safe_names_.erase(r.from);
        if (!r.to.empty()) safe_names_[r.to] = r.file;
    }
    pending_names_[folder].clear();
}

void Disk::play(const Event& e) {
    const auto file = [&]() -> File& {
        return files_.at(static_cast<std::size_t>(open_files_.at(e.descriptor)));
    };
    switch (e.kind) {
    case Kind::open:
        open_paths_[e.descriptor] = e.first;
        open_files_[e.descriptor] = file_at(e.first, (e.number & O_CREAT) != 0);
        break;
    case Kind::close:
        open_paths_.erase(e.descriptor);
        open_files_.erase(e.descriptor);
        break;
    case Kind::write:
        put(file().now, e.number, e.first);
        file().pending.push_back({e.number, 0, e.first});
        break;
    case Kind::truncate:
        file().now.resize(static_cast<std::size_t>(e.number), '\0');
        file().pending.push_back({-1, e.number, ""});
        break;
    case Kind::sync:
        if (open_files_.at(e.descriptor) == a_folder)
            settle_names(open_paths_.at(e.descriptor));
        else
            settle(file());
        break;
    case Kind::sync_all:
        for (File& one : files_) settle(one);
        for (const auto& folder : pending_names_) settle_names(folder.first);
        break;
    case Kind::rename: {
        const int moved = names_.at(e.first);
        names_.erase(e.first);
        names_[e.second] = moved;
        pending_names_[above(e.second)].push_back({e.first, e.second, moved});
        break;
    }
    case Kind::remove:
        if (names_.erase(e.first)) pending_names_[above(e.first)].push_back({e.first, "", 0});
        break;
    case Kind::make_folder:
        names_[e.first] = a_folder;
        pending_names_[above(e.first)].push_back({"", e.first, a_folder});
        if (e.first == folder_) { // the world above it is given
            safe_names_[e.first] = a_folder;
            pending_names_[above(e.first)].clear();
        }
        break;
    case Kind::said: break;
    }
}

std::string Disk::after_crash(const File& file, std::mt19937_64& random) const {
    std::string content = file.safe;
    const auto done = done_of(file.pending.size(), random);
    for (std::size_t i = 0; i < file.pending.size(); ++i) {
        const Write& w = file.pending[i];
        if (!done[i]) continue;
        if (w.offset < 0) {
            content.resize(static_cast<std::size_t>(w.size), '\0');
            continue;
        }
        // Most writes arrive whole; some in part, or as a length without the bytes.
        const auto way = random() % 4;
        constexpr std::size_t sector = 512;
        for (std::size_t at = 0; at < w.bytes.size();) {
            const std::size_t place = static_cast<std::size_t>(w.offset) + at;
            const std::size_t n = std::min(sector - place % sector, w.bytes.size() - at);
            const bool arrives = way < 2 || (way == 2 && random() % 2);
            if (arrives)
                put(content, static_cast<int64_t>(place), std::string_view(w.bytes).substr(at, n));
            else if (content.size() < place + n)
                content.resize(place + n, '\0');
            at += n;
        }
    }
    return content;
}

void Disk::crash(std::mt19937_64& random, const fs::path& to) const {
    auto names = safe_names_;
    for (const auto& [folder, renames] : pending_names_) {
        const auto done = done_of(renames.size(), random);
        for (std::size_t i = 0; i < renames.size(); ++i) {
            if (!done[i]) continue;
            names.erase(renames[i].from);
            if (!renames[i].to.empty()) names[renames[i].to] = renames[i].file;
        }
    }
    // In the order of their paths a folder comes before what is in it.
    for (const auto& [path, file] : names) {
        const bool shared_memory = path.ends_with("-shm"); // never on a disk
        const auto there = names.find(above(path));
        if (path != folder_ && (there == names.end() || there->second != a_folder)) continue;
        const fs::path target = to / fs::path(path).lexically_relative(above(folder_));
        if (shared_memory || !fs::exists(target.parent_path())) continue;
        if (file == a_folder)
            fs::create_directory(target);
        else {
            std::ofstream out(target, std::ios::binary);
            out << after_crash(files_.at(static_cast<std::size_t>(file)), random);
        }
    }
}

} // namespace faults
