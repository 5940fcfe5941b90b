// SPDX-License-Identifier: MIT
// What a prompt needs: one line at a time, and the names that may follow.
#include "script/border.hpp"

#include <algorithm>

namespace espalier {

namespace {

using script::State;

// Locals would end with their line.
std::string without_local(std::string_view text) {
    constexpr std::string_view word = "local ";
    return std::string(text.starts_with(word) ? text.substr(word.size()) : text);
}

enum class Compiled { whole, unfinished };

// Whether the error message on top of the stack says that the text stops too early.
bool stops_early(lua_State* L) { return std::string_view(lua_tostring(L, -1)).ends_with("<eof>"); }

// Leaves the function on the stack, or nothing when more lines are wanted.
Compiled compile_line(lua_State* L, const std::string& text) {
    const std::string expression = "return " + text;
    if (luaL_loadbufferx(L, expression.data(), expression.size(), "=prompt", "t") == LUA_OK)
        return Compiled::whole;
    const bool unfinished = stops_early(L);
    lua_pop(L, 1);
    const std::string statement = without_local(text);
    if (luaL_loadbufferx(L, statement.data(), statement.size(), "=prompt", "t") == LUA_OK)
        return Compiled::whole;
    if (unfinished || stops_early(L)) {
        lua_pop(L, 1);
        return Compiled::unfinished;
    }
    lua_error(L);
    return Compiled::unfinished;
}

void load_module_once(lua_State* L) {
    lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
    lua_pushliteral(L, "esp");
    if (lua_rawget(L, -2) == LUA_TNIL) {
        lua_pushcfunction(L, script::enter<script::require_module>);
        lua_pushliteral(L, "espalier");
        lua_call(L, 1, 1);
        lua_setfield(L, -3, "esp");
    }
    lua_pop(L, 2);
}

// Tables behind the __index of an object: the function's first two upvalues.
std::vector<std::string> names_of_object(lua_State* L, int index) {
    std::vector<std::string> names;
    if (!luaL_getmetafield(L, index, "__index") || !lua_iscfunction(L, -1)) return names;
    for (const int upvalue : {1, 2})
        if (lua_getupvalue(L, -1, upvalue)) {
            if (lua_istable(L, -1))
                for (auto& name : script::names_in(L, -1)) names.push_back(std::move(name));
            lua_pop(L, 1);
        }
    return names;
}

std::vector<std::string> names_of(lua_State* L, int index) {
    if (lua_istable(L, index)) return script::names_in(L, index);
    const Value* value = script::object_at(L, index);
    std::vector<std::string> names = names_of_object(L, index);
    if (value) {
        if (const Map* map = value->get<Map>())
            for (const auto& entry : *map) names.push_back(entry.first);
        if (const Table* table = value->get<Table>())
            for (const auto& column : table->columns) names.push_back(column.first);
    }
    return names;
}

std::vector<std::string> global_names(lua_State* L) {
    lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
    auto names = script::names_in(L, -1);
    luaL_getmetafield(L, -1, "__index"); // the real table
    for (auto& name : script::names_in(L, -1)) names.push_back(std::move(name));
    return names;
}

} // namespace

std::optional<std::string> Interpreter::evaluate(std::string_view line) {
    std::optional<std::string> shown;
    script::run_protected(*state_, [&](lua_State* L) {
        load_module_once(L);
        const int base = lua_gettop(L);
        if (compile_line(L, std::string(line)) == Compiled::unfinished) return;
        lua_call(L, 0, LUA_MULTRET);
        shown.emplace();
        const int last = lua_gettop(L);
        for (int i = base + 1; i <= last; ++i) {
            if (i > base + 1) *shown += '\t';
            *shown += script::push_text(L, i);
            lua_pop(L, 1);
        }
    });
    return shown;
}

std::vector<std::string> Interpreter::completions(std::string_view beginning) {
    const std::size_t dot = beginning.find_last_of(".:");
    const std::string_view path = dot == std::string_view::npos ? "" : beginning.substr(0, dot);
    const std::string_view start =
        dot == std::string_view::npos ? beginning : beginning.substr(dot + 1);
    std::vector<std::string> words;
    try {
        script::run_protected(*state_, [&](lua_State* L) {
            load_module_once(L);
            std::vector<std::string> names;
            if (path.empty())
                names = global_names(L);
            else {
                lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
                for (std::size_t begin = 0; begin <= path.size();) {
                    const std::size_t end = std::min(path.find('.', begin), path.size());
                    lua_getfield(L, -1, std::string(path.substr(begin, end - begin)).c_str());
                    begin = end + 1;
                }
                names = names_of(L, lua_gettop(L));
            }
            for (const std::string& name : names)
                if (name.starts_with(start))
                    words.push_back(
                        std::string(beginning.substr(0, beginning.size() - start.size())) + name);
        });
    } catch (const Failure&) {
        return {}; // nothing is known about what cannot be reached
    }
    std::sort(words.begin(), words.end());
    words.erase(std::unique(words.begin(), words.end()), words.end());
    return words;
}

} // namespace espalier
