// SPDX-License-Identifier: MIT
// Nodes on a circle, each joined to those at given distances.
#include "ring_lattice.hpp"

#include <algorithm>

namespace espalier::networks {
namespace {

struct Circulant {
    int64_t nodes = 100;
    std::vector<int64_t> offsets{1, 3};
    bool positions = true;

    static void describe(Schema<Circulant>& s) {
        s.generator("circulant", "Circulant graph: each node joined to those at given offsets")
            .doc(
                R"(Nodes $0 \ldots n-1$ lie on a circle and node $i$ is joined to $i \pm o$ (modulo $n$) for every offset
$o$. Every node sees the same graph. The degree is twice the number of offsets, one less when $n/2$ is among them. With
offsets that are all odd and an even $n$ the graph is bipartite: without triangles, yet full of cycles of four.)")
            .reference("doi:10.1016/S0021-9800(70)80068-0")
            .example("local c = esp.generate.circulant { nodes = 1000, offsets = { 1, 3 } }.graph");
        s.param("nodes", &Circulant::nodes)
            .range(1, most_nodes)
            .doc("Number of nodes.")
            .log_scale();
        s.param("offsets", &Circulant::offsets)
            .range(1, most_nodes)
            .doc("Distances along the circle, different, at most half of `nodes`.");
        s.param("positions", &Circulant::positions)
            .doc("Whether nodes get places on the unit circle.");
        s.output_graph("graph", "Undirected, simple.");
    }

    void check() const {
        std::vector<int64_t> sorted = offsets;
        std::sort(sorted.begin(), sorted.end());
        const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
        if (twice != sorted.end())
            throw Invalid("offsets", "must be different, " + number(*twice) + " stands twice");
        if (!sorted.empty() && sorted.back() > nodes / 2)
            throw Invalid("offsets", "must be at most half of the nodes, " + number(nodes / 2) +
                                         ", has " + number(sorted.back()));
        if (nodes * static_cast<int64_t>(offsets.size()) > most_edges)
            throw Invalid("offsets", "ask for " +
                                         number(nodes * static_cast<int64_t>(offsets.size())) +
                                         " edges; at most " + number(most_edges) + " are made");
    }

    void run(const Task& task) const {
        std::vector<int64_t> sorted = offsets;
        std::sort(sorted.begin(), sorted.end());
        const int64_t farthest = sorted.empty() ? 0 : sorted.back();
        const bool opposite = 2 * farthest == nodes; // one edge, seen from both sides
        const std::size_t before = sorted.size() - (opposite ? 1 : 0);
        const GraphOutput out =
            write_rows(task, "graph", nodes, false, [&](int64_t v, std::vector<int32_t>& row) {
                row.resize(before + sorted.size());
                for (std::size_t k = 0; k < before; ++k)
                    row[before - 1 - k] = static_cast<int32_t>(v - sorted[k]);
                for (std::size_t k = 0; k < sorted.size(); ++k)
                    row[before + k] = static_cast<int32_t>(v + sorted[k]);
                if (v >= farthest && v + farthest < nodes) return;
                for (int32_t& target : row) target = static_cast<int32_t>((target + nodes) % nodes);
                std::sort(row.begin(), row.end());
            });
        if (positions) write_ring_positions(task, out, nodes);
    }
};

} // namespace
} // namespace espalier::networks

ESPALIER_COMPONENT(circulant, espalier::networks::Circulant)
