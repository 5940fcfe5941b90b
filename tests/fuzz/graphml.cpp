// SPDX-License-Identifier: MIT
// Fuzz target: GraphML.
#include "files/graphml.hpp"
#include "oracle.hpp"

using namespace espalier;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
    fuzz::Input input(data, size);
    LoadOptions options;
    options.self_loops = static_cast<EdgePolicy>(input.choose(4));
    options.duplicates = static_cast<EdgePolicy>(input.choose(4));
    const int direction = input.choose(3);
    if (direction) options.directed = direction == 1;
    options.allow_nan = options.duplicates != EdgePolicy::merge && input.choose(2) == 0;
    const auto value = fuzz::parsed([&]() -> Value {
        LoadReport report;
        return files::read_graphml(files::as_text("in", input.rest()), options, report);
    });
    if (!value) return 0;
    if (!options.allow_nan.value()) value->as<Graph>().check();
    LoadOptions again;
    again.self_loops = EdgePolicy::keep;
    again.allow_nan = true;
    fuzz::survives(*value, "t.graphml", again);
    return 0;
}
