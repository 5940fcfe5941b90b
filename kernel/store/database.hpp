// SPDX-License-Identifier: MIT
// Database: an SQLite file with checked calls, prepared statements, and errors in our own words.
#pragma once

#include "values/digest.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace espalier::store {

// Bytes that are no text.
struct Blob {
    std::string_view bytes;
};
inline Blob blob(const Digest& d) {
    return {{reinterpret_cast<const char*>(d.bytes.data()), d.bytes.size()}};
}

class Database;

// A statement with its values bound, stepped through row by row. What a row gives lives until the
// next one.
class Query {
public:
    Query(Database& database, const char* sql);
    template <class... Values>
    Query(Database& database, const char* sql, const Values&... values) : Query(database, sql) {
        int place = 0;
        (bind(++place, values), ...);
    }
    ~Query();
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;

    bool next(); // whether there is a row

    bool is_null(int column) const;
    int64_t integer(int column) const;
    double real(int column) const;
    std::string_view text(int column) const; // of a text or a blob
    std::string string(int column) const { return std::string(text(column)); }
    Digest digest(int column) const; // throws Failure when it has not 32 bytes
    bool is_text(int column) const;
    bool is_real(int column) const;

    void bind(int place, int64_t);
    void bind(int place, double);
    void bind(int place, std::string_view);
    void bind(int place, Blob);
    void bind(int place, std::nullptr_t);

private:
    void check(int code);

    Database& database_;
    const char* sql_;
    sqlite3_stmt* statement_;
};

// Every member throws Failure: Exit::input_output when the disk is full or fails, Exit::bad_data
// when the file is damaged or foreign, Exit::busy, Exit::cannot_create.
class Database {
public:
    // frozen: nobody writes it, and nothing can be written beside it.
    enum class Mode { create, write, read, frozen };
    Database(const std::filesystem::path&, Mode);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    const std::string& file() const noexcept { return file_; }
    // A statement that gives nothing. Its text must be a literal: statements are kept by it.
    template <class... Values> void run(const char* sql, const Values&... values) {
        rows(sql, values...).next();
    }
    template <class... Values> Query rows(const char* sql, const Values&... values) {
        return Query(*this, sql, values...);
    }
    void script(const std::string& sql); // several statements, nothing bound
    int64_t last_row() const;
    // Closing then moves nothing from the log into the file: after a failed flush nobody knows
    // what the disk holds.
    void abandon() noexcept;

private:
    friend class Query;
    sqlite3_stmt* take(const char* sql);
    void give_back(const char* sql, sqlite3_stmt*) noexcept;
    [[noreturn]] void fail(int code) const;

    std::string file_;
    bool writes_;
    sqlite3* database_ = nullptr;
    std::map<const char*, std::vector<sqlite3_stmt*>> free_; // prepared ones
};

} // namespace espalier::store
