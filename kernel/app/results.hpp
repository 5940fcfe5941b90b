// SPDX-License-Identifier: MIT
// What a run or a call gave: printed as text or JSON, and saved in files that other tools read.
#pragma once

#include "values/value.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace espalier::app {

// A line a value; tables as columns of text, their first rows only. Nil gives nothing.
std::string results_text(const Value&);

// Aligned columns, numbers to the right; at most `rows` rows.
std::string table_text(const Table&, int64_t rows = 20);

// Prints text, or JSON and a note about what it leaves out.
void print_results(const Value&, bool json);

// Saves each part in a file named after it: tensors .npy, graphs .graphml, tables .csv, models
// .npz, everything else together in results.json. Returns the files in the order written. Throws
// Failure (Exit::cannot_create, Exit::input_output).
std::vector<std::filesystem::path> save_results(const Value&, const std::filesystem::path& folder);

// Makes the folder; throws Failure (Exit::cannot_create).
void make_folder(const std::filesystem::path&);

} // namespace espalier::app
