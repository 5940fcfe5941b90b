// SPDX-License-Identifier: MIT
// One running call as a plugin sees it: the kernel's side of esp_host.
#pragma once

#include "call/bundle.hpp"
#include "call/parallel.hpp"
#include "call/session.hpp"
#include "schema/arguments.hpp"
#include "values/failure.hpp"

#include <atomic>
#include <mutex>
#include <optional>

namespace espalier {

struct Surroundings {
    Threads& threads;
    const CallEvents& events;
    const std::atomic<bool>& cancelled;
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
    std::mutex guard;

private:
    void enter(esp_status status, const char* doing) const;
    espalier::Value output(const esp_port&) const;
};

namespace espalier {

const esp_host& host() noexcept;

} // namespace espalier
