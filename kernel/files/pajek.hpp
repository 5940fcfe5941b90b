// SPDX-License-Identifier: MIT
// Pajek networks (.net).
#pragma once

#include "files/files.hpp"
#include "files/text.hpp"
#include "files/writing.hpp"

namespace espalier::files {

// Sections *Vertices, *Arcs, *Edges, *Arcslist, *Edgeslist and *Matrix, in any case. Vertex i is
// node i - 1; labels become the node attribute "label", complete coordinates the positions, a third
// number of edges the weights. Arcs make the graph directed; where arcs and edges are mixed the
// option directed decides (true: an edge counts both ways).
Graph read_pajek(const TextFile&, const LoadOptions&, LoadReport&);

// Direction, weights, positions, and as labels the text attribute "label", "name" or "id".
void write_pajek(Destination&, const Graph&);

} // namespace espalier::files
