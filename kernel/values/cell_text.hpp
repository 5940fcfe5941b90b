// SPDX-License-Identifier: MIT
// A cell of a table for a reader.
#pragma once

#include "values/value.hpp"

namespace espalier {

// A text as it is, an integer whole, a real number with six digits.
std::string cell_text(const Column&, int64_t row);

} // namespace espalier
