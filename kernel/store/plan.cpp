// SPDX-License-Identifier: MIT
// Which tasks a run has, and which of them are still to be computed.
#include "store/state.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <set>

namespace espalier {

namespace {

std::string now() { return fmt::format("{:%Y-%m-%d %H:%M:%S}", fmt::gmtime(std::time(nullptr))); }

Digest plan_digest(const RunRecord& record, const std::vector<RunTask>& tasks) {
    Hasher hasher;
    hasher.add(std::string_view("espalier plan")).add(record.parameters).add(record.plan);
    for (const RunTask& task : tasks) hasher.add(task.key.bytes.data(), task.key.bytes.size());
    return hasher.digest();
}

Digest basis_in(store::Database& database, int64_t run) {
    auto row = database.rows("SELECT basis FROM run WHERE id = ?", run);
    if (!row.next()) throw Failure(Exit::bug, fmt::format("the store has no run {}", run));
    return row.digest(0);
}

int64_t row_of(store::Database& database, const Digest& basis, const RunTask& task) {
    auto row = database.rows("SELECT id FROM task WHERE basis = ? AND key = ?", store::blob(basis),
                             store::blob(task.key));
    if (row.next()) return row.integer(0);
    database.run("INSERT INTO task(basis, key, seed, point) VALUES (?, ?, ?, ?)",
                 store::blob(basis), store::blob(task.key), task.seed,
                 store::text_of(task.point, "point"));
    return database.last_row();
}

// Says whether what a task called is what is installed; remembers its answers.
class Installed {
public:
    Installed(const Texts& plugins, Texts& warnings) : warnings_(warnings) {
        for (const auto& plugin : plugins) versions_[plugin.substr(0, plugin.find(' '))] = plugin;
    }
    bool holds(std::string_view called) {
        if (versions_.empty()) return true;
        const auto [at, fresh] = known_.try_emplace(std::string(called), true);
        if (fresh)
            for (const auto& plugin : store::texts_of(called, "plugins of a task"))
                at->second = at->second && same(plugin);
        return at->second;
    }

private:
    bool same(const std::string& plugin) {
        const auto found = versions_.find(plugin.substr(0, plugin.find(' ')));
        if (found != versions_.end() && found->second == plugin) return true;
        warnings_.push_back(
            found == versions_.end()
                ? fmt::format("results of {} are computed again: it is not installed", plugin)
                : fmt::format("results of {} are computed again: {} is installed", plugin,
                              found->second));
        return false;
    }

    Texts& warnings_;
    std::map<std::string, std::string, std::less<>> versions_;
    std::map<std::string, bool, std::less<>> known_;
};

// Rows of tasks that read what has another content now.
std::set<int64_t> with_other_content(Store::State& state, const std::vector<Reading>& readings,
                                     const Again& again) {
    std::set<int64_t> tasks;
    for (const Reading& reading : readings) {
        const auto now = again.content(reading.name);
        if (now == reading.content) continue;
        state.warnings.push_back(
            now ? fmt::format("results that follow from {} are computed again: it has changed",
                              reading.name)
                : fmt::format("{} is gone: what follows from it is kept", reading.name));
        if (!now) continue;
        auto row =
            state.database->rows("SELECT task FROM provenance_read WHERE name = ? AND content = ?",
                                 std::string_view(reading.name), store::blob(reading.content));
        while (row.next()) tasks.insert(row.integer(0));
    }
    return tasks;
}

} // namespace

Digest basis_of(const RunRecord& record) {
    Hasher hasher;
    hasher.add(std::string_view("espalier basis")).add(std::string_view(record.script_text));
    hasher.add(static_cast<int64_t>(record.modules.size()));
    for (const auto& [name, text] : record.modules)
        hasher.add(std::string_view(name)).add(std::string_view(text));
    return hasher.add(record.seed).digest();
}

int64_t Store::State::run_row(const RunRecord& record, const Digest& plan) {
    const Digest basis = basis_of(record);
    auto row = database->rows("SELECT id FROM run WHERE basis = ? AND plan_digest = ?",
                              store::blob(basis), store::blob(plan));
    if (row.next()) return row.integer(0);
    Map modules;
    for (const auto& [name, text] : record.modules) modules[name] = text;
    database->run("INSERT INTO run(name, basis, plan_digest, script_text, modules, seed, "
                  "parameters, plan, plots) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  record.name, store::blob(basis), store::blob(plan), record.script_text,
                  store::text_of(modules, "modules"), record.seed,
                  store::text_of(record.parameters, "parameters"),
                  store::text_of(record.plan, "plan"), store::text_of(record.plots, "plots"));
    return database->last_row();
}

void Store::State::add_session(int64_t run, const RunRecord& record, std::string_view status,
                               std::string_view began, std::string_view ended) {
    database->run("INSERT INTO provenance_session(run, script, arguments, facts, status, began, "
                  "ended) VALUES (?, ?, ?, ?, ?, ?, ?)",
                  run, record.script, store::text_of(record.arguments),
                  store::text_of(record.provenance, "provenance"), status, began, ended);
}

int64_t Store::begin(const RunRecord& record, const std::vector<RunTask>& tasks) {
    int64_t run = 0;
    state_->write([&] {
        run = state_->run_row(record, plan_digest(record, tasks));
        if (task_count(run) == 0) {
            auto& database = *state_->database;
            const Digest basis = basis_of(record);
            int64_t place = 0;
            for (const RunTask& task : tasks)
                database.run("INSERT INTO planned VALUES (?, ?, ?)", run, place++,
                             row_of(database, basis, task));
        }
        state_->add_session(run, record, "running", now(), "");
    });
    state_->commit();
    return run;
}

std::vector<std::size_t> Store::extend(int64_t run, const std::vector<RunTask>& tasks) {
    auto& database = *state_->database;
    std::vector<std::size_t> places;
    state_->write([&] {
        const Digest basis = basis_in(database, run);
        std::map<int64_t, int64_t> place_of; // by row of the task
        {
            auto row = database.rows("SELECT task, place FROM planned WHERE run = ?", run);
            while (row.next()) place_of.emplace(row.integer(0), row.integer(1));
        }
        auto next = static_cast<int64_t>(task_count(run));
        for (const RunTask& task : tasks) {
            const auto [at, fresh] = place_of.emplace(row_of(database, basis, task), next);
            if (fresh) database.run("INSERT INTO planned VALUES (?, ?, ?)", run, next++, at->first);
            places.push_back(static_cast<std::size_t>(at->second));
        }
    });
    state_->commit();
    return places;
}

std::vector<Reading> Store::readings(int64_t run) const {
    std::vector<Reading> all;
    auto row = state_->database->rows(
        "SELECT name, content, count(DISTINCT task) FROM provenance_read WHERE task IN "
        "(SELECT task FROM planned WHERE run = ?) GROUP BY name, content ORDER BY name, content",
        run);
    while (row.next()) all.push_back({row.string(0), row.digest(1), row.integer(2)});
    return all;
}

std::vector<std::size_t> Store::unfinished(int64_t run, const Again& again) const {
    std::vector<std::size_t> places;
    Installed installed(again.plugins, state_->warnings);
    const std::set<int64_t> outdated =
        again.content ? with_other_content(*state_, readings(run), again) : std::set<int64_t>();
    auto row = state_->database->rows(
        "SELECT min(p.place), t.state, t.plugins, t.id FROM planned p JOIN task t "
        "ON t.id = p.task WHERE p.run = ? GROUP BY p.task ORDER BY min(p.place)",
        run);
    while (row.next()) {
        const TaskState state = task_state_named(row.text(1));
        const bool holds = store::is_final(state) && !(again.failed && state != TaskState::done) &&
                           installed.holds(row.text(2)) && !outdated.contains(row.integer(3));
        if (!holds) places.push_back(static_cast<std::size_t>(row.integer(0)));
    }
    return places;
}

void Store::finish(int64_t run, std::string_view status, const Map& facts) {
    Map provenance = record(run).provenance;
    for (const auto& [name, fact] : facts) provenance[name] = fact;
    state_->write([&] {
        state_->database->run(
            "UPDATE provenance_session SET status = ?, ended = ?, facts = ? WHERE id = "
            "(SELECT max(id) FROM provenance_session WHERE run = ?)",
            status, now(), store::text_of(provenance, "provenance"), run);
    });
    state_->commit();
}

} // namespace espalier
