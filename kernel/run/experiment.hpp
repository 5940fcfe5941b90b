// SPDX-License-Identifier: MIT
// Experiment: declared parameters, a sweep over them, and the function that computes one point.
#pragma once

#include "values/value.hpp"

#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace espalier {

// One "name=value" of the command line.
struct Argument {
    std::string name, text;
};
// Throws Failure (Exit::command_line) when there is no name before the '='.
Argument argument_from(std::string_view text);

// A parameter that a script declares. Its type is that of the default, or `type` when required.
struct ScriptParameter {
    std::string name;
    std::string type; // "boolean", "integer", "real", "text", "list"
    Value initial;    // nil when required
    bool required = false;
    double min = -std::numeric_limits<double>::infinity();
    double max = std::numeric_limits<double>::infinity();
    Texts choices; // of a text; empty: any
    std::string unit, doc;
};

// "integer in [1, 100], unit ms: Number of nodes." as a user reads it.
std::string rule_of(const ScriptParameter&);

struct ScriptParameters {
    std::string place; // "scripts/x.lua:2", where they are declared
    std::vector<ScriptParameter> all;

    const ScriptParameter* find(std::string_view name) const noexcept;
    // Defaults with the arguments put over them. Throws Failure (Exit::command_line): unknown names
    // with the nearest declared one, wrong types, values out of range, missing ones, and arguments
    // that ask for several values (a sweep).
    Map resolve(const std::vector<Argument>&) const;
};

// What a script's esp.experiment declares. A point is a map of all its parameters.
struct Experiment {
    std::string name;
    ScriptParameters parameters;
    Value
        sweep; // nil, or a map: kind = "grid", axes = map from parameter to the list of its values
    Value plots;                                // as the script gave them
    std::function<Value(const Map& point)> run; // on the thread of the interpreter that made it

    // The point of the defaults with the arguments put over them.
    Value run_point(const std::vector<Argument>&) const;
};

} // namespace espalier
