// SPDX-License-Identifier: MIT
// espalier verify: whether a store still holds what was put into it.
#include "app/stored_runs.hpp"
#include "app/terminal.hpp"
#include "values/failure.hpp"

#include <fmt/format.h>

namespace espalier::app {

namespace {

int verify(const Invocation& given) {
    const bool repair = given.has("repair");
    Store store = open_store(given, repair ? Access::write : Access::read);
    std::optional<int64_t> run;
    if (!given.words.empty()) run = store.find(given.words[0]);
    const Texts problems = store.verify(run, repair);
    for (const auto& problem : problems) print(problem + '\n');
    if (problems.empty()) {
        print(run ? fmt::format("run {}: every array is what it was\n", *run)
                  : "every array is what it was\n");
        return 0;
    }
    tell(repair ? "what was lost will be computed again by the lines that computed it"
                : "'espalier verify --repair' lets these tasks be computed again");
    return static_cast<int>(Exit::bad_data);
}

} // namespace

const Command verify_command{
    "verify",
    "[RUN]",
    "Check every array of a run, or of the store, against its SHA-256.",
    0,
    1,
    "Exit code 65 when something is damaged, with a line for each array.",
    {store_option(),
     {"repair", 0, "", "Forget damaged results, so that the same line computes them again."}},
    {"espalier verify", "espalier verify ising --repair"},
    verify};

} // namespace espalier::app
