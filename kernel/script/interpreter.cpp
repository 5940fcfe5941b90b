// SPDX-License-Identifier: MIT
// A Lua state from its making to the result or the one-line failure of a script.
#include "script/interpreter.hpp"

#include "script/border.hpp"
#include "values/wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <new>

namespace espalier {

using script::State;

namespace {

// The calls that led to an error, innermost left out: it is in the message already.
int note_calls(lua_State* L) {
    State& state = script::state_of(L);
    std::string calls;
    lua_Debug frame;
    int shown = 0;
    bool first = true;
    std::string last;
    // Reaching a level takes as long as it is deep, so only the nearest are looked at.
    for (int level = 0; level < 100 && shown < 4 && lua_getstack(L, level, &frame); ++level) {
        lua_getinfo(L, "Sl", &frame);
        if (frame.currentline <= 0 || *frame.source != '@') continue;
        const std::string place = fmt::format("{}:{}", frame.source + 1, frame.currentline);
        if (!std::exchange(first, false) && place != last)
            calls += (shown++ ? ", " : "called from ") + place;
        last = place;
    }
    state.calls = calls;
    if (lua_type(L, -1) == LUA_TSTRING) return 1;
    // Errors may be any value; only a text says where.
    std::string text;
    if (lua_istable(L, -1) && luaL_getmetafield(L, -1, "__tostring") == LUA_TFUNCTION) {
        lua_pushvalue(L, -2);
        if (lua_pcall(L, 1, 1, 0) == LUA_OK && lua_type(L, -1) == LUA_TSTRING)
            text = lua_tostring(L, -1);
    }
    if (text.empty())
        text = lua_isnil(L, 1) || lua_isboolean(L, 1) || lua_isnumber(L, 1)
                   ? "error value " + script::plain_text(L, 1)
                   : "error value of type " + script::type_name(L, 1);
    text = script::place_of(L) + text;
    lua_pushlstring(L, text.data(), text.size());
    return 1;
}

// Lua cuts long chunk names to their ends; the whole name is put back.
std::string with_whole_name(const State& state, std::string text) {
    if (!text.starts_with("...")) return text;
    for (const std::string& source : state.sources) {
        const std::size_t tail = text.find(':');
        if (tail != std::string::npos && source.ends_with(text.substr(3, tail - 3)))
            return source + text.substr(tail);
    }
    return text;
}

Failure failure_from(State& state, int status) {
    lua_State* L = state.lua;
    if (status == LUA_ERRMEM)
        return {Exit::some_failed,
                fmt::format("{}script memory limit {} reached", state.full_at,
                            bytes_text(static_cast<double>(state.options.memory_limit))),
                {},
                Cause::out_of_memory};
    std::string text = with_whole_name(state, script::plain_text(L, -1));
    const State::Raised& raised = state.raised;
    Exit exit = Exit::script;
    Cause cause = Cause::other;
    std::string hint;
    if (!raised.text.empty() && text.find(raised.text) != std::string::npos)
        exit = raised.exit, cause = raised.cause, hint = raised.hint;
    if (!state.stopping && !state.calls.empty()) hint += (hint.empty() ? "" : "; ") + state.calls;
    return {exit, text, hint, cause};
}

void refuse_unused(const State& state, const std::string& script) {
    if (state.options.arguments.empty() || state.declared) return;
    const Argument& a = state.options.arguments.front();
    throw Failure(Exit::command_line,
                  fmt::format("command line: {} has no parameter '{}'", script, a.name),
                  "it declares none; esp.params { name = default } does");
}

// The first of a script's results, on top of the stack.
ScriptResult result_of(State& state) {
    ScriptResult result;
    if (luaL_testudata(state.lua, -1, "experiment"))
        result.experiment = state.experiment;
    else
        result.value = script::value_at(state.lua, -1, "the script's result");
    return result;
}

ScriptResult load(State& state, std::string_view text, const std::string& name) {
    state.declared = false;
    state.experiment.reset();
    ScriptResult result;
    script::run_protected(state, [&](lua_State* L) {
        script::compile(L, text, name);
        lua_call(L, 0, 1);
        refuse_unused(state, name);
        result = result_of(state);
    });
    return result;
}

Value point_of(State& state, ScriptResult result) {
    if (!result.experiment) return std::move(result.value);
    return result.experiment->run_point(state.options.arguments);
}

void open(State& state) {
    lua_State* L = state.lua;
    script::open_objects(L);
    script::open_sandbox(L);
    script::open_libraries(L);
    script::open_module(L);
    script::close_globals(L);
    lua_settop(L, 0);
}

} // namespace

Interpreter::State::State(Session& s, ScriptOptions o) : session(s), options(std::move(o)) {
    full_at.reserve(256);
    lua = lua_newstate(script::allocate, this);
    if (!lua) throw Failure(Exit::some_failed, "the script's memory limit is too small to start");
    *static_cast<State**>(lua_getextraspace(lua)) = this;
    running = lua;
    lua_pushcfunction(lua, [](lua_State* L) {
        open(script::state_of(L));
        return 0;
    });
    if (lua_pcall(lua, 0, 0, 0) != LUA_OK) {
        const std::string text = memory_full ? "the script's memory limit is too small to start"
                                             : script::plain_text(lua, -1);
        lua_close(lua);
        throw Failure(Exit::some_failed, text);
    }
}

Interpreter::State::~State() {
    experiment.reset();
    lua_close(lua);
}

Interpreter::Interpreter(Session& session, ScriptOptions options)
    : state_(std::make_unique<State>(session, std::move(options))) {}

Interpreter::~Interpreter() = default;

ScriptResult Interpreter::load_file(const std::filesystem::path& file) {
    const std::string text = script::read_script(file);
    state_->folder = file.parent_path();
    return load(*state_, text, file.string());
}

ScriptResult Interpreter::load_text(std::string_view text, std::string_view name) {
    return load(*state_, text, std::string(name));
}

Value Interpreter::run_file(const std::filesystem::path& file) {
    return point_of(*state_, load_file(file));
}

Value Interpreter::run_text(std::string_view text, std::string_view name) {
    return point_of(*state_, load_text(text, name));
}

const std::map<std::string, std::string>& Interpreter::modules() const noexcept {
    return state_->modules;
}

void Interpreter::reseed(int64_t seed) {
    state_->options.seed = seed;
    script::seed_stream(*state_, seed);
    state_->session.reseed(seed);
}

void Interpreter::interrupt() noexcept { script::ask_to_stop(*state_, State::Stop::interrupted); }

void Interpreter::resume() noexcept {
    state_->stop = State::Stop::none;
    state_->session.resume();
}

namespace script {

void run_protected(State& state, const std::function<void(lua_State*)>& body) {
    struct Context {
        const std::function<void(lua_State*)>& body;
        std::exception_ptr failure;
    } context{body, {}};
    if (state.stop != State::Stop::none) throw Failure(Exit::interrupted, "interrupted");
    const Watch watch(state);
    lua_State* L = state.lua;
    const int top = lua_gettop(L);
    lua_pushcfunction(L, enter<note_calls>);
    lua_pushcfunction(L, [](lua_State* inner) {
        auto& c = *static_cast<Context*>(lua_touserdata(inner, 1));
        try {
            c.body(inner);
        } catch (const std::exception&) {
            c.failure = std::current_exception();
        }
        return 0;
    });
    lua_pushlightuserdata(L, &context);
    state.raised = {}, state.calls.clear();
    state.running = L;
    const int status = lua_pcall(L, 1, 0, top + 1);
    std::optional<Failure> failure;
    if (status != LUA_OK) failure = failure_from(state, status);
    lua_settop(L, top);
    if (context.failure) std::rethrow_exception(context.failure);
    if (failure) throw *failure;
}

} // namespace script
} // namespace espalier
