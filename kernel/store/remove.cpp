// SPDX-License-Identifier: MIT
// Runs are taken out of a store, and the disk is given back what only they needed.
#include "store/state.hpp"

#include <fmt/format.h>

namespace espalier {

namespace {

// Rows of what no run plans any more.
constexpr const char* remove_unplanned =
    "DELETE FROM task WHERE id NOT IN (SELECT task FROM planned);"
    "DELETE FROM scalar WHERE task NOT IN (SELECT task FROM planned);"
    "DELETE FROM artifact WHERE task NOT IN (SELECT task FROM planned);"
    "DELETE FROM provenance_task WHERE task NOT IN (SELECT task FROM planned);"
    "DELETE FROM provenance_read WHERE task NOT IN (SELECT task FROM planned);";

// What the rows in use take, and how many there are.
Removal held(store::Database& database) {
    auto row = database.rows(
        "SELECT (SELECT count(*) FROM planned), (SELECT count(*) FROM task), count(*), "
        "coalesce(sum(bytes), 0) + (SELECT coalesce(sum(length(point) + coalesce(length(result), "
        "0)), 0) FROM task) FROM array WHERE EXISTS (SELECT 1 FROM artifact WHERE array = digest)");
    row.next();
    return {row.integer(0), row.integer(1), row.integer(2), row.integer(3)};
}

} // namespace

Removal Store::remove(const std::vector<int64_t>& runs, bool try_only) {
    if (runs.empty()) return {};
    auto& database = *state_->database;
    state_->commit();
    Removal freed;
    state_->write([&] {
        const Removal before = held(database);
        for (const int64_t run : runs) {
            database.run("DELETE FROM planned WHERE run = ?", run);
            database.run("DELETE FROM provenance_session WHERE run = ?", run);
            database.run("DELETE FROM run WHERE id = ?", run);
        }
        database.script(remove_unplanned);
        const Removal after = held(database);
        freed = {before.planned - after.planned, before.tasks - after.tasks,
                 before.arrays - after.arrays, before.bytes - after.bytes};
        if (try_only) database.script("ROLLBACK");
    });
    if (try_only) {
        state_->open = false;
        return freed;
    }
    state_->commit();
    state_->sweep(); // files of arrays without a row
    try {
        database.script("VACUUM");
    } catch (const Failure& failure) { // it needs as much room again for a moment
        state_->warnings.push_back(
            fmt::format("the database keeps its size for new results: {}", failure.what()));
    }
    return freed;
}

} // namespace espalier
