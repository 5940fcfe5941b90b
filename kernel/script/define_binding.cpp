// SPDX-License-Identifier: MIT
// esp.define: a component that is a Lua function - declared, checked and called like any other.
#include "script/border.hpp"
#include "script/defined.hpp"

#include "schema/arguments.hpp"
#include "values/wording.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace espalier::script {

namespace {

constexpr const char* function_name = "esp.define";

uint32_t flag(bool set, uint32_t bit) { return set ? bit : 0; }

const std::vector<std::pair<std::string, esp_type>>& port_types() {
    static const std::vector<std::pair<std::string, esp_type>> types{
        {"tensor", ESP_TENSOR}, {"graph", ESP_GRAPH},     {"table", ESP_TABLE},
        {"model", ESP_MODEL},   {"boolean", ESP_BOOLEAN}, {"integer", ESP_INTEGER},
        {"real", ESP_REAL},     {"text", ESP_TEXT}};
    return types;
}

esp_type port_type(const std::string& port, const std::string& given) {
    std::vector<std::string> names;
    for (const auto& [name, type] : port_types()) {
        if (name == given) return type;
        names.push_back(name);
    }
    refuse_name(fmt::format("{}: '{}'", function_name, port), "type", given, names);
}

// What a script wrote, brought into the structs of the border; the texts live as long.
class Declaring {
public:
    explicit Declaring(Defined& out) : out_(out) {}

    const char* kept(const std::string& text) { return out_.texts.emplace_back(text).c_str(); }

    // A quick model need not say what everything is; a plugin must.
    const char* described(const std::string& text) {
        return text.empty() ? "Not described." : kept(text);
    }

    void parameter(const ScriptParameter& p) {
        esp_parameter q{kept(p.name),    0, 0, {}, p.min, p.max, kept(p.unit), nullptr,
                        described(p.doc)};
        q.flags = flag(p.required, ESP_REQUIRED) | flag(p.min_open, ESP_OPEN_MIN) |
                  flag(p.max_open, ESP_OPEN_MAX);
        q.initial.count = 1;
        if (p.type == "list")
            list(p, q);
        else if (!p.choices.empty())
            choice(p, q);
        else
            q.type = port_type(p.name, p.type), scalar(p.initial, q.initial);
        q.initial.type = q.type;
        out_.parameters.push_back(q);
    }

    void port(std::vector<esp_port>& ports, const std::string& name, const Value& given,
              bool input) {
        const Map fields = given.get<std::string>() ? Map{{"type", given}} : fields_of(name, given);
        esp_port p{kept(name), 0, 0, {0, 0, 0}, "", "", described("")};
        p.flags = flag(input, ESP_REQUIRED);
        for (const auto& [field, v] : fields) {
            if (field == "optional" && input && v.get<bool>()) {
                if (v.as<bool>()) p.flags = 0;
                continue;
            }
            static const std::vector<std::string> known{"type", "axes", "unit", "doc", "optional"};
            if (std::find(known.begin(), known.end(), field) == known.end())
                refuse_name(fmt::format("{}: '{}'", function_name, name), "field", field, known);
            if (!v.get<std::string>())
                refuse(fmt::format("{}: '{}': '{}' is {}, wanted a text", function_name, name,
                                   field, with_article(v.type())));
            const std::string& text = v.as<std::string>();
            if (field == "type") p.type = port_type(name, text);
            if (field == "axes") p.axes = kept(text);
            if (field == "unit") p.unit = kept(text);
            if (field == "doc") p.doc = kept(text);
        }
        if (p.type == 0) refuse(fmt::format("{}: '{}' has no 'type'", function_name, name));
        ports.push_back(p);
    }

private:
    static const Map& fields_of(const std::string& name, const Value& given) {
        if (given.get<Map>()) return given.as<Map>();
        refuse(fmt::format("{}: '{}' is {}, wanted a type, or {{ type = ... }}", function_name,
                           name, with_article(given.type())));
    }

    void scalar(const Value& v, esp_value& to) {
        if (v.get<bool>()) to.as.integer = v.as<bool>();
        if (v.get<int64_t>()) to.as.integer = v.as<int64_t>();
        if (v.get<double>()) to.as.real = v.as<double>();
        if (v.get<std::string>()) to.as.text = kept(v.as<std::string>());
    }

    void choice(const ScriptParameter& p, esp_parameter& q) {
        auto& names = out_.lists.emplace_back();
        for (const std::string& name : p.choices) names.push_back(kept(name));
        q.type = ESP_CHOICE;
        const auto at =
            p.required ? p.choices.begin()
                       : std::find(p.choices.begin(), p.choices.end(), p.initial.as<std::string>());
        if (at == p.choices.end())
            refuse(fmt::format("parameter '{}': its default is none of its choices {}", p.name,
                               fmt::join(p.choices, ", ")));
        q.initial.as.integer = at - p.choices.begin();
        names.push_back(nullptr);
        q.choices = names.data();
    }

    // Of texts, or of numbers.
    void list(const ScriptParameter& p, esp_parameter& q) {
        const List none, &items = p.required ? none : p.initial.as<List>();
        q.initial.count = static_cast<int64_t>(items.size());
        if (!items.empty() && items.front().get<std::string>()) {
            auto& texts = out_.lists.emplace_back();
            for (const Value& item : items) texts.push_back(kept(item.as<std::string>()));
            q.type = ESP_LIST | ESP_TEXT;
            q.initial.as.texts = texts.data();
            return;
        }
        auto& reals = out_.reals.emplace_back();
        for (const Value& item : items)
            if (const auto x = item.number())
                reals.push_back(*x);
            else
                refuse(fmt::format("parameter '{}': a list holds numbers, or texts", p.name));
        q.type = ESP_LIST | ESP_REAL;
        q.initial.as.reals = reals.data();
    }

    Defined& out_;
};

Map ports_in(const Fields& fields, const char* name) {
    const Value given = fields.value(name);
    if (given.is_nil() || (given.get<List>() && given.as<List>().empty())) return {};
    if (!given.get<Map>())
        refuse(fmt::format("{}: '{}' is {}, wanted {{ name = type }}", function_name, name,
                           with_article(given.type())));
    return given.as<Map>();
}

esp_kind kind_named(const std::string& verb) {
    const auto at = std::find(verbs().begin(), verbs().end(), verb);
    if (at == verbs().end())
        refuse_name(function_name, "kind", verb,
                    std::vector<std::string>(verbs().begin(), verbs().end()));
    return static_cast<esp_kind>(at - verbs().begin() + 1);
}

// The output as it was declared, or a refusal that names it.
Value fitted_output(const Defined& made, const esp_port& port, const Value& v) {
    const std::string_view wanted = type_text(port.type);
    if (port.type == ESP_TENSOR && v.get<List>()) return tensor_from(v.as<List>());
    if (port.type == ESP_REAL && v.get<int64_t>()) return Value(*v.number());
    if (v.type() != wanted)
        refuse(fmt::format("{}: output '{}' is {}, declared as {}", made.component.name, port.name,
                           with_article(v.type()), wanted));
    return v;
}

Map outputs_of(const Defined& made, const Value& result) {
    const Map* given = result.get<Map>();
    if (!given)
        refuse(fmt::format("{}: 'run' returned {}, wanted {{ output = value }}",
                           made.component.name, with_article(result.type())));
    std::vector<std::string> names;
    Map outputs;
    for (const esp_port& port : made.component.outputs) {
        names.emplace_back(port.name);
        const auto at = given->find(port.name);
        if (at == given->end())
            refuse(fmt::format("{}: 'run' returned no '{}'", made.component.name, port.name));
        outputs[port.name] = fitted_output(made, port, at->second);
    }
    for (const auto& [name, value] : *given)
        if (!outputs.contains(name)) refuse_name(made.component.name, "output", name, names);
    return outputs;
}

// Upvalue: the Defined, which its interpreter keeps.
int call_defined(lua_State* L) {
    const auto& made = *static_cast<const Defined*>(lua_touserdata(L, lua_upvalueindex(1)));
    State& state = state_of(L);
    const Arguments arguments(made.component, named_arguments(L, made.component.name),
                              state.options.seed);
    Map given = arguments.parameters();
    for (const auto& [name, value] : arguments.inputs()) given[name] = value;
    if (made.component.random()) {
        given["seed"] = arguments.seed();
        seed_stream(state, arguments.seed()); // math.random in `run` follows the seed
    }
    lua_rawgeti(L, LUA_REGISTRYINDEX, made.reference);
    push(L, given, made.component.name);
    lua_call(L, 1, 1);
    const Value result =
        value_at(L, -1, fmt::format("{}: the result of 'run'", made.component.name));
    push_new(L, outputs_of(made, result), made.component.name);
    return 1;
}

// A Lua function stands behind the declaration, and is called by call_defined alone.
esp_status never_created(const esp_host*, esp_call*, const esp_value*, void**) {
    return ESP_UNSUPPORTED;
}
esp_status never_run(void*, const esp_host*, esp_call*) { return ESP_UNSUPPORTED; }

void complete(Defined& made, Declaring& declaring, const Fields& fields) {
    esp_component& c = made.declaration;
    c.size = sizeof c;
    c.kind = kind_named(fields.text("kind", ""));
    c.flags = flag(fields.boolean("random", false), ESP_RANDOM);
    c.name = declaring.kept(fields.text("name", ""));
    c.summary = declaring.described(fields.text("summary", ""));
    c.doc = declaring.kept(fields.text("doc", ""));
    c.reference = declaring.kept(fields.text("reference", ""));
    c.example = "";
    c.parameter_size = sizeof(esp_parameter), c.port_size = sizeof(esp_port);
    c.parameter_count = static_cast<uint32_t>(made.parameters.size());
    c.input_count = static_cast<uint32_t>(made.inputs.size());
    c.output_count = static_cast<uint32_t>(made.outputs.size());
    c.parameters = made.parameters.data();
    c.inputs = made.inputs.data(), c.outputs = made.outputs.data();
    c.create = never_created, c.run = never_run, c.destroy = [](void*) {};
    if (const auto problems = problems_of(c); !problems.empty())
        refuse(fmt::format("{}: '{}' {}", function_name, c.name, fmt::join(problems, "; ")));
    made.component = component_of(c, {sizeof(esp_plugin), ESP_ABI_MAJOR, ESP_ABI_MINOR, "script",
                                      "0", "", "", "Lua", 0, nullptr});
}

int define(lua_State* L) {
    const Given given(L, function_name);
    given.table(1, "component");
    const Fields fields(L, 1, function_name,
                        {"kind", "name", "summary", "doc", "reference", "params", "inputs",
                         "outputs", "random", "run"});
    auto made = std::make_shared<Defined>();
    Declaring declaring(*made);
    if (fields.has("params"))
        for (const ScriptParameter& p :
             parameters_from(L, fields.value("params"), function_name).all)
            declaring.parameter(p);
    for (const auto& [name, port] : ports_in(fields, "inputs"))
        declaring.port(made->inputs, name, port, true);
    for (const auto& [name, port] : ports_in(fields, "outputs"))
        declaring.port(made->outputs, name, port, false);
    if (made->outputs.empty()) given.refuse("'outputs' are { name = type }: one or more");
    complete(*made, declaring, fields);
    const std::string& name = made->component.name;
    State& state = state_of(L);
    const auto same = [&](const auto& other) { return other->component.name == name; };
    if (std::any_of(state.defined.begin(), state.defined.end(), same) ||
        state.session.registry().find(name))
        given.refuse(fmt::format("there is a component {} already", name));
    if (fields.push("run") != LUA_TFUNCTION) given.refuse("'run' is a function of one table");
    made->reference = luaL_ref(L, LUA_REGISTRYINDEX);
    push_components(L, verb_of(made->declaration.kind));
    lua_pushlightuserdata(L, made.get());
    lua_pushcclosure(L, enter<call_defined>, 1);
    lua_pushvalue(L, -1);
    lua_setfield(L, -3, made->declaration.name);
    state.defined.push_back(std::move(made));
    return 1;
}

} // namespace

void add_define_function(lua_State* L) {
    lua_pushcfunction(L, enter<define>);
    lua_setfield(L, -2, "define");
}

} // namespace espalier::script
