// SPDX-License-Identifier: MIT
// Loaded before the C library (LD_PRELOAD): fails, cuts short, kills or records the calls that
// write below one folder.
//   ESPALIER_FAULT_FOLDER  the folder; nothing else is touched
//   ESPALIER_FAULT         "N:ERRNO:once", "N:ERRNO:sticky": the N-th such call fails, or it and
//                          all after it; "N:kill": the process dies in it, half of a write done;
//                          "0:short": every write does half; "0:network": the folder lies on NFS
//   ESPALIER_FAULT_COUNT   a file that gets the number of calls when the process ends
//   ESPALIER_RECORD        a file that gets every call (record.hpp), and what goes to descriptor 1
#include "faults/record.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

template <class Function> Function* next(const char* name) {
    return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}
#define NEXT(name) static auto* const real = next<decltype(::name)>(#name)

struct Settings {
    std::string folder, count_file;
    long at = -1;
    int error = 0, log = -1;
    bool sticky = false, kill = false, cut_short = false, network = false;

    Settings() {
        if (const char* text = std::getenv("ESPALIER_FAULT_FOLDER")) folder = text;
        if (const char* text = std::getenv("ESPALIER_FAULT_COUNT")) count_file = text;
        if (const char* text = std::getenv("ESPALIER_FAULT")) read(text);
        if (const char* text = std::getenv("ESPALIER_RECORD"))
            log = next<decltype(::open)>("open")(text, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
                                                 0600);
    }
    void read(const char* text) {
        char* rest = nullptr;
        at = std::strtol(text, &rest, 10);
        const std::string what = *rest == ':' ? rest + 1 : "";
        kill = what == "kill";
        cut_short = what == "short";
        network = what == "network";
        error = std::atoi(what.c_str());
        sticky = what.ends_with(":sticky");
    }
};

Settings& settings() {
    static Settings& s = *new Settings; // there until the very end
    return s;
}

bool watched_descriptor[4096];
long calls = 0;

bool watched(const char* path) {
    const std::string& folder = settings().folder;
    return !folder.empty() && path && std::strncmp(path, folder.c_str(), folder.size()) == 0;
}
bool watched(int descriptor) {
    return descriptor >= 0 && descriptor < 4096 && watched_descriptor[descriptor];
}

void record(faults::Kind kind, int descriptor, int64_t number, const char* data, std::size_t size,
            const char* second = nullptr) {
    if (settings().log < 0) return;
    static auto* const real = next<ssize_t(int, const void*, size_t)>("write");
    const std::size_t more = second ? std::strlen(second) : 0;
    const faults::Head head{static_cast<uint32_t>(kind), descriptor, number,
                            static_cast<uint32_t>(size), static_cast<uint32_t>(more)};
    std::string out(reinterpret_cast<const char*>(&head), sizeof head);
    out.append(data ? data : "", size).append(second ? second : "", more);
    if (real(settings().log, out.data(), out.size()) != static_cast<ssize_t>(out.size())) abort();
}
void record(faults::Kind kind, const char* path, int descriptor = -1, int64_t number = 0) {
    record(kind, descriptor, number, path, std::strlen(path));
}

// Counts a call; whether it fails.
bool fails() {
    const Settings& s = settings();
    ++calls;
    if (s.error == 0 || !(calls == s.at || (s.sticky && calls > s.at))) return false;
    errno = s.error;
    return true;
}
bool dies() { return settings().kill && calls == settings().at; }
void die_here() {
    if (dies()) raise(SIGKILL);
}

struct Counted {
    ~Counted() {
        if (settings().count_file.empty()) return;
        if (FILE* file = std::fopen(settings().count_file.c_str(), "w")) {
            std::fprintf(file, "%ld\n", calls);
            std::fclose(file);
        }
    }
} counted;

template <class Real> int opened(const Real& real, const char* path, int flags) {
    if (!watched(path)) return real();
    if ((flags & O_CREAT) && fails()) return -1;
    die_here();
    const int descriptor = real();
    if (descriptor >= 0 && descriptor < 4096) {
        watched_descriptor[descriptor] = true;
        record(faults::Kind::open, path, descriptor, flags);
    }
    return descriptor;
}

// A write at an offset, of which `real` does the first bytes.
template <class Real>
ssize_t written(const Real& real, int descriptor, const void* data, std::size_t size,
                int64_t offset) {
    if (!watched(descriptor)) {
        if (descriptor == STDOUT_FILENO && !settings().folder.empty())
            record(faults::Kind::said, descriptor, 0, static_cast<const char*>(data), size);
        return real(size);
    }
    if (fails()) return -1;
    if (dies()) {
        real(size / 2);
        raise(SIGKILL);
    }
    const ssize_t n = real(settings().cut_short && size > 1 ? size / 2 : size);
    if (n > 0)
        record(faults::Kind::write, descriptor, offset, static_cast<const char*>(data),
               static_cast<std::size_t>(n));
    return n;
}

template <class Real> int synced(const Real& real, int descriptor) {
    if (!watched(descriptor)) return real();
    if (fails()) return -1;
    die_here();
    const int result = real();
    if (result == 0) record(faults::Kind::sync, descriptor, 0, nullptr, 0);
    return result;
}

template <class Real> int removed(const Real& real, const char* path) {
    if (!watched(path)) return real();
    ++calls; // a file that stays is no lost result
    die_here();
    const int result = real();
    if (result == 0) record(faults::Kind::remove, path);
    return result;
}

} // namespace

extern "C" {

int open(const char* path, int flags, ...) {
    NEXT(open);
    va_list more;
    va_start(more, flags);
    const auto mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;
    va_end(more);
    return opened([&] { return real(path, flags, mode); }, path, flags);
}
int open64(const char* path, int flags, ...) {
    NEXT(open);
    va_list more;
    va_start(more, flags);
    const auto mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;
    va_end(more);
    return opened([&] { return real(path, flags, mode); }, path, flags);
}
int close(int descriptor) {
    NEXT(close);
    if (!watched(descriptor)) return real(descriptor);
    const bool failed = fails();
    const int error = errno;
    die_here();
    watched_descriptor[descriptor] = false;
    record(faults::Kind::close, descriptor, 0, nullptr, 0);
    const int result = real(descriptor);
    if (!failed) return result;
    errno = error;
    return -1;
}
ssize_t write(int descriptor, const void* data, size_t size) {
    NEXT(write);
    const int64_t at = watched(descriptor) ? lseek(descriptor, 0, SEEK_CUR) : 0;
    return written([&](std::size_t n) { return real(descriptor, data, n); }, descriptor, data, size,
                   at);
}
ssize_t pwrite(int descriptor, const void* data, size_t size, off_t at) {
    NEXT(pwrite);
    return written([&](std::size_t n) { return real(descriptor, data, n, at); }, descriptor, data,
                   size, at);
}
ssize_t pwrite64(int descriptor, const void* data, size_t size, off64_t at) {
    return pwrite(descriptor, data, size, at);
}
int fsync(int descriptor) {
    NEXT(fsync);
    return synced([&] { return real(descriptor); }, descriptor);
}
int fdatasync(int descriptor) {
    NEXT(fdatasync);
    return synced([&] { return real(descriptor); }, descriptor);
}
int syncfs(int descriptor) noexcept {
    NEXT(syncfs);
    if (!watched(descriptor)) return real(descriptor);
    if (fails()) return -1;
    die_here();
    const int result = real(descriptor);
    if (result == 0) record(faults::Kind::sync_all, descriptor, 0, nullptr, 0);
    return result;
}
int ftruncate(int descriptor, off_t size) noexcept {
    NEXT(ftruncate);
    if (!watched(descriptor)) return real(descriptor, size);
    if (fails()) return -1;
    die_here();
    const int result = real(descriptor, size);
    if (result == 0) record(faults::Kind::truncate, descriptor, size, nullptr, 0);
    return result;
}
int ftruncate64(int descriptor, off64_t size) noexcept { return ftruncate(descriptor, size); }
int rename(const char* from, const char* to) noexcept {
    NEXT(rename);
    if (!watched(from)) return real(from, to);
    if (fails()) return -1;
    die_here();
    const int result = real(from, to);
    if (result == 0) record(faults::Kind::rename, -1, 0, from, std::strlen(from), to);
    return result;
}
int mkdir(const char* path, mode_t mode) noexcept {
    NEXT(mkdir);
    if (!watched(path)) return real(path, mode);
    if (fails()) return -1;
    die_here();
    const int result = real(path, mode);
    if (result == 0) record(faults::Kind::make_folder, path);
    return result;
}
int unlink(const char* path) noexcept {
    NEXT(unlink);
    return removed([&] { return real(path); }, path);
}
int remove(const char* path) noexcept {
    NEXT(remove);
    return removed([&] { return real(path); }, path);
}
int statfs(const char* path, struct statfs* status) noexcept {
    NEXT(statfs);
    const int result = real(path, status);
    if (result == 0 && settings().network && watched(path)) status->f_type = 0x6969;
    return result;
}

} // extern "C"
