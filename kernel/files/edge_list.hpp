// SPDX-License-Identifier: MIT
// Edge lists: a line for each edge, "from to" or "from to weight".
#pragma once

#include "files/files.hpp"
#include "files/text.hpp"
#include "files/writing.hpp"

namespace espalier::files {

// Separated by spaces, tabs, commas or semicolons; lines that begin with # or % are comments. Ids
// are whole numbers; other names need ids = compact. A line that Espalier wrote says how many nodes
// there are, and whether directed: "# espalier graph: 10 nodes, undirected".
Graph read_edge_list(const TextFile&, const LoadOptions&, LoadReport&);

// Nodes, direction, edges and weights; positions and attributes are not written.
void write_edge_list(Destination&, const Graph&);

} // namespace espalier::files
