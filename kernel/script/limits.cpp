// SPDX-License-Identifier: MIT
// Limits of a script: memory by the allocator, time and Ctrl-C by a hook that is set only then.
#include "script/border.hpp"

#include <fmt/format.h>

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <mutex>
#include <thread>

namespace espalier::script {

namespace {

constinit thread_local State* active = nullptr; // whose run this thread is in

// On the script's own thread, or under the thread sanitizer (which delays signals) on another.
void set_hook(State& state) noexcept {
    if (lua_State* L = state.running.load(std::memory_order_relaxed))
        lua_sethook(L, stop_hook, LUA_MASKCALL | LUA_MASKRET | LUA_MASKCOUNT, 1);
}

void on_signal(int) {
    if (active && active->stop != State::Stop::none) set_hook(*active);
}

// SIGURG is ignored by default, so one that comes late or from elsewhere does no harm.
void watch_signal() {
    static std::once_flag once;
    std::call_once(once, [] {
        struct sigaction action {};
        action.sa_handler = on_signal;
        action.sa_flags = SA_RESTART;
        sigemptyset(&action.sa_mask);
        sigaction(SIGURG, &action, nullptr);
    });
}

// Fits into the reserved text; no memory is asked for.
void note_full(State& state) noexcept {
    state.memory_full = true;
    lua_State* L = state.running.load(std::memory_order_relaxed);
    lua_Debug frame;
    for (int level = 0; L && level < 200 && lua_getstack(L, level, &frame); ++level) {
        lua_getinfo(L, "Sl", &frame);
        if (frame.currentline <= 0) continue;
        char place[160];
        const int n =
            std::snprintf(place, sizeof place, "%s:%d: ", frame.short_src, frame.currentline);
        state.full_at.assign(place, static_cast<std::size_t>(n));
        return;
    }
    state.full_at.clear();
}

} // namespace

void* allocate(void* opaque, void* block, std::size_t before, std::size_t after) {
    State& state = *static_cast<State*>(opaque);
    if (!block) before = 0; // then it is the kind of object
    if (after == 0) {
        std::free(block);
        state.used -= before;
        return nullptr;
    }
    const bool grows = after > before;
    if (grows && state.used - before + after > state.options.memory_limit) {
        note_full(state);
        return nullptr;
    }
    void* moved = std::realloc(block, after);
    if (!moved) {
        if (!grows) return block; // shrinking must not fail
        note_full(state);
        return nullptr;
    }
    state.used = state.used - before + after;
    return moved;
}

void stop_hook(lua_State* L, lua_Debug*) {
    State& state = state_of(L);
    if (state.stop == State::Stop::none) { // resumed since
        lua_sethook(L, nullptr, 0, 0);
        return;
    }
    state.stopping = true;
    lua_sethook(state.lua, stop_hook, LUA_MASKCALL | LUA_MASKRET | LUA_MASKCOUNT, 1);
    keep(L, Failure(Exit::interrupted, "interrupted"));
    raise_kept(L);
}

void keep_stopping(lua_State* L) {
    State& state = state_of(L);
    if (!state.stopping) return;
    lua_pushlstring(L, state.raised.text.data(), state.raised.text.size());
    lua_error(L);
}

void ask_to_stop(State& state, State::Stop why) noexcept {
    State::Stop none = State::Stop::none;
    state.stop.compare_exchange_strong(none, why);
    state.session.cancel();
    if (!state.inside) return;
#if defined(__SANITIZE_THREAD__)
    set_hook(state);
#else
    pthread_kill(state.thread, SIGURG);
#endif
}

struct Watch::Timer {
    std::mutex guard;
    std::condition_variable changed;
    bool over = false;
    std::thread thread;
};

Watch::Watch(State& state) : state_(state), outer_(active) {
    watch_signal();
    state.thread = pthread_self();
    active = &state;
    state.inside = true;
    if (state.options.time_limit <= 0) return;
    timer_ = std::make_unique<Timer>();
    const auto limit = std::chrono::duration<double>(std::min(state.options.time_limit, 1e9));
    timer_->thread = std::thread([&timer = *timer_, &state, limit] {
        std::unique_lock lock(timer.guard);
        if (!timer.changed.wait_for(lock, limit, [&] { return timer.over; }))
            ask_to_stop(state, State::Stop::out_of_time);
    });
}

Watch::~Watch() {
    if (timer_) {
        {
            const std::lock_guard lock(timer_->guard);
            timer_->over = true;
        }
        timer_->changed.notify_all();
        timer_->thread.join();
    }
    state_.inside = false;
    active = outer_;
    lua_sethook(state_.lua, nullptr, 0, 0);
    state_.stopping = false;
    // Running out of time ends this run only; an interruption stays until `resume`.
    if (state_.stop == State::Stop::out_of_time) {
        state_.stop = State::Stop::none;
        state_.session.resume();
    }
}

} // namespace espalier::script
