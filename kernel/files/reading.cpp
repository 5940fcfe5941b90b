// SPDX-License-Identifier: MIT
// Files opened without surprises (no pipe that hangs, no mapping that faults) and gzip unpacked
// within limits.
#include "files/reading.hpp"

#include "schema/suggest.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <vector>

namespace espalier::files {

namespace {

// The nearest file name in the folder of a path that does not exist.
std::string nearest_file(const std::filesystem::path& path) {
    constexpr std::size_t looked_at = 10000;
    const auto parent = path.parent_path();
    std::error_code error;
    if (!parent.empty() && !std::filesystem::is_directory(parent, error))
        return fmt::format("there is no folder '{}'", parent.string());
    std::vector<std::string> names;
    std::filesystem::directory_iterator entries(parent.empty() ? "." : parent, error);
    for (; !error && entries != std::filesystem::directory_iterator() && names.size() < looked_at;
         entries.increment(error))
        names.push_back(entries->path().filename().string());
    std::sort(names.begin(), names.end());
    const auto name = nearest(path.filename().string(), names);
    return name ? fmt::format("did you mean '{}'?", (parent / *name).string()) : "";
}

class FileSource : public Source {
public:
    FileSource(std::string name, int descriptor, uint64_t size)
        : Source(std::move(name), size, true), descriptor_(descriptor) {}
    ~FileSource() override { ::close(descriptor_); }
    FileSource(const FileSource&) = delete;
    FileSource& operator=(const FileSource&) = delete;

    std::size_t read(void* to, std::size_t bytes) override {
        constexpr std::size_t at_once = std::size_t{1} << 28;
        std::size_t got = 0;
        while (got < bytes) {
            const ssize_t part =
                ::read(descriptor_, static_cast<char*>(to) + got, std::min(bytes - got, at_once));
            if (part == 0) break;
            if (part < 0 && errno == EINTR) continue;
            if (part < 0)
                throw Failure(Exit::input_output,
                              fmt::format("{}: cannot be read: {}", name(), reason(errno)));
            got += static_cast<std::size_t>(part);
        }
        return got;
    }

private:
    int descriptor_;
};

class GzipSource : public Source {
public:
    GzipSource(std::unique_ptr<Source> packed, const std::optional<int64_t>& wanted)
        : Source(packed->name(), unpacked_limit(packed->limit(), wanted), false),
          packed_(std::move(packed)), input_(std::size_t{1} << 16) {
        constexpr int largest_window_gzip_only = 15 + 16;
        if (inflateInit2(&stream_, largest_window_gzip_only) != Z_OK)
            throw Failure(Exit::bug, "zlib cannot be started");
    }
    ~GzipSource() override { inflateEnd(&stream_); }
    GzipSource(const GzipSource&) = delete;
    GzipSource& operator=(const GzipSource&) = delete;

    std::size_t read(void* to, std::size_t bytes) override {
        std::size_t got = 0;
        while (got < bytes && !ended_)
            got += inflate_some(static_cast<char*>(to) + got, bytes - got);
        return got;
    }

private:
    std::size_t inflate_some(char* to, std::size_t bytes) {
        constexpr std::size_t at_once = std::size_t{1} << 28;
        if (stream_.avail_in == 0) refill();
        if (ended_) return 0;
        between_members_ = false;
        stream_.next_out = reinterpret_cast<Bytef*>(to);
        stream_.avail_out = static_cast<uInt>(std::min(bytes, at_once));
        const uInt wanted = stream_.avail_out;
        const int status = inflate(&stream_, Z_NO_FLUSH);
        if (status == Z_STREAM_END) { // another member may follow
            inflateReset(&stream_);
            between_members_ = true;
        } else if (status != Z_OK && status != Z_BUF_ERROR) {
            const bool foreign = total_ == 0 && stream_.total_out == 0;
            throw Failure(Exit::bad_data,
                          fmt::format("{}: byte {}: {}", name(),
                                      foreign ? 0 : consumed_ - stream_.avail_in,
                                      foreign ? "not a gzip file" : "the packed data is damaged"));
        }
        const std::size_t got = wanted - stream_.avail_out;
        total_ += got;
        if (total_ > limit())
            throw Failure(Exit::bad_data,
                          fmt::format("{}: its {} bytes unpack to more than {}", name(),
                                      packed_->limit(), limit()),
                          "size_limit = N, in bytes, loads it if it can be trusted");
        return got;
    }

    void refill() {
        const std::size_t got = packed_->read(input_.data(), input_.size());
        consumed_ += got;
        if (got == 0 && !between_members_)
            throw Failure(Exit::bad_data, fmt::format("{}: byte {}: the packed data ends too early",
                                                      name(), consumed_));
        ended_ = got == 0;
        stream_.next_in = input_.data();
        stream_.avail_in = static_cast<uInt>(got);
    }

    std::unique_ptr<Source> packed_;
    std::vector<Bytef> input_;
    z_stream stream_{};
    uint64_t consumed_ = 0, total_ = 0;
    bool ended_ = false, between_members_ = false;
};

int open_file(const std::filesystem::path& path, uint64_t& size) {
    // O_NONBLOCK: a pipe without a writer would hang here.
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0 && (errno == ENOENT || errno == ENOTDIR))
        throw Failure(Exit::missing_input, fmt::format("{}: no such file", path.string()),
                      nearest_file(path));
    struct stat status {};
    const bool known = descriptor >= 0 && ::fstat(descriptor, &status) == 0;
    const int error = errno;
    if (known && S_ISREG(status.st_mode)) {
        size = static_cast<uint64_t>(status.st_size);
        return descriptor;
    }
    if (descriptor >= 0) ::close(descriptor);
    throw Failure(Exit::missing_input,
                  fmt::format("{}: {}", path.string(),
                              !known                    ? "cannot be opened: " + reason(error)
                              : S_ISDIR(status.st_mode) ? "is a folder, not a file"
                                                        : "is not a regular file"));
}

} // namespace

uint64_t unpacked_limit(uint64_t packed, const std::optional<int64_t>& wanted) noexcept {
    if (wanted) return static_cast<uint64_t>(*wanted);
    uint64_t limit = 0;
    if (__builtin_mul_overflow(packed, unpack_ratio, &limit)) limit = INT64_MAX;
    return std::max(limit, unpack_floor);
}

std::size_t MemorySource::read(void* to, std::size_t bytes) {
    const std::size_t got = std::min(bytes, rest_.size());
    if (got) std::memcpy(to, rest_.data(), got);
    rest_.remove_prefix(got);
    return got;
}

void require_file(const std::filesystem::path& path) {
    uint64_t size = 0;
    ::close(open_file(path, size));
}

std::unique_ptr<Source> open_source(const std::filesystem::path& path,
                                    const std::optional<int64_t>& size_limit) {
    uint64_t size = 0;
    const int descriptor = open_file(path, size);
    auto file = std::make_unique<FileSource>(path.string(), descriptor, size);
    if (path.extension() != ".gz") return file;
    return std::make_unique<GzipSource>(std::move(file), size_limit);
}

Bytes read_all(Source& source) {
    constexpr uint64_t first_guess = uint64_t{1} << 20;
    uint64_t room = source.exact() ? source.limit() : std::min(source.limit(), first_guess);
    Bytes bytes{std::make_unique_for_overwrite<char[]>(room), 0};
    while (true) {
        bytes.size += source.read(bytes.data.get() + bytes.size, room - bytes.size);
        if (bytes.size < room || source.exact()) break;
        // One byte beyond the limit, so that the source can refuse it.
        room = std::min(room * 2, source.limit() + 1);
        auto larger = std::make_unique_for_overwrite<char[]>(room);
        std::memcpy(larger.get(), bytes.data.get(), bytes.size);
        bytes.data = std::move(larger);
    }
    if (source.exact() && bytes.size < source.limit())
        throw Failure(Exit::input_output, fmt::format("{}: byte {}: the file became shorter while "
                                                      "it was read",
                                                      source.name(), bytes.size));
    return bytes;
}

} // namespace espalier::files
