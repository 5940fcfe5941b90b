// SPDX-License-Identifier: MIT
// Plan: which tasks an experiment asks for, in rounds, as a pure function of what has finished.
#pragma once

#include "run/experiment.hpp"
#include "run/task.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace espalier {

// What became of the tasks that have ended: the result, or nothing when there is none (failed,
// diverged, crashed, ...).
using Finished = std::map<Digest, std::optional<Value>>;

// Not thread-safe; calls `where` of the experiment, so it lives on its interpreter's thread.
//
// A task's key comes from its point and seed alone, so a sweep that is extended or reordered keeps
// every finished task. What is kept: a parameter added to `params` changes the point, and so the
// key, even at its default; the first points of esp.random and esp.sobol stay when `count` grows,
// those of esp.latin_hypercube do not. Replicate 0 carries no `replicate`, so that asking for more
// replicates later keeps it; replicate r > 0 carries replicate = r, and where the point has a
// `seed`, a seed made of that one and r.
class Plan {
public:
    // Throws Failure: arguments that do not fit the declared parameters (Exit::command_line, all of
    // them, a line each), a sweep that does not (Exit::script), and more than max_tasks tasks, said
    // before any point is made.
    Plan(Experiment, const std::vector<Argument>&, int64_t run_seed, int64_t max_tasks = 1'000'000);
    ~Plan();
    Plan(Plan&&) noexcept;

    // The tasks of the next round that were not handed out before, in plan order; empty when the
    // plan is over. Every task handed out before must be in `finished`; those that are not hold up
    // what depends on them. What else `finished` knows changes nothing: a resumed run sees the same
    // rounds, and leaves out what it has. Throws Failure when a result lacks a metric that the plan
    // reads, or when a round would go beyond max_tasks.
    std::vector<RunTask> next(const Finished& finished);
    std::vector<RunTask> first() { return next({}); }

    int64_t count() const noexcept; // tasks handed out so far
    // Later rounds may depend on results; of a plan that is not adaptive the first round is all.
    bool adaptive() const noexcept;
    // Fields of the results that later rounds read; results in `finished` may be cut down to them.
    Texts reads() const;

    Map fixed() const;         // parameters that are the same in every point
    Value description() const; // axes, replicates, searches, first tasks: for people and for `why`
    // What searches have come to, a map for each combination of the other axes: its `point`, the
    // place found (`at`), the metric there (`value`), and `message` when there is nothing to be
    // found.
    Value found() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

// description() in lines, for --dry-run: "coupling  5 values  0.1 .. 0.5".
std::string text_of_plan(const Value& description);

} // namespace espalier
