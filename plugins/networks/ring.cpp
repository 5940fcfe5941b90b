// SPDX-License-Identifier: MIT
// Nodes on a circle, each joined to its nearest.
#include "ring_lattice.hpp"

#include <numeric>

namespace espalier::networks {
namespace {

struct Ring {
    int64_t nodes = 100;
    int64_t neighbours = 2;
    bool positions = true;

    static void describe(Schema<Ring>& s) {
        s.generator("ring", "Ring lattice: each node joined to its nearest on a circle")
            .doc(
                R"(Nodes $0 \ldots n-1$ lie on a circle and node $i$ is joined to $i \pm 1, \ldots, i \pm k/2$ (modulo $n$),
where $k$ is `neighbours`. Every node has degree $k$; with $k < 2n/3$ the clustering coefficient is
$C = \frac{3(k-2)}{4(k-1)}$, and the mean distance grows like $n / 2k$.)")
            .reference("doi:10.1038/30918")
            .example("local ring = esp.generate.ring { nodes = 30, neighbours = 4 }.graph");
        s.param("nodes", &Ring::nodes).range(1, most_nodes).doc("Number of nodes.").log_scale();
        s.param("neighbours", &Ring::neighbours)
            .range(0, 1e6)
            .doc("Nodes that each node is joined to: even, below `nodes`.");
        s.param("positions", &Ring::positions).doc("Whether nodes get places on the unit circle.");
        s.output_graph("graph", "Undirected, simple.");
    }

    void check() const { check_ring(nodes, neighbours); }

    void run(const Task& task) const {
        const int64_t half = neighbours / 2;
        const GraphOutput out =
            write_rows(task, "graph", nodes, false, [&](int64_t v, std::vector<int32_t>& row) {
                // v - half .. v + half without v, modulo nodes, smallest first.
                row.resize(index_of(neighbours));
                const auto forward = row.begin() + half;
                std::iota(row.begin(), forward, static_cast<int32_t>(v - half));
                std::iota(forward, row.end(), static_cast<int32_t>(v + 1));
                if (v >= half && v + half < nodes) return;
                for (int32_t& target : row) target = static_cast<int32_t>((target + nodes) % nodes);
                std::sort(row.begin(), row.end());
            });
        if (positions) write_ring_positions(task, out, nodes);
    }
};

} // namespace
} // namespace espalier::networks

ESPALIER_COMPONENT(ring, espalier::networks::Ring)
