// SPDX-License-Identifier: MIT
// espalier runs: the runs of a store.
#include "app/json.hpp"
#include "app/results.hpp"
#include "app/stored_runs.hpp"
#include "app/terminal.hpp"

#include <fmt/format.h>

namespace espalier::app {

namespace {

bool matches(const RunSummary& run, const std::vector<std::string>& query) {
    for (const auto& word : query)
        if (run.name.find(word) == run.name.npos && run.status.find(word) == run.status.npos)
            return false;
    return true;
}

Value data_of(const RunSummary& run) {
    return Map{{"run", run.number},          {"name", run.name},   {"basis", run.basis.hex()},
               {"seed", run.seed},           {"tasks", run.tasks}, {"states", states_data(run)},
               {"status", run.status},       {"began", run.began}, {"ended", run.ended},
               {"task_seconds", run.seconds}};
}

int runs(const Invocation& given) {
    const Store store = open_store(given, Access::read);
    List data;
    std::vector<int64_t> numbers, tasks;
    Texts names, began, status, states;
    for (const RunSummary& run : store.runs()) {
        if (!matches(run, given.words)) continue;
        data.push_back(data_of(run));
        numbers.push_back(run.number);
        names.push_back(run.name);
        began.push_back(run.began);
        status.push_back(run.status);
        tasks.push_back(run.tasks);
        states.push_back(states_text(run));
    }
    if (given.has("json")) {
        print(json_text(data));
        return 0;
    }
    if (data.empty()) {
        tell(given.words.empty() ? "the store has no runs" : "no run of the store is like that");
        return 0;
    }
    const auto texts = [](Texts& column) {
        return std::make_shared<const Texts>(std::move(column));
    };
    Table table;
    table.add("run", Tensor::vector(numbers));
    table.add("name", texts(names));
    table.add("began (UTC)", texts(began));
    table.add("status", texts(status));
    table.add("tasks", Tensor::vector(tasks));
    table.add("of them", texts(states));
    print(table_text(table, table.rows));
    return 0;
}

} // namespace

const Command runs_command{"runs",
                           "[QUERY]...",
                           "List the runs of a store.",
                           0,
                           Command::any,
                           "QUERY: words that stand in the name or the status of a run.",
                           {store_option(), json_option()},
                           {"espalier runs", "espalier runs ising finished"},
                           runs};

} // namespace espalier::app
