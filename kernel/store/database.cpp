// SPDX-License-Identifier: MIT
// SQLite, opened so that a hostile file can do no harm; the only file that includes it.
#include "store/database.hpp"

#include "store/protocol.hpp"
#include "values/failure.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace espalier::store {

namespace {

constexpr int patience = 10'000; // ms that a reader waits for a writer's short locks

std::string frozen_address(const std::string& file) {
    std::string address = "file:";
    for (const char c : file)
        address += c == '%' || c == '?' || c == '#' ? fmt::format("%{:02X}", c) : std::string(1, c);
    return address + "?immutable=1";
}

} // namespace

void Database::fail(int code) const {
    const int error = database_ ? sqlite3_system_errno(database_) : 0;
    const std::string reason = error ? std::strerror(error) : sqlite3_errstr(code);
    const auto say = [&](Exit exit, const std::string& what) {
        return Failure(exit, fmt::format("{}: {}", file_, what));
    };
    switch (code & 0xFF) {
    case SQLITE_FULL: throw say(Exit::input_output, "cannot be written: No space left on device");
    case SQLITE_IOERR: throw say(Exit::input_output, fmt::format("input/output error: {}", reason));
    case SQLITE_CANTOPEN:
        // Its own open tries again in other ways, and so forgets the first reason. A writer has
        // just made the lock beside the file: that leaves the disk, unless the file says no.
        throw say(writes_ && ::access(file_.c_str(), W_OK) != 0 && errno == EACCES
                      ? Exit::cannot_create
                      : Exit::input_output,
                  fmt::format("cannot be opened: {}", sqlite3_errstr(code)));
    case SQLITE_BUSY:
    case SQLITE_LOCKED: throw say(Exit::busy, "is in use by another process");
    case SQLITE_READONLY:
        throw say(::access(file_.c_str(), W_OK) == 0 ? Exit::input_output : Exit::cannot_create,
                  "cannot be written: it could be opened only to read");
    case SQLITE_NOTADB: throw say(Exit::bad_data, "is no database of SQLite");
    case SQLITE_CORRUPT: throw say(Exit::bad_data, "is damaged");
    default:
        throw say(Exit::bug,
                  fmt::format("SQLite says: {}", database_ ? sqlite3_errmsg(database_) : reason));
    }
}

Database::Database(const std::filesystem::path& path, Mode mode)
    : file_(path.string()), writes_(mode == Mode::create || mode == Mode::write) {
    const int flags = mode == Mode::create  ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                      : mode == Mode::write ? SQLITE_OPEN_READWRITE
                                            : SQLITE_OPEN_READONLY;
    const bool frozen = mode == Mode::frozen;
    const int opened = sqlite3_open_v2(
        frozen ? frozen_address(file_).c_str() : file_.c_str(), &database_,
        flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW | (frozen ? SQLITE_OPEN_URI : 0),
        nullptr);
    try {
        if (opened != SQLITE_OK) fail(opened);
        sqlite3_extended_result_codes(database_, 1);
        for (const auto& [setting, value] : {std::pair{SQLITE_DBCONFIG_DEFENSIVE, 1},
                                             {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
                                             {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
                                             {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
                                             {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0}})
            sqlite3_db_config(database_, setting, value, nullptr);
        sqlite3_busy_timeout(database_, patience);
        script("PRAGMA mmap_size = 0; PRAGMA cell_size_check = ON;");
        if (writes_) script(fmt::format("PRAGMA synchronous = {};", protocol::synchronous()));
    } catch (...) {
        sqlite3_close_v2(database_);
        throw;
    }
}

Database::~Database() {
    for (const auto& [sql, statements] : free_)
        for (sqlite3_stmt* statement : statements) sqlite3_finalize(statement);
    sqlite3_close_v2(database_);
}

void Database::abandon() noexcept {
    sqlite3_db_config(database_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

void Database::script(const std::string& sql) {
    const int code = sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) fail(code);
}

int64_t Database::last_row() const { return sqlite3_last_insert_rowid(database_); }

sqlite3_stmt* Database::take(const char* sql) {
    auto& free = free_[sql];
    if (!free.empty()) {
        sqlite3_stmt* statement = free.back();
        free.pop_back();
        return statement;
    }
    sqlite3_stmt* statement = nullptr;
    const int code =
        sqlite3_prepare_v3(database_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK) fail(code);
    return statement;
}

void Database::give_back(const char* sql, sqlite3_stmt* statement) noexcept {
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    try {
        free_[sql].push_back(statement);
    } catch (const std::bad_alloc&) {
        sqlite3_finalize(statement);
    }
}

Query::Query(Database& database, const char* sql)
    : database_(database), sql_(sql), statement_(database.take(sql)) {}

Query::~Query() { database_.give_back(sql_, statement_); }

void Query::check(int code) {
    if (code != SQLITE_OK) database_.fail(code);
}

bool Query::next() {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    database_.fail(code);
}

bool Query::is_null(int column) const {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}
bool Query::is_text(int column) const {
    return sqlite3_column_type(statement_, column) == SQLITE_TEXT;
}
bool Query::is_real(int column) const {
    return sqlite3_column_type(statement_, column) == SQLITE_FLOAT;
}
int64_t Query::integer(int column) const { return sqlite3_column_int64(statement_, column); }
double Query::real(int column) const { return sqlite3_column_double(statement_, column); }

std::string_view Query::text(int column) const {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    return {bytes ? bytes : "", static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

Digest Query::digest(int column) const {
    const auto bytes = text(column);
    Digest d;
    if (bytes.size() != d.bytes.size())
        throw Failure(Exit::bad_data,
                      fmt::format("{}: a digest has {} bytes", database_.file(), bytes.size()));
    std::memcpy(d.bytes.data(), bytes.data(), bytes.size());
    return d;
}

void Query::bind(int place, int64_t v) { check(sqlite3_bind_int64(statement_, place, v)); }
void Query::bind(int place, double v) { check(sqlite3_bind_double(statement_, place, v)); }
void Query::bind(int place, std::string_view v) {
    check(sqlite3_bind_text64(statement_, place, v.data() ? v.data() : "", v.size(),
                              SQLITE_TRANSIENT, SQLITE_UTF8));
}
void Query::bind(int place, Blob v) {
    check(sqlite3_bind_blob64(statement_, place, v.bytes.data() ? v.bytes.data() : "",
                              v.bytes.size(), SQLITE_TRANSIENT));
}
void Query::bind(int place, std::nullptr_t) { check(sqlite3_bind_null(statement_, place)); }

} // namespace espalier::store
