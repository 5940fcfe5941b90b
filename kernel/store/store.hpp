// SPDX-License-Identifier: MIT
// Store: what runs gave, kept so that nothing acknowledged is lost - one SQLite database and a
// folder of arrays.
#pragma once

#include "run/task.hpp"
#include "values/digest.hpp"
#include "values/value.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace espalier {

// What a run is, beside its tasks. parameters, plan and plots hold no arrays.
struct RunRecord {
    std::string name;                                        // of the experiment
    std::string script;                                      // the path as it was named
    std::string script_text;                                 // of the file
    std::map<std::string, std::string, std::less<>> modules; // text of each required module
    int64_t seed = 0;
    Value parameters; // declared defaults with the fixed arguments put over them
    Value plan;       // the sweep, for people
    Value plots;
    Texts arguments; // of the command line
    Digest basis;    // basis_of(record): begin() sees to it, record() gives it back
    Map provenance; // program, plugins, compiler, machine ...: never part of a result; `summary` is
                    // what the experiment's own summary gave
};

// What results follow from beside the point: script text, modules and seed.
Digest basis_of(const RunRecord&);

// Of what equal runs have in common: state, result, message, hint, metrics and plugins.
Digest digest_of(const Outcome&);

inline constexpr std::size_t task_states = static_cast<std::size_t>(TaskState::cancelled) + 1;

struct RunSummary {
    int64_t number = 0; // from 1, in the order of their beginning
    std::string name;
    Digest basis;
    int64_t seed = 0;
    int64_t tasks = 0;
    std::array<int64_t, task_states> by_state{}; // indexed by TaskState
    std::string status;                          // "running" until finish()
    std::string began, ended; // "2031-05-01 12:00:00", UTC; ended is empty while it runs
    double seconds = 0;       // of all its tasks together

    int64_t in(TaskState state) const noexcept { return by_state[static_cast<std::size_t>(state)]; }
};

// The mean of finished tasks, from which a dry run makes its price.
struct Price {
    int64_t tasks = 0; // so many were measured
    double seconds = 0;
    int64_t peak_bytes = 0; // the largest, not the mean
    double stored_bytes = 0;
};

// Which finished tasks are to be computed again.
struct Again {
    bool failed = false; // failed, diverged, timeout, out of memory and crashed ones too
    Texts plugins;       // installed ones, as in Outcome::plugins; a task that called another
                         // version, or one that is gone, no longer holds. Empty: not compared
    // What Outcome::read names has now; nothing when it is gone. A task that read another content
    // no longer holds; one whose file is gone does. Empty: not compared.
    std::function<std::optional<Digest>(const std::string& name)> content = {};
};

// What goes with runs: tasks that were only theirs, with results and arrays.
struct Removal {
    int64_t planned = 0; // tasks, of which other runs have some too
    int64_t tasks = 0, arrays = 0, bytes = 0;
};

// What tasks of a run read.
struct Reading {
    std::string name;
    Digest content;
    int64_t tasks = 0; // so many
};

enum class Access { read, write };
enum class Detail { scalars, metrics, everything };

// One writer and any number of readers; one thread at a time. Every member throws Failure:
// Exit::input_output when the disk is full or a flush failed (the store then takes nothing more;
// open it anew to go on), Exit::bad_data when a file is damaged.
class Store {
public:
    // write: makes the store when there is none, takes its lock, checks the database, and sweeps up
    // what a crash left. Throws Failure: Exit::busy "store in use by pid N on HOST since ...",
    // Exit::cannot_create, Exit::missing_input (read), Exit::bad_data (not a store, of another
    // version, damaged), Exit::permissions (a network file system, unless it is a shard of which no
    // other machine reads before it is closed).
    Store(const std::filesystem::path& folder, Access, bool shard = false);
    ~Store(); // what was kept and not committed is forgotten
    Store(Store&&) noexcept;
    Store& operator=(Store&&) noexcept;

    const std::filesystem::path& folder() const noexcept;
    // What the user must hear of, one sentence each: arrays lost or damaged and the tasks that are
    // to be computed again. Empties the list; none is given twice.
    Texts take_warnings();

    // The number of the run: the same basis, parameters, plan and tasks are the same run again, and
    // finished tasks of other runs with the same basis count as finished. A task's place is its
    // index in `tasks`. Durable when it returns.
    int64_t begin(const RunRecord&, const std::vector<RunTask>& tasks);
    // Puts the tasks that are not yet planned at the end; returns the places of all of them.
    std::vector<std::size_t> extend(int64_t run, const std::vector<RunTask>& tasks);
    // Places of tasks without a final outcome, in order. Cancelled and skipped ones are not final.
    std::vector<std::size_t> unfinished(int64_t run, const Again& = {}) const;
    std::vector<Reading> readings(int64_t run) const; // by name

    // Writes the arrays, and puts the outcome in the open transaction. It is neither acknowledged
    // nor to be read before commit() has returned.
    void keep(int64_t run, const RunTask&, const Outcome&);
    static constexpr std::size_t group_tasks = 256;
    static constexpr std::chrono::milliseconds group_time{1000};
    // group_tasks are waiting, or the first of them since group_time.
    bool commit_due(std::chrono::steady_clock::time_point now) const;
    std::vector<Digest> commit(); // keys of the tasks that are now safe
    // facts: put over the provenance of begin(); without arrays. Commits too.
    void finish(int64_t run, std::string_view status, const Map& facts = {});

    std::vector<RunSummary> runs() const;
    // "last", a number, a name (its last run), or name/number. Throws Failure (Exit::command_line)
    // with the nearest name.
    int64_t find(std::string_view text) const;
    RunRecord record(int64_t run) const;
    RunSummary summary(int64_t run) const;
    std::size_t task_count(int64_t run) const;
    RunTask task(int64_t run, std::size_t place) const;

    // Calls with each task in the order of the plan; a task without an outcome is pending. With
    // Detail::scalars the result is a flat map of booleans, numbers and texts ("auc", "fit.slope"),
    // metrics are left out, and no array is read; with Detail::metrics those are there too. Ends
    // early when the visitor returns false.
    using Visitor = std::function<bool(std::size_t place, const RunTask&, const Outcome&)>;
    void outcomes(int64_t run, Detail, const Visitor&) const;
    std::optional<Outcome> outcome(const Digest& basis, const Digest& key,
                                   Detail detail = Detail::everything) const;
    // The state alone; pending when nothing is known of the task.
    TaskState state(const Digest& basis, const Digest& key) const;

    // Results that are arrays or hold some, and how many tasks gave each; by name.
    std::map<std::string, int64_t> array_results(int64_t run) const;

    // Of the tasks with this basis; when there are none, of all tasks of runs with this name.
    Price price(const Digest& basis, std::string_view name) const;

    // Reads and hashes every array, of one run or of all; one sentence for each that is lost or
    // damaged. repair (only when writing): tasks that had it go back to pending, and a damaged file
    // gets the ending .corrupt.
    Texts verify(std::optional<int64_t> run, bool repair = false);

    // Takes over runs and tasks of another store. Throws Failure (Exit::bad_data) that names the
    // task when both stores computed it and differ.
    void merge(const Store& other);

    // Takes runs out, by their numbers, with all that no other run has; the others keep their
    // numbers. try_only: says what would go.
    Removal remove(const std::vector<int64_t>& runs, bool try_only = false);

    // The run as one JSON text, in pieces: what it is, then each task in the order of the plan with
    // its scalars, its whole result (files/value_tree.hpp) and the SHA-256 of its arrays.
    // canonical: without time, machine and place, and tasks without a final outcome are pending;
    // equal runs give equal bytes.
    void export_json(int64_t run, bool canonical,
                     const std::function<void(std::string_view)>& sink) const;
    // The same as tables of an SQLite file, arrays within.
    void export_sqlite(int64_t run, bool canonical, const std::filesystem::path& file) const;

    struct State;

private:
    std::unique_ptr<State> state_;
};

} // namespace espalier
