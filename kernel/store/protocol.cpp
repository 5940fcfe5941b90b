// SPDX-License-Identifier: MIT
// Arrays written in the order that survives a power cut. A test build may break one step of it
// (ESPALIER_BROKEN_PROTOCOL), to see that the proofs notice.
#include "store/protocol.hpp"

#include "values/failure.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>
#include <vector>

namespace espalier::store::protocol {

namespace fs = std::filesystem;

namespace {

enum class Step { none, file_flush, folder_flush, array_before_row, full_commit };
#ifdef ESPALIER_BROKEN_PROTOCOL
constexpr Step broken = Step::ESPALIER_BROKEN_PROTOCOL;
struct Late {
    Digest digest;
    std::string header, data;
};
std::vector<Late> late;
#else
constexpr Step broken = Step::none;
#endif

[[noreturn]] void fail(const fs::path& path, const char* what, int error) {
    const bool disk = error == ENOSPC || error == EIO || error == EDQUOT || error == EFBIG;
    const bool making = std::string_view(what) == "made";
    throw Failure(making && !disk ? Exit::cannot_create : Exit::input_output,
                  fmt::format("{}: cannot be {}: {}", path.string(), what, reason(error)));
}

void write_all(const Descriptor& to, std::string_view bytes, const fs::path& path) {
    while (!bytes.empty()) {
        const ssize_t n =
            ::write(to.number(), bytes.data(), std::min(bytes.size(), std::size_t{1} << 28));
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) fail(path, "written", n < 0 ? errno : ENOSPC);
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
}

bool kernel_is_at_least(int major, int minor) {
    struct utsname name {};
    int found_major = 0, found_minor = 0;
    return ::uname(&name) == 0 &&
           std::sscanf(name.release, "%d.%d", &found_major, &found_minor) == 2 &&
           std::pair(found_major, found_minor) >= std::pair(major, minor);
}

} // namespace

bool Descriptor::close() noexcept {
    return number_ < 0 || ::close(std::exchange(number_, -1)) == 0;
}

std::string_view synchronous() { return broken == Step::full_commit ? "NORMAL" : "FULL"; }

void flush_folder(const fs::path& folder) {
    if (broken == Step::folder_flush) return;
    const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (opened.number() < 0) fail(folder, "opened", errno);
    // Some file systems cannot flush a folder; then there is nothing to wait for.
    if (::fsync(opened.number()) != 0 && errno != EINVAL) fail(folder, "flushed", errno);
}

void make_folder(const fs::path& folder) {
    if (::mkdir(folder.c_str(), 0777) != 0) {
        if (errno != EEXIST) fail(folder, "made", errno);
        struct stat status {};
        if (::stat(folder.c_str(), &status) != 0 || !S_ISDIR(status.st_mode))
            fail(folder, "made", ENOTDIR);
    }
    const fs::path above = folder.parent_path();
    flush_folder(above.empty() ? "." : above);
}

fs::path ArrayFiles::path_of(const Digest& digest) const {
    const std::string name = digest.hex();
    return folder_ / name.substr(0, 2) / (name + ".npy");
}

void ArrayFiles::put(const Digest& digest, std::string_view header, std::string_view data) {
#ifdef ESPALIER_BROKEN_PROTOCOL
    if (broken == Step::array_before_row)
        return late.push_back({digest, std::string(header), std::string(data)});
#endif
    write(digest, header, data);
}

ArrayFiles::~ArrayFiles() {
    for (const Written& one : written_) ::unlink(one.temporary.c_str());
}

void ArrayFiles::write(const Digest& digest, std::string_view header, std::string_view data) {
    constexpr std::size_t most = 64; // descriptors
    if (written_.size() == most) settle();
    const fs::path path = path_of(digest), folder = path.parent_path();
    if (::mkdir(folder.c_str(), 0777) == 0)
        touched_.insert(folder_);
    else if (errno != EEXIST)
        fail(folder, "made", errno);
    const fs::path temporary = folder / fmt::format(".{}.tmp", path.stem().string());
    constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    Descriptor file(::open(temporary.c_str(), flags, 0666));
    if (file.number() < 0 && errno == EEXIST && ::unlink(temporary.c_str()) == 0)
        file = Descriptor(::open(temporary.c_str(), flags, 0666));
    if (file.number() < 0) fail(temporary, "made", errno);
    written_.push_back({std::move(file), temporary, path});
    write_all(written_.back().file, header, path);
    write_all(written_.back().file, data, path);
    ::sync_file_range(written_.back().file.number(), 0, 0, SYNC_FILE_RANGE_WRITE); // a hint
}

void ArrayFiles::settle() {
    // From Linux 5.8 on syncfs says when a write failed. Many files then reach the disk together,
    // with their names, in the time that each of them alone would take.
    static const bool together_is_safe = kernel_is_at_least(5, 8);
    constexpr std::size_t few = 4;
    const bool together = together_is_safe && written_.size() > few;
    for (auto& [file, temporary, path] : written_) {
        // A flush that failed is never tried again: the kernel may have dropped the pages.
        const bool flush = !together && broken != Step::file_flush;
        if (flush && ::fsync(file.number()) != 0) fail(path, "flushed", errno);
        if (!file.close()) fail(path, "closed", errno);
        if (::rename(temporary.c_str(), path.c_str()) != 0) fail(path, "renamed", errno);
        if (!together) touched_.insert(path.parent_path());
    }
    written_.clear();
    if (together && broken != Step::file_flush) {
        const Descriptor opened(::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (opened.number() < 0) fail(folder_, "opened", errno);
        if (::syncfs(opened.number()) != 0) fail(folder_, "flushed", errno);
    }
}

void ArrayFiles::before_commit() {
    settle();
    while (!touched_.empty()) {
        flush_folder(*touched_.begin());
        touched_.erase(touched_.begin());
    }
}

void ArrayFiles::after_commit() {
#ifdef ESPALIER_BROKEN_PROTOCOL
    for (const Late& one : late) write(one.digest, one.header, one.data);
    late.clear();
    before_commit();
#endif
}

} // namespace espalier::store::protocol
