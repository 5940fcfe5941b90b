// SPDX-License-Identifier: MIT
// Session: arguments checked, the memory asked, the component run.
#include "call/session.hpp"

#include "call/host.hpp"
#include "call/memory.hpp"
#include "values/failure.hpp"

namespace espalier {

struct Session::State {
    SessionOptions options;
    Registry registry;
    Threads threads;
    Memory memory;
    std::atomic<bool> cancelled{false};
    std::atomic<int64_t> calls{0}, remembered{0};

    explicit State(SessionOptions o)
        : options(std::move(o)), registry(options.registry), threads(options.threads),
          memory(options.memory_limit) {}
};

namespace {

Digest digest_of_call(const Component& c, const Arguments& a) {
    Hasher hasher;
    hasher.add(std::string_view(c.plugin))
        .add(std::string_view(c.version))
        .add(std::string_view(c.name));
    hasher.add(a.seed());
    hasher.add(Value(a.parameters())).add(Value(a.inputs()));
    return hasher.digest();
}

} // namespace

Session::Session(SessionOptions options) : state_(std::make_unique<State>(std::move(options))) {}
Session::~Session() = default;

const Registry& Session::registry() const noexcept { return state_->registry; }

Map Session::call(std::string_view name, const Map& given) {
    State& s = *state_;
    const Component& component = s.registry.at(name);
    const Arguments arguments(component, given, s.options.seed);
    ++s.calls;
    if (s.options.events.called) s.options.events.called(component);
    Digest digest;
    if (s.options.remember) {
        digest = digest_of_call(component, arguments);
        if (auto found = s.memory.find(digest)) {
            ++s.remembered;
            return *found;
        }
    }
    esp_call call(component, arguments, {s.threads, s.options.events, s.cancelled});
    Map outputs = call.run();
    if (s.options.remember) s.memory.keep(digest, outputs);
    return outputs;
}

void Session::reseed(int64_t seed) noexcept { state_->options.seed = seed; }

void Session::cancel() noexcept { state_->cancelled.store(true, std::memory_order_relaxed); }
bool Session::cancelled() const noexcept {
    return state_->cancelled.load(std::memory_order_relaxed);
}
void Session::resume() noexcept { state_->cancelled.store(false, std::memory_order_relaxed); }

Session::Counts Session::counts() const noexcept { return {state_->calls, state_->remembered}; }
int Session::threads() const noexcept { return state_->threads.count(); }

} // namespace espalier
