// SPDX-License-Identifier: MIT
// What the parts of a document are made from.
#pragma once

#include "store/store.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace espalier::report {

using Json = nlohmann::ordered_json;

struct Gathered {
    const Store& store;
    int64_t run;
    RunRecord record;
    RunSummary summary;
    Table table; // results_table with provenance
    struct Row {
        Digest key;
        TaskState state;
    };
    std::vector<Row> rows; // of the table
    Texts swept;           // parameters that differ from task to task, `replicate` left out

    // Of the task in a row; a pending one when nothing is known of it.
    Outcome outcome(std::size_t row, Detail) const;
    // Places of at most `most` tasks that ended, spread evenly over the plan.
    std::vector<std::size_t> some_ended(std::size_t most) const;
};
Gathered gather(const Store&, int64_t run);

// Arrays become nested lists.
Json json_of(const Value&);
Json json_of(const Column&);

Json failures_of(const Gathered&); // by cause: [{state, message, hint, tasks}]
Json curves_of(const Gathered&);   // {names: [{name, series: [{task, steps, values}]}], tasks, of}
// What the experiment plots, and what tasks and the summary returned: pictures, and a scorecard
// where there is one ([] otherwise).
struct Drawn {
    Json pictures, scorecard;
};
Drawn drawn(const Gathered&);
Json origin_of(const Gathered&); // script, modules, plugins, data, machine
Json redo_of(const Gathered&);   // what a command that computes one task again is made of

} // namespace espalier::report
