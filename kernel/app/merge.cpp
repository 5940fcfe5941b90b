// SPDX-License-Identifier: MIT
// espalier merge: one store of several.
#include "app/places.hpp"
#include "app/stored_runs.hpp"
#include "app/terminal.hpp"
#include "values/failure.hpp"
#include "values/wording.hpp"

#include <fmt/format.h>

namespace espalier::app {

namespace {

int merge(const Invocation& given) {
    if (!given.has("output"))
        throw Failure(Exit::command_line, "command line: merge needs --output",
                      "espalier merge A B C -o ALL");
    std::vector<Store> parts; // all are there before anything is written
    for (const auto& folder : given.words) parts.emplace_back(folder, Access::read);
    Store all(given.text("output"), Access::write);
    for (const Store& part : parts) all.merge(part);
    for (const RunSummary& run : all.runs())
        tell(fmt::format("run {} '{}': {} ({})", run.number, run.name, counted(run.tasks, "task"),
                         states_text(run)));
    tell(fmt::format("saved {}", shown(all.folder())));
    return 0;
}

} // namespace

const Command merge_command{
    "merge",
    "STORE...",
    "Bring the runs of several stores together.",
    1,
    Command::any,
    "Results of the same task must agree bit by bit. The union of the shards of a run is the run\n"
    "that one machine would have made: its canonical export has the same bytes.",
    {{"output", 'o', "DIR", "The store of all; made when missing."}},
    {"espalier merge shard-1 shard-2 shard-3 -o runs", "espalier merge /scratch/runs -o runs"},
    merge};

} // namespace espalier::app
