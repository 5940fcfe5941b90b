// SPDX-License-Identifier: MIT
// A cell of a table and an amount of memory for a reader.
#pragma once

#include "values/value.hpp"

namespace espalier {

// A text as it is, an integer whole, a real number with six digits.
std::string cell_text(const Column&, int64_t row);

std::string bytes_text(double bytes); // "12.3 MiB"

} // namespace espalier
