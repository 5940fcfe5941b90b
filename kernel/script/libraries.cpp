// SPDX-License-Identifier: MIT
// string, table, math, coroutine and utf8 with their dangerous corners rounded off.
#include "script/border.hpp"
#include "script/order.hpp"
#include "values/wording.hpp"

#include <fmt/format.h>

#include <cmath>

namespace espalier::script {

namespace {

// Calls the function in the first upvalue with all arguments.
int call_own(lua_State* L) {
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
    return lua_gettop(L);
}

int repeat(lua_State* L) {
    std::size_t length = 0, separator = 0;
    luaL_checklstring(L, 1, &length);
    luaL_checkinteger(L, 2);
    luaL_optlstring(L, 3, "", &separator);
    if (length + separator > 0) return call_own(L);
    lua_pushliteral(L, ""); // Lua would loop all the times over nothing
    return 1;
}

// Texts of %s are made here, so that none holds an address; %p is one.
int format(lua_State* L) {
    std::size_t length = 0;
    const char* text = luaL_checklstring(L, 1, &length);
    const int given = lua_gettop(L);
    int argument = 1;
    for (std::size_t i = 0; i + 1 < length; ++i) {
        if (text[i] != '%' || text[++i] == '%') continue;
        while (i < length && std::string_view("-+ #0123456789.").find(text[i]) != std::string::npos)
            ++i;
        if (i == length || ++argument > given) break;
        if (text[i] == 'p') refuse("string.format: '%p' is not open to scripts");
        if (text[i] != 's' || lua_type(L, argument) == LUA_TSTRING) continue;
        push_text(L, argument);
        lua_replace(L, argument);
    }
    return call_own(L);
}

int insert(lua_State* L) {
    loop_length(L, 1, "table.insert");
    return call_own(L);
}
int remove(lua_State* L) {
    loop_length(L, 1, "table.remove");
    return call_own(L);
}
void check_range(lua_State* L, const char* function, int from, int to) {
    const auto length = std::max<lua_Integer>(
        10'000'000, lua_istable(L, 1) ? static_cast<lua_Integer>(lua_rawlen(L, 1)) : 0);
    const lua_Integer first = luaL_optinteger(L, from, 1), last = luaL_optinteger(L, to, first);
    if (last >= first && static_cast<lua_Unsigned>(last) - static_cast<lua_Unsigned>(first) >
                             static_cast<lua_Unsigned>(length))
        refuse(fmt::format("{}: {} .. {} is more than the table has", function, first, last));
}
int concat(lua_State* L) {
    loop_length(L, 1, "table.concat");
    check_range(L, "table.concat", 3, 4);
    return call_own(L);
}
int move(lua_State* L) {
    check_range(L, "table.move", 2, 3);
    return call_own(L);
}

int random(lua_State* L) {
    Random& stream = *state_of(L).random;
    const Given given(L, "math.random");
    if (given.count() == 0) {
        lua_pushnumber(L, stream.uniform());
        return 1;
    }
    const bool two = given.count() > 1;
    const int64_t first = two ? given.integer(1, "m") : 1;
    const int64_t last = given.integer(two ? 2 : 1, "n");
    if (!two && last == 0) {
        lua_pushinteger(L, static_cast<lua_Integer>(stream.bits64()));
        return 1;
    }
    if (last < first) given.refuse(fmt::format("there is nothing in {} .. {}", first, last));
    const uint64_t span = static_cast<uint64_t>(last) - static_cast<uint64_t>(first) + 1;
    const uint64_t drawn = span == 0 ? stream.bits64() : stream.below(span);
    lua_pushinteger(L, static_cast<lua_Integer>(static_cast<uint64_t>(first) + drawn));
    return 1;
}

int random_seed(lua_State* L) {
    const Given given(L, "math.randomseed");
    seed_stream(state_of(L), given.absent(1) ? state_of(L).options.seed : given.integer(1, "seed"));
    return 0;
}

int resumed(lua_State* L, lua_State* co, int arguments) {
    if (!lua_checkstack(co, arguments + 1)) refuse("coroutine.resume: too many arguments");
    if (lua_status(co) == LUA_OK && lua_gettop(co) == 0) {
        lua_pushliteral(L, "cannot resume dead coroutine");
        return -1;
    }
    State& state = state_of(L);
    lua_xmove(L, co, arguments);
    int results = 0;
    state.running = co;
    if (state.stop != State::Stop::none)
        lua_sethook(co, stop_hook, LUA_MASKCALL | LUA_MASKRET | LUA_MASKCOUNT, 1);
    const int status = lua_resume(co, L, arguments, &results);
    state.running = L;
    if (state.stop != State::Stop::none)
        lua_sethook(L, stop_hook, LUA_MASKCALL | LUA_MASKRET | LUA_MASKCOUNT, 1);
    if (status == LUA_OK || status == LUA_YIELD) {
        if (!lua_checkstack(L, results + 1)) {
            lua_pop(co, results);
            refuse("coroutine.resume: too many results");
        }
        lua_xmove(co, L, results);
        return results;
    }
    keep_stopping(L);
    lua_xmove(co, L, 1); // the error
    return -1;
}

lua_State* coroutine_at(lua_State* L, const char* function) {
    lua_State* co = lua_tothread(L, 1);
    if (!co)
        refuse(
            fmt::format("{}: takes a coroutine, not {}", function, with_article(type_name(L, 1))));
    return co;
}

int resume(lua_State* L) {
    lua_State* co = coroutine_at(L, "coroutine.resume");
    const int results = resumed(L, co, lua_gettop(L) - 1);
    lua_pushboolean(L, results >= 0);
    const int count = results < 0 ? 1 : results;
    lua_insert(L, -(count + 1));
    return count + 1;
}

// Runs pending __close functions of a coroutine, where an endless one must be reached as well.
int reset(lua_State* L, lua_State* co) {
    State& state = state_of(L);
    state.running = co;
    const int status = lua_resetthread(co);
    state.running = L;
    keep_stopping(L);
    return status;
}

// Upvalue: the coroutine.
int resume_wrapped(lua_State* L) {
    lua_State* co = lua_tothread(L, lua_upvalueindex(1));
    const int results = resumed(L, co, lua_gettop(L));
    if (results >= 0) return results;
    const int status = lua_status(co);
    if (status != LUA_OK && status != LUA_YIELD && reset(L, co) != LUA_OK) lua_xmove(co, L, 1);
    return lua_error(L);
}

int wrap(lua_State* L) {
    Given(L, "coroutine.wrap").function(1, "function");
    lua_State* co = lua_newthread(L);
    lua_pushvalue(L, 1);
    lua_xmove(L, co, 1);
    lua_pushcclosure(L, enter<resume_wrapped>, 1);
    return 1;
}

int close(lua_State* L) {
    lua_State* co = coroutine_at(L, "coroutine.close");
    lua_Debug frame;
    if (lua_status(co) == LUA_OK && lua_getstack(co, 0, &frame))
        refuse("coroutine.close: it is running");
    if (reset(L, co) == LUA_OK) {
        lua_pushboolean(L, 1);
        return 1;
    }
    lua_pushboolean(L, 0);
    lua_xmove(co, L, 1);
    return 2;
}

void guard(lua_State* L, const char* name, lua_CFunction function) {
    lua_getfield(L, -1, name);
    lua_pushcclosure(L, function, 1);
    lua_setfield(L, -2, name);
}

void open_string(lua_State* L) {
    luaL_requiref(L, "string", luaopen_string, 1);
    lua_pushnil(L);
    lua_setfield(L, -2, "dump");
    guard(L, "rep", enter<repeat>);
    guard(L, "format", enter<format>);
    // Methods of texts come from a copy that no script can reach.
    lua_newtable(L);
    lua_pushnil(L);
    while (lua_next(L, -3)) {
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, -4);
    }
    guard_library(L, "text");
    lua_pushliteral(L, "");
    lua_getmetatable(L, -1);
    lua_pushvalue(L, -3);
    lua_setfield(L, -2, "__index");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_pop(L, 3);
    guard_library(L, "string");
    lua_pop(L, 1);
}

} // namespace

void seed_stream(State& state, int64_t seed) {
    const uint64_t word = Hasher().add(std::string_view("math.random")).add(seed).digest().word();
    const auto low = static_cast<uint32_t>(word), high = static_cast<uint32_t>(word >> 32);
    state.random.emplace(Key{low, high}, 0);
}

void open_libraries(lua_State* L) {
    open_string(L);

    luaL_requiref(L, "table", luaopen_table, 1);
    guard(L, "insert", enter<insert>);
    guard(L, "remove", enter<remove>);
    guard(L, "concat", enter<concat>);
    guard(L, "move", enter<move>);
    lua_pushcfunction(L, enter<stable_sort>);
    lua_setfield(L, -2, "sort");
    guard_library(L, "table");

    luaL_requiref(L, "math", luaopen_math, 1);
    seed_stream(state_of(L), state_of(L).options.seed);
    lua_pushcfunction(L, enter<random>);
    lua_setfield(L, -2, "random");
    lua_pushcfunction(L, enter<random_seed>);
    lua_setfield(L, -2, "randomseed");
    guard_library(L, "math");

    luaL_requiref(L, "coroutine", luaopen_coroutine, 1);
    constexpr luaL_Reg functions[] = {{"resume", enter<resume>},
                                      {"wrap", enter<wrap>},
                                      {"close", enter<close>},
                                      {nullptr, nullptr}};
    luaL_setfuncs(L, functions, 0);
    guard_library(L, "coroutine");

    luaL_requiref(L, "utf8", luaopen_utf8, 1);
    guard_library(L, "utf8");

    if (state_of(L).options.trusted) {
        luaL_requiref(L, "io", luaopen_io, 1);
        luaL_requiref(L, "os", luaopen_os, 1);
        luaL_requiref(L, "package", luaopen_package, 1);
        // Scripts keep our require; Lua's own is asked last.
        lua_getglobal(L, "require");
        lua_setfield(L, LUA_REGISTRYINDEX, "lua_require");
        lua_pushcfunction(L, enter<require_module>);
        lua_setglobal(L, "require");
    }
    lua_settop(L, 0);
}

} // namespace espalier::script
