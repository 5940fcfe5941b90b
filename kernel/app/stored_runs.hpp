// SPDX-License-Identifier: MIT
// What the commands that read a run store share: the store, the run, and its results as a table.
#pragma once

#include "app/command.hpp"
#include "store/store.hpp"

namespace espalier::app {

const Option& store_option();

// The store of --store; says on standard error what its opening found.
Store open_store(const Invocation&, Access);

// A row a task: task, the parameters of its point, seed, state, the scalars of its result (called
// result.NAME where a parameter has the name), message. A number that is not there is NaN, a text
// is empty. provenance adds seconds, attempts and peak_bytes.
Table results_table(const Store&, int64_t run, bool provenance);

std::string states_text(const RunSummary&); // "990 done, 8 failed, 2 pending"
Map states_data(const RunSummary&);

// The scalars and lists of a value, for one line or cell.
std::string short_text(const Value&);

} // namespace espalier::app
