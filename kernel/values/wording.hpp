// SPDX-License-Identifier: MIT
// Words of messages: cells of a table, amounts of memory, articles.
#pragma once

#include "values/value.hpp"

namespace espalier {

// A text as it is, an integer whole, a real number with six digits.
std::string cell_text(const Column&, int64_t row);

std::string bytes_text(double bytes); // "12.3 MiB"

std::string with_article(std::string_view noun); // "an integer", "a graph", "nil"

} // namespace espalier
