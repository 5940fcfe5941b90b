// SPDX-License-Identifier: MIT
// The single point of an experiment, and the experiment that a component is by itself.
#include "run/experiment.hpp"

#include "call/session.hpp"
#include "files/files.hpp"
#include "schema/component.hpp"
#include "values/failure.hpp"

#include <filesystem>

namespace espalier {

namespace {

Value single(esp_type type, const esp_value& v, const char* const* choices) {
    switch (type) {
    case ESP_BOOLEAN: return v.as.integer != 0;
    case ESP_INTEGER: return v.as.integer;
    case ESP_REAL: return v.as.real;
    case ESP_CHOICE: return choices[v.as.integer];
    default: return v.as.text ? v.as.text : "";
    }
}

Value initial_of(const esp_parameter& p) {
    if (!(p.type & ESP_LIST)) return single(p.type, p.initial, p.choices);
    const esp_type element = p.type & ~static_cast<esp_type>(ESP_LIST);
    List items;
    for (int64_t i = 0; i < p.initial.count; ++i) {
        esp_value one{};
        if (element == ESP_REAL)
            one.as.real = p.initial.as.reals[i];
        else if (element == ESP_TEXT)
            one.as.text = p.initial.as.texts[i];
        else
            one.as.integer = p.initial.as.integers[i];
        items.push_back(single(element, one, p.choices));
    }
    return items;
}

const char* type_of(esp_type type) {
    if (type & ESP_LIST) return "list";
    if (type == ESP_BOOLEAN) return "boolean";
    if (type == ESP_INTEGER) return "integer";
    return type == ESP_REAL ? "real" : "text";
}

ScriptParameter parameter_of(const esp_parameter& declared) {
    ScriptParameter p;
    p.name = declared.name, p.type = type_of(declared.type);
    p.required = (declared.flags & ESP_REQUIRED) != 0;
    if (!p.required) p.initial = initial_of(declared);
    p.min = declared.min, p.max = declared.max;
    p.min_open = (declared.flags & ESP_OPEN_MIN) != 0;
    p.max_open = (declared.flags & ESP_OPEN_MAX) != 0;
    if (declared.type == ESP_CHOICE)
        for (const char* const* choice = declared.choices; *choice; ++choice)
            p.choices.emplace_back(*choice);
    p.unit = declared.unit, p.doc = declared.doc;
    return p;
}

// An input is the path of a file; the empty text stands for none.
ScriptParameter input_of(const esp_port& port) {
    ScriptParameter p;
    p.name = port.name, p.type = "text", p.initial = "";
    p.required = (port.flags & ESP_REQUIRED) != 0;
    p.unit = port.unit, p.doc = port.doc;
    return p;
}

} // namespace

Value load_input(const esp_port& port, const std::string& path, LoadReport* report) {
    // Spreadsheet text means edges to a port of graphs, and an array to a port of tensors.
    LoadOptions options;
    options.as = port.type == ESP_TENSOR ? TextAs::tensor : TextAs::table;
    const std::string extension = std::filesystem::path(path).extension().string();
    if (port.type == ESP_GRAPH && (extension == ".csv" || extension == ".tsv"))
        options.format = "edges";
    if (port.flags & ESP_ALLOW_MISSING) options.allow_nan = true;
    return load(path, options, report);
}

Value Experiment::run_point(const std::vector<Argument>& arguments) const {
    return run(parameters.resolve(arguments));
}

Experiment experiment_of(const Component& component, Session& session, int64_t seed,
                         std::function<void(const std::string& path)> read) {
    Experiment e;
    e.name = component.name, e.doc = component.declaration->summary;
    e.parameters.place = component.name;
    for (const esp_parameter& p : component.parameters) e.parameters.all.push_back(parameter_of(p));
    for (const esp_port& port : component.inputs) e.parameters.all.push_back(input_of(port));
    if (component.random()) {
        ScriptParameter p;
        p.name = "seed", p.type = "integer", p.initial = seed, p.doc = "Of the random numbers.";
        e.parameters.all.push_back(std::move(p));
    }
    e.run = [&component, &session, read = std::move(read)](const Map& point) {
        Map arguments = point;
        arguments.erase("replicate");
        for (const esp_port& port : component.inputs) {
            const std::string path = arguments.at(port.name).as<std::string>();
            if (path.empty()) {
                arguments.erase(port.name);
                continue;
            }
            arguments[port.name] = load_input(port, path);
            if (read) read(path);
        }
        return Value(session.call(component.name, arguments));
    };
    return e;
}

} // namespace espalier
