// SPDX-License-Identifier: MIT
// Tensors in scripts: indexing from 1, slices, fields, and the methods that compute.
#include "script/border.hpp"
#include "script/tensor_math.hpp"
#include "values/wording.hpp"

#include <fmt/format.h>

#include <cmath>

namespace espalier::script {

namespace {

const Tensor& self(lua_State* L) { return object_at(L, 1)->as<Tensor>(); }

void push_element(lua_State* L, const Tensor& t, int64_t flat) {
    const auto at = static_cast<std::size_t>(flat);
    if (t.dtype() == DType::float64)
        lua_pushnumber(L, t.values<double>()[at]);
    else if (t.dtype() == DType::int64)
        lua_pushinteger(L, t.values<int64_t>()[at]);
    else if (t.dtype() == DType::boolean)
        lua_pushboolean(L, t.values<bool>()[at]);
    else if (is_real(t.dtype()))
        lua_pushnumber(L, t.number(flat));
    else
        lua_pushinteger(L, static_cast<lua_Integer>(t.number(flat)));
}

// A tensor without axes is a plain number to a script.
int push_tensor(lua_State* L, const Tensor& t) {
    if (t.axes() == 0)
        push_element(L, t, 0);
    else
        push_new(L, t);
    return 1;
}

int push_shape(lua_State* L, const Shape& shape) {
    lua_createtable(L, static_cast<int>(shape.size()), 0);
    lua_Integer i = 0;
    for (const int64_t length : shape) {
        lua_pushinteger(L, length);
        lua_rawseti(L, -2, ++i);
    }
    return 1;
}

[[noreturn]] void refuse_index(int64_t i, int64_t length, const Tensor& t) {
    if (length == 0)
        refuse(fmt::format("tensor index {}: shape {} is empty", i, text_of(t.shape())));
    refuse(fmt::format("tensor index {}: must be in 1 .. {} (shape {})", i, length,
                       text_of(t.shape())));
}

int64_t position(lua_State* L, int index, const Tensor& t, std::size_t axis) {
    int whole = 0;
    const int64_t i = lua_tointegerx(L, index, &whole);
    if (!whole || lua_type(L, index) != LUA_TNUMBER)
        refuse(fmt::format("tensor index {}: must be an integer", plain_text(L, index)));
    if (i < 1 || i > t.shape()[axis]) refuse_index(i, t.shape()[axis], t);
    return i - 1;
}

// The optional integer at [k] of the range on top of the stack.
int64_t range_part(lua_State* L, int k, int64_t otherwise) {
    int whole = 1;
    const bool given = lua_rawgeti(L, -1, k) != LUA_TNIL;
    const int64_t n = given ? lua_tointegerx(L, -1, &whole) : otherwise;
    if (!whole) refuse(fmt::format("tensor index {}: must be an integer", plain_text(L, -1)));
    lua_pop(L, 1);
    return n;
}

// Elements from .. to (counted from 1, both included) by step.
Tensor sliced(const Tensor& t, std::size_t axis, int64_t from, int64_t to, int64_t step) {
    const int64_t length = t.shape()[axis];
    if (step < 1) refuse(fmt::format("tensor slice: step = {}: must be >= 1", step));
    if (from < 1 || to > length || from > to + 1)
        refuse(fmt::format("tensor slice {} .. {}: must lie in 1 .. {} (shape {})", from, to,
                           length, text_of(t.shape())));
    if (from == 1 && to == length && step == 1) return t;
    return axis == 0 && step == 1 ? t.rows(from - 1, to) : t.slice(axis, from - 1, to, step);
}

// t[{i, {from, to, step}, {}}]: an integer drops its axis, {} keeps all of it.
int by_table(lua_State* L) {
    Tensor t = self(L);
    const Tensor whole = t;
    const auto parts = static_cast<std::size_t>(lua_rawlen(L, 2));
    if (parts > t.axes())
        refuse(fmt::format("tensor index has {} parts, shape {} has {} axes", parts,
                           text_of(t.shape()), t.axes()));
    for (std::size_t part = 0, axis = 0; part < parts; ++part) {
        lua_rawgeti(L, 2, static_cast<lua_Integer>(part) + 1);
        if (lua_istable(L, -1)) {
            const int64_t to = range_part(L, 2, whole.shape()[part]);
            t = sliced(t, axis++, range_part(L, 1, 1), to, range_part(L, 3, 1));
        } else {
            const int64_t i = position(L, -1, t, axis);
            Shape left = t.shape();
            left.erase(left.begin() + static_cast<std::ptrdiff_t>(axis));
            t = axis == 0 ? t.row(i) : t.slice(axis, i, i + 1).reshape(left);
        }
        lua_pop(L, 1);
    }
    if (t.axes() == 0)
        push_element(L, t, 0);
    else
        push(L, t);
    return 1;
}

int by_key(lua_State* L) {
    if (lua_istable(L, 2)) return by_table(L);
    if (lua_type(L, 2) != LUA_TNUMBER) return 0;
    const Tensor& t = self(L);
    if (t.axes() == 0) refuse("a tensor without axes has one element, t:item()");
    const int64_t i = position(L, 2, t, 0);
    if (t.axes() == 1)
        push_element(L, t, i);
    else
        push(L, t.row(i));
    return 1;
}

int slice(lua_State* L) {
    const Given given(L, "tensor:slice");
    const Tensor& t = given.object<Tensor>(1, "tensor");
    const Fields fields(L, 2, "tensor:slice", {"axis", "from", "to", "step"});
    const int64_t axis = fields.integer("axis", 1);
    if (axis < 1 || axis > static_cast<int64_t>(t.axes()))
        given.refuse(fmt::format("'axis' = {}: must be in 1 .. {}", axis, t.axes()));
    const auto at = static_cast<std::size_t>(axis - 1);
    push_new(L, sliced(t, at, fields.integer("from", 1), fields.integer("to", t.shape()[at]),
                       fields.integer("step", 1)));
    return 1;
}

int length(lua_State* L) {
    const Tensor& t = self(L);
    lua_pushinteger(L, t.axes() ? t.shape()[0] : 1);
    return 1;
}

int next_row(lua_State* L) {
    const Tensor& t = self(L);
    const lua_Integer i = lua_tointeger(L, 2) + 1;
    if (t.axes() == 0 || i > t.shape()[0]) return 0;
    lua_pushinteger(L, i);
    lua_geti(L, 1, i);
    return 2;
}

int rows(lua_State* L) {
    lua_pushcfunction(L, enter<next_row>);
    lua_pushvalue(L, 1);
    lua_pushinteger(L, 0);
    return 3;
}

template <Op op> int arithmetic(lua_State* L) {
    const Given given(L, "tensor arithmetic");
    return push_tensor(L, combine(op, given.tensor(1, "left side"), given.tensor(2, "right side")));
}

constexpr const char* comparison_names[] = {"tensor:lt", "tensor:le", "tensor:gt",
                                            "tensor:ge", "tensor:eq", "tensor:ne"};

template <Comparison c> int comparison(lua_State* L) {
    const Given given(L, comparison_names[static_cast<std::size_t>(c)]);
    given.object<Tensor>(1, "tensor");
    return push_tensor(L, compare(c, given.tensor(1, "tensor"), given.tensor(2, "other")));
}

int equals(lua_State* L) {
    const Value *a = object_at(L, 1), *b = object_at(L, 2);
    const bool both = a && b && a->get<Tensor>() && b->get<Tensor>();
    lua_pushboolean(L, both && equal(a->as<Tensor>(), b->as<Tensor>()));
    return 1;
}

int refuse_order(lua_State*) {
    refuse("tensors are compared element by element: a:lt(b), a:le(b), a:gt(b), a:ge(b)");
}

constexpr const char* reduction_names[] = {"tensor:sum",    "tensor:mean", "tensor:std",
                                           "tensor:min",    "tensor:max",  "tensor:argmin",
                                           "tensor:argmax", "tensor:all",  "tensor:any"};

template <Reduction what> int reduction(lua_State* L) {
    const Given given(L, reduction_names[static_cast<std::size_t>(what)]);
    const Tensor& t = given.object<Tensor>(1, "tensor");
    std::optional<std::size_t> axis;
    if (!given.absent(2)) axis = given.axis(2, t.axes());
    return push_tensor(L, reduce(what, t, axis));
}

template <double (*function)(double)> int elementwise(lua_State* L) {
    return push_tensor(L, apply(function, Given(L, "tensor:method").object<Tensor>(1, "tensor")));
}

template <Tensor (*function)(const Tensor&)> int transformed(lua_State* L) {
    return push_tensor(L, function(Given(L, "tensor:method").object<Tensor>(1, "tensor")));
}

int map(lua_State* L) {
    const Given given(L, "tensor:map");
    const Tensor& t = given.object<Tensor>(1, "tensor");
    given.function(2, "function");
    Tensor out(DType::float64, t.shape());
    const auto values = out.writable_values<double>();
    for (int64_t i = 0; i < t.size(); ++i) {
        lua_pushvalue(L, 2);
        push_element(L, t, i);
        lua_call(L, 1, 1);
        if (lua_type(L, -1) != LUA_TNUMBER)
            given.refuse(fmt::format("the function gave {} for element {}, wanted a number",
                                     with_article(type_name(L, -1)), i + 1));
        values[static_cast<std::size_t>(i)] = lua_tonumber(L, -1);
        lua_pop(L, 1);
    }
    return push_tensor(L, out);
}

int product(lua_State* L) {
    const Given given(L, "tensor:dot");
    given.object<Tensor>(1, "tensor");
    return push_tensor(L, dot(given.tensor(1, "tensor"), given.tensor(2, "other")));
}

int reshape(lua_State* L) {
    const Given given(L, "tensor:reshape");
    const Tensor& t = given.object<Tensor>(1, "tensor");
    Shape shape = given.shape(2);
    int64_t known = 1;
    int64_t* open = nullptr;
    for (int64_t& n : shape) {
        if (n >= 0)
            known *= n;
        else if (std::exchange(open, &n))
            given.refuse("only one axis may be -1");
    }
    if (open) *open = known ? t.size() / known : 0;
    push(L, t.reshape(shape));
    return 1;
}

int transpose(lua_State* L) {
    const Given given(L, "tensor:transpose");
    const Tensor& t = given.object<Tensor>(1, "tensor");
    std::vector<std::size_t> order;
    for (const int64_t axis : given.shape(2)) order.push_back(static_cast<std::size_t>(axis - 1));
    if (order.empty())
        for (std::size_t i = t.axes(); i-- > 0;) order.push_back(i);
    push_new(L, t.transpose(order));
    return 1;
}

int as_type(lua_State* L) {
    const Given given(L, "tensor:as");
    push_new(L, given.object<Tensor>(1, "tensor").as(dtype_named(given.text(2, "dtype"))));
    return 1;
}

int item(lua_State* L) {
    const Given given(L, "tensor:item");
    const Tensor& t = given.object<Tensor>(1, "tensor");
    if (t.size() != 1)
        given.refuse(fmt::format("shape {} has {} elements", text_of(t.shape()), t.size()));
    push_element(L, t, 0);
    return 1;
}

void push_nested(lua_State* L, const Tensor& t, std::size_t axis, int64_t& flat) {
    luaL_checkstack(L, 3, "too many axes");
    lua_createtable(L, static_cast<int>(std::min<int64_t>(t.shape()[axis], INT32_MAX)), 0);
    for (int64_t i = 1; i <= t.shape()[axis]; ++i) {
        if (axis + 1 == t.axes())
            push_element(L, t, flat++);
        else
            push_nested(L, t, axis + 1, flat);
        lua_rawseti(L, -2, i);
    }
}

int to_table(lua_State* L) {
    const Tensor& t = Given(L, "tensor:totable").object<Tensor>(1, "tensor");
    int64_t flat = 0;
    if (t.axes() == 0)
        push_element(L, t, 0);
    else
        push_nested(L, t, 0, flat);
    return 1;
}

int shape_field(lua_State* L) { return push_shape(L, self(L).shape()); }
int dtype_field(lua_State* L) {
    const std::string_view name = name_of(self(L).dtype());
    lua_pushlstring(L, name.data(), name.size());
    return 1;
}
int size_field(lua_State* L) {
    lua_pushinteger(L, self(L).size());
    return 1;
}
int axes_field(lua_State* L) {
    lua_pushinteger(L, static_cast<lua_Integer>(self(L).axes()));
    return 1;
}

double rounded(double x) { return std::nearbyint(x); }

constexpr luaL_Reg methods[] = {{"sum", enter<reduction<Reduction::sum>>},
                                {"mean", enter<reduction<Reduction::mean>>},
                                {"std", enter<reduction<Reduction::std>>},
                                {"min", enter<reduction<Reduction::min>>},
                                {"max", enter<reduction<Reduction::max>>},
                                {"argmin", enter<reduction<Reduction::argmin>>},
                                {"argmax", enter<reduction<Reduction::argmax>>},
                                {"all", enter<reduction<Reduction::all>>},
                                {"any", enter<reduction<Reduction::any>>},
                                {"lt", enter<comparison<Comparison::lt>>},
                                {"le", enter<comparison<Comparison::le>>},
                                {"gt", enter<comparison<Comparison::gt>>},
                                {"ge", enter<comparison<Comparison::ge>>},
                                {"eq", enter<comparison<Comparison::eq>>},
                                {"ne", enter<comparison<Comparison::ne>>},
                                {"abs", enter<transformed<absolute>>},
                                {"exp", enter<elementwise<std::exp>>},
                                {"log", enter<elementwise<std::log>>},
                                {"sqrt", enter<elementwise<std::sqrt>>},
                                {"sin", enter<elementwise<std::sin>>},
                                {"cos", enter<elementwise<std::cos>>},
                                {"tanh", enter<elementwise<std::tanh>>},
                                {"floor", enter<elementwise<std::floor>>},
                                {"round", enter<elementwise<rounded>>},
                                {"map", enter<map>},
                                {"dot", enter<product>},
                                {"slice", enter<slice>},
                                {"reshape", enter<reshape>},
                                {"transpose", enter<transpose>},
                                {"as", enter<as_type>},
                                {"item", enter<item>},
                                {"totable", enter<to_table>},
                                {nullptr, nullptr}};

constexpr luaL_Reg fields[] = {{"shape", shape_field},
                               {"dtype", dtype_field},
                               {"size", size_field},
                               {"axes", axes_field},
                               {nullptr, nullptr}};

constexpr luaL_Reg metamethods[] = {{"__add", enter<arithmetic<Op::add>>},
                                    {"__sub", enter<arithmetic<Op::subtract>>},
                                    {"__mul", enter<arithmetic<Op::multiply>>},
                                    {"__div", enter<arithmetic<Op::divide>>},
                                    {"__pow", enter<arithmetic<Op::power>>},
                                    {"__unm", enter<transformed<negate>>},
                                    {"__eq", enter<equals>},
                                    {"__lt", enter<refuse_order>},
                                    {"__le", enter<refuse_order>},
                                    {"__len", enter<length>},
                                    {"__pairs", enter<rows>},
                                    {nullptr, nullptr}};

} // namespace

const ObjectKind tensor_object{"tensor", methods, fields, by_key, metamethods, nullptr};

} // namespace espalier::script
