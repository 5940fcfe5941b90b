// SPDX-License-Identifier: MIT
// One shortest path a row through reduced costs, with potentials that keep them from being
// negative.
#include "assignment.hpp"

#include <limits>

namespace espalier::completion {

std::vector<std::int32_t> assign(std::span<const double> gains, std::int64_t size) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    constexpr std::size_t none = std::numeric_limits<std::size_t>::max();
    const auto n = static_cast<std::size_t>(size);
    std::vector<double> row_price(n, 0), column_price(n, 0), distance(n);
    std::vector<std::size_t> column_of(n, none), row_of(n, none), came_from(n), open(n);
    for (std::size_t start = 0; start < n; ++start) {
        std::vector<std::size_t> visited_rows;
        std::vector<std::size_t> visited_columns;
        for (std::size_t j = 0; j < n; ++j) distance[j] = infinity, open[j] = n - 1 - j;
        std::size_t left = n, row = start, sink = none;
        double reached = 0;
        while (sink == none) {
            visited_rows.push_back(row);
            double least = infinity;
            std::size_t at = none;
            for (std::size_t k = 0; k < left; ++k) {
                const std::size_t j = open[k];
                const double through =
                    reached - gains[row * n + j] - row_price[row] - column_price[j];
                if (through < distance[j]) distance[j] = through, came_from[j] = row;
                // Among equal ones a free column ends the search.
                if (distance[j] < least || (distance[j] == least && row_of[j] == none))
                    least = distance[j], at = k;
            }
            reached = least;
            const std::size_t j = open[at];
            visited_columns.push_back(j);
            open[at] = open[--left];
            if (row_of[j] == none)
                sink = j;
            else
                row = row_of[j];
        }
        row_price[start] += reached;
        for (std::size_t k = 1; k < visited_rows.size(); ++k)
            row_price[visited_rows[k]] += reached - distance[column_of[visited_rows[k]]];
        for (const std::size_t j : visited_columns) column_price[j] -= reached - distance[j];
        for (std::size_t j = sink;;) {
            const std::size_t i = came_from[j];
            row_of[j] = i;
            std::swap(column_of[i], j);
            if (i == start) break;
        }
    }
    return {column_of.begin(), column_of.end()};
}

} // namespace espalier::completion
