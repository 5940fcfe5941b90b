// SPDX-License-Identifier: MIT
// Failures that become Lua errors, and arguments that name themselves in messages.
#include "script/border.hpp"

#include "schema/suggest.hpp"
#include "script/tensor_math.hpp"
#include "values/wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <new>

namespace espalier::script {

std::string place_of(lua_State* L) {
    lua_Debug frame;
    for (int level = 0; level < 200 && lua_getstack(L, level, &frame); ++level) {
        lua_getinfo(L, "Sl", &frame);
        if (frame.currentline > 0 && *frame.source == '@')
            return fmt::format("{}:{}: ", frame.source + 1, frame.currentline);
    }
    return {};
}

Failure failure_of(const std::exception& exception) {
    if (const auto* failure = dynamic_cast<const Failure*>(&exception)) return *failure;
    if (dynamic_cast<const std::bad_alloc*>(&exception))
        return {Exit::some_failed, "out of memory", {}, Cause::out_of_memory};
    return {Exit::bug, "an internal error of the program; please report it with this script"};
}

void keep(lua_State* L, const std::exception& exception) noexcept {
    State::Raised& raised = state_of(L).raised;
    try {
        const Failure failure = failure_of(exception);
        raised = {failure.what(), failure.hint(), failure.exit(), failure.cause()};
    } catch (...) { // no memory for the message
        raised.text.clear(), raised.hint.clear();
        raised.exit = Exit::some_failed, raised.cause = Cause::out_of_memory;
    }
}

int raise_kept(lua_State* L) {
    State& state = state_of(L);
    {
        // The command line is not the fault of the script's line.
        const std::string place = state.raised.exit == Exit::command_line ? "" : place_of(L);
        std::string text = state.raised.text.empty() ? "out of memory" : state.raised.text;
        if (state.raised.exit == Exit::interrupted) {
            state.stopping = true;
            if (state.stop == State::Stop::out_of_time) {
                text = fmt::format("script time limit {:g} s reached", state.options.time_limit);
                state.raised.exit = Exit::some_failed;
            }
        }
        std::string lines;
        for (std::size_t begin = 0; begin <= text.size();) {
            const std::size_t end = std::min(text.find('\n', begin), text.size());
            lines += (begin ? "\n" : "") + place + text.substr(begin, end - begin);
            begin = end + 1;
        }
        state.raised.text = lines;
        lua_pushlstring(L, lines.data(), lines.size());
    }
    return lua_error(L);
}

void refuse(const std::string& message, std::string hint) {
    throw Failure(Exit::script, message, std::move(hint));
}

void refuse_name(std::string_view owner, std::string_view what, std::string_view name,
                 const std::vector<std::string>& known) {
    refuse(fmt::format("{} has no {} '{}'{}", owner, what, name, suggestion(name, known)));
}

void Given::refuse(const std::string& message) const {
    script::refuse(fmt::format("{}: {}", function_, message));
}

void Given::wrong(int i, std::string_view name, std::string_view wanted) const {
    const std::string_view function = function_;
    const std::size_t colon = function.find(':');
    if (i == 1 && colon != std::string_view::npos)
        refuse(fmt::format("must be called with a colon, {}(...)", function));
    if (lua_isnoneornil(L_, i))
        refuse(fmt::format("'{}' is missing: {}", name, with_article(wanted)));
    refuse(fmt::format("'{}' is {}, wanted {}", name, with_article(type_name(L_, i)),
                       with_article(wanted)));
}

int64_t Given::integer(int i, const char* name) const {
    int whole = 0;
    const lua_Integer n = lua_type(L_, i) == LUA_TNUMBER ? lua_tointegerx(L_, i, &whole) : 0;
    if (whole) return n;
    if (lua_type(L_, i) == LUA_TNUMBER)
        refuse(fmt::format("'{}' = {}: must be an integer", name, lua_tonumber(L_, i)));
    wrong(i, name, "integer");
}

double Given::real(int i, const char* name) const {
    if (lua_type(L_, i) != LUA_TNUMBER) wrong(i, name, "number");
    return lua_tonumber(L_, i);
}

std::string Given::text(int i, const char* name) const {
    if (lua_type(L_, i) != LUA_TSTRING) wrong(i, name, "text");
    std::size_t length = 0;
    const char* text = lua_tolstring(L_, i, &length);
    return {text, length};
}

void Given::table(int i, const char* name) const {
    if (!lua_istable(L_, i)) wrong(i, name, "table");
}

void Given::function(int i, const char* name) const {
    if (!lua_isfunction(L_, i)) wrong(i, name, "function");
}

Tensor Given::tensor(int i, const char* name) const {
    if (const Value* value = object_at(L_, i))
        if (const Tensor* content = value->get<Tensor>()) return *content;
    if (lua_isinteger(L_, i)) return number_tensor(int64_t{lua_tointeger(L_, i)});
    if (lua_type(L_, i) == LUA_TNUMBER) return number_tensor(double{lua_tonumber(L_, i)});
    if (!lua_istable(L_, i)) wrong(i, name, "tensor");
    const Value list = value_at(L_, i, fmt::format("{}: '{}'", function_, name));
    if (!list.get<List>()) wrong(i, name, "tensor");
    try {
        return tensor_from(list.as<List>());
    } catch (const Failure& failure) {
        refuse(failure.what());
    }
}

int64_t Given::position(int i, const char* name, int64_t length) const {
    const int64_t n = integer(i, name);
    if (n < 1 || n > length) refuse(fmt::format("'{}' = {}: must be in 1 .. {}", name, n, length));
    return n - 1;
}

Shape Given::shape(int i) const {
    Shape shape;
    const auto add = [&](int at) {
        const int64_t n = integer(at, "shape");
        if (n < -1) refuse(fmt::format("'shape' holds {}: must not be negative", n));
        shape.push_back(n);
    };
    if (lua_istable(L_, i)) {
        for (lua_Unsigned k = 1; k <= lua_rawlen(L_, i); ++k) {
            lua_rawgeti(L_, i, static_cast<lua_Integer>(k));
            add(lua_gettop(L_));
            lua_pop(L_, 1);
        }
    } else
        for (; i <= count() && lua_type(L_, i) == LUA_TNUMBER; ++i) add(i);
    return shape;
}

Fields::Fields(lua_State* L, int index, const char* function, std::vector<std::string> names)
    : L_(L), index_(lua_absindex(L, index)), function_(function) {
    if (!lua_istable(L, index_))
        refuse(fmt::format("{}: takes one table, {} {{ ... }}, not {}", function, function,
                           with_article(type_name(L, index_))));
    for (const std::string& name : names_in(L, index_))
        if (std::find(names.begin(), names.end(), name) == names.end())
            refuse(
                fmt::format("{}: unknown field '{}'{}", function, name, suggestion(name, names)));
    lua_pushnil(L);
    while (lua_next(L, index_)) {
        lua_pop(L, 1);
        if (lua_type(L, -1) != LUA_TSTRING)
            refuse(fmt::format("{}: takes named fields, {} {{ name = value }}; found one at [{}]",
                               function, function, plain_text(L, -1)));
    }
}

bool Fields::has(const char* name) const {
    const bool present = lua_getfield(L_, index_, name) != LUA_TNIL;
    lua_pop(L_, 1);
    return present;
}

Value Fields::value(const char* name) const {
    lua_getfield(L_, index_, name);
    Value value = value_at(L_, -1, fmt::format("{}: '{}'", function_, name));
    lua_pop(L_, 1);
    return value;
}

void Fields::wrong(const char* name, const Value& value, const char* wanted) const {
    refuse(fmt::format("{}: '{}' is {}, wanted {}", function_, name, with_article(value.type()),
                       wanted));
}

int64_t Fields::integer(const char* name, int64_t otherwise) const {
    const Value v = value(name);
    if (v.is_nil()) return otherwise;
    if (const auto* n = v.get<int64_t>()) return *n;
    const auto x = v.number();
    if (!x || *x != std::floor(*x) || std::abs(*x) > 0x1p53) wrong(name, v, "an integer");
    return static_cast<int64_t>(*x);
}

bool Fields::boolean(const char* name, bool otherwise) const {
    const Value v = value(name);
    if (v.is_nil()) return otherwise;
    if (!v.get<bool>()) wrong(name, v, "true or false");
    return v.as<bool>();
}

std::string Fields::text(const char* name, const std::string& otherwise) const {
    const Value v = value(name);
    if (v.is_nil()) return otherwise;
    if (!v.get<std::string>()) wrong(name, v, "a text");
    return v.as<std::string>();
}

} // namespace espalier::script
