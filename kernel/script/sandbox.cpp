// SPDX-License-Identifier: MIT
// The globals of a script: what is safe, repeatable, and says so when a name is mistyped.
#include "schema/suggest.hpp"
#include "script/border.hpp"
#include "script/order.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace espalier::script {

namespace {

// Upvalues: table, owner, what its names are called.
int sealed_index(lua_State* L) {
    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL) return 1;
    const std::string name = plain_text(L, 2);
    refuse_name(lua_tostring(L, lua_upvalueindex(2)), lua_tostring(L, lua_upvalueindex(3)), name,
                names_in(L, lua_upvalueindex(1)));
}

int sealed_change(lua_State* L) {
    refuse(fmt::format("{} cannot be changed", lua_tostring(L, lua_upvalueindex(2))));
}

int sealed_pairs(lua_State* L) {
    lua_settop(L, 0);
    lua_pushvalue(L, lua_upvalueindex(1));
    return ordered_pairs(L);
}

int sealed_text(lua_State* L) {
    const std::string text = fmt::format("{}: {}", lua_tostring(L, lua_upvalueindex(2)),
                                         fmt::join(names_in(L, lua_upvalueindex(1)), ", "));
    lua_pushlstring(L, text.data(), text.size());
    return 1;
}

int unknown_global(lua_State* L) {
    const std::string name = plain_text(L, 2);
    if (name == "esp" || name == "espalier")
        refuse(fmt::format("'{}' is not loaded", name), R"(local esp = require "espalier")");
    for (const char* closed : {"io", "os", "package", "collectgarbage"})
        if (name == closed)
            refuse(fmt::format("'{}' is not open to scripts", name), "run with --trust");
    for (const char* closed : {"dofile", "loadfile", "debug"})
        if (name == closed) refuse(fmt::format("'{}' is not open to scripts", name));
    refuse(fmt::format("unknown name '{}'{}", name,
                       suggestion(name, names_in(L, lua_upvalueindex(1)))));
}

int assigned_global(lua_State* L) {
    if (!state_of(L).options.interactive) {
        const std::string name = plain_text(L, 2);
        refuse(fmt::format("'{}' is not declared", name), fmt::format("local {} = ...", name));
    }
    lua_settop(L, 3);
    lua_rawset(L, lua_upvalueindex(1));
    return 0;
}

int refused_assignment(lua_State* L) {
    refuse(fmt::format("{} has no field '{}' to assign", lua_tostring(L, lua_upvalueindex(2)),
                       plain_text(L, 2)));
}

int finish_pcall(lua_State* L, int status, lua_KContext extra) {
    if (status != LUA_OK && status != LUA_YIELD) {
        keep_stopping(L);
        lua_pushboolean(L, 0);
        lua_pushvalue(L, -2);
        return 2;
    }
    return lua_gettop(L) - static_cast<int>(extra);
}

int protected_call(lua_State* L) {
    luaL_checkany(L, 1);
    lua_pushboolean(L, 1);
    lua_insert(L, 1);
    const int status = lua_pcallk(L, lua_gettop(L) - 2, LUA_MULTRET, 0, 0, finish_pcall);
    return finish_pcall(L, status, 0);
}

// The handler runs after the error has unwound: inside it, a hook could not stop it.
int finish_xpcall(lua_State* L, int status, lua_KContext) {
    if (status == LUA_OK || status == LUA_YIELD) return lua_gettop(L) - 1;
    keep_stopping(L);
    lua_pushvalue(L, 1);
    lua_pushvalue(L, -2);
    lua_call(L, 1, 1);
    lua_pushboolean(L, 0);
    lua_insert(L, -2);
    return 2;
}

int handled_call(lua_State* L) {
    luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_pushvalue(L, 1);
    lua_pushvalue(L, 2);
    lua_replace(L, 1); // the handler stays below
    lua_replace(L, 2); // the function
    lua_pushboolean(L, 1);
    lua_insert(L, 2);
    const int status = lua_pcallk(L, lua_gettop(L) - 3, LUA_MULTRET, 0, 0, finish_xpcall);
    return finish_xpcall(L, status, 0);
}

int print(lua_State* L) {
    std::string line;
    for (int i = 1; i <= lua_gettop(L); ++i) {
        if (i > 1) line += '\t';
        line += push_text(L, i);
        lua_pop(L, 1);
    }
    const auto& sink = state_of(L).options.print;
    if (sink)
        sink(line);
    else
        std::puts(line.c_str());
    return 0;
}

int to_text(lua_State* L) {
    luaL_checkany(L, 1);
    push_text(L, 1);
    return 1;
}

int set_metatable(lua_State* L) {
    const Given given(L, "setmetatable");
    given.table(1, "table");
    if (!lua_isnoneornil(L, 2)) {
        given.table(2, "metatable");
        lua_pushliteral(L, "__gc");
        if (lua_rawget(L, 2) != LUA_TNIL) given.refuse("'__gc' is not open to scripts");
    }
    lua_settop(L, 2);
    if (luaL_getmetafield(L, 1, "__metatable") != LUA_TNIL)
        given.refuse("the table's metatable is protected");
    lua_settop(L, 2);
    lua_setmetatable(L, 1);
    return 1;
}

// Upvalue: Lua's own `load`. Always mode "t".
int load_text(lua_State* L) {
    const Given given(L, "load");
    if (lua_type(L, 1) == LUA_TSTRING && *lua_tostring(L, 1) == LUA_SIGNATURE[0])
        given.refuse("precompiled Lua is not accepted");
    const bool own_globals = lua_gettop(L) >= 4;
    lua_settop(L, own_globals ? 4 : 3);
    lua_pushliteral(L, "t");
    lua_replace(L, 3);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
    return lua_gettop(L);
}

int next_of_tensor(lua_State* L) {
    const Tensor& t = object_at(L, 1)->as<Tensor>();
    const lua_Integer i = lua_tointeger(L, 2) + 1;
    if (i > t.shape()[0]) return 0;
    lua_pushinteger(L, i);
    lua_geti(L, 1, i);
    return 2;
}

// Upvalue: Lua's own `ipairs`.
int items(lua_State* L) {
    const Value* value = object_at(L, 1);
    if (value && value->get<Tensor>()) {
        if (value->as<Tensor>().axes() == 0) refuse("ipairs: the tensor has no axes");
        lua_pushcfunction(L, enter<next_of_tensor>);
        lua_pushvalue(L, 1);
        lua_pushinteger(L, 0);
        return 3;
    }
    luaL_checkany(L, 1);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_pushvalue(L, 1);
    lua_call(L, 1, 3);
    return 3;
}

void wrap(lua_State* L, const char* name, lua_CFunction function) {
    lua_getfield(L, -1, name);
    lua_pushcclosure(L, function, 1);
    lua_setfield(L, -2, name);
}

void set_closure(lua_State* L, int table, const char* name, lua_CFunction function,
                 const char* owner, const char* what) {
    lua_pushvalue(L, table);
    lua_pushstring(L, owner);
    lua_pushstring(L, what);
    lua_pushcclosure(L, function, 3);
    lua_setfield(L, -2, name);
}

} // namespace

void close_globals(lua_State* L) {
    lua_pushglobaltable(L);
    const int real = lua_gettop(L);
    lua_createtable(L, 0, 2);
    lua_pushvalue(L, real);
    lua_pushcclosure(L, enter<unknown_global>, 1);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, real);

    lua_newtable(L);
    lua_createtable(L, 0, 4);
    lua_pushvalue(L, real);
    lua_setfield(L, -2, "__index");
    set_closure(L, real, "__newindex", enter<assigned_global>, "_G", "name");
    set_closure(L, real, "__pairs", enter<sealed_pairs>, "_G", "name");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
    lua_pushvalue(L, -1);
    lua_setfield(L, real, "_G");
    lua_rawseti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
    lua_settop(L, real - 1);
}

void seal(lua_State* L, const char* owner, const char* what) {
    const int table = lua_gettop(L);
    lua_newuserdatauv(L, 1, 0);
    lua_createtable(L, 0, 6);
    set_closure(L, table, "__index", enter<sealed_index>, owner, what);
    set_closure(L, table, "__newindex", enter<sealed_change>, owner, what);
    set_closure(L, table, "__pairs", enter<sealed_pairs>, owner, what);
    set_closure(L, table, "__tostring", enter<sealed_text>, owner, what);
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_pushstring(L, owner);
    lua_setfield(L, -2, "__name");
    lua_setmetatable(L, -2);
    lua_remove(L, table);
}

void guard_library(lua_State* L, const char* name) {
    const int table = lua_gettop(L);
    lua_createtable(L, 0, 3);
    set_closure(L, table, "__index", enter<sealed_index>, name, "function");
    set_closure(L, table, "__newindex", enter<refused_assignment>, name, "function");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, table);
}

void open_sandbox(lua_State* L) {
    luaL_requiref(L, "_G", luaopen_base, 1);
    for (const char* closed : {"dofile", "loadfile", "warn", "collectgarbage"}) {
        if (state_of(L).options.trusted && std::string_view(closed) == "collectgarbage") continue;
        lua_pushnil(L);
        lua_setfield(L, -2, closed);
    }
    wrap(L, "load", enter<load_text>);
    wrap(L, "ipairs", enter<items>);
    constexpr luaL_Reg functions[] = {{"next", enter<ordered_next>},
                                      {"pairs", enter<ordered_pairs>},
                                      {"pcall", protected_call},
                                      {"print", enter<print>},
                                      {"setmetatable", enter<set_metatable>},
                                      {"tostring", enter<to_text>},
                                      {"xpcall", handled_call},
                                      {"require", enter<require_module>},
                                      {nullptr, nullptr}};
    luaL_setfuncs(L, functions, 0);
    lua_pop(L, 1);
}

} // namespace espalier::script
