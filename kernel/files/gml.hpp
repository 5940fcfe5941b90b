// SPDX-License-Identifier: MIT
// GML, as Newman's collection, networkx, igraph and Gephi write it.
#pragma once

#include "files/files.hpp"
#include "files/text.hpp"
#include "files/writing.hpp"

namespace espalier::files {

// Node ids 0 .. n-1 are the numbers of the nodes; others are numbered in the order of the file and
// become the node attribute "id". Numbers and texts of nodes and edges become attributes; x, y and
// z of "graphics" (or of the node) the positions; "weight" or "value" of the edges the weights.
// What is nested deeper is left out, with a note; more than 256 levels are refused.
Graph read_gml(const TextFile&, const LoadOptions&, LoadReport&);

// Direction, weights, positions, and attributes whose names GML allows (letters, digits and _).
void write_gml(Destination&, const Graph&);

} // namespace espalier::files
