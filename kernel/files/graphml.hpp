// SPDX-License-Identifier: MIT
// GraphML, as Espalier, networkx, igraph and Gephi write it.
#pragma once

#include "files/files.hpp"
#include "files/text.hpp"
#include "files/writing.hpp"

namespace espalier::files {

// Node ids "0".."n-1" or "n0".."n(n-1)" are the numbers of the nodes; otherwise nodes are numbered
// in the order of the file and their ids become the node attribute "id". The edge attribute
// "weight" becomes the weights, the node attributes x, y (and z) the positions. Values that are not
// given are the key's default, or NaN, or the empty text. Documents with a DOCTYPE, entities of
// their own or more than 256 levels are refused, so are hyperedges and graphs within nodes.
Graph read_graphml(const TextFile&, const LoadOptions&, LoadReport&);

void write_graphml(Destination&, const Graph&);

// Throws Failure for what no data file needs: DOCTYPE, and more than 256 levels.
void check_xml(const TextFile&);

// Adds a text as it stands between tags or in an attribute. Throws Failure, with the name of the
// file, for what XML cannot hold.
void append_xml(std::string& out, std::string_view text, const std::string& file);

} // namespace espalier::files
