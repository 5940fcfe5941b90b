// SPDX-License-Identifier: MIT
// esp.tensor, esp.zeros, esp.range, ...: tensors made by scripts, and tensors joined.
#include "run/experiment.hpp"
#include "script/border.hpp"
#include "script/tensor_math.hpp"

#include <fmt/format.h>

#include <cmath>

namespace espalier::script {

namespace {

// A last argument that is a text names the element type.
DType last_dtype(lua_State* L, const Given& given, DType otherwise) {
    const int last = given.count();
    if (lua_type(L, last) != LUA_TSTRING) return otherwise;
    const DType d = dtype_named(given.text(last, "dtype"));
    lua_pop(L, 1);
    return d;
}

int make_tensor(lua_State* L) {
    const Given given(L, "esp.tensor");
    if (given.absent(1)) given.wrong(1, "values", "nested table");
    Tensor t = given.tensor(1, "values");
    if (!given.absent(2)) t = t.as(dtype_named(given.text(2, "dtype")));
    push_new(L, t);
    return 1;
}

int filled(lua_State* L, const char* name, double value) {
    const Given given(L, name);
    const DType d = last_dtype(L, given, DType::float64);
    Tensor t(DType::float64, given.shape(1));
    for (double& x : t.writable_values<double>()) x = value;
    push_new(L, t.as(d));
    return 1;
}

int zeros(lua_State* L) { return filled(L, "esp.zeros", 0); }
int ones(lua_State* L) { return filled(L, "esp.ones", 1); }

int full(lua_State* L) {
    const Given given(L, "esp.full");
    given.table(1, "shape");
    const double value = given.real(2, "value");
    const bool whole = lua_isinteger(L, 2);
    const Shape shape = given.shape(1);
    if (whole) {
        Tensor t(DType::int64, shape);
        for (int64_t& x : t.writable_values<int64_t>()) x = lua_tointeger(L, 2);
        push_new(L, t);
    } else {
        Tensor t(DType::float64, shape);
        for (double& x : t.writable_values<double>()) x = value;
        push_new(L, t);
    }
    return 1;
}

template <class T> int push_range(lua_State* L, T from, T step, int64_t count) {
    Tensor t(dtype_for<T>(), {count});
    auto values = t.writable_values<T>();
    for (int64_t i = 0; i < count; ++i)
        values[static_cast<std::size_t>(i)] = static_cast<T>(from + static_cast<T>(i) * step);
    push_new(L, t);
    return 1;
}

// Both ends included, as in Lua's for.
int range(lua_State* L) {
    const Given given(L, "esp.range");
    const double from = given.real(1, "from"), to = given.real(2, "to");
    const double step = given.absent(3) ? 1 : given.real(3, "step");
    if (step == 0 || !std::isfinite(step)) given.refuse(fmt::format("'step' = {}", step));
    // A tenth of a thousandth of a step forgives the rounding of 0.1 * 3 and the like.
    const double steps = std::floor((to - from) / step + 1e-4);
    if (!(steps < 1e9))
        given.refuse(fmt::format("{} to {} by {} is no range of at most 10^9", from, to, step));
    const int64_t count = steps < 0 ? 0 : static_cast<int64_t>(steps) + 1;
    const bool whole = lua_isinteger(L, 1) && (given.absent(3) || lua_isinteger(L, 3));
    if (whole)
        return push_range<int64_t>(L, lua_tointeger(L, 1),
                                   given.absent(3) ? 1 : lua_tointeger(L, 3), count);
    return push_range<double>(L, from, step, count);
}

int linspace(lua_State* L) {
    const Given given(L, "esp.linspace");
    const double from = given.real(1, "from"), to = given.real(2, "to");
    const int64_t count = given.integer(3, "count");
    if (count < 2 || count > 1'000'000'000)
        given.refuse(fmt::format("'count' = {}: must be in 2 .. 10^9", count));
    Tensor t(DType::float64, {count});
    auto values = t.writable_values<double>();
    for (int64_t i = 0; i < count; ++i)
        values[static_cast<std::size_t>(i)] = evenly_spaced(from, to, i, count);
    push_new(L, t);
    return 1;
}

std::vector<Tensor> parts_of(lua_State* L, const Given& given) {
    given.table(1, "tensors");
    std::vector<Tensor> parts;
    for (lua_Unsigned i = 1; i <= lua_rawlen(L, 1); ++i) {
        lua_rawgeti(L, 1, static_cast<lua_Integer>(i));
        parts.push_back(given.tensor(lua_gettop(L), "tensors"));
        lua_pop(L, 1);
    }
    return parts;
}

int join(lua_State* L, const Given& given, Tensor (*how)(const std::vector<Tensor>&, std::size_t)) {
    const int64_t axis = given.absent(2) ? 1 : given.integer(2, "axis");
    if (axis < 1 || axis > 32) given.refuse(fmt::format("'axis' = {}: must be >= 1", axis));
    const std::vector<Tensor> parts = parts_of(L, given);
    if (parts.empty()) given.refuse("'tensors' is empty");
    push_new(L, how(parts, static_cast<std::size_t>(axis - 1)));
    return 1;
}

int concat_tensors(lua_State* L) { return join(L, Given(L, "esp.concat"), concat); }
int stack_tensors(lua_State* L) { return join(L, Given(L, "esp.stack"), stack); }

} // namespace

void add_tensor_functions(lua_State* L) {
    constexpr luaL_Reg functions[] = {{"tensor", enter<make_tensor>},
                                      {"zeros", enter<zeros>},
                                      {"ones", enter<ones>},
                                      {"full", enter<full>},
                                      {"range", enter<range>},
                                      {"linspace", enter<linspace>},
                                      {"concat", enter<concat_tensors>},
                                      {"stack", enter<stack_tensors>},
                                      {nullptr, nullptr}};
    luaL_setfuncs(L, functions, 0);
}

} // namespace espalier::script
