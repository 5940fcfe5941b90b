// SPDX-License-Identifier: MIT
// A graph from the edges of a file, under the policies for what a simple graph does not have.
#pragma once

#include "files/files.hpp"
#include "values/failure.hpp"

#include <functional>
#include <string>
#include <vector>

namespace espalier::files {

struct GraphPlan {
    int64_t nodes = 0;
    bool directed = false, weighted = false;
    EdgePolicy self_loops = EdgePolicy::error, duplicates = EdgePolicy::error;
    bool want_origins = false;
};

struct BuiltGraph {
    Graph graph;
    std::vector<int64_t> origins; // the edge of the list behind each entry, when wanted
};

// Makes the Failure for the edge with this number in the list, with its place in the file.
using RefuseEdge =
    std::function<Failure(int64_t edge, const std::string& message, std::string hint)>;

// Takes time linear in nodes and edges. An undirected edge that stands once in each direction with
// the same weight is one edge. The ids must lie in 0 .. nodes-1.
BuiltGraph build_graph(const std::vector<Edge>&, const GraphPlan&, LoadReport&, const RefuseEdge&);

// Nodes without edges cost memory that a file does not show; this many it may ask for.
int64_t nodes_warranted(std::size_t file_bytes) noexcept;

// Ids as they stand in the file become 0 .. n-1 under a policy.
struct NumberedNodes {
    int64_t nodes = 0;
    std::vector<int64_t> ids; // of each node when they were compacted
};
// kept: the numbers in the list of the edges that were left, when some may have been dropped.
NumberedNodes number_nodes(std::vector<Edge>&, std::vector<int64_t>& kept, const LoadOptions&,
                           std::optional<int64_t> declared, std::size_t file_bytes, LoadReport&,
                           const RefuseEdge&);

} // namespace espalier::files
