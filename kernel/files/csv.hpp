// SPDX-License-Identifier: MIT
// CSV and TSV: tables with a type for each column, or one matrix of numbers.
#pragma once

#include "files/files.hpp"
#include "files/text.hpp"
#include "files/writing.hpp"

#include <functional>

namespace espalier::files {

// A column is int64 when all its cells are whole numbers; float64 when all are numbers or missing
// (empty, NA, NaN in any case; unquoted); text otherwise, and when a whole number would lose
// digits.
Value read_csv(const TextFile&, char separator, const LoadOptions&, LoadReport&);

// Empty, NA, N/A or NaN.
bool reads_as_missing(std::string_view) noexcept;

// A table with its names, or a tensor of one or two axes without.
void write_csv(Destination&, const Value&, char separator, bool raw);
// The same to anywhere; `name` stands in messages.
void write_csv(const std::function<void(std::string_view)>& sink, const std::string& name,
               const Value&, char separator, bool raw);

} // namespace espalier::files
