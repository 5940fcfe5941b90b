// SPDX-License-Identifier: MIT
// The espalier module: every component by one generic function, and what a script asks of the run.
#include "files/files.hpp"
#include "files/writing.hpp"
#include "plot/picture.hpp"
#include "script/border.hpp"
#include "values/digest.hpp"
#include "values/wording.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace espalier::script {

namespace {

// Upvalue: the component. What every component is to a script.
int call_component(lua_State* L) {
    const auto& component = *static_cast<const Component*>(lua_touserdata(L, lua_upvalueindex(1)));
    const Map results =
        state_of(L).session.call(component.name, named_arguments(L, component.name));
    push_new(L, results, component.name);
    return 1;
}

Map named_options(lua_State* L, int index, const char* function) {
    if (lua_isnoneornil(L, index)) return {};
    const Value options = value_at(L, index, fmt::format("{}: 'options'", function));
    const Map* map = options.get<Map>();
    if (!map)
        refuse(fmt::format("{}: 'options' is {}, wanted a table with names", function,
                           with_article(options.type())));
    return *map;
}

int load_value(lua_State* L) {
    const Given given(L, "esp.load");
    const std::string path = given.text(1, "path");
    LoadReport report;
    const Value value = load(path, load_options(named_options(L, 2, "esp.load")), &report);
    note_read(state_of(L), path);
    if (const auto& log = state_of(L).options.log)
        for (const std::string& note : report.notes) log(1, path + ": " + note);
    push_new(L, value, path);
    return 1;
}

int save_value(lua_State* L) {
    const Given given(L, "esp.save");
    const std::string path = given.text(1, "path");
    if (given.absent(2)) given.wrong(2, "value", "value");
    const Value value = value_at(L, 2, "esp.save: 'value'");
    if (plot::is_plot(value) && (path.ends_with(".svg") || path.ends_with(".png")))
        plot::save(path, plot::picture_of(value.as<Map>()));
    else
        save(path, value, save_options(named_options(L, 3, "esp.save")));
    state_of(L).written.insert(path);
    return 0;
}

int read_text(lua_State* L) {
    const Given given(L, "esp.read_text");
    const std::string path = given.text(1, "path");
    constexpr std::uintmax_t largest = 256u << 20;
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error))
        throw Failure(Exit::missing_input, fmt::format("{}: there is no such file", path));
    if (std::filesystem::file_size(path, error) > largest)
        throw Failure(Exit::bad_data, fmt::format("{}: is too large for a text", path));
    std::ifstream in(path, std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(in)), {});
    if (!in) throw Failure(Exit::missing_input, fmt::format("{}: cannot be read", path));
    note_read(state_of(L), path);
    lua_pushlstring(L, text.data(), text.size());
    return 1;
}

int write_text(lua_State* L) {
    const Given given(L, "esp.write_text");
    const std::string path = given.text(1, "path");
    files::Destination file(path);
    file.write(given.text(2, "text"));
    file.commit();
    state_of(L).written.insert(path);
    return 0;
}

int output_path(lua_State* L) {
    const Given given(L, "esp.output");
    const std::filesystem::path name = given.text(1, "name");
    if (name.empty() || name.is_absolute() || *name.begin() == "..")
        given.refuse(fmt::format("'{}' is not a name below the output folder", name.string()));
    const std::filesystem::path path = state_of(L).options.output / name;
    std::error_code error;
    if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), error);
    if (error)
        throw Failure(
            Exit::cannot_create,
            fmt::format("{}: cannot be made: {}", path.parent_path().string(), error.message()));
    lua_pushstring(L, path.c_str());
    return 1;
}

int environment(lua_State* L) {
    const std::string name = Given(L, "esp.env").text(1, "name");
    const auto& listed = state_of(L).options.environment;
    if (std::find(listed.begin(), listed.end(), name) == listed.end())
        refuse_name("esp.env", "variable", name, listed);
    lua_pushstring(L, std::getenv(name.c_str()));
    return 1;
}

int digest(lua_State* L) {
    luaL_checkany(L, 1);
    const std::string hex = digest_of(value_at(L, 1, "esp.digest: 'value'")).hex();
    lua_pushlstring(L, hex.data(), hex.size());
    return 1;
}

int log(lua_State* L) {
    std::string line;
    for (int i = 1; i <= lua_gettop(L); ++i) {
        if (i > 1) line += ' ';
        line += push_text(L, i);
        lua_pop(L, 1);
    }
    if (const auto& sink = state_of(L).options.log)
        sink(1, line);
    else
        std::fprintf(stderr, "%s\n", line.c_str());
    return 0;
}

int metric(lua_State* L) {
    const Given given(L, "esp.metric");
    const std::string name = given.text(1, "name");
    const int64_t step = given.integer(2, "step");
    const double value = given.real(3, "value");
    if (const auto& sink = state_of(L).options.metric) sink(name, step, value);
    return 0;
}

int type_of(lua_State* L) {
    luaL_checkany(L, 1);
    const std::string name = type_name(L, 1);
    lua_pushlstring(L, name.data(), name.size());
    return 1;
}

int has(lua_State* L) {
    const Given given(L, "esp.has");
    const Map& record = given.object<Map>(1, "record");
    lua_pushboolean(L, record.contains(given.text(2, "name")));
    return 1;
}

constexpr luaL_Reg functions[] = {{"load", enter<load_value>},
                                  {"save", enter<save_value>},
                                  {"read_text", enter<read_text>},
                                  {"write_text", enter<write_text>},
                                  {"output", enter<output_path>},
                                  {"env", enter<environment>},
                                  {"digest", enter<digest>},
                                  {"log", enter<log>},
                                  {"metric", enter<metric>},
                                  {"type", enter<type_of>},
                                  {"has", enter<has>},
                                  {nullptr, nullptr}};

} // namespace

Map named_arguments(lua_State* L, const std::string& name) {
    if (lua_gettop(L) != 1 || !lua_istable(L, 1))
        refuse(fmt::format("{}: takes one table, {} {{ name = value, ... }}", name, name));
    lua_pushnil(L);
    while (lua_next(L, 1)) {
        lua_pop(L, 1);
        if (lua_type(L, -1) != LUA_TSTRING)
            refuse(fmt::format("{}: arguments have names, {} {{ name = value }}; found one at [{}]",
                               name, name, plain_text(L, -1)));
    }
    Map arguments;
    for (const std::string& argument : names_in(L, 1)) {
        lua_pushlstring(L, argument.data(), argument.size());
        lua_rawget(L, 1);
        arguments.emplace(argument, value_at(L, -1, fmt::format("{}: '{}'", name, argument)));
        lua_pop(L, 1);
    }
    return arguments;
}

// The tables behind esp.generate and so on, where esp.define finds them.
std::string components_key(std::string_view verb) { return fmt::format("espalier.{}", verb); }

void push_components(lua_State* L, std::string_view verb) {
    lua_getfield(L, LUA_REGISTRYINDEX, components_key(verb).c_str());
}

void add_components(lua_State* L) {
    const Registry& registry = state_of(L).session.registry();
    for (const std::string_view verb : verbs()) {
        lua_newtable(L);
        for (const auto& component : registry.components()) {
            const std::string& name = component->name;
            if (!name.starts_with(verb) || name[verb.size()] != '.') continue;
            lua_pushlightuserdata(L, const_cast<Component*>(component.get()));
            lua_pushcclosure(L, enter<call_component>, 1);
            lua_setfield(L, -2, name.c_str() + verb.size() + 1);
        }
        lua_pushvalue(L, -1);
        lua_setfield(L, LUA_REGISTRYINDEX, components_key(verb).c_str());
        seal(L, ("esp." + std::string(verb)).c_str(), "component");
        lua_setfield(L, -2, std::string(verb).c_str());
    }
}

void open_module(lua_State* L) {
    lua_newtable(L);
    luaL_setfuncs(L, functions, 0);
    add_components(L);
    add_tensor_functions(L);
    add_data_functions(L);
    add_dataset_function(L);
    add_experiment_functions(L);
    add_define_function(L);
    add_plot_functions(L);
    lua_getglobal(L, "print");
    lua_setfield(L, -2, "print");
    lua_getglobal(L, "require");
    lua_setfield(L, -2, "require");
    lua_pushinteger(L, state_of(L).options.seed);
    lua_setfield(L, -2, "seed");
    lua_pushliteral(L, ESPALIER_VERSION);
    lua_setfield(L, -2, "version");
    seal(L, "esp", "function");
    keep_module(L, "espalier");
}

} // namespace espalier::script
