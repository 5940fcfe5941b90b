// SPDX-License-Identifier: MIT
// esp.params, esp.experiment and esp.grid: what a script declares for the command line.
#include "script/border.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace espalier::script {

namespace {

constexpr const char* experiment_type = "experiment";

std::string declaring_place(lua_State* L) {
    std::string place = place_of(L);
    if (place.ends_with(": ")) place.resize(place.size() - 2);
    return place;
}

double bound(const ScriptParameter& p, const char* name, const Value& v) {
    const auto x = v.number();
    if (!x)
        refuse(
            fmt::format("parameter '{}': '{}' is a {}, wanted a number", p.name, name, v.type()));
    return *x;
}

const std::string& text_field(const ScriptParameter& p, const std::string& name, const Value& v) {
    if (!v.get<std::string>())
        refuse(fmt::format("parameter '{}': '{}' is a {}, wanted a text", p.name, name, v.type()));
    return v.as<std::string>();
}

void set_default(ScriptParameter& p, const Value& v) {
    static const std::vector<std::string_view> types{"boolean", "integer", "real", "text", "list"};
    if (std::find(types.begin(), types.end(), v.type()) == types.end())
        refuse(fmt::format("parameter '{}': its default is a {}", p.name, v.type()),
               "a boolean, number, text or list, or { type = \"text\", doc = \"...\" }");
    p.initial = v;
    p.required = false;
    p.type = v.type();
}

// { default = 10, min = 1, max = 100, unit = "ms", doc = "..." }, or a type instead of a default.
void set_fields(ScriptParameter& p, const Map& fields) {
    static const std::vector<std::string> known{"default", "type", "min", "max",
                                                "choices", "unit", "doc"};
    p.required = true;
    if (const auto type = fields.find("type"); type != fields.end()) {
        p.type = text_field(p, "type", type->second);
        static const std::vector<std::string> types{"boolean", "integer", "real", "text", "list"};
        if (std::find(types.begin(), types.end(), p.type) == types.end())
            refuse_name(fmt::format("parameter '{}'", p.name), "type", p.type, types);
    }
    const std::string type = p.type;
    for (const auto& [name, v] : fields) {
        if (name == "default")
            set_default(p, v);
        else if (name == "min")
            p.min = bound(p, "min", v);
        else if (name == "max")
            p.max = bound(p, "max", v);
        else if (name == "unit")
            p.unit = text_field(p, name, v);
        else if (name == "doc")
            p.doc = text_field(p, name, v);
        else if (name == "choices" && v.get<List>())
            for (const Value& choice : v.as<List>())
                p.choices.push_back(text_field(p, name, choice));
        else if (name != "type")
            refuse_name(fmt::format("parameter '{}'", p.name), "field", name, known);
    }
    if (type == "real" && p.type == "integer")
        p.initial = *p.initial.number(), p.type = type;
    else if (!type.empty() && type != p.type)
        refuse(
            fmt::format("parameter '{}': its default is a {}, its type {}", p.name, p.type, type));
    if (p.type.empty())
        refuse(fmt::format("parameter '{}': has neither 'default' nor 'type'", p.name));
}

ScriptParameters parameters_from(lua_State* L, const Value& declared, const char* function) {
    ScriptParameters parameters;
    parameters.place = declaring_place(L);
    if (declared.get<List>() && declared.as<List>().empty()) return parameters;
    if (!declared.get<Map>())
        refuse(fmt::format("{}: parameters are declared as {{ name = default, ... }}", function));
    for (const auto& [name, v] : declared.as<Map>()) {
        ScriptParameter p;
        p.name = name;
        if (const Map* fields = v.get<Map>())
            set_fields(p, *fields);
        else
            set_default(p, v);
        parameters.all.push_back(std::move(p));
    }
    return parameters;
}

void declare_once(State& state, const char* function) {
    if (std::exchange(state.declared, true))
        refuse(fmt::format("{}: the script has declared its parameters before", function));
}

int params(lua_State* L) {
    Given(L, "esp.params").table(1, "parameters");
    State& state = state_of(L);
    const Value declared = value_at(L, 1, "esp.params");
    const ScriptParameters parameters = parameters_from(L, declared, "esp.params");
    declare_once(state, "esp.params");
    push(L, parameters.resolve(state.options.arguments), "params");
    return 1;
}

// ---- experiments
// ---------------------------------------------------------------------------------

List values_of(const std::string& name, const Value& v) {
    if (const List* list = v.get<List>()) return *list;
    if (const Tensor* t = v.get<Tensor>(); t && t->axes() == 1) {
        List list;
        for (int64_t i = 0; i < t->size(); ++i)
            list.push_back(is_real(t->dtype()) ? Value(t->number(i))
                                               : Value(static_cast<int64_t>(t->number(i))));
        return list;
    }
    if (v.get<Map>() || v.get<Tensor>() || v.get<Graph>())
        refuse(fmt::format("esp.grid: '{}' is a {}, wanted a list of values", name, v.type()));
    return {v};
}

// Every combination of the values of its axes.
int grid(lua_State* L) {
    Given(L, "esp.grid").table(1, "axes");
    const Value given = value_at(L, 1, "esp.grid");
    if (!given.get<Map>()) refuse("esp.grid: takes { name = { values }, ... }");
    Map axes;
    for (const auto& [name, values] : given.as<Map>()) {
        axes[name] = values_of(name, values);
        if (axes[name].as<List>().empty())
            refuse(fmt::format("esp.grid: '{}' has no values", name));
    }
    push(L, Map{{"kind", "grid"}, {"axes", axes}}, "sweep");
    return 1;
}

// The axes of a sweep must be declared; `seed` is, by being swept.
void check_sweep(Experiment& e, int64_t seed) {
    if (e.sweep.is_nil()) return;
    const Map* sweep = e.sweep.get<Map>();
    const auto axes = sweep ? sweep->find("axes") : Map::const_iterator();
    if (!sweep || axes == sweep->end() || !axes->second.get<Map>())
        refuse(fmt::format("esp.experiment: 'sweep' is a {}, wanted esp.grid {{ ... }}",
                           e.sweep.type()));
    std::vector<std::string> names{"seed"};
    for (const ScriptParameter& p : e.parameters.all) names.push_back(p.name);
    for (const auto& axis : axes->second.as<Map>()) {
        const std::string& name = axis.first;
        if (std::find(names.begin(), names.end(), name) == names.end())
            refuse_name("esp.experiment: 'params'", "parameter", name, names);
        if (name == "seed" && !e.parameters.find("seed")) {
            ScriptParameter p;
            p.name = "seed", p.type = "integer", p.initial = seed;
            e.parameters.all.push_back(std::move(p));
        }
    }
}

// The run function of an experiment, at `reference` in the registry, for one point.
Value run_point(State& state, int reference, const Map& point) {
    Value value;
    run_protected(state, [&](lua_State* L) {
        lua_rawgeti(L, LUA_REGISTRYINDEX, reference);
        push(L, point, "the point");
        lua_call(L, 1, 1);
        value = value_at(L, -1, "the result of run");
    });
    return value;
}

int experiment(lua_State* L) {
    State& state = state_of(L);
    const Fields fields(L, 1, "esp.experiment", {"name", "doc", "params", "sweep", "run", "plots"});
    Experiment e;
    e.name = fields.text("name", "");
    if (e.name.empty()) refuse("esp.experiment: 'name' is missing");
    const Value declared = fields.value("params");
    e.parameters =
        parameters_from(L, declared.is_nil() ? Value(List()) : declared, "esp.experiment");
    e.sweep = fields.value("sweep");
    e.plots = fields.value("plots");
    check_sweep(e, state.options.seed);
    if (fields.push("run") != LUA_TFUNCTION)
        refuse("esp.experiment: 'run' is missing: a function of the parameters");
    declare_once(state, "esp.experiment");
    const int reference = luaL_ref(L, LUA_REGISTRYINDEX);
    e.run = [&state, reference](const Map& point) { return run_point(state, reference, point); };
    state.experiment = std::move(e);
    lua_newuserdatauv(L, 1, 0);
    luaL_setmetatable(L, experiment_type);
    return 1;
}

} // namespace

void add_experiment_functions(lua_State* L) {
    luaL_newmetatable(L, experiment_type);
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_pop(L, 1);
    constexpr luaL_Reg functions[] = {{"params", enter<params>},
                                      {"experiment", enter<experiment>},
                                      {"grid", enter<grid>},
                                      {nullptr, nullptr}};
    luaL_setfuncs(L, functions, 0);
}

} // namespace espalier::script
