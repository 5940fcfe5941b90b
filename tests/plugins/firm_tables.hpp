// SPDX-License-Identifier: MIT
// Panels of firms as tests make and read them.
#pragma once

#include "plugins/session.hpp"

#include <string>
#include <vector>

namespace espalier {

inline Tensor numbers(const std::vector<double>& values) {
    return Tensor::of({static_cast<int64_t>(values.size())}, values);
}

inline Table table_of(const std::vector<std::pair<std::string, Column>>& columns) {
    Table table;
    for (const auto& [name, column] : columns) table.add(name, column);
    return table;
}

inline Column texts(Texts values) { return std::make_shared<const Texts>(std::move(values)); }

// A number of a table that a component returned.
inline double cell(const Value& table, const char* column, int64_t row = 0) {
    return std::get<Tensor>(*table.as<Table>().find(column)).number(row);
}
inline std::string text_cell(const Value& table, const char* column, int64_t row = 0) {
    return (*std::get<1>(*table.as<Table>().find(column)))[static_cast<std::size_t>(row)];
}
// The row in which two columns of text (the second may be "") hold these texts; -1: none.
inline int64_t row_where(const Value& table, const char* column, const std::string& text,
                         const char* other = "", const std::string& other_text = "") {
    for (int64_t r = 0; r < table.as<Table>().rows; ++r)
        if (text_cell(table, column, r) == text &&
            (*other == 0 || text_cell(table, other, r) == other_text))
            return r;
    return -1;
}

inline Map simulated_firms(Map settings, int64_t seed) {
    settings["seed"] = seed;
    return test_session().call("simulate.firms", settings);
}

} // namespace espalier
