// SPDX-License-Identifier: MIT
// The runs of a store: listed, found by what a user calls them, and described.
#include "schema/suggest.hpp"
#include "store/state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace espalier {

namespace {

std::optional<int64_t> number_in(std::string_view text) {
    int64_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || read.ec != std::errc{} || read.ptr != text.data() + text.size()) return {};
    return number;
}

[[noreturn]] void refuse(const std::string& text, const std::string& hint) {
    throw Failure(Exit::command_line, fmt::format("command line: there is no run '{}'", text),
                  hint);
}

} // namespace

std::vector<RunSummary> Store::runs() const {
    auto& database = *state_->database;
    std::vector<RunSummary> all;
    std::map<int64_t, std::size_t> at;
    auto row = database.rows(
        "SELECT r.id, r.name, r.basis, r.seed, s.status, "
        "(SELECT min(began) FROM provenance_session WHERE run = r.id), s.ended FROM run r "
        "LEFT JOIN provenance_session s ON s.id = "
        "(SELECT max(id) FROM provenance_session WHERE run = r.id) ORDER BY r.id");
    while (row.next()) {
        RunSummary one;
        one.number = row.integer(0);
        one.name = row.string(1);
        one.basis = row.digest(2);
        one.seed = row.integer(3);
        one.status = row.string(4);
        one.began = row.string(5);
        one.ended = row.string(6);
        at[one.number] = all.size();
        all.push_back(std::move(one));
    }
    auto count = database.rows("SELECT p.run, t.state, count(*), sum(coalesce(v.seconds, 0)) "
                               "FROM planned p JOIN task t ON t.id = p.task "
                               "LEFT JOIN provenance_task v ON v.task = t.id "
                               "GROUP BY p.run, t.state");
    while (count.next()) {
        const auto found = at.find(count.integer(0));
        if (found == at.end()) continue;
        RunSummary& one = all[found->second];
        one.by_state[static_cast<std::size_t>(task_state_named(count.text(1)))] = count.integer(2);
        one.tasks += count.integer(2);
        one.seconds += count.real(3);
    }
    return all;
}

RunSummary Store::summary(int64_t run) const {
    for (RunSummary& one : runs())
        if (one.number == run) return std::move(one);
    refuse(std::to_string(run), "'espalier runs' lists them");
}

int64_t Store::find(std::string_view text) const {
    auto& database = *state_->database;
    const std::string given(text);
    const auto row = [&](const char* sql, auto value) -> std::optional<int64_t> {
        auto found = database.rows(sql, value);
        if (found.next() && !found.is_null(0)) return found.integer(0);
        return std::nullopt;
    };
    constexpr const char* by_name =
        "SELECT s.run FROM provenance_session s JOIN run r ON r.id = s.run WHERE r.name = ? "
        "ORDER BY s.id DESC LIMIT 1";
    if (const auto found = row(by_name, text)) return *found; // even when it is called "last"
    if (given == "last") {
        if (const auto found = row("SELECT run FROM provenance_session WHERE ? ORDER BY id DESC "
                                   "LIMIT 1",
                                   int64_t{1}))
            return *found;
        refuse(given, "the store is empty");
    }
    const auto slash = given.rfind('/');
    const std::string name = slash == given.npos ? given : given.substr(0, slash);
    const auto number = number_in(slash == given.npos ? text : text.substr(slash + 1));
    std::vector<std::string> names;
    for (const RunSummary& one : runs()) {
        if (number == one.number && (slash == given.npos || name == one.name)) return one.number;
        names.push_back(one.name);
    }
    if (names.empty()) refuse(given, "the store is empty");
    const auto near = nearest(name, names);
    refuse(given, near && !(number && slash == given.npos)
                      ? fmt::format("did you mean '{}'?", *near)
                      : "'espalier runs' lists them");
}

RunRecord Store::record(int64_t run) const {
    auto& database = *state_->database;
    const std::string& file = database.file();
    auto row = database.rows(
        "SELECT r.name, r.basis, r.script_text, r.modules, r.seed, r.parameters, r.plan, r.plots, "
        "s.script, s.arguments, s.facts FROM run r LEFT JOIN provenance_session s ON s.id = "
        "(SELECT max(id) FROM provenance_session WHERE run = r.id) WHERE r.id = ?",
        run);
    if (!row.next()) refuse(std::to_string(run), "'espalier runs' lists them");
    RunRecord record;
    record.name = row.string(0);
    record.basis = row.digest(1);
    record.script_text = row.string(2);
    const Value modules = store::value_of(row.text(3), file);
    for (const auto& [name, text] : modules.as<Map>())
        record.modules[name] = text.as<std::string>();
    record.seed = row.integer(4);
    record.parameters = store::value_of(row.text(5), file);
    record.plan = store::value_of(row.text(6), file);
    record.plots = store::value_of(row.text(7), file);
    if (!row.is_null(8)) {
        record.script = row.string(8);
        record.arguments = store::texts_of(row.text(9), file);
        record.provenance = store::value_of(row.text(10), file).as<Map>();
    }
    return record;
}

std::size_t Store::task_count(int64_t run) const {
    auto row = state_->database->rows("SELECT count(*) FROM planned WHERE run = ?", run);
    row.next();
    return static_cast<std::size_t>(row.integer(0));
}

RunTask Store::task(int64_t run, std::size_t place) const {
    auto row =
        state_->database->rows("SELECT t.point, t.seed, t.key FROM planned p "
                               "JOIN task t ON t.id = p.task WHERE p.run = ? AND p.place = ?",
                               run, static_cast<int64_t>(place));
    if (!row.next()) throw Failure(Exit::bug, fmt::format("run {} has no task {}", run, place + 1));
    RunTask task;
    task.point = store::value_of(row.text(0), state_->database->file()).as<Map>();
    task.seed = row.integer(1);
    task.key = row.digest(2);
    return task;
}

std::map<std::string, int64_t> Store::array_results(int64_t run) const {
    std::map<std::string, int64_t> results;
    constexpr std::string_view start = "result/"; // "result/graph.targets" is of `graph`
    auto row = state_->database->rows("SELECT a.name, count(*) FROM artifact a JOIN planned p "
                                      "ON p.task = a.task WHERE p.run = ? GROUP BY a.name",
                                      run);
    while (row.next())
        if (const auto name = row.text(0); name.starts_with(start)) {
            const auto own = name.substr(start.size());
            auto& tasks = results[std::string(own.substr(0, own.find('.')))];
            tasks = std::max(tasks, row.integer(1));
        }
    return results;
}

Price Store::price(const Digest& basis, std::string_view name) const {
    Price price;
    const auto take = [&](store::Query row) {
        if (!row.next() || row.integer(0) == 0) return false;
        price.tasks = row.integer(0);
        price.seconds = row.real(1);
        price.peak_bytes = row.integer(2);
        price.stored_bytes = row.real(3) / static_cast<double>(price.tasks);
        return true;
    };
#define ESPALIER_PRICE(CONDITION)                                                                  \
    "SELECT count(*), avg(v.seconds), max(v.peak_bytes), sum(length(t.result) + length(t.point) "  \
    "+ "                                                                                           \
    "coalesce((SELECT sum(a.bytes) FROM artifact f JOIN array a ON a.digest = f.array "            \
    "WHERE f.task = t.id), 0)) FROM task t JOIN provenance_task v ON v.task = t.id "               \
    "WHERE t.state = 'done' AND t.basis " CONDITION
    auto& database = *state_->database;
    if (!take(database.rows(ESPALIER_PRICE("= ?"), store::blob(basis))))
        take(database.rows(ESPALIER_PRICE("IN (SELECT basis FROM run WHERE name = ?)"), name));
#undef ESPALIER_PRICE
    return price;
}

} // namespace espalier
