// SPDX-License-Identifier: MIT
// Session: arguments checked, the memory asked, the component run.
#include "call/session.hpp"

#include "call/host.hpp"
#include "call/memory.hpp"
#include "values/failure.hpp"

#include <map>
#include <mutex>
#include <optional>

namespace espalier {

struct Session::State {
    SessionOptions options;
    Registry registry;
    Threads threads;
    Memory memory;
    std::atomic<bool> cancelled{false};
    std::atomic<int64_t> calls{0}, remembered{0};
    std::mutex guard;
    std::map<std::string, Maker> makers; // by component

    Maker maker_of(const Component&);
    explicit State(SessionOptions o)
        : options(std::move(o)), registry(options.registry), threads(options.threads),
          memory(options.memory_limit) {}
};

namespace {

// Of the component and its arguments, not of its version: a session has one of each, and the state
// that another version saved is to be found, and refused by name.
Digest digest_of_call(const Component& c, const Arguments& a) {
    Hasher hasher;
    hasher.add(std::string_view(c.plugin)).add(std::string_view(c.name));
    hasher.add(a.seed());
    hasher.add(Value(a.parameters())).add(Value(a.inputs()));
    return hasher.digest();
}

} // namespace

// Read once: the file may be replaced while the program runs.
Maker Session::State::maker_of(const Component& c) {
    const std::lock_guard lock(guard);
    const auto known = makers.find(c.name);
    if (known != makers.end()) return known->second;
    Maker maker{c.name, c.plugin, c.version, "", {}};
    for (const auto& plugin : registry.plugins())
        if (plugin->manifest->id == c.plugin) {
            maker.build = plugin->manifest->build;
            if (std::error_code gone; std::filesystem::exists(plugin->file, gone))
                maker.file = plugin->digest();
        }
    return makers.emplace(c.name, std::move(maker)).first->second;
}

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
    const bool saves = !s.options.checkpoints.empty() && iterative_of(component);
    if (s.options.remember || saves) digest = digest_of_call(component, arguments);
    if (s.options.remember) {
        if (auto found = s.memory.find(digest)) {
            ++s.remembered;
            return *found;
        }
    }
    std::optional<Checkpoint> checkpoint;
    if (saves)
        checkpoint.emplace(s.options.checkpoints, digest, s.maker_of(component),
                           [&](const std::string& warning) {
                               if (s.options.events.log)
                                   s.options.events.log(component.name, 2, warning);
                           });
    esp_call call(component, arguments,
                  {s.threads, s.options.events, s.cancelled, checkpoint ? &*checkpoint : nullptr,
                   s.options.checkpoint_seconds});
    Map outputs = call.run();
    if (checkpoint) checkpoint->remove();
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
