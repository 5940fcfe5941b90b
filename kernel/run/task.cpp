// SPDX-License-Identifier: MIT
// The key and the seed of a task, and the names of its states.
#include "run/task.hpp"

#include "values/failure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace espalier {

namespace {

constexpr std::string_view state_names[] = {"pending",  "done",    "failed",
                                            "diverged", "timeout", "out of memory",
                                            "crashed",  "skipped", "cancelled"};

} // namespace

std::string_view name_of(TaskState state) noexcept {
    return state_names[static_cast<std::size_t>(state)];
}

TaskState task_state_named(std::string_view name) {
    const auto* at = std::find(std::begin(state_names), std::end(state_names), name);
    if (at == std::end(state_names))
        throw Failure(Exit::bad_data, fmt::format("'{}' is not the state of a task", name));
    return static_cast<TaskState>(at - std::begin(state_names));
}

RunTask task_of(Map point, int64_t run_seed) {
    RunTask task;
    const auto given = point.find("seed");
    const Value content(point);
    if (given != point.end() && given->second.get<int64_t>())
        task.seed = given->second.as<int64_t>();
    else
        task.seed = static_cast<int64_t>(Hasher()
                                             .add(std::string_view("espalier task"))
                                             .add(run_seed)
                                             .add(content)
                                             .digest()
                                             .word() >>
                                         1);
    task.key =
        Hasher().add(std::string_view("espalier point")).add(task.seed).add(content).digest();
    task.point = std::move(point);
    return task;
}

} // namespace espalier
