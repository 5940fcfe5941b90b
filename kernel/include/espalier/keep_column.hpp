// SPDX-License-Identifier: MIT
// Rows of a table in the state of a component that can be interrupted (iterative.hpp).
#pragma once

#include <string_view>
#include <vector>

namespace espalier {

// Keeps one member of every row as a vector of numbers. When a state is loaded there are then as
// many rows as were kept.
template <class Keep, class Row, class Number>
void keep_column(Keep& keep, std::string_view name, std::vector<Row>& rows, Number Row::*member) {
    std::vector<Number> values;
    for (const Row& row : rows) values.push_back(row.*member);
    keep(name, values);
    rows.resize(values.size());
    for (std::size_t k = 0; k < values.size(); ++k) rows[k].*member = values[k];
}

} // namespace espalier
