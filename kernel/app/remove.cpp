// SPDX-License-Identifier: MIT
// espalier remove: runs are taken out of a store, and their room is free again.
#include "app/json.hpp"
#include "app/setup.hpp"
#include "app/stored_runs.hpp"
#include "app/terminal.hpp"
#include "values/failure.hpp"
#include "values/wording.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace espalier::app {

namespace {

namespace fs = std::filesystem;

// The runs that are meant, in order: those that are named, or the others of their name that began
// before them.
std::vector<int64_t> meant(const Store& store, const Texts& words, bool earlier) {
    std::vector<int64_t> runs;
    for (const auto& word : words) {
        const RunSummary named = store.summary(store.find(word));
        if (!earlier) runs.push_back(named.number);
        for (const RunSummary& other : earlier ? store.runs() : std::vector<RunSummary>())
            if (other.number < named.number && other.name == named.name)
                runs.push_back(other.number);
    }
    std::sort(runs.begin(), runs.end());
    runs.erase(std::unique(runs.begin(), runs.end()), runs.end());
    return runs;
}

// Saved states of calls that were broken off.
struct States {
    std::vector<fs::path> files;
    int64_t bytes = 0;
};
States states_of(const fs::path& folder) {
    States states;
    std::error_code absent;
    for (fs::directory_iterator at(folder, absent), end; !absent && at != end;
         at.increment(absent)) {
        std::error_code gone;
        const auto size = at->file_size(gone);
        if (gone) continue;
        states.files.push_back(at->path());
        states.bytes += static_cast<int64_t>(size);
    }
    return states;
}

int remove(const Invocation& given) {
    const bool checkpoints = given.has("checkpoints"), yes = given.has("yes");
    if (given.words.empty() && !checkpoints)
        throw Failure(Exit::command_line, "command line: remove needs a run, or --checkpoints",
                      "'espalier runs' lists them");
    Store store = open_store(given, Access::write);
    const auto runs = meant(store, given.words, given.has("earlier"));
    const auto summaries = store.runs();
    const Removal freed = store.remove(runs, !yes);
    for (const auto& warning : store.take_warnings()) warn(warning);
    const States states = checkpoints ? states_of(store_folder(given) / "checkpoints") : States{};
    std::error_code gone;
    if (yes)
        for (const auto& file : states.files) fs::remove(file, gone);

    if (given.has("json")) {
        print(json_text(Map{{"runs", List(runs.begin(), runs.end())},
                            {"tasks", freed.tasks},
                            {"shared_tasks", freed.planned - freed.tasks},
                            {"arrays", freed.arrays},
                            {"checkpoints", static_cast<int64_t>(states.files.size())},
                            {"bytes", freed.bytes + states.bytes},
                            {"removed", yes}}));
        return 0;
    }
    for (const RunSummary& run : summaries)
        if (std::binary_search(runs.begin(), runs.end(), run.number))
            print(fmt::format("run {} '{}', {}: {} ({})\n", run.number, run.name, run.began,
                              counted(run.tasks, "task"), states_text(run)));
    print(fmt::format("{}: {}, {}, {}", yes ? "removed" : "would go", counted(freed.tasks, "task"),
                      counted(freed.arrays, "array"),
                      bytes_text(static_cast<double>(freed.bytes + states.bytes))));
    if (checkpoints)
        print(fmt::format(", {} among them",
                          counted(static_cast<int64_t>(states.files.size()), "saved state")));
    if (freed.planned > freed.tasks)
        print(fmt::format("; {} of other runs too, kept",
                          counted(freed.planned - freed.tasks, "task")));
    print("\n");
    if (!yes) tell("nothing was removed; the same line with --yes does it");
    return 0;
}

} // namespace

const Command remove_command{
    "remove",
    "RUN...",
    "Take runs out of a store, and free what only they needed.",
    0,
    Command::any,
    "Says what would go; --yes does it. Tasks that other runs have too stay, and so do the\n"
    "numbers of the other runs.",
    {{"earlier", 0, "", "The runs before RUN that have its name, in place of RUN."},
     {"checkpoints", 0, "", "Also saved states of calls that were broken off: they begin anew."},
     {"yes", 'y', "", "Remove it."},
     store_option(),
     json_option()},
    {"espalier remove 3 4 --yes", "espalier remove last --earlier"},
    remove};

} // namespace espalier::app
