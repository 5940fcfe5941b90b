// SPDX-License-Identifier: MIT
// Values pushed to and read from Lua, and how they are shown.
#include "script/border.hpp"
#include "values/wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace espalier::script {

namespace {

constexpr int deepest = 64;
const char object_mark = 0; // key in the metatables of our objects

const ObjectKind* kind_of(const Value& v) noexcept {
    if (v.get<Tensor>()) return &tensor_object;
    if (v.get<Graph>()) return &graph_object;
    if (v.get<Table>()) return &table_object;
    if (v.get<Model>()) return &model_object;
    return v.get<Map>() ? &record_object : nullptr;
}

void push_list(lua_State* L, const List& list) {
    luaL_checkstack(L, 4, "lists nested too deeply");
    lua_createtable(L, static_cast<int>(std::min<std::size_t>(list.size(), INT32_MAX)), 0);
    lua_Integer i = 0;
    for (const Value& item : list) {
        push(L, item);
        lua_rawseti(L, -2, ++i);
    }
}

Value table_value(lua_State* L, int index, std::string_view what, int depth);

Value value_in(lua_State* L, int index, std::string_view what, int depth) {
    switch (lua_type(L, index)) {
    case LUA_TNIL: return {};
    case LUA_TBOOLEAN: return lua_toboolean(L, index) != 0;
    case LUA_TNUMBER:
        if (lua_isinteger(L, index)) return int64_t{lua_tointeger(L, index)};
        return double{lua_tonumber(L, index)};
    case LUA_TSTRING: {
        std::size_t length = 0;
        const char* text = lua_tolstring(L, index, &length);
        return std::string(text, length);
    }
    case LUA_TTABLE: return table_value(L, lua_absindex(L, index), what, depth + 1);
    default:
        if (const Value* object = object_at(L, index)) return *object;
        refuse(fmt::format("{}: {} is no data", what, with_article(type_name(L, index))));
    }
}

Value table_value(lua_State* L, int index, std::string_view what, int depth) {
    if (depth > deepest) refuse(fmt::format("{}: tables nested more than {} deep", what, deepest));
    luaL_checkstack(L, 4, "tables nested too deeply");
    lua_Integer positions = 0;
    Map map;
    const auto length = static_cast<lua_Integer>(lua_rawlen(L, index));
    lua_pushnil(L);
    while (lua_next(L, index)) {
        if (lua_type(L, -2) == LUA_TSTRING) {
            const std::string name = lua_tostring(L, -2);
            map.emplace(name, value_in(L, -1, what, depth));
        } else if (lua_isinteger(L, -2) && lua_tointeger(L, -2) >= 1 &&
                   lua_tointeger(L, -2) <= length)
            ++positions;
        else
            refuse(fmt::format("{}: a table with a key of type {} is no data", what,
                               type_name(L, -2)));
        if (positions > 0 && !map.empty())
            refuse(fmt::format("{}: a table with both positions and names is no data", what));
        lua_pop(L, 1);
    }
    if (!map.empty()) return map;
    if (positions != length)
        refuse(fmt::format("{}: the list has a nil among its {} items", what, length));
    List list;
    list.reserve(static_cast<std::size_t>(length));
    for (lua_Integer i = 1; i <= length; ++i) {
        lua_rawgeti(L, index, i);
        list.push_back(value_in(L, -1, what, depth));
        lua_pop(L, 1);
    }
    return list;
}

std::string function_text(lua_State* L, int index) {
    lua_Debug f;
    lua_pushvalue(L, index);
    lua_getinfo(L, ">S", &f);
    if (*f.what == 'C') return "function: builtin";
    return fmt::format("function: {}:{}", f.short_src, f.linedefined);
}

int release(lua_State* L) {
    *static_cast<Value*>(lua_touserdata(L, 1)) = Value();
    return 0;
}

int refuse_change(lua_State* L) {
    refuse(fmt::format("{} cannot be changed", with_article(type_name(L, 1))));
}

int object_text(lua_State* L) {
    const Value* value = object_at(L, 1);
    const std::string text = value ? value->text() : "object";
    lua_pushlstring(L, text.data(), text.size());
    return 1;
}

std::string owner_of(lua_State* L, int index) {
    if (lua_getiuservalue(L, index, 1) == LUA_TSTRING) return lua_tostring(L, -1);
    return type_name(L, index);
}

// Upvalues: methods, fields, `other`.
int object_index(lua_State* L) {
    if (lua_type(L, 2) == LUA_TSTRING) {
        lua_pushvalue(L, 2);
        if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL) return 1;
        lua_pushvalue(L, 2);
        if (lua_rawget(L, lua_upvalueindex(2)) != LUA_TNIL) {
            const lua_CFunction field = lua_tocfunction(L, -1);
            lua_settop(L, 1);
            return field(L);
        }
        lua_settop(L, 2);
    }
    const Value* value = object_at(L, 1);
    const ObjectKind* kind = value ? kind_of(*value) : nullptr;
    if (!kind) refuse("an object of the program was misused");
    if (kind->other)
        if (const int results = kind->other(L)) return results;
    const std::string owner = owner_of(L, 1);
    if (lua_type(L, 2) != LUA_TSTRING)
        refuse(fmt::format("{} cannot be indexed with {}", owner, with_article(type_name(L, 2))));
    std::vector<std::string> known = kind->names ? kind->names(*value) : std::vector<std::string>();
    for (int upvalue : {1, 2})
        for (std::string& name : names_in(L, lua_upvalueindex(upvalue)))
            known.push_back(std::move(name));
    refuse_name(owner, "field", lua_tostring(L, 2), known);
}

// One that is a record has a user value, the label.
void push_object(lua_State* L, const Value& v, std::string_view label) {
    void* memory = lua_newuserdatauv(L, sizeof(Value), label.empty() ? 0 : 1);
    Value* object = new (memory) Value;
    lua_rawgetp(L, LUA_REGISTRYINDEX, kind_of(v));
    lua_setmetatable(L, -2);
    *object = v;
    if (label.empty()) return;
    lua_pushlstring(L, label.data(), label.size());
    lua_setiuservalue(L, -2, 1);
}

} // namespace

void push(lua_State* L, const Value& v, std::string_view label) {
    if (v.is_nil())
        lua_pushnil(L);
    else if (const auto* truth = v.get<bool>())
        lua_pushboolean(L, *truth);
    else if (const auto* whole = v.get<int64_t>())
        lua_pushinteger(L, *whole);
    else if (const auto* real = v.get<double>())
        lua_pushnumber(L, *real);
    else if (const auto* text = v.get<std::string>())
        lua_pushlstring(L, text->data(), text->size());
    else if (const auto* list = v.get<List>())
        push_list(L, *list);
    else
        push_object(L, v, label);
}

void push_new(lua_State* L, const Value& v, std::string_view label) {
    push(L, v, label);
    std::size_t bytes = 0;
    const auto add = [&](const Value& part) {
        if (const auto* t = part.get<Tensor>()) bytes += t->bytes();
        if (const auto* g = part.get<Graph>())
            bytes += g->offsets.bytes() + g->targets.bytes() * (g->weights ? 3 : 1);
    };
    add(v);
    if (const auto* map = v.get<Map>())
        for (const auto& named : *map) add(named.second);
    if (bytes >= 1u << 16)
        lua_gc(L, LUA_GCSTEP, static_cast<int>(std::min<std::size_t>(bytes >> 10, 1u << 30)));
}

Value value_at(lua_State* L, int index, std::string_view what) {
    return value_in(L, index, what, 0);
}

const Value* object_at(lua_State* L, int index) noexcept {
    if (lua_type(L, index) != LUA_TUSERDATA || !lua_getmetatable(L, index)) return nullptr;
    const bool ours = lua_rawgetp(L, -1, &object_mark) == LUA_TBOOLEAN;
    lua_pop(L, 2);
    return ours ? static_cast<const Value*>(lua_touserdata(L, index)) : nullptr;
}

std::string type_name(lua_State* L, int index) {
    if (lua_type(L, index) == LUA_TNUMBER) return lua_isinteger(L, index) ? "integer" : "real";
    if (lua_type(L, index) == LUA_TSTRING) return "text";
    if (lua_type(L, index) == LUA_TTHREAD) return "coroutine";
    if (const Value* value = object_at(L, index))
        return value->get<Map>() ? "record" : std::string(value->type());
    if (lua_type(L, index) == LUA_TUSERDATA) {
        std::string name = "object";
        if (luaL_getmetafield(L, index, "__name") == LUA_TSTRING) name = lua_tostring(L, -1);
        if (name != "object") lua_pop(L, 1);
        return name;
    }
    return lua_isnone(L, index) ? "nil" : lua_typename(L, lua_type(L, index));
}

std::string plain_text(lua_State* L, int index) {
    if (const Value* value = object_at(L, index)) return value->text();
    switch (lua_type(L, index)) {
    case LUA_TNIL: return "nil";
    case LUA_TBOOLEAN: return lua_toboolean(L, index) ? "true" : "false";
    case LUA_TFUNCTION: return function_text(L, index);
    case LUA_TNUMBER:
    case LUA_TSTRING: {
        lua_pushvalue(L, index); // conversion would change a number in place
        std::size_t length = 0;
        const char* text = lua_tolstring(L, -1, &length);
        std::string copy(text, length);
        lua_pop(L, 1);
        return copy;
    }
    default: return type_name(L, index);
    }
}

std::string_view push_text(lua_State* L, int index) {
    index = lua_absindex(L, index);
    const int type = lua_type(L, index);
    if ((type == LUA_TTABLE || type == LUA_TUSERDATA) &&
        luaL_getmetafield(L, index, "__tostring") != LUA_TNIL) {
        lua_pushvalue(L, index);
        lua_call(L, 1, 1);
        if (lua_type(L, -1) != LUA_TSTRING) refuse("'__tostring' must return a text");
    } else {
        const std::string text = plain_text(L, index);
        lua_pushlstring(L, text.data(), text.size());
    }
    std::size_t length = 0;
    const char* text = lua_tolstring(L, -1, &length);
    return {text, length};
}

std::vector<std::string> names_in(lua_State* L, int index) {
    std::vector<std::string> names;
    lua_pushnil(L);
    while (lua_next(L, index < 0 && index > LUA_REGISTRYINDEX ? index - 1 : index)) {
        lua_pop(L, 1);
        if (lua_type(L, -1) == LUA_TSTRING) names.emplace_back(lua_tostring(L, -1));
    }
    std::sort(names.begin(), names.end());
    return names;
}

void define_object(lua_State* L, const ObjectKind& kind) {
    lua_createtable(L, 0, 16);
    lua_pushboolean(L, 1);
    lua_rawsetp(L, -2, &object_mark);
    constexpr luaL_Reg shared[] = {{"__gc", release},
                                   {"__tostring", enter<object_text>},
                                   {"__newindex", enter<refuse_change>},
                                   {nullptr, nullptr}};
    luaL_setfuncs(L, shared, 0);
    luaL_setfuncs(L, kind.metamethods, 0);
    lua_newtable(L);
    luaL_setfuncs(L, kind.methods, 0);
    lua_newtable(L);
    luaL_setfuncs(L, kind.fields, 0);
    lua_pushcclosure(L, enter<object_index>, 2);
    lua_setfield(L, -2, "__index");
    lua_pushstring(L, kind.name);
    lua_setfield(L, -2, "__name");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &kind);
}

} // namespace espalier::script
