// SPDX-License-Identifier: MIT
// esp.params and esp.experiment: what a script declares for the command line.
#include "plot/picture.hpp"
#include "run/sweep.hpp"
#include "script/border.hpp"
#include "values/wording.hpp"

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
        refuse(fmt::format("parameter '{}': '{}' is {}, wanted a number", p.name, name,
                           with_article(v.type())));
    return *x;
}

const std::string& text_field(const ScriptParameter& p, const std::string& name, const Value& v) {
    if (!v.get<std::string>())
        refuse(fmt::format("parameter '{}': '{}' is {}, wanted a text", p.name, name,
                           with_article(v.type())));
    return v.as<std::string>();
}

void set_default(ScriptParameter& p, const Value& v) {
    static const std::vector<std::string_view> types{"boolean", "integer", "real", "text", "list"};
    if (std::find(types.begin(), types.end(), v.type()) == types.end())
        refuse(fmt::format("parameter '{}': its default is {}", p.name, with_article(v.type())),
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
        refuse(fmt::format("parameter '{}': its default is {}, its type {}", p.name,
                           with_article(p.type), type));
    if (p.type.empty())
        refuse(fmt::format("parameter '{}': has neither 'default' nor 'type'", p.name));
}

} // namespace

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

namespace {

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

// A sweep's axes must be declared; `seed` is, by being swept.
void check_sweep(Experiment& e, int64_t seed) {
    const Texts names = names_in_sweep(e.sweep);
    if (std::find(names.begin(), names.end(), "seed") != names.end() &&
        !e.parameters.find("seed")) {
        ScriptParameter p;
        p.name = "seed", p.type = "integer", p.initial = seed;
        e.parameters.all.push_back(std::move(p));
    }
    if (e.parameters.find("replicate"))
        refuse("esp.experiment: 'replicate' is no parameter: it numbers the replicates of a point");
    sweeps_from(e.sweep, e.parameters);
}

int64_t count_of(const Value& v, const char* name, int64_t least) {
    if (!v.get<int64_t>() || v.as<int64_t>() < least)
        refuse(fmt::format("esp.experiment: {} = {}: must be an integer >= {}", name, v.text(),
                           least));
    return v.as<int64_t>();
}

Replicates replicates_in(const Value& given) {
    Replicates replicates;
    const Map* data = given.get<Map>();
    if (!data) {
        if (!given.is_nil()) replicates.count = count_of(given, "'replicates'", 1);
        return replicates;
    }
    const auto field = [&](const char* name, Value otherwise) {
        const auto at = data->find(name);
        return at == data->end() ? std::move(otherwise) : at->second;
    };
    if (field("kind", "").text() != "until_error")
        refuse("esp.experiment: 'replicates' is a number or esp.until_error(...)");
    replicates.metric = field("metric", "").as<std::string>();
    replicates.error = field("error", 0.0).as<double>();
    replicates.count = count_of(field("min", 8), "esp.until_error: 'min'", 2);
    replicates.most = count_of(field("max", std::max<int64_t>(400, replicates.count)),
                               "esp.until_error: 'max'", replicates.count);
    const Value relative = field("relative", false);
    if (!relative.get<bool>())
        refuse("esp.experiment: esp.until_error: 'relative' is true or false");
    replicates.relative = relative.as<bool>();
    if (!(replicates.error > 0))
        refuse(fmt::format("esp.experiment: esp.until_error: 'error' = {:g}: must be > 0",
                           replicates.error));
    return replicates;
}

// A function of a script, at `reference` in the registry, of one value: a point, or all tasks.
Value call_with(State& state, int reference, const Value& given, const char* name,
                const char* result) {
    Value value;
    run_protected(state, [&](lua_State* L) {
        lua_rawgeti(L, LUA_REGISTRYINDEX, reference);
        push(L, given, name);
        lua_call(L, 1, 1);
        value = value_at(L, -1, result);
    });
    return value;
}

std::function<bool(const Map&)> where_in(lua_State* L, State& state, const Fields& fields) {
    const int type = fields.push("where");
    if (type == LUA_TNIL) {
        lua_pop(L, 1);
        return {};
    }
    if (type != LUA_TFUNCTION) refuse("esp.experiment: 'where' is no function of the parameters");
    const int reference = luaL_ref(L, LUA_REGISTRYINDEX);
    return [&state, reference](const Map& point) {
        const Value answer = call_with(state, reference, point, "the point", "the result of where");
        if (!answer.get<bool>())
            throw Failure(Exit::script, fmt::format("esp.experiment: 'where' returned {}, wanted "
                                                    "true or false",
                                                    answer.is_nil() ? "nil" : answer.text()));
        return answer.as<bool>();
    };
}

std::function<Value(const List&)> summary_in(lua_State* L, State& state, const Fields& fields) {
    const int type = fields.push("summary");
    if (type == LUA_TNIL) {
        lua_pop(L, 1);
        return {};
    }
    if (type != LUA_TFUNCTION) refuse("esp.experiment: 'summary' is no function of the tasks");
    const int reference = luaL_ref(L, LUA_REGISTRYINDEX);
    return [&state, reference](const List& tasks) {
        return call_with(state, reference, tasks, "the tasks", "the result of summary");
    };
}

Value plots_in(const Fields& fields) {
    const Value plots = fields.value("plots");
    if (plots.is_nil()) return plots;
    const auto* list = plots.get<List>();
    if (!list)
        refuse("esp.experiment: 'plots' must be a list of plots, as esp.plot.line makes one");
    for (std::size_t i = 0; i < list->size(); ++i)
        if (!plot::is_plot((*list)[i]))
            refuse(
                fmt::format("esp.experiment: item {} of 'plots' is no plot; esp.plot.line {{ x = "
                            "'column', y = 'column' }} makes one",
                            i + 1));
    return plots;
}

int experiment(lua_State* L) {
    State& state = state_of(L);
    const Fields fields(
        L, 1, "esp.experiment",
        {"name", "doc", "params", "sweep", "where", "replicates", "run", "summary", "plots"});
    Experiment e;
    e.name = fields.text("name", "");
    if (e.name.empty()) refuse("esp.experiment: 'name' is missing");
    e.doc = fields.text("doc", "");
    const Value declared = fields.value("params");
    e.parameters =
        parameters_from(L, declared.is_nil() ? Value(List()) : declared, "esp.experiment");
    e.sweep = fields.value("sweep");
    e.plots = plots_in(fields);
    check_sweep(e, state.options.seed);
    e.replicates = replicates_in(fields.value("replicates"));
    e.where = where_in(L, state, fields);
    e.summary = summary_in(L, state, fields);
    if (fields.push("run") != LUA_TFUNCTION)
        refuse("esp.experiment: 'run' is missing: a function of the parameters");
    declare_once(state, "esp.experiment");
    const int reference = luaL_ref(L, LUA_REGISTRYINDEX);
    e.run = [&state, reference](const Map& point) {
        return call_with(state, reference, point, "the point", "the result of run");
    };
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
    constexpr luaL_Reg functions[] = {
        {"params", enter<params>}, {"experiment", enter<experiment>}, {nullptr, nullptr}};
    luaL_setfuncs(L, functions, 0);
    add_sweep_functions(L);
}

} // namespace espalier::script
