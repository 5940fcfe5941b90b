// SPDX-License-Identifier: MIT
// A run gathered from its store into one JSON document: all that the page of a report shows.
#pragma once

#include "store/store.hpp"

#include <string>

namespace espalier::report {

// How much of a large run the document holds; it says what it leaves out.
inline constexpr std::size_t most_points = 500;      // of one loss curve
inline constexpr std::size_t most_curve_tasks = 50;  // whose loss curves are shown
inline constexpr std::size_t most_result_tasks = 12; // whose returned pictures are shown
inline constexpr std::size_t most_groups = 500;      // points with statistics

// {"format": "espalier-report", "version": 1, run, name, status, states, asked, pictures,
//  scorecard, statistics, table, failures, curves, redo, origin}. Numbers that are not finite are
// null; integers that a float64 cannot hold are texts. Throws Failure when the store is damaged; a
// picture that cannot be drawn is an entry that says why.
std::string document_of(const Store&, int64_t run);

// What of a value can be kept beside a run: tensors and tables of at most 10,000 elements become
// lists, larger ones, graphs and models texts that say what they were.
Value without_arrays(const Value&);

} // namespace espalier::report
