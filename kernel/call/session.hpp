// SPDX-License-Identifier: MIT
// Session: the plugins that were found, and the calls that are made to their components.
#pragma once

#include "registry/registry.hpp"
#include "values/value.hpp"

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace espalier {

// Side channel of a running call. Every function may be called from any thread of the call.
struct CallEvents {
    std::function<void(const Component&)> called; // before it runs, or is remembered
    std::function<void(std::string_view component, double fraction, std::string_view doing)>
        progress;
    std::function<void(std::string_view component, std::string_view name, int64_t step,
                       double value)>
        metric;
    std::function<void(std::string_view component, int level, std::string_view message)> log;
};

struct SessionOptions {
    int threads = 0;                                 // 0: all the machine has
    int64_t seed = 0;                                // of calls that give none
    bool remember = true;                            // finished calls, by digest
    std::size_t memory_limit = std::size_t{1} << 30; // bytes of remembered results
    // Where calls that go in steps save their state, at least so many seconds apart. The same call
    // made again goes on from there, with the same result. Empty: nothing is saved.
    std::filesystem::path checkpoints;
    double checkpoint_seconds = 60;
    RegistryOptions registry;
    CallEvents events;
};

class Session {
public:
    explicit Session(SessionOptions = {});
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    const Registry& registry() const noexcept;

    // Runs "generate.watts_strogatz" once. Arguments are its parameters, inputs by port, and
    // `seed`. Returns its outputs by port. Throws Failure; all wrong arguments are named in one
    // message, a line each. The same call gives the same bits at any number of threads.
    Map call(std::string_view component, const Map& arguments);

    // The seed of calls that give none, from the next call on.
    void reseed(int64_t seed) noexcept;

    // Ends running calls soon; they throw Failure with Exit::interrupted. Safe in a signal handler.
    void cancel() noexcept;
    bool cancelled() const noexcept;
    void resume() noexcept; // forgets the cancellation

    struct Counts {
        int64_t calls = 0, remembered = 0;
    };
    Counts counts() const noexcept;
    int threads() const noexcept;

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace espalier
