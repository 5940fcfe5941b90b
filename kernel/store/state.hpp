// SPDX-License-Identifier: MIT
// What the parts of a store share: the database, the arrays, and the open transaction.
#pragma once

#include "store/database.hpp"
#include "store/lock.hpp"
#include "store/protocol.hpp"
#include "store/store.hpp"
#include "values/failure.hpp"

#include <optional>
#include <set>

namespace espalier {

struct Store::State {
    std::filesystem::path folder;
    Access access;
    std::optional<store::Lock> lock;
    std::unique_ptr<store::Database> database;
    store::protocol::ArrayFiles arrays;
    Texts warnings;
    std::set<std::string> told; // warnings that were taken

    bool open = false, dead = false;   // a transaction; nothing more is taken
    std::vector<Digest> waiting, safe; // keys: kept, committed and not yet told
    std::chrono::steady_clock::time_point waiting_since;

    State(std::filesystem::path at, Access how)
        : folder(std::move(at)), access(how), arrays(folder / "arrays") {}

    // The body writes in the open transaction, which is begun when there is none. Whatever it
    // throws ends the store.
    template <class Body> void write(const Body& body) {
        if (access != Access::write) throw Failure(Exit::bug, "the store is open for reading");
        if (dead)
            throw Failure(Exit::input_output,
                          folder.string() + ": takes nothing more since an error");
        try {
            if (!open) database->script("BEGIN IMMEDIATE");
            open = true;
            body();
        } catch (...) {
            dead = true;
            database->abandon();
            throw;
        }
    }
    void commit();

    // The row of a run, made when there is none.
    int64_t run_row(const RunRecord&, const Digest& plan);
    void add_session(int64_t run, const RunRecord&, std::string_view status, std::string_view began,
                     std::string_view ended);
    // Rows of what a task gave are removed, and it is pending again.
    void forget(int64_t task);
    // An array that is gone or damaged takes the results with it that hold it. The sentence names
    // the tasks.
    std::string loss(const Digest& array, const std::string& why);
    void lose(const Digest& array);
    void sweep(); // temporary files, arrays without a row, rows without their array
    // The NPY bytes of an array. Throws Failure when it is gone or damaged.
    std::string bytes(const Digest&) const;
};

namespace store {

// Values in the text that the tables hold. `what` stands in messages.
std::string text_of(const Value&, const std::string& what); // throws Failure when it has arrays
Value value_of(std::string_view text, const std::string& what);
std::string text_of(const Texts&);
Texts texts_of(std::string_view text, const std::string& what);

inline bool is_final(TaskState s) {
    return s != TaskState::pending && s != TaskState::skipped && s != TaskState::cancelled;
}

} // namespace store

} // namespace espalier
