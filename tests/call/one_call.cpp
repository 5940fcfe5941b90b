// SPDX-License-Identifier: MIT
// One call in a process of its own, to be killed: prints the digest of what it made and told.
//   one_call PLUGINS COMPONENT ARGUMENTS.npz THREADS CHECKPOINTS SECONDS [BYTES that a file may
//   have]
#include "call/session.hpp"
#include "files/files.hpp"
#include "values/digest.hpp"
#include "values/failure.hpp"

#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>

#include <sys/resource.h>

using namespace espalier;

int main(int count, char** words) {
    if (count < 7) return 2;
    if (count > 7) {
        std::signal(SIGXFSZ, SIG_IGN); // a write fails with EFBIG, as it would on a full disk
        const rlim_t bytes = std::strtoul(words[7], nullptr, 10);
        const rlimit limit{bytes, bytes};
        if (setrlimit(RLIMIT_FSIZE, &limit) != 0) return 2;
    }
    Hasher told;
    SessionOptions options;
    options.threads = std::atoi(words[4]);
    options.registry.folders = {words[1]};
    options.checkpoints = words[5];
    options.checkpoint_seconds = std::atof(words[6]);
    options.events.log = [](auto, int level, auto message) {
        fmt::print(stderr, "{}: {}\n", level, message);
    };
    options.events.metric = [&](auto, auto name, int64_t step, double value) {
        told.add(name).add(step).add(&value, sizeof value);
    };
    try {
        const Map arguments = load(words[3]).as<Map>();
        Session session(std::move(options));
        const Map made = session.call(words[2], arguments);
        fmt::print("{} {}\n", digest_of(Value(made)).hex(), told.digest().hex());
        return 0;
    } catch (const Failure& failure) {
        fmt::print(stderr, "{}\n", failure.what());
        return 1;
    }
}
