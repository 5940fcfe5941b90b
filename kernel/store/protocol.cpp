// SPDX-License-Identifier: MIT
// Arrays written in the order that survives a power cut. A test build may break one step of it
// (ESPALIER_BROKEN_PROTOCOL), to see that the proofs notice.
#include "store/protocol.hpp"

#include "values/failure.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
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
                  fmt::format("{}: cannot be {}: {}", path.string(), what,
                              std::generic_category().message(error)));
}

// A descriptor that is closed on every way out; close() says whether that went well.
class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    int number() const { return number_; }
    int close() { return ::close(std::exchange(number_, -1)); }

private:
    int number_;
};

void write_all(const Descriptor& to, std::string_view bytes, const fs::path& path) {
    while (!bytes.empty()) {
        const ssize_t n =
            ::write(to.number(), bytes.data(), std::min(bytes.size(), std::size_t{1} << 28));
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) fail(path, "written", n < 0 ? errno : ENOSPC);
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
}

} // namespace

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

void ArrayFiles::write(const Digest& digest, std::string_view header, std::string_view data) {
    const fs::path path = path_of(digest), folder = path.parent_path();
    if (!fs::exists(folder)) make_folder(folder);
    const fs::path temporary = folder / fmt::format(".{}.tmp", path.stem().string());
    constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    Descriptor file(::open(temporary.c_str(), flags, 0666));
    if (file.number() < 0 && errno == EEXIST && ::unlink(temporary.c_str()) == 0)
        file = Descriptor(::open(temporary.c_str(), flags, 0666));
    if (file.number() < 0) fail(temporary, "made", errno);
    try {
        write_all(file, header, path);
        write_all(file, data, path);
        // A flush that failed is never tried again: the kernel may have dropped the pages.
        if (broken != Step::file_flush && ::fsync(file.number()) != 0) fail(path, "flushed", errno);
        if (file.close() != 0) fail(path, "closed", errno);
        if (::rename(temporary.c_str(), path.c_str()) != 0) fail(path, "renamed", errno);
    } catch (...) {
        ::unlink(temporary.c_str());
        throw;
    }
    touched_.insert(folder);
}

void ArrayFiles::before_commit() {
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
