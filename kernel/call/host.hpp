// SPDX-License-Identifier: MIT
// One running call as a plugin sees it: the kernel's side of esp_host.
#pragma once

#include "call/bundle.hpp"
#include "call/checkpoint.hpp"
#include "call/parallel.hpp"
#include "call/session.hpp"
#include "schema/arguments.hpp"
#include "values/failure.hpp"

#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <tuple>
#include <vector>

namespace espalier {

const esp_host& host() noexcept;

struct Surroundings {
    Threads& threads;
    const CallEvents& events;
    const std::atomic<bool>& cancelled;
    Checkpoint* checkpoint = nullptr; // of this call
    double checkpoint_seconds = 60;   // between two states, at least
    const esp_host* table = &host();  // what the component is given; a check passes its own
};

} // namespace espalier

// The opaque type of abi.h.
struct esp_call {
    esp_call(const espalier::Component&, const espalier::Arguments&, espalier::Surroundings);

    // create, run, destroy; then the outputs, checked against their declaration. Throws Failure.
    espalier::Map run();

    const espalier::Component& component;
    const espalier::Arguments& arguments;
    espalier::Surroundings around;
    std::map<std::string, espalier::InputBundle, std::less<>> inputs;
    std::map<std::string, espalier::OutputBundle, std::less<>> outputs;
    std::string where, message;          // of the first failure
    std::optional<espalier::Exit> cause; // when the kernel itself found it
    espalier::Cause why = espalier::Cause::other;
    std::atomic<bool> arithmetic_changed{false}; // by the body of a parallel loop
    std::mutex guard;

    // Of stepwise work (iterative.cpp).
    enum class Phase { whole, steps, saving, loading, finishing } phase = Phase::whole;
    std::optional<espalier::OutputBundle> saved; // while it is saved
    std::optional<espalier::InputBundle> loaded; // while it is loaded
    std::vector<std::tuple<std::string, int64_t, double>>
        metrics;                                        // told, when there are checkpoints
    std::chrono::steady_clock::time_point deaf_until{}; // to a cancellation

private:
    class Steps;
    void enter(esp_status status, const char* doing) const;
    void iterate(void* self, const esp_iterative&);
    espalier::Value output(const esp_port&) const;
};

namespace espalier {

// The component's extension "esp.iterative/1", or NULL. Throws Failure when it is incomplete.
const esp_iterative* iterative_of(const Component&);

} // namespace espalier
