// SPDX-License-Identifier: MIT
// esp.grid, esp.random, esp.bisect, ...: sweeps as data; esp.logspace and esp.statistics.
#include "run/sweep.hpp"

#include "run/statistics.hpp"
#include "script/border.hpp"
#include "values/wording.hpp"

#include <fmt/format.h>

#include <cmath>

namespace espalier::script {

namespace {

// Each function of a sweep has its kind as its upvalue.
std::string kind_of(lua_State* L) { return lua_tostring(L, lua_upvalueindex(1)); }
std::string function_of(lua_State* L) { return "esp." + kind_of(L); }

int push_sweep(lua_State* L, Map data) {
    data["kind"] = kind_of(L);
    push(L, std::move(data), "sweep");
    return 1;
}

Map names_given(lua_State* L, const std::string& function) {
    Given(L, function.c_str()).table(1, "axes");
    const Value given = value_at(L, 1, function);
    if (!given.get<Map>()) refuse(fmt::format("{}: takes {{ name = values, ... }}", function));
    return given.as<Map>();
}

// A single value is a list of one.
int listed(lua_State* L) {
    const std::string function = function_of(L);
    Map axes = names_given(L, function);
    for (auto& [name, values] : axes) {
        if (values.get<Map>() || values.get<Graph>() ||
            (values.get<Tensor>() && values.as<Tensor>().axes() != 1))
            refuse(fmt::format("{}: '{}' is {}, wanted a list of values", function, name,
                               with_article(values.type())));
        List items = items_of(values).value_or(List{values});
        if (items.empty()) refuse(fmt::format("{}: '{}' has no values", function, name));
        values = std::move(items);
    }
    return push_sweep(L, {{"axes", axes}});
}

int drawn(lua_State* L) {
    const std::string function = function_of(L);
    Map axes = names_given(L, function);
    const auto count = axes.find("count");
    if (count == axes.end() || !count->second.get<int64_t>())
        refuse(fmt::format("{}: 'count' is missing: how many points", function));
    const Value points = count->second;
    axes.erase(count);
    return push_sweep(L, {{"axes", axes}, {"count", points}});
}

int gathered(lua_State* L) {
    const std::string function = function_of(L);
    const char* field = kind_of(L) == "list" ? "points" : "parts";
    Given(L, function.c_str()).table(1, field);
    return push_sweep(L, {{field, value_at(L, 1, function)}});
}

// The options of a table, those that are given.
Map options_in(lua_State* L, int index, const char* function, std::vector<std::string> names) {
    const Fields fields(L, index, function, names);
    Map data;
    for (const std::string& name : names)
        if (fields.has(name.c_str())) data[name] = fields.value(name.c_str());
    return data;
}

int distribution(lua_State* L) {
    const std::string function = function_of(L);
    const Given given(L, function.c_str());
    const bool normal = kind_of(L) == "normal";
    const char *first = normal ? "mean" : "from", *second = normal ? "deviation" : "to";
    return push_sweep(L, {{first, given.real(1, first)}, {second, given.real(2, second)}});
}

int refine(lua_State* L) {
    const std::string name = Given(L, "esp.refine").text(1, "parameter");
    Map data = options_in(L, 2, "esp.refine", {"metric", "from", "to", "points", "rounds", "add"});
    data["parameter"] = name;
    return push_sweep(L, std::move(data));
}

int bisect(lua_State* L) {
    Map data = options_in(L, 1, "esp.bisect",
                          {"parameter", "from", "to", "metric", "target", "tolerance"});
    return push_sweep(L, std::move(data));
}

int optimised(lua_State* L) {
    const std::string function = function_of(L);
    Map data = options_in(L, 1, function.c_str(),
                          {"metric", "over", "evaluations", "method", "tolerance"});
    return push_sweep(L, std::move(data));
}

int until_error(lua_State* L) {
    const Given given(L, "esp.until_error");
    Map data{{"metric", given.text(1, "metric")}, {"error", given.real(2, "error")}};
    if (!given.absent(3))
        for (auto& [name, value] : options_in(L, 3, "esp.until_error", {"min", "max", "relative"}))
            data[name] = value;
    return push_sweep(L, std::move(data));
}

int logspace(lua_State* L) {
    const Given given(L, "esp.logspace");
    const double from = given.real(1, "from"), to = given.real(2, "to");
    const int64_t count = given.integer(3, "count");
    if (!(from > 0 && to > 0) || std::isinf(from) || std::isinf(to))
        given.refuse(fmt::format("{:g} to {:g}: both ends must be > 0 and finite", from, to));
    if (count < 2 || count > 100'000'000)
        given.refuse(fmt::format("'count' = {}: must be in 2 .. 10^8", count));
    const std::vector<double> values = spaced(from, to, count, true);
    Tensor t(DType::float64, {count});
    std::copy(values.begin(), values.end(), t.writable_values<double>().begin());
    push_new(L, t);
    return 1;
}

int statistics(lua_State* L) {
    const Given given(L, "esp.statistics");
    const Tensor t = given.tensor(1, "values").as(DType::float64);
    std::vector<double> values;
    for (int64_t i = 0; i < t.size(); ++i) values.push_back(t.number(i));
    const Summary s = summary_of(values);
    const Autocorrelation a = autocorrelation_of(values);
    Map found{{"count", s.count},
              {"finite", s.finite},
              {"mean", s.mean},
              {"standard_deviation", s.standard_deviation},
              {"standard_error", s.standard_error},
              {"minimum", s.minimum},
              {"maximum", s.maximum},
              {"autocorrelation_time", a.time},
              {"autocorrelation_reliable", a.reliable}};
    if (!given.absent(2)) {
        const Fields options(L, 2, "esp.statistics", {"confidence", "resamples", "seed"});
        const double confidence = options.value("confidence").number().value_or(0.95);
        const int64_t resamples = options.integer("resamples", 2000);
        if (!(confidence > 0 && confidence < 1))
            given.refuse(fmt::format("'confidence' = {:g}: must be in (0, 1)", confidence));
        if (resamples < 100 || resamples > 1'000'000)
            given.refuse(fmt::format("'resamples' = {}: must be in [100, 1000000]", resamples));
        const Interval interval =
            bootstrap_of_mean(values, confidence, resamples, options.integer("seed", 0));
        found["low"] = interval.low, found["high"] = interval.high;
    }
    push_new(L, found, "statistics");
    return 1;
}

constexpr luaL_Reg functions[] = {
    {"grid", enter<listed>},           {"zip", enter<listed>},
    {"list", enter<gathered>},         {"random", enter<drawn>},
    {"latin_hypercube", enter<drawn>}, {"sobol", enter<drawn>},
    {"product", enter<gathered>},      {"chain", enter<gathered>},
    {"uniform", enter<distribution>},  {"log_uniform", enter<distribution>},
    {"normal", enter<distribution>},   {"refine", enter<refine>},
    {"bisect", enter<bisect>},         {"minimize", enter<optimised>},
    {"maximize", enter<optimised>},    {"until_error", enter<until_error>},
    {"logspace", enter<logspace>},     {"statistics", enter<statistics>}};

} // namespace

void add_sweep_functions(lua_State* L) {
    for (const luaL_Reg& function : functions) {
        lua_pushstring(L, function.name);
        lua_pushcclosure(L, function.func, 1);
        lua_setfield(L, -2, function.name);
    }
}

} // namespace espalier::script
