// SPDX-License-Identifier: MIT
// graph-tool's binary files (.gt), in which most collections of real networks are handed out.
#pragma once

#include "files/files.hpp"
#include "files/reading.hpp"

namespace espalier::files {

// Version 1, either byte order (graph-tool's manual, "The gt file format"). Scalar properties of
// nodes and edges become attributes, the vector property "pos" the positions, the edge property
// "weight" or "value" the weights; other vectors, Python objects and properties of the whole graph
// are left out, with a note. Throws Failure (Exit::bad_data) with the byte, or with the edge.
Graph read_gt(Source&, const LoadOptions&, LoadReport&);

} // namespace espalier::files
