// SPDX-License-Identifier: MIT
// Keys of a table in order, and a stable sort.
#include "script/order.hpp"
#include "values/wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace espalier::script {

namespace {

// A key of a table. Texts stay valid while the table holds them.
struct Key {
    enum class Kind { integer, real, text, truth } kind = Kind::integer;
    lua_Integer integer = 0; // or a boolean
    double real = 0;
    std::string_view text;

    Key(lua_State* L, int index) {
        switch (lua_type(L, index)) {
        case LUA_TNUMBER:
            if (lua_isinteger(L, index))
                integer = lua_tointeger(L, index);
            else
                kind = Kind::real, real = lua_tonumber(L, index);
            break;
        case LUA_TSTRING: {
            std::size_t length = 0;
            const char* bytes = lua_tolstring(L, index, &length);
            kind = Kind::text, text = {bytes, length};
            break;
        }
        case LUA_TBOOLEAN: kind = Kind::truth, integer = lua_toboolean(L, index); break;
        default:
            refuse(fmt::format("pairs: keys of type {} have no repeatable order; keep a list of "
                               "them beside the table",
                               type_name(L, index)));
        }
    }
    void push(lua_State* L) const {
        switch (kind) {
        case Kind::integer: lua_pushinteger(L, integer); break;
        case Kind::real: lua_pushnumber(L, real); break;
        case Kind::text: lua_pushlstring(L, text.data(), text.size()); break;
        case Kind::truth: lua_pushboolean(L, static_cast<int>(integer)); break;
        }
    }
    bool is_number() const { return kind <= Kind::real; }
};

// Lua turns whole reals into integers as keys, so a real here is never equal to an integer.
bool before(lua_Integer a, double b) {
    if (b >= 0x1p63) return true;
    return b >= -0x1p63 && a <= static_cast<lua_Integer>(std::floor(b));
}

bool operator<(const Key& a, const Key& b) {
    if (a.is_number() && b.is_number()) {
        if (a.kind == b.kind)
            return a.kind == Key::Kind::integer ? a.integer < b.integer : a.real < b.real;
        if (a.kind == Key::Kind::integer) return before(a.integer, b.real);
        return !before(b.integer, a.real);
    }
    if (a.kind != b.kind) return a.kind < b.kind;
    return a.kind == Key::Kind::text ? a.text < b.text : a.integer < b.integer;
}

// Upvalues: the table, its keys, how many have been visited.
int next_ordered(lua_State* L) {
    lua_Integer at = lua_tointeger(L, lua_upvalueindex(3));
    for (;;) {
        lua_settop(L, 0);
        if (lua_rawgeti(L, lua_upvalueindex(2), ++at) == LUA_TNIL) return 1;
        lua_pushvalue(L, -1);
        if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL) break;
    }
    lua_pushinteger(L, at);
    lua_replace(L, lua_upvalueindex(3));
    return 2;
}

int next_item(lua_State* L) {
    const lua_Integer at = lua_tointeger(L, 2) + 1;
    lua_pushinteger(L, at);
    return lua_rawgeti(L, 1, at) == LUA_TNIL ? 1 : 2;
}

// The index of every element of a sequence, sorted by `less`: a merge sort from the bottom up,
// whose steps do not depend on what `less` answers.
template <class Less> std::vector<lua_Integer> sorted(lua_Integer n, Less less) {
    std::vector<lua_Integer> from(static_cast<std::size_t>(n)), to(from.size());
    for (std::size_t i = 0; i < from.size(); ++i) from[i] = static_cast<lua_Integer>(i) + 1;
    for (std::size_t width = 1; width < from.size(); width *= 2) {
        for (std::size_t begin = 0; begin < from.size(); begin += 2 * width) {
            const std::size_t middle = std::min(begin + width, from.size());
            const std::size_t end = std::min(begin + 2 * width, from.size());
            std::size_t a = begin, b = middle;
            for (std::size_t k = begin; k < end; ++k) {
                const bool right = a == middle || (b < end && less(from[b], from[a]));
                to[k] = from[right ? b++ : a++];
            }
        }
        std::swap(from, to);
    }
    return from;
}

} // namespace

int ordered_pairs(lua_State* L) {
    luaL_checkany(L, 1);
    if (luaL_getmetafield(L, 1, "__pairs") != LUA_TNIL) {
        lua_pushvalue(L, 1);
        lua_call(L, 1, 3);
        return 3;
    }
    if (!lua_istable(L, 1))
        refuse(fmt::format("pairs: takes a table, not {}", with_article(type_name(L, 1))));
    lua_settop(L, 1);
    const auto length = static_cast<lua_Integer>(lua_rawlen(L, 1));
    lua_Integer positions = 0;
    std::vector<Key> keys;
    lua_pushnil(L);
    while (lua_next(L, 1)) {
        lua_pop(L, 1);
        keys.emplace_back(L, -1);
        const Key& key = keys.back();
        if (key.kind == Key::Kind::integer && key.integer >= 1 && key.integer <= length)
            ++positions;
    }
    const auto count = static_cast<lua_Integer>(keys.size());
    if (positions == length && count == length) {
        lua_pushcfunction(L, next_item);
        lua_pushvalue(L, 1);
        lua_pushinteger(L, 0);
        return 3;
    }
    std::sort(keys.begin(), keys.end());
    lua_pushvalue(L, 1);
    lua_createtable(L, static_cast<int>(std::min<std::size_t>(keys.size(), INT32_MAX)), 0);
    for (lua_Integer i = 0; i < count; ++i) {
        keys[static_cast<std::size_t>(i)].push(L);
        lua_rawseti(L, -2, i + 1);
    }
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, next_ordered, 3);
    return 1;
}

int ordered_next(lua_State* L) {
    if (!lua_istable(L, 1))
        refuse(fmt::format("next: takes a table, not {}", with_article(type_name(L, 1))));
    lua_settop(L, 2);
    std::optional<Key> least;
    const std::optional<Key> last = lua_isnil(L, 2) ? std::nullopt : std::optional(Key(L, 2));
    lua_pushnil(L);
    while (lua_next(L, 1)) {
        lua_pop(L, 1);
        const Key key(L, -1);
        if ((!last || *last < key) && (!least || key < *least)) least = key;
    }
    if (!least) {
        lua_pushnil(L);
        return 1;
    }
    least->push(L);
    lua_pushvalue(L, -1);
    lua_rawget(L, 1);
    return 2;
}

lua_Integer loop_length(lua_State* L, int index, const char* function) {
    if (!lua_istable(L, index))
        refuse(
            fmt::format("{}: takes a table, not {}", function, with_article(type_name(L, index))));
    const auto raw = static_cast<lua_Integer>(lua_rawlen(L, index));
    const lua_Integer said = luaL_len(L, index);
    if (said > raw && said > 10'000'000)
        refuse(fmt::format("{}: a length of {} that the table does not have", function, said));
    return said;
}

int stable_sort(lua_State* L) {
    const lua_Integer n = loop_length(L, 1, "table.sort");
    const bool own = !lua_isnoneornil(L, 2);
    if (own) luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_settop(L, 2);
    lua_createtable(L, static_cast<int>(std::clamp<lua_Integer>(n, 0, INT32_MAX)), 0);
    for (lua_Integer i = 1; i <= n; ++i) {
        lua_geti(L, 1, i);
        lua_rawseti(L, 3, i);
    }
    const auto order = sorted(std::max<lua_Integer>(n, 0), [&](lua_Integer a, lua_Integer b) {
        if (own) lua_pushvalue(L, 2);
        lua_rawgeti(L, 3, a);
        lua_rawgeti(L, 3, b);
        if (own) lua_call(L, 2, 1);
        const bool less = own ? lua_toboolean(L, -1) != 0 : lua_compare(L, -2, -1, LUA_OPLT) != 0;
        lua_settop(L, 3);
        return less;
    });
    for (lua_Integer i = 1; i <= n; ++i) {
        lua_rawgeti(L, 3, order[static_cast<std::size_t>(i - 1)]);
        lua_seti(L, 1, i);
    }
    return 0;
}

} // namespace espalier::script
