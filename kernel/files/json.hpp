// SPDX-License-Identifier: MIT
// JSON as values: nil, booleans, integers, reals, texts, lists and maps.
#pragma once

#include "files/text.hpp"
#include "values/value.hpp"

#include <string>

namespace espalier::files {

// Refuses duplicate keys, more than 256 levels, and numbers outside int64 and float64.
Value parse_json(const TextFile&);

// Indented; short lists on one line. Tensors and tables become lists and maps of lists. Throws
// Failure for what JSON cannot hold: NaN, infinities, texts that are not UTF-8, graphs, models.
std::string json_text(const Value&, const std::string& name);
// The same without a line break.
std::string json_line(const Value&, const std::string& name);

} // namespace espalier::files
