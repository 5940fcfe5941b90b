// SPDX-License-Identifier: MIT
// Experiments and plans for tests.
#pragma once

#include "run/plan.hpp"
#include "run/sweep.hpp"
#include "values/failure.hpp"

#include <string>
#include <vector>

namespace espalier::test {

inline ScriptParameter parameter(std::string name, Value initial) {
    ScriptParameter p;
    p.name = std::move(name), p.type = initial.type(), p.initial = std::move(initial);
    return p;
}

// nodes 10 in [1, 1000], coupling 0.5, mode linear or cubic, temperature 1 > 0, seed 0.
inline Experiment experiment(Value sweep = {}) {
    Experiment e;
    e.name = "study";
    e.parameters.place = "x.lua:2";
    e.parameters.all = {parameter("nodes", 10), parameter("coupling", 0.5),
                        parameter("mode", "linear"), parameter("temperature", 1.0)};
    e.parameters.all[0].min = 1, e.parameters.all[0].max = 1000;
    e.parameters.all[2].choices = {"linear", "cubic"};
    e.parameters.all[3].min = 0, e.parameters.all[3].min_open = true;
    e.sweep = std::move(sweep);
    return e;
}

inline Value sweep(const char* kind, Map axes) { return Map{{"kind", kind}, {"axes", axes}}; }
inline Value drawn(const char* kind, Map axes, int64_t count) {
    return Map{{"kind", kind}, {"axes", axes}, {"count", count}};
}
inline Value parts(const char* kind, List of) { return Map{{"kind", kind}, {"parts", of}}; }
inline Value between(const char* kind, double from, double to) {
    return Map{{"kind", kind}, {"from", from}, {"to", to}};
}

inline std::vector<Argument> arguments(const std::vector<std::string>& texts) {
    std::vector<Argument> all;
    for (const std::string& text : texts) all.push_back(argument_from(text));
    return all;
}

inline std::vector<RunTask>
tasks_of(const Experiment& e, const std::vector<std::string>& given = {}, int64_t run_seed = 1) {
    return Plan(e, arguments(given), run_seed).first();
}

// The named values of each task, "10 0.5; 20 0.5".
inline std::string texts_of(const std::vector<RunTask>& tasks,
                            const std::vector<std::string>& names) {
    std::string all;
    for (const RunTask& task : tasks) {
        if (!all.empty()) all += "; ";
        for (std::size_t i = 0; i < names.size(); ++i) {
            const auto at = task.point.find(names[i]);
            if (i > 0) all += ' ';
            all += at == task.point.end() ? "-" : at->second.text();
        }
    }
    return all;
}

// "message" or "message | hint".
template <class Action> std::string failure_of(Action action) {
    try {
        action();
    } catch (const Failure& failure) {
        return failure.what() + (failure.hint().empty() ? "" : " | " + failure.hint());
    }
    return "nothing failed";
}

} // namespace espalier::test
