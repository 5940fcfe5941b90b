// SPDX-License-Identifier: MIT
// A generator: parameters in, a network out.
#include <espalier/plugin.hpp>
#include <espalier/random.hpp>

#include <vector>

namespace {

struct MyPlugin {
    std::int64_t nodes = 100;

    static void describe(espalier::Schema<MyPlugin>& s) {
        s.generator("my_plugin", "Random recursive tree")
            .doc("Node $v = 1, 2, \\ldots$ is joined to one of the nodes before it, each equally "
                 "likely. The mean distance from node 0 grows like $\\ln n$.")
            .reference("doi:10.2307/3212868")
            .example("local tree = esp.generate.my_plugin { nodes = 50, seed = 1 }.graph")
            .random();
        s.param("nodes", &MyPlugin::nodes).range(1, 1e8).doc("Number of nodes.");
        s.output_graph("graph", "Undirected, a tree.");
    }

    void run(const espalier::Task& task) const {
        constexpr std::uint64_t parent_stream = 1;
        const auto n = static_cast<std::size_t>(nodes);
        std::vector<std::int32_t> parent(n, -1);
        std::vector<std::int64_t> degree(n, 0);
        espalier::Random random(task.key(parent_stream), 0);
        for (std::size_t v = 1; v < n; ++v) {
            parent[v] = static_cast<std::int32_t>(random.below(v));
            ++degree[v], ++degree[static_cast<std::size_t>(parent[v])];
        }
        // Compressed rows: where each row begins, then its neighbours, smallest first.
        const auto graph = task.output_graph("graph", nodes, 2 * (nodes - 1), false);
        for (std::size_t v = 0; v < n; ++v)
            graph.offsets.flat()[v + 1] = graph.offsets.flat()[v] + degree[v];
        std::vector<std::int64_t> next(graph.offsets.begin(), graph.offsets.end() - 1);
        const auto put = [&](std::size_t row, std::size_t neighbour) {
            graph.targets(next[row]++) = static_cast<std::int32_t>(neighbour);
        };
        for (std::size_t v = 1; v < n; ++v) put(v, static_cast<std::size_t>(parent[v]));
        for (std::size_t v = 1; v < n; ++v) put(static_cast<std::size_t>(parent[v]), v);
    }
};

} // namespace

ESPALIER_PLUGIN("org.example.my_plugin", "0.1.0", "MIT", "A. Author", MyPlugin)
