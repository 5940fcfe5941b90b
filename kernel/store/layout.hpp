// SPDX-License-Identifier: MIT
// The tables of a store, and how one is told from any other SQLite file.
#pragma once

#include "store/database.hpp"

namespace espalier::store {

// Makes the tables in a database without any.
void create_layout(Database&);
// The tables alone, for an export; canonical: without provenance.
void create_tables(Database&, bool canonical);
// Whether there is nothing in it, as after a crash in the midst of its making.
bool is_empty(Database&);
// Throws Failure (Exit::bad_data) unless it is a store of this version or an earlier one, with its
// tables, sound in its pages.
void check_layout(Database&);
// A store of an earlier version gets what it lacks; one that is only read, for as long as it is.
void bring_up_to_date(Database&, bool writable);

} // namespace espalier::store
