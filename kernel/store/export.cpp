// SPDX-License-Identifier: MIT
// A run for other programs, row by row, so that its size does not matter.
#include "files/json.hpp"
#include "files/writing.hpp"
#include "store/layout.hpp"
#include "store/state.hpp"

#include <fmt/format.h>

#include <cmath>

namespace espalier {

namespace {

constexpr const char* tasks_of_run =
    "SELECT t.id, t.key, t.seed, t.point, t.state, t.result, t.message, t.hint, t.plugins, "
    "p.place FROM planned p JOIN task t ON t.id = p.task WHERE p.run = ? ORDER BY p.place";
constexpr const char* artifacts_of_task =
    "SELECT f.name, f.array, a.bytes, a.content FROM artifact f JOIN array a ON a.digest = f.array "
    "WHERE f.task = ? ORDER BY f.name";

// What JSON has no words for becomes a text: nan, inf, -inf, and bytes that are not UTF-8. The key
// and the result keep the exact bits.
Value plain(const Value& value) {
    if (const auto* x = value.get<double>(); x && !std::isfinite(*x))
        return std::isnan(*x) ? "nan" : *x > 0 ? "inf" : "-inf";
    if (const auto* text = value.get<std::string>(); text && !is_utf8(*text))
        return files::in_quotes(*text);
    if (const auto* list = value.get<List>()) {
        List out;
        for (const Value& one : *list) out.push_back(plain(one));
        return out;
    }
    if (const auto* map = value.get<Map>()) {
        Map out;
        for (const auto& [name, one] : *map) out.emplace(plain(name).as<std::string>(), plain(one));
        return out;
    }
    return value;
}

std::string line_of(const Value& value) { return files::json_line(plain(value), "export"); }

bool counts(std::string_view state, bool canonical) {
    return !canonical || store::is_final(task_state_named(state));
}

std::string head(const Store& store, int64_t run, bool canonical) {
    const RunRecord record = store.record(run);
    Map modules;
    for (const auto& [name, text] : record.modules) modules[name] = text;
    std::string out = "{\n\"format\": \"espalier-run\",\n\"version\": 1";
    const auto add = [&](const char* name, const Value& value) {
        out += fmt::format(",\n\"{}\": {}", name, line_of(value));
    };
    add("name", record.name);
    add("basis", record.basis.hex());
    add("seed", record.seed);
    add("parameters", record.parameters);
    add("plan", record.plan);
    add("plots", record.plots);
    add("script_text", record.script_text);
    add("modules", modules);
    if (!canonical) {
        const RunSummary summary = store.summary(run);
        add("script", record.script);
        add("arguments", List(record.arguments.begin(), record.arguments.end()));
        add("provenance", record.provenance);
        add("status", summary.status);
        add("began", summary.began);
        add("ended", summary.ended);
    }
    return out + ",\n\"tasks\": [";
}

Map provenance(store::Database& database, int64_t task) {
    auto row = database.rows(
        "SELECT seconds, peak_bytes, attempts, output FROM provenance_task WHERE task = ?", task);
    if (!row.next()) return {};
    return Map{{"seconds", row.real(0)},
               {"peak_bytes", row.integer(1)},
               {"attempts", row.integer(2)},
               {"output", row.string(3)}};
}

void copy_scalar(const store::Query& row, store::Database& to, int64_t task) {
    constexpr const char* sql = "INSERT INTO scalar VALUES (?, ?, ?, ?, ?)";
    const auto name = row.text(0), type = row.text(1);
    if (type == "text")
        to.run(sql, task, name, type, row.text(2), nullptr);
    else if (type != "real")
        to.run(sql, task, name, type, row.integer(2), nullptr);
    else if (row.is_null(2))
        to.run(sql, task, name, type, nullptr, store::Blob{row.text(3)});
    else
        to.run(sql, task, name, type, row.real(2), store::Blob{row.text(3)});
}

} // namespace

void Store::export_json(int64_t run, bool canonical,
                        const std::function<void(std::string_view)>& sink) const {
    auto& database = *state_->database;
    sink(head(*this, run, canonical));
    const char* separator = "\n";
    outcomes(run, Detail::scalars, [&](std::size_t place, const RunTask& task, const Outcome& all) {
        Outcome outcome = all;
        if (!counts(name_of(all.state), canonical)) outcome = Outcome{};
        Map fields{{"place", static_cast<int64_t>(place) + 1},
                   {"key", task.key.hex()},
                   {"seed", task.seed},
                   {"point", task.point},
                   {"state", std::string(name_of(outcome.state))}};
        std::string result = "null";
        if (outcome.state != TaskState::pending) {
            auto row = database.rows("SELECT t.id, t.result FROM planned p JOIN task t "
                                     "ON t.id = p.task WHERE p.run = ? AND p.place = ?",
                                     run, static_cast<int64_t>(place));
            row.next();
            result = row.string(1);
            Map arrays;
            auto array = database.rows(artifacts_of_task, row.integer(0));
            while (array.next()) arrays[array.string(0)] = array.digest(1).hex();
            fields["scalars"] = outcome.result;
            fields["arrays"] = std::move(arrays);
            fields["message"] = outcome.message;
            fields["hint"] = outcome.hint;
            fields["plugins"] = List(outcome.plugins.begin(), outcome.plugins.end());
            if (!canonical) fields["provenance"] = provenance(database, row.integer(0));
        }
        std::string line = line_of(fields);
        line.pop_back();
        sink(fmt::format("{}{}, \"result\": {}}}", separator, line, result));
        separator = ",\n";
        return true;
    });
    sink("\n]\n}\n");
}

void Store::export_sqlite(int64_t run, bool canonical, const std::filesystem::path& file) const {
    files::Replacement replacement(file);
    {
        auto& from = *state_->database;
        store::Database to(replacement.temporary(), store::Database::Mode::create);
        to.script("PRAGMA journal_mode = MEMORY; BEGIN;");
        store::create_tables(to, canonical);
        auto record = from.rows("SELECT name, basis, plan_digest, script_text, modules, seed, "
                                "parameters, plan, plots FROM run WHERE id = ?",
                                run);
        record.next();
        to.run("INSERT INTO run VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?)", record.text(0),
               store::blob(record.digest(1)), store::blob(record.digest(2)), record.text(3),
               record.text(4), record.integer(5), record.text(6), record.text(7), record.text(8));
        if (!canonical) {
            auto row = from.rows("SELECT script, arguments, facts, status, began, ended "
                                 "FROM provenance_session WHERE run = ? ORDER BY id",
                                 run);
            while (row.next())
                to.run("INSERT INTO provenance_session(run, script, arguments, facts, status, "
                       "began, ended) VALUES (1, ?, ?, ?, ?, ?, ?)",
                       row.text(0), row.text(1), row.text(2), row.text(3), row.text(4),
                       row.text(5));
        }
        auto task = from.rows(tasks_of_run, run);
        while (task.next()) {
            const int64_t id = task.integer(9) + 1;
            to.run("INSERT INTO planned VALUES (1, ?, ?)", task.integer(9), id);
            to.run("INSERT INTO task(id, basis, key, seed, point) VALUES (?, ?, ?, ?, ?)", id,
                   store::blob(record.digest(1)), store::blob(task.digest(1)), task.integer(2),
                   task.text(3));
            if (task.text(4) == name_of(TaskState::pending) || !counts(task.text(4), canonical))
                continue;
            to.run("UPDATE task SET state = ?, result = ?, message = ?, hint = ?, plugins = ? "
                   "WHERE id = ?",
                   task.text(4), task.text(5), task.text(6), task.text(7), task.text(8), id);
            auto scalar = from.rows("SELECT name, type, value, bits FROM scalar WHERE task = ?",
                                    task.integer(0));
            while (scalar.next()) copy_scalar(scalar, to, id);
            auto array = from.rows(artifacts_of_task, task.integer(0));
            while (array.next()) {
                const Digest digest = array.digest(1);
                to.run("INSERT INTO artifact VALUES (?, ?, ?)", id, array.text(0),
                       store::blob(digest));
                to.run("INSERT OR IGNORE INTO array VALUES (?, ?, ?)", store::blob(digest),
                       array.integer(2), store::Blob{state_->bytes(digest)});
            }
            if (!canonical) {
                auto row = from.rows("SELECT seconds, peak_bytes, attempts, output "
                                     "FROM provenance_task WHERE task = ?",
                                     task.integer(0));
                if (row.next())
                    to.run("INSERT INTO provenance_task VALUES (?, ?, ?, ?, ?)", id, row.real(0),
                           row.integer(1), row.integer(2), row.text(3));
                auto read = from.rows("SELECT name, content FROM provenance_read WHERE task = ?",
                                      task.integer(0));
                while (read.next())
                    to.run("INSERT INTO provenance_read VALUES (?, ?, ?)", id, read.text(0),
                           store::blob(read.digest(1)));
            }
        }
        to.script("COMMIT");
    }
    replacement.commit();
}

} // namespace espalier
