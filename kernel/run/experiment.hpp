// SPDX-License-Identifier: MIT
// Experiment: declared parameters, a sweep over them, and the function that computes one point.
#pragma once

#include "espalier/abi.h"
#include "values/value.hpp"

#include <functional>
#include <limits>
#include <map>
#include <optional>
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
    bool min_open = false, max_open = false; // the bound itself is not allowed
    Texts choices;                           // of a text; empty: any
    std::string unit, doc;
};

// "integer in [1, 100], unit ms: Number of nodes." as a user reads it.
std::string rule_of(const ScriptParameter&);
// The value brought to the declared type; nothing when it breaks the rule.
std::optional<Value> fitted(const ScriptParameter&, const Value&);

// The i-th of `count` >= 2 values in equal steps from one to the other, both included.
inline double evenly_spaced(double from, double to, int64_t i, int64_t count) noexcept {
    const auto last = static_cast<double>(count - 1);
    return i == count - 1 ? to : from + (to - from) * static_cast<double>(i) / last;
}
// `count` >= 2 values from one to the other, in equal steps as esp.linspace makes them, or in equal
// factors (both > 0), rounded to 15 digits so that 1 to 1000 passes 10 and 100.
std::vector<double> spaced(double from, double to, int64_t count, bool by_factors);

struct ScriptParameters {
    std::string place; // "scripts/x.lua:2", where they are declared
    std::vector<ScriptParameter> all;

    const ScriptParameter* find(std::string_view name) const noexcept;
    // The values that the arguments give, in order: nodes=20, nodes=10,20, T=1:3:30 (from 1 to 3 in
    // 30 equal steps), T=1:1000:4log (equal factors), and of integers seed=1:10 (each). Lists, and
    // texts without choices, take the argument as one value. Throws
    // Failure (Exit::command_line) with a line for each problem: unknown names with the nearest
    // declared one, wrong types, values out of range, and required parameters that neither these
    // nor `elsewhere`, the axes of a sweep, give.
    std::map<std::string, List, std::less<>> values_in(const std::vector<Argument>&,
                                                       const Texts& elsewhere = {}) const;
    // Defaults with the arguments put over them. Throws Failure as values_in does, and for
    // arguments that ask for several values.
    Map resolve(const std::vector<Argument>&) const;
};

// How often each point is computed: `count` times, or until the standard error of a metric is at
// most `error`, after at least `count` and at most `most` replicates.
struct Replicates {
    int64_t count = 1;
    std::string metric; // empty: exactly `count`
    double error = 0;   // in the metric's unit, or relative to the absolute value of its mean
    bool relative = false;
    int64_t most = 400;
};
// "5", as in replicates=5 or --replicates 5. Throws Failure (Exit::command_line).
Replicates replicates_from(std::string_view text);

// What a script's esp.experiment declares. A point is a map of all its parameters.
struct Experiment {
    std::string name, doc;
    ScriptParameters parameters;
    Value sweep; // nil, or a map with `kind`: sweep.hpp says which there are
    Replicates replicates;
    Value plots; // as the script gave them
    // Both on the thread of the interpreter that made them. `where` is empty when every point
    // counts.
    std::function<bool(const Map& point)> where;
    std::function<Value(const Map& point)> run;
    // Of all tasks in plan order, maps of `point`, `state` and `result`; empty when the results
    // speak for themselves.
    std::function<Value(const List& tasks)> summary;

    // The point of the defaults with the arguments put over them.
    Value run_point(const std::vector<Argument>&) const;
};

class Session;
struct Component;
struct LoadReport;
// An experiment over one component: its parameters are those of the schema (inputs are paths of
// files), and its run is a call. `seed` is a parameter where the component is random, `seed` by
// default. `read` hears of each file that becomes an input. The session must outlive it.
Experiment experiment_of(const Component&, Session&, int64_t seed = 0,
                         std::function<void(const std::string& path)> read = {});
// A file read as an input port wants it. Throws Failure.
Value load_input(const esp_port&, const std::string& path, LoadReport* report = nullptr);

} // namespace espalier
