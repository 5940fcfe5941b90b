// SPDX-License-Identifier: MIT
// Tables whose names begin with provenance_ may differ between equal runs; no other may.
#include "store/layout.hpp"

#include "values/failure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace espalier::store {

namespace {

constexpr int64_t application = 0x45535031; // "ESP1"
constexpr int64_t version = 2;

struct Object {
    const char *name, *sql;
};
// Values stand as the text of files/value_tree.hpp. scalar.bits: of a real, most significant byte
// first, since SQLite keeps neither NaN nor the sign of zero. array.content: of small ones; others
// are files.
constexpr Object objects[] = {
    {"artifact", "CREATE TABLE artifact(task INTEGER NOT NULL, name TEXT NOT NULL, "
                 "array BLOB NOT NULL, PRIMARY KEY(task, name)) STRICT, WITHOUT ROWID"},
    {"array", "CREATE TABLE array(digest BLOB PRIMARY KEY, bytes INTEGER NOT NULL, content BLOB) "
              "STRICT"},
    {"artifact_array", "CREATE INDEX artifact_array ON artifact(array)"},
    {"planned", "CREATE TABLE planned(run INTEGER NOT NULL, place INTEGER NOT NULL, "
                "task INTEGER NOT NULL, PRIMARY KEY(run, place)) STRICT, WITHOUT ROWID"},
    {"provenance_read", "CREATE TABLE provenance_read(task INTEGER NOT NULL, name TEXT NOT NULL, "
                        "content BLOB NOT NULL, PRIMARY KEY(task, name)) STRICT, WITHOUT ROWID"},
    {"provenance_session",
     "CREATE TABLE provenance_session(id INTEGER PRIMARY KEY, run INTEGER NOT NULL, "
     "script TEXT NOT NULL, arguments TEXT NOT NULL, facts TEXT NOT NULL, status TEXT NOT NULL, "
     "began TEXT NOT NULL, ended TEXT NOT NULL) STRICT"},
    {"provenance_task",
     "CREATE TABLE provenance_task(task INTEGER PRIMARY KEY, seconds REAL NOT NULL, "
     "peak_bytes INTEGER NOT NULL, attempts INTEGER NOT NULL, output TEXT NOT NULL) STRICT"},
    {"run", "CREATE TABLE run(id INTEGER PRIMARY KEY, name TEXT NOT NULL, basis BLOB NOT NULL, "
            "plan_digest BLOB NOT NULL, script_text TEXT NOT NULL, modules TEXT NOT NULL, "
            "seed INTEGER NOT NULL, parameters TEXT NOT NULL, plan TEXT NOT NULL, "
            "plots TEXT NOT NULL, UNIQUE(basis, plan_digest)) STRICT"},
    {"scalar", "CREATE TABLE scalar(task INTEGER NOT NULL, name TEXT NOT NULL, "
               "type TEXT NOT NULL, value ANY, bits BLOB, PRIMARY KEY(task, name)) "
               "STRICT, WITHOUT ROWID"},
    {"task", "CREATE TABLE task(id INTEGER PRIMARY KEY, basis BLOB NOT NULL, key BLOB NOT NULL, "
             "seed INTEGER NOT NULL, point TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'pending', "
             "result TEXT, message TEXT NOT NULL DEFAULT '', hint TEXT NOT NULL DEFAULT '', "
             "plugins TEXT NOT NULL DEFAULT '', UNIQUE(basis, key)) STRICT"},
};

// Version 1 had all but this.
constexpr std::string_view new_table = "provenance_read";

int64_t number(Database& database, const char* sql) {
    Query query = database.rows(sql);
    return query.next() ? query.integer(0) : 0;
}

[[noreturn]] void refuse(const Database& database, const std::string& what,
                         const std::string& hint = {}) {
    throw Failure(Exit::bad_data, fmt::format("{}: {}", database.file(), what), hint);
}

} // namespace

void create_tables(Database& database, bool canonical) {
    for (const Object& object : objects)
        if (!canonical || !std::string_view(object.name).starts_with("provenance_"))
            database.script(object.sql);
}

void create_layout(Database& database) {
    database.script("PRAGMA journal_mode = WAL; BEGIN IMMEDIATE;");
    create_tables(database, false);
    database.script(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}; COMMIT;",
                                application, version));
}

bool is_empty(Database& database) {
    return number(database, "PRAGMA application_id") == 0 &&
           number(database, "PRAGMA user_version") == 0 &&
           number(database, "SELECT count(*) FROM sqlite_schema") == 0;
}

void check_layout(Database& database) {
    if (number(database, "PRAGMA application_id") != application)
        refuse(database, "is a database of another program, not a run store");
    const int64_t found = number(database, "PRAGMA user_version");
    if (found != version && found != 1)
        refuse(
            database,
            fmt::format("is a run store of version {}; this program reads 1 to {}", found, version),
            found > version ? "a newer Espalier made it"
                            : "export it with the Espalier that made it");
    std::vector<std::string> foreign;
    std::size_t known = 0;
    Query query =
        database.rows("SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'");
    while (query.next()) {
        const bool ours = std::any_of(std::begin(objects), std::end(objects), [&](const Object& o) {
            return query.text(0) == o.name && query.text(1) == o.sql;
        });
        if (ours)
            ++known;
        else
            foreign.push_back(query.string(0));
    }
    if (!foreign.empty())
        refuse(database, fmt::format("holds '{}', which no run store has", foreign.front()));
    if (known + (found == 1) != std::size(objects))
        refuse(database, "tables of the run store are missing");
    Query check = database.rows("PRAGMA quick_check(1)");
    if (check.next() && check.text(0) != "ok") refuse(database, "is damaged: " + check.string(0));
}

void bring_up_to_date(Database& database, bool writable) {
    if (number(database, "PRAGMA user_version") == version) return;
    const std::string sql =
        std::find_if(std::begin(objects), std::end(objects), [](const Object& o) {
            return o.name == new_table;
        })->sql;
    if (writable)
        database.script(
            fmt::format("BEGIN IMMEDIATE; {}; PRAGMA user_version = {}; COMMIT;", sql, version));
    else
        database.script("CREATE TEMP" + sql.substr(std::string_view("CREATE").size()));
}

} // namespace espalier::store
