// SPDX-License-Identifier: MIT
// Runs taken from a store and laid out for people and other programs.
#include "app/stored_runs.hpp"

#include "app/setup.hpp"
#include "app/terminal.hpp"

#include <fmt/format.h>

namespace espalier::app {

const Option& store_option() {
    static const Option o{"store", 0, "DIR", "Where runs are kept (default: runs)."};
    return o;
}

Store open_store(const Invocation& given, Access access) {
    const auto folder = store_folder(given);
    if (access == Access::write) static_cast<void>(Store(folder, Access::read)); // is there
    Store store(folder, access);
    for (const auto& warning : store.take_warnings()) warn(warning);
    return store;
}

std::string states_text(const RunSummary& run) {
    std::string text;
    for (std::size_t i = 0; i < task_states; ++i)
        if (const auto state = static_cast<TaskState>((i + 1) % task_states); run.in(state) > 0)
            text += fmt::format("{}{} {}", text.empty() ? "" : ", ", run.in(state), name_of(state));
    return text.empty() ? "no tasks" : text;
}

std::string arrays_text(const Store& store, int64_t run) {
    std::string text;
    const auto all = static_cast<int64_t>(store.task_count(run));
    for (const auto& [name, tasks] : store.array_results(run)) {
        text += (text.empty() ? "" : ", ") + name;
        if (tasks < all) text += fmt::format(" ({} of {} tasks)", tasks, all);
    }
    return text;
}

Map states_data(const RunSummary& run) {
    Map map;
    for (std::size_t i = 0; i < task_states; ++i)
        map[std::string(name_of(static_cast<TaskState>(i)))] = run.by_state[i];
    return map;
}

} // namespace espalier::app
