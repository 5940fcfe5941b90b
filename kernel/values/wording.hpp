// SPDX-License-Identifier: MIT
// Words of messages: cells of a table, amounts, articles.
#pragma once

#include "values/value.hpp"

namespace espalier {

// A text as it is, an integer whole, a real number with six digits.
std::string cell_text(const Column&, int64_t row);

std::string bytes_text(double bytes); // "12.3 MiB"

std::string counted(int64_t n, std::string_view noun); // "1 task", "2 tasks"
std::string with_article(std::string_view noun);       // "an integer", "a graph", "nil"

} // namespace espalier
