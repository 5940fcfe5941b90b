// SPDX-License-Identifier: MIT
// The union of stores whose tasks were shared out among machines.
#include "store/state.hpp"

#include <fmt/format.h>

namespace espalier {

namespace {

// What the machine did to a task, not what the task is: another machine may well finish it.
bool is_accident(TaskState s) {
    return s == TaskState::crashed || s == TaskState::timeout || s == TaskState::out_of_memory;
}

// Whether the other outcome is to be taken. Throws Failure when both are results and differ.
bool is_better(const std::optional<Outcome>& mine, const Outcome& other, const std::string& task) {
    if (!mine || !store::is_final(mine->state)) return other.state != TaskState::pending;
    if (!store::is_final(other.state)) return false;
    if (is_accident(mine->state) || is_accident(other.state))
        return is_accident(mine->state) && !is_accident(other.state);
    if (digest_of(*mine) == digest_of(other)) return false;
    throw Failure(Exit::bad_data,
                  fmt::format("{} has two results that differ ({} and {})", task,
                              name_of(mine->state), name_of(other.state)),
                  "'espalier diff' shows where; the stores cannot come from the same program");
}

} // namespace

void Store::merge(const Store& other) {
    for (const RunSummary& summary : other.runs()) {
        const RunRecord record = other.record(summary.number);
        std::vector<RunTask> tasks;
        other.outcomes(summary.number, Detail::scalars,
                       [&](std::size_t, const RunTask& task, const Outcome&) {
                           tasks.push_back(task);
                           return true;
                       });
        int64_t run = 0;
        state_->write([&] {
            auto plan = other.state_->database->rows("SELECT plan_digest FROM run WHERE id = ?",
                                                     summary.number);
            plan.next();
            run = state_->run_row(record, plan.digest(0));
            state_->add_session(run, record, summary.status, summary.began, summary.ended);
        });
        extend(run, tasks);
        const Digest basis = basis_of(record);
        other.outcomes(summary.number, Detail::everything,
                       [&](std::size_t place, const RunTask& task, const Outcome& theirs) {
                           const auto name =
                               fmt::format("{}: task {} of {}/{}", other.folder().string(),
                                           place + 1, summary.name, summary.number);
                           if (is_better(outcome(basis, task.key), theirs, name))
                               keep(run, task, theirs);
                           if (state_->waiting.size() >= group_tasks) commit();
                           return true;
                       });
        commit();
    }
}

} // namespace espalier
