// SPDX-License-Identifier: MIT
// espalier show: everything about one run.
#include "app/json.hpp"
#include "app/places.hpp"
#include "app/results.hpp"
#include "app/stored_runs.hpp"
#include "app/terminal.hpp"
#include "run/plan.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace espalier::app {

namespace {

struct Failed {
    std::size_t place;
    RunTask task;
    Outcome outcome;
};

std::vector<Failed> failures_of(const Store& store, int64_t run) {
    std::vector<Failed> failed;
    store.outcomes(run, Detail::scalars,
                   [&](std::size_t place, const RunTask& task, const Outcome& o) {
                       if (o.state != TaskState::done && o.state != TaskState::pending)
                           failed.push_back({place, task, o});
                       return true;
                   });
    return failed;
}

void print_json(const Store& store, int64_t run) {
    const RunRecord record = store.record(run);
    const RunSummary summary = store.summary(run);
    List failures;
    for (const Failed& f : failures_of(store, run))
        failures.push_back(Map{{"task", static_cast<int64_t>(f.place) + 1},
                               {"point", f.task.point},
                               {"state", std::string(name_of(f.outcome.state))},
                               {"message", f.outcome.message},
                               {"hint", f.outcome.hint},
                               {"output", f.outcome.output}});
    Map modules, arrays;
    for (const auto& [name, text] : record.modules) modules[name] = text;
    for (const auto& [name, tasks] : store.array_results(run)) arrays[name] = tasks;
    print(json_text(Map{{"run", run},
                        {"name", record.name},
                        {"script", record.script},
                        {"script_text", record.script_text},
                        {"modules", modules},
                        {"arguments", List(record.arguments.begin(), record.arguments.end())},
                        {"seed", record.seed},
                        {"basis", record.basis.hex()},
                        {"parameters", record.parameters},
                        {"plan", record.plan},
                        {"plots", record.plots},
                        {"status", summary.status},
                        {"began", summary.began},
                        {"ended", summary.ended},
                        {"tasks", summary.tasks},
                        {"states", states_data(summary)},
                        {"task_seconds", summary.seconds},
                        {"failures", failures},
                        {"results", results_table(store, run, true)},
                        {"arrays", arrays},
                        {"provenance", record.provenance}}));
}

std::string indented(const std::string& text) {
    std::string out = text.empty() ? "" : "  ";
    for (std::size_t i = 0; i < text.size(); ++i) {
        out += text[i];
        if (text[i] == '\n' && i + 1 < text.size()) out += "  ";
    }
    return out;
}

// The failures say them.
Table without_messages(const Table& results) {
    Table table;
    for (const auto& [name, column] : results.columns)
        if (name != "message") table.add(name, column);
    return table;
}

// Those with the same message as one.
void print_failures(const Store& store, int64_t run) {
    std::vector<std::pair<std::string, std::vector<std::size_t>>> alike;
    for (const Failed& f : failures_of(store, run)) {
        std::string what = std::string(name_of(f.outcome.state));
        if (!f.outcome.message.empty()) what += ": " + f.outcome.message;
        if (!f.outcome.hint.empty()) what += "\n    hint: " + f.outcome.hint;
        auto at = std::find_if(alike.begin(), alike.end(),
                               [&](const auto& one) { return one.first == what; });
        if (at == alike.end()) at = alike.insert(at, {what, {}});
        at->second.push_back(f.place + 1);
    }
    constexpr std::size_t most = 8; // of the tasks that are named
    if (!alike.empty()) print("not done:\n");
    for (const auto& [what, tasks] : alike) {
        std::string names;
        for (std::size_t i = 0; i < std::min(most, tasks.size()); ++i)
            names += fmt::format("{}{}", i == 0 ? "" : ", ", tasks[i]);
        if (tasks.size() > most) names += fmt::format(" and {} more", tasks.size() - most);
        print(fmt::format("  task{} {}: {}\n", tasks.size() == 1 ? "" : "s", names, what));
    }
}

void print_text(const Store& store, int64_t run) {
    const RunRecord record = store.record(run);
    const RunSummary summary = store.summary(run);
    std::string out = fmt::format("run {} '{}': {}\n", run, record.name, summary.status);
    out += fmt::format("script: {}\n", record.script);
    if (!record.arguments.empty()) {
        out += "arguments:";
        for (const auto& argument : record.arguments) out += ' ' + argument;
        out += '\n';
    }
    out += fmt::format("seed: {}\nbegan: {} UTC\n", record.seed, summary.began);
    if (!summary.ended.empty()) out += fmt::format("ended: {} UTC\n", summary.ended);
    out += fmt::format("tasks: {} ({})\n", summary.tasks, states_text(summary));
    out += fmt::format("time of all tasks together: {:.3g} s\n", summary.seconds);
    if (const auto* fixed = record.parameters.get<Map>(); fixed && !fixed->empty())
        out += "parameters:\n" + indented(results_text(record.parameters));
    if (record.plan.get<Map>()) out += "plan:\n" + indented(text_of_plan(record.plan));
    out += "results:\n" + table_text(without_messages(results_table(store, run, false)));
    if (const std::string arrays = arrays_text(store, run); !arrays.empty())
        out += fmt::format("arrays: {}\n", arrays);
    print(out);
    print_failures(store, run);
    print("provenance:\n" + indented(results_text(record.provenance)));
}

int show(const Invocation& given) {
    const Store store = open_store(given, Access::read);
    const int64_t run = store.find(given.words[0]);
    if (given.has("json"))
        print_json(store, run);
    else
        print_text(store, run);
    return 0;
}

} // namespace

const Command show_command{"show",
                           "RUN",
                           "Show everything about one run.",
                           1,
                           1,
                           "RUN is a number of 'espalier runs', a name (its last run), or last.",
                           {store_option(), json_option()},
                           {"espalier show last", "espalier show 3 --json"},
                           show};

} // namespace espalier::app
