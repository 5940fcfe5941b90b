// SPDX-License-Identifier: MIT
// Triangles and clustering coefficients.
#include "rows.hpp"
#include "upward.hpp"

#include <espalier/plugin.hpp>

#include <atomic>

namespace espalier::graphs {
namespace {

struct Clustering {
    static void describe(Schema<Clustering>& s);
    void run(const Task& task) const;
};

void Clustering::describe(Schema<Clustering>& s) {
    s.analyzer("clustering", "Clustering coefficients and triangles of an undirected graph")
        .doc(
            R"(With $T_v$ triangles through node $v$ of degree $k_v$, the local clustering coefficient (Watts and Strogatz
1998) and the transitivity of the whole graph are

$$C_v = \frac{2 T_v}{k_v (k_v - 1)}, \qquad C = \frac{\sum_v T_v}{\sum_v k_v (k_v - 1)/2}.$$

$C_v = 0$ where $k_v < 2$, and such nodes count in `mean`. Weights and self-loops are left aside.

Each triangle is found once, from its node of smallest degree (the forward algorithm: Schank and Wagner 2005,
doi:10.1007/11427186_54); Boost.Graph's own function looks at all pairs of neighbours, which a hub does not allow.)")
        .reference("doi:10.1038/30918")
        .example("local c = esp.analyze.clustering { graph = g }; print(c.mean, c.transitivity)");
    s.input_graph("graph", "Undirected.");
    s.output_tensor<double>("local", "node", "Clustering coefficient of each node.");
    s.output_tensor<int64_t>("node_triangles", "node", "Triangles through each node.");
    s.output_real("mean", "Mean of the local coefficients; 0 without nodes.");
    s.output_real("transitivity",
                  "Share of the paths of two edges that are closed; 0 without any.");
    s.output_integer("triangles", "Triangles of the graph.");
}

// Whole numbers: the order in which threads add does not matter.
void count_triangles(const Task& task, const GraphView& g, View<int64_t> through) {
    const Upward up(g, task);
    const auto add = [&](int64_t v, int64_t n) {
        if (n > 0) std::atomic_ref(through(v)).fetch_add(n, std::memory_order_relaxed);
    };
    task.parallel_for(g.nodes, Upward::grain / 4, [&](int64_t begin, int64_t end) {
        for (int64_t v = begin; v < end; ++v) {
            int64_t here = 0;
            for (const int32_t u : up.row(v)) {
                int64_t both = 0;
                intersect(up.row(v), up.row(u),
                          [&](int32_t w, std::size_t, std::size_t) { add(w, 1), ++both; });
                add(u, both);
                here += both;
            }
            add(v, here);
        }
    });
}

void Clustering::run(const Task& task) const {
    const GraphView g = task.graph("graph");
    if (g.directed) throw Invalid("graph", "must be undirected, is directed");
    const auto local = task.output<double>("local", {g.nodes});
    const auto through = task.output<int64_t>("node_triangles", {g.nodes});
    count_triangles(task, g, through);
    double sum = 0, paths = 0;
    int64_t corners = 0;
    for (int64_t v = 0; v < g.nodes; ++v) {
        const auto degree = static_cast<double>(g.degree(v) - has_loop(g, v));
        const double pairs = degree * (degree - 1) / 2;
        local(v) = pairs > 0 ? static_cast<double>(through(v)) / pairs : 0;
        sum += local(v);
        paths += pairs;
        corners += through(v);
    }
    task.output_value("mean", g.nodes > 0 ? sum / static_cast<double>(g.nodes) : 0.0);
    task.output_value("transitivity", paths > 0 ? static_cast<double>(corners) / paths : 0.0);
    task.output_value("triangles", corners / 3);
}

} // namespace
} // namespace espalier::graphs

ESPALIER_COMPONENT(clustering, espalier::graphs::Clustering)
