// SPDX-License-Identifier: MIT
// What one interpreter keeps beside its Lua state; reached from any Lua function.
#pragma once

#include "espalier/random.hpp"
#include "script/defined.hpp"
#include "script/interpreter.hpp"
#include "values/failure.hpp"

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#include <atomic>
#include <pthread.h>
#include <set>

namespace espalier {

struct Interpreter::State {
    enum class Stop : int { none, interrupted, out_of_time };

    State(Session& s, ScriptOptions o);
    ~State();
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    Session& session;
    ScriptOptions options;
    lua_State* lua = nullptr;

    // Limits (limits.cpp).
    std::size_t used = 0; // bytes of Lua's own memory
    std::string full_at;  // where memory was refused last; reserved, so that noting cannot fail
    bool memory_full = false;
    std::atomic<lua_State*> running{nullptr}; // the coroutine that runs now
    std::atomic<Stop> stop{Stop::none};       // asked for, by any thread
    bool stopping = false;                    // the script has been told; nothing catches that
    pthread_t thread{};
    std::atomic<bool> inside{false}; // a run is going on, on `thread`

    // The last Failure that became a Lua error: what Lua's text cannot carry.
    struct Raised {
        std::string text, hint;
        Exit exit = Exit::script;
        Cause cause = Cause::other;
    } raised;
    std::string calls; // "called from x.lua:3" of the error being handled

    std::optional<Random> random;                  // math.random
    std::filesystem::path folder;                  // of the script
    std::set<std::string> loading;                 // files being required now
    std::vector<std::string> sources;              // chunk names, for messages Lua has shortened
    std::map<std::string, std::string> modules;    // required: path and text
    bool declared = false;                         // the script has declared parameters
    std::set<std::string> written;                 // files that it has saved
    std::vector<std::shared_ptr<Defined>> defined; // by esp.define
    std::optional<Experiment> experiment; // made last; its run function lives in the registry
};

namespace script {

using State = Interpreter::State;

inline State& state_of(lua_State* L) noexcept {
    return **static_cast<State**>(lua_getextraspace(L));
}

inline void note_read(const State& state, const std::string& name) {
    if (state.options.read && !state.written.contains(name)) state.options.read(name);
}

// limits.cpp: memory, time, interruption.
void* allocate(void* state, void* block, std::size_t before, std::size_t after);
void stop_hook(lua_State*, lua_Debug*);
void ask_to_stop(State&, State::Stop) noexcept;
// Raises again when the script has been told to stop; called wherever an error could be swallowed.
void keep_stopping(lua_State*);

// The run of a script: this thread is its thread, and the time limit counts.
class Watch {
public:
    explicit Watch(State&);
    ~Watch();
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

private:
    struct Timer;
    State& state_;
    State* outer_;
    std::unique_ptr<Timer> timer_;
};

void seed_stream(State&, int64_t seed); // of math.random

// What is opened into a new state, in this order.
void open_objects(lua_State*);   // metatables of tensors, graphs, tables, models, records
void open_sandbox(lua_State*);   // the globals
void open_libraries(lua_State*); // guards of string, table, math, coroutine
void open_module(lua_State*);    // the espalier module, for require
// The script's global table becomes an empty one: reads go to the real one behind it, writes are
// refused.
void close_globals(lua_State*);

} // namespace script
} // namespace espalier
