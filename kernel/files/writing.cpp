// SPDX-License-Identifier: MIT
// Every write, flush, close and rename checked.
#include "files/writing.hpp"

#include "values/failure.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <system_error>
#include <vector>

namespace espalier::files {

namespace {

constexpr std::size_t block = std::size_t{1} << 20;

// The data of a closed file, or the entry of a folder, reaches the disk.
int flush_to_disk(const std::filesystem::path& path, int flags) {
    const int descriptor = ::open(path.c_str(), flags | O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return errno;
    const int error = ::fsync(descriptor) == 0 ? 0 : errno;
    ::close(descriptor);
    return error;
}

} // namespace

Replacement::Replacement(const std::filesystem::path& path) : target_(path), name_(path.string()) {
    static std::atomic<uint64_t> counter{0};
    std::error_code error;
    if (std::filesystem::is_symlink(path, error))
        target_ = std::filesystem::weakly_canonical(path, error);
    struct stat status {};
    if (::stat(target_.c_str(), &status) == 0 && !S_ISREG(status.st_mode))
        throw Failure(Exit::cannot_create,
                      fmt::format("{}: {}", name_,
                                  S_ISDIR(status.st_mode) ? "is a folder, not a file"
                                                          : "is not a regular file"));
    temporary_ = target_.parent_path() /
                 fmt::format(".{}.{}.{}.tmp", target_.filename().string(), ::getpid(), counter++);
}

Replacement::~Replacement() { ::unlink(temporary_.c_str()); }

void Replacement::fail(int error) const {
    throw Failure(Exit::input_output,
                  fmt::format("{}: cannot be written: {}", name_, reason(error)));
}

int Replacement::create() {
    const int descriptor =
        ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (descriptor >= 0) return descriptor;
    const int error = errno;
    const auto folder = target_.parent_path();
    const bool absent = error == ENOENT && !folder.empty();
    throw Failure(error == ENOSPC || error == EIO || error == EDQUOT ? Exit::input_output
                                                                     : Exit::cannot_create,
                  fmt::format("{}: cannot be created: {}", name_, reason(error)),
                  absent ? fmt::format("there is no folder '{}'", folder.string()) : "");
}

void Replacement::commit() {
    // A failed flush is not tried again: the kernel may have dropped the pages.
    if (const int error = flush_to_disk(temporary_, 0)) fail(error);
    if (::rename(temporary_.c_str(), target_.c_str()) != 0) fail(errno);
    const auto folder = target_.parent_path();
    const int error = flush_to_disk(folder.empty() ? "." : folder, O_DIRECTORY);
    // Some file systems cannot flush a folder; then there is nothing to wait for.
    if (error && error != EINVAL && error != EACCES) fail(error);
}

struct Destination::Packer {
    z_stream stream{};
    std::vector<Bytef> output = std::vector<Bytef>(std::size_t{1} << 16);

    Packer() {
        constexpr int largest_window_gzip = 15 + 16, memory_level = 8;
        if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, largest_window_gzip,
                         memory_level, Z_DEFAULT_STRATEGY) != Z_OK)
            throw Failure(Exit::bug, "zlib cannot be started");
    }
    ~Packer() { deflateEnd(&stream); }
};

Destination::Destination(const std::filesystem::path& path)
    : replacement_(path), descriptor_(replacement_.create()) {
    if (path.extension() == ".gz") packer_ = std::make_unique<Packer>();
}

Destination::~Destination() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

void Destination::write(std::string_view bytes) {
    if (waiting_.size() + bytes.size() < block) {
        waiting_ += bytes;
        return;
    }
    put(waiting_);
    waiting_.clear();
    if (bytes.size() < block)
        waiting_ = bytes;
    else
        put(bytes);
}

void Destination::put(std::string_view bytes) {
    if (!packer_) return write_out(bytes.data(), bytes.size());
    constexpr std::size_t at_once = std::size_t{1} << 28;
    z_stream& stream = packer_->stream;
    const bool last = bytes.data() == nullptr; // only commit() says so
    do {
        const auto part = bytes.substr(0, at_once);
        bytes.remove_prefix(part.size());
        stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(part.data()));
        stream.avail_in = static_cast<uInt>(part.size());
        do {
            stream.next_out = packer_->output.data();
            stream.avail_out = static_cast<uInt>(packer_->output.size());
            deflate(&stream, last ? Z_FINISH : Z_NO_FLUSH);
            write_out(reinterpret_cast<const char*>(packer_->output.data()),
                      packer_->output.size() - stream.avail_out);
        } while (stream.avail_out == 0);
    } while (!bytes.empty());
}

void Destination::write_out(const char* data, std::size_t bytes) {
    while (bytes > 0) {
        const ssize_t written = ::write(descriptor_, data, std::min(bytes, std::size_t{1} << 28));
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) replacement_.fail(errno);
        if (written == 0) replacement_.fail(ENOSPC);
        data += written;
        bytes -= static_cast<std::size_t>(written);
    }
}

void Destination::commit() {
    if (!waiting_.empty()) put(waiting_);
    waiting_.clear();
    if (packer_) put(std::string_view());
    const int closed = ::close(descriptor_);
    descriptor_ = -1;
    if (closed != 0) replacement_.fail(errno);
    replacement_.commit();
}

} // namespace espalier::files
