// SPDX-License-Identifier: MIT
// GEXF, as Gephi and networkx write it (versions 1.1 to 1.3).
#pragma once

#include "files/files.hpp"
#include "files/text.hpp"
#include "files/writing.hpp"

namespace espalier::files {

// Ids 0 .. n-1 are the numbers of the nodes; otherwise nodes are numbered in the order of the file
// and their ids become the node attribute "id". Declared attributes have their titles as names;
// labels of nodes and edges are attributes "label", positions those of viz:position, weights those
// of the edges. Sizes, colours and times are left out, with a note for times; nested nodes and
// mixed directions are refused.
Graph read_gexf(const TextFile&, const LoadOptions&, LoadReport&);

// Version 1.3. Throws Failure for attributes that are no single numbers or texts.
void write_gexf(Destination&, const Graph&);

} // namespace espalier::files
