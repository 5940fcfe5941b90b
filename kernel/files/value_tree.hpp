// SPDX-License-Identifier: MIT
// Any value as JSON with named arrays beside it, and back without a loss.
#pragma once

#include "values/value.hpp"

#include <string>
#include <utility>
#include <vector>

namespace espalier::files {

using Arrays = std::map<std::string, Tensor, std::less<>>;

// settings: {"format": "espalier-value", "version": 1, "value": NODE}. A NODE is null, a boolean, a
// number, a text, a list of NODEs, or an object with one key that says what it is:
//   {"map": {name: NODE}}  {"tensor": ENTRY}  {"real": bits in hex, of NaN and infinities}
//   {"bytes": hex, of a text that is not UTF-8}  {"pairs": [[NODE, NODE]], a map with such a name}
//   {"table": {rows, columns: [[name, ENTRY or [texts]]]}}
//   {"graph": {directed, offsets, targets, weights, positions, node_attributes, edge_attributes}}
//   {"model": {component, version, tensors: {name: ENTRY}, settings}}
struct Tree {
    Value settings;
    std::vector<std::pair<std::string, Tensor>> arrays; // by entry name, without .npy
};

Tree to_tree(const Value&, const std::string& file);
// Throws Failure when the settings do not describe a value of these arrays.
Value from_tree(const Value& settings, const Arrays&, const std::string& file);

} // namespace espalier::files
