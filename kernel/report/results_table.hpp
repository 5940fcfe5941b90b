// SPDX-License-Identifier: MIT
// The results of a run as a table, a row a task.
#pragma once

#include "store/store.hpp"

#include <string>

namespace espalier::report {

// A row a task: task, the parameters of its point, seed, state, the scalars of its result (called
// result.NAME where a parameter has the name), message. A number that is not there is NaN, a text
// is empty. provenance adds seconds, attempts and peak_bytes.
Table results_table(const Store&, int64_t run, bool provenance);

// The scalars and lists of a value, for one line or cell.
std::string short_text(const Value&);

} // namespace espalier::report
