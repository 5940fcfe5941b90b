// SPDX-License-Identifier: MIT
// What readers of networks have in common: attributes gathered cell by cell, and a graph put
// together from nodes, edges and their attributes.
#pragma once

#include "files/graph_build.hpp"
#include "files/text.hpp"

#include <string_view>
#include <unordered_map>
#include <vector>

namespace espalier::files {

// The rows `order[0], order[1], ...` of a column.
Column gathered(const Column&, const std::vector<int64_t>& order);

// Attributes of nodes or of edges as a text gives them. A column holds whole numbers while all its
// cells are such and none is missing, then reals (missing: NaN), then texts (missing: empty).
class Cells {
public:
    enum class As { found, text, real };
    // Rows come in ascending order; false when the row has this attribute already.
    bool put(int64_t row, std::string_view name, std::string_view cell, As = As::found);
    // Throws Failure when the table would be much larger than the file.
    Table table(int64_t rows, const TextFile&) const;

private:
    struct Cell {
        int64_t row;
        std::string_view text;
    };
    struct CellColumn {
        std::string name;
        bool whole = true, real = true;
        std::vector<Cell> cells;
    };
    std::vector<CellColumn> columns_;
    std::unordered_map<std::string_view, std::size_t> places_;
};

struct NetworkParts {
    int64_t nodes = 0;
    bool directed = false;
    std::vector<Edge> edges;
    Table node_attributes, edge_attributes; // a row for each node; for each of `edges`
    bool value_is_weight = false;           // the edge attribute "value" stands for "weight"
};

// The numeric edge attribute "weight", in any case, becomes the weights. Complete real node
// attributes x, y and z, or the first of them, become the positions.
Graph join(NetworkParts, const LoadOptions&, LoadReport&, const RefuseEdge&);

// The ids of a file: nodes called 0 .. n-1 in any order keep these numbers, others are numbered in
// the order of the file and get the node attribute "id".
class NodeIds {
public:
    bool add(std::string_view id) { // false when it stands twice
        return number_.emplace(id, static_cast<int64_t>(ids_.size())).second &&
               (ids_.push_back(id), true);
    }
    int64_t size() const noexcept { return static_cast<int64_t>(ids_.size()); }
    // The row in the file of an id; -1 when there is none.
    int64_t row(std::string_view id) const {
        const auto found = number_.find(id);
        return found == number_.end() ? -1 : found->second;
    }
    // Rows and edges of the parts in the order of the file get their final numbers.
    void settle(NetworkParts&) const;

private:
    std::vector<std::string_view> ids_;
    std::unordered_map<std::string_view, int64_t> number_;
};

} // namespace espalier::files
