// SPDX-License-Identifier: MIT
// What the commands that read a run store share: the store, the run, and its results as a table.
#pragma once

#include "app/command.hpp"
#include "report/results_table.hpp"
#include "store/store.hpp"

namespace espalier::app {

const Option& store_option();

// The store of --store, which must be there; says on standard error what its opening found.
Store open_store(const Invocation&, Access);

using report::results_table;
using report::short_text;

std::string states_text(const RunSummary&); // "990 done, 8 failed, 2 pending"
Map states_data(const RunSummary&);
std::string arrays_text(const Store&, int64_t run); // "order, graph (5 of 6 tasks)"

} // namespace espalier::app
