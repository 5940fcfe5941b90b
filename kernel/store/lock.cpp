// SPDX-License-Identifier: MIT
// An OFD lock, which the kernel gives back when its owner dies: nothing stale is ever left.
#include "store/lock.hpp"

#include "files/text.hpp"
#include "values/failure.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <fcntl.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>
#include <fstream>
#include <system_error>

namespace espalier::store {

namespace {

std::string boot_id() {
    std::ifstream file("/proc/sys/kernel/random/boot_id");
    std::string id;
    std::getline(file, id);
    return id;
}

std::string owner() {
    char host[256] = "unknown";
    ::gethostname(host, sizeof host - 1);
    return fmt::format("pid {} on {} since {:%Y-%m-%d %H:%M:%S} UTC\nboot {}\n", ::getpid(), host,
                       fmt::gmtime(std::time(nullptr)), boot_id());
}

// The first line of the lock file, which its owner may just be writing.
std::string owner_named_in(int descriptor) {
    for (int tries = 0; tries < 100; ++tries) {
        char text[512];
        const ssize_t n = ::pread(descriptor, text, sizeof text, 0);
        const std::string_view read(text, n > 0 ? static_cast<std::size_t>(n) : 0);
        if (const auto end = read.find('\n'); end != read.npos) {
            const std::string quoted = files::in_quotes(read.substr(0, end)); // of a foreign file
            return quoted.substr(1, quoted.size() - 2);
        }
        ::usleep(1000);
    }
    return "another process";
}

} // namespace

Lock::Lock(const std::filesystem::path& folder) {
    const auto path = folder / "store.lock";
    descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (descriptor_ < 0) {
        const bool disk = errno == ENOSPC || errno == EIO || errno == EDQUOT;
        throw Failure(disk ? Exit::input_output : Exit::cannot_create,
                      fmt::format("{}: cannot be opened: {}", path.string(), reason(errno)));
    }
    struct flock whole {};
    whole.l_type = F_WRLCK;
    if (::fcntl(descriptor_, F_OFD_SETLK, &whole) != 0) {
        const int error = errno;
        const std::string by = owner_named_in(descriptor_);
        ::close(descriptor_);
        if (error != EAGAIN && error != EACCES)
            throw Failure(Exit::input_output,
                          fmt::format("{}: cannot be locked: {}", path.string(), reason(error)));
        throw Failure(
            Exit::busy, fmt::format("{}: store in use by {}", folder.string(), by),
            "wait for it, or name another store; 'runs' and 'show' may read it meanwhile");
    }
    const std::string text = owner();
    bool written = ::ftruncate(descriptor_, 0) == 0;
    for (std::size_t at = 0; written && at < text.size();) {
        const ssize_t n =
            ::pwrite(descriptor_, text.data() + at, text.size() - at, static_cast<off_t>(at));
        if (n < 0 && errno == EINTR) continue;
        written = n > 0;
        at += written ? static_cast<std::size_t>(n) : 0;
    }
    if (!written) {
        const int error = errno;
        ::close(descriptor_);
        throw Failure(Exit::input_output,
                      fmt::format("{}: cannot be written: {}", path.string(), reason(error)));
    }
}

Lock::~Lock() {
    [[maybe_unused]] const int cleared = ::ftruncate(descriptor_, 0); // the lock itself goes with
    ::close(descriptor_);                                             // the descriptor
}

bool is_held(const std::filesystem::path& folder) {
    const int descriptor = ::open((folder / "store.lock").c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC);
    if (descriptor < 0) return false;
    struct flock whole {};
    whole.l_type = F_WRLCK;
    const bool held = ::fcntl(descriptor, F_OFD_GETLK, &whole) == 0 && whole.l_type != F_UNLCK;
    ::close(descriptor);
    return held;
}

void require_local(const std::filesystem::path& folder) {
    struct statfs status {};
    if (::statfs(folder.c_str(), &status) != 0) return; // the next step says what is wrong
    struct Remote {
        unsigned long magic;
        const char* name;
    };
    // From linux/magic.h and the file systems' own sources.
    for (const auto& [magic, name] : {Remote{0x6969, "NFS"},
                                      {0x517B, "SMB"},
                                      {0xFE534D42, "SMB"},
                                      {0xFF534D42, "CIFS"},
                                      {0x5346414F, "AFS"},
                                      {0x00C36400, "Ceph"},
                                      {0x0BD00BD0, "Lustre"},
                                      {0x47504653, "GPFS"},
                                      {0x19830326, "BeeGFS"}})
        if ((static_cast<unsigned long>(status.f_type) & 0xFFFFFFFF) == magic)
            throw Failure(Exit::permissions,
                          fmt::format("{}: lies on a network file system ({}), which cannot keep a "
                                      "store safe",
                                      folder.string(), name),
                          "use a local disk, or --shard and then 'espalier merge'");
}

} // namespace espalier::store
