// SPDX-License-Identifier: MIT
// Networks as JSON, as networkx' node_link_data and D3 have them.
#pragma once

#include "files/files.hpp"
#include "values/value.hpp"

namespace espalier::files {

// { directed = false, nodes = { { id = 0, ... }, ... }, links = { { source = 0, target = 1,
// weight = 0.5, ... }, ... } }; `edges` in place of `links` is the same.
bool is_node_link(const Value&) noexcept;

// Ids are numbers or texts: 0 .. n-1 are the numbers of the nodes, others become the node attribute
// "id". Further fields become attributes: "weight" the weights, x, y and z the positions. Fields
// that hold lists or maps are left out, with a note. Messages name the link by its place, from 1.
Graph read_node_link(const Value&, const std::string& file, const LoadOptions&, LoadReport&);

// NaN becomes null. Throws Failure for attributes that are no single numbers or texts, and when the
// attribute "id" is not another one for each node.
Value node_link_of(const Graph&, const std::string& file);

} // namespace espalier::files
