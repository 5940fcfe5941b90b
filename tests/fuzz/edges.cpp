// SPDX-License-Identifier: MIT
// Fuzz target: edge lists under every policy.
#include "files/edge_list.hpp"
#include "oracle.hpp"

using namespace espalier;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
    fuzz::Input input(data, size);
    LoadOptions options;
    options.self_loops = static_cast<EdgePolicy>(input.choose(4));
    options.duplicates = static_cast<EdgePolicy>(input.choose(4));
    options.ids = static_cast<IdPolicy>(input.choose(4));
    const int direction = input.choose(3);
    if (direction) options.directed = direction == 1;
    const int header = input.choose(3);
    if (header) options.header = header == 1;
    if (input.choose(4) == 0) options.nodes = 5;
    options.allow_nan = options.duplicates != EdgePolicy::merge && input.choose(2) == 0;
    const auto value = fuzz::parsed([&]() -> Value {
        LoadReport report;
        return files::read_edge_list(files::as_text("in", input.rest()), options, report);
    });
    if (!value) return 0;
    Graph graph = value->as<Graph>();
    if (!options.allow_nan.value()) graph.check();
    graph.node_attributes = {}; // an edge list does not hold them
    if (graph.weights && graph.entries() == 0) graph.weights.reset();
    LoadOptions again;
    again.self_loops = EdgePolicy::keep;
    again.allow_nan = true;
    fuzz::survives(graph, "t.edges", again);
    return 0;
}
