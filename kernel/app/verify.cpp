// SPDX-License-Identifier: MIT
// espalier verify: whether a store still holds what was put into it, and gives it again.
#include "app/interrupt.hpp"
#include "app/rerun.hpp"
#include "app/stored_runs.hpp"
#include "app/terminal.hpp"
#include "values/failure.hpp"
#include "values/wording.hpp"

#include <fmt/format.h>

namespace espalier::app {

namespace {

constexpr int bad_data = static_cast<int>(Exit::bad_data);

int check_arrays(Store& store, std::optional<int64_t> run, bool repair) {
    const Texts problems = store.verify(run, repair);
    for (const auto& problem : problems) print(problem + '\n');
    if (problems.empty()) {
        print(run ? fmt::format("run {}: every array is what it was\n", *run)
                  : "every array is what it was\n");
        return 0;
    }
    tell(repair ? "what was lost will be computed again by the lines that computed it"
                : "'espalier verify --repair' lets these tasks be computed again");
    return bad_data;
}

int compute_again(const Invocation& given, const Store& store, int64_t run, double share) {
    const InterruptGuard guard;
    const Rerun report = rerun(given, store, run, share);
    for (const auto& sentence : report.differing) print(fmt::format("run {}: {}\n", run, sentence));
    if (report.signal != 0) return 128 + report.signal;
    if (report.differing.empty())
        print(
            fmt::format("run {}: {} computed again at 1, 2 and 8 threads: every bit is the same\n",
                        run, counted(report.tasks, "task")));
    return report.differing.empty() ? 0 : bad_data;
}

int verify(const Invocation& given) {
    const double share = given.has("rerun") ? share_in(given.text("rerun")) : 0;
    const bool repair = given.has("repair");
    Store store = open_store(given, repair ? Access::write : Access::read);
    std::optional<int64_t> run;
    if (!given.words.empty()) run = store.find(given.words[0]);
    const int code = check_arrays(store, run, repair);
    if (share == 0 || code != 0) return code;
    return compute_again(given, store, run ? *run : store.find("last"), share);
}

} // namespace

const Command verify_command{
    "verify",
    "[RUN]",
    "Check every array against its SHA-256, and tasks against a second computation.",
    0,
    1,
    "Without a run: all arrays of the store, and --rerun means its last run. Exit code 65 when\n"
    "something is damaged or differs, with a line for each.",
    {store_option(),
     {"repair", 0, "", "Forget damaged results, so that the same line computes them again."},
     {"rerun", 0, "P%", "Compute this share of the tasks again at 1, 2 and 8 threads."},
     trust_option(),
     isa_option()},
    {"espalier verify", "espalier verify ising --rerun 1%"},
    verify};

} // namespace espalier::app
