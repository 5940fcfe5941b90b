// SPDX-License-Identifier: MIT
// How near a node is to all others: closeness and harmonic centrality.
#include "batched_search.hpp"
#include "rows.hpp"
#include "searches.hpp"

#include <espalier/plugin.hpp>

namespace espalier::graphs {
namespace {

struct Closeness {
    std::string direction = "in";
    bool weighted = false;

    static void describe(Schema<Closeness>& s);
    void run(const Task& task) const;
};

void Closeness::describe(Schema<Closeness>& s) {
    s.analyzer("closeness", "Closeness and harmonic centrality of every node")
        .doc(
            R"(With $r$ of the other $n - 1$ nodes that reach node v (direction `in`, as in networkx) or that v reaches (`out`),
and $d$ their distances along edges,

$$C_v = \frac{r}{n - 1} \frac{r}{\sum d}, \qquad H_v = \sum \frac{1}{d}.$$

The first factor (Wasserman and Faust 1994) keeps nodes of small components behind; both are 0 where $r = 0$, and the
same as networkx's closeness_centrality and harmonic_centrality. With `weighted` distances are sums of weights > 0.

Breadth-first searches go from 256 nodes at once, a bit a search (Then et al. 2014); harmonic sums are added in an
order that the graph alone determines.)")
        .reference("doi:10.1016/0378-8733(78)90021-7")
        .example("local c = esp.analyze.closeness { graph = g }; print(c.closeness:max())");
    s.input_graph("graph", "Directed or not.");
    s.param("direction", &Closeness::direction)
        .choices({"in", "out"})
        .doc("Paths to the node or from it.");
    s.param("weighted", &Closeness::weighted).doc("Whether weights are lengths.");
    s.output_tensor<double>("closeness", "node", "0..1 in a graph without weights.");
    s.output_tensor<double>("harmonic", "node", "Not divided by the number of nodes.");
}

double closeness_of(int64_t reached, double distance, int64_t nodes) {
    if (reached == 0) return 0;
    const auto r = static_cast<double>(reached);
    return r / static_cast<double>(nodes - 1) * (r / distance);
}

// `from` the nodes whose paths are followed along `forward`: what a node gets is about paths to it.
struct Sums {
    std::vector<int64_t> reached, distance;
    std::vector<double> inverse;

    Sums& operator+=(const Sums& other) {
        if (reached.empty()) return *this = other;
        for (std::size_t v = 0; v < other.reached.size(); ++v) {
            reached[v] += other.reached[v], distance[v] += other.distance[v];
            inverse[v] += other.inverse[v];
        }
        return *this;
    }
};

Sums sums_to(const Task& task, const GraphView& forward, const GraphView& backward) {
    const std::vector<int32_t> nodes = sources_of(task, forward);
    const int64_t batches = (forward.nodes + BatchedSearch::width - 1) / BatchedSearch::width;
    const auto from = [&](int64_t begin, int64_t end) {
        BatchedSearch search(forward, backward, task);
        Sums sums{std::vector<int64_t>(nodes.size()), std::vector<int64_t>(nodes.size()),
                  std::vector<double>(nodes.size())};
        for (int64_t b = begin; b < end; ++b) {
            const int64_t first = b * BatchedSearch::width;
            const int64_t length = std::min(BatchedSearch::width, forward.nodes - first);
            search.run(std::span(nodes).subspan(first, length),
                       [&](int64_t d, int64_t v, const BatchedSearch::Lanes& lanes) {
                           const int64_t count = BatchedSearch::count(lanes);
                           sums.reached[v] += count, sums.distance[v] += count * d;
                           sums.inverse[v] += static_cast<double>(count) / static_cast<double>(d);
                       });
        }
        return sums;
    };
    return task.parallel_reduce(batches, part_of(batches), Sums{}, from,
                                [](Sums a, Sums b) { return std::move(a += b); });
}

void Closeness::run(const Task& task) const {
    const GraphView graph = task.graph("graph");
    if (weighted) check_lengths(graph, true);
    const auto closeness = task.output<double>("closeness", {graph.nodes});
    const auto harmonic = task.output<double>("harmonic", {graph.nodes});
    if (graph.nodes == 0) return;
    std::optional<Rows> kept;
    const GraphView back = arriving(graph, kept);
    const bool in = direction == "in";
    if (!weighted) {
        const Sums sums = in ? sums_to(task, graph, back) : sums_to(task, back, graph);
        for (int64_t v = 0; v < graph.nodes; ++v) {
            closeness(v) =
                closeness_of(sums.reached[v], static_cast<double>(sums.distance[v]), graph.nodes);
            harmonic(v) = sums.inverse[v];
        }
        return;
    }
    task.parallel_for(graph.nodes, part_of(graph.nodes), [&](int64_t begin, int64_t end) {
        WeightedSearch search(in ? back : graph);
        for (int64_t v = begin; v < end; ++v) {
            task.check_cancelled();
            search.run(static_cast<int32_t>(v));
            double sum = 0;
            for (const int32_t u : search.order()) {
                if (u == v) continue;
                sum += search.distance(u), harmonic(v) += 1 / search.distance(u);
            }
            closeness(v) =
                closeness_of(static_cast<int64_t>(search.order().size()) - 1, sum, graph.nodes);
        }
    });
}

} // namespace
} // namespace espalier::graphs

ESPALIER_COMPONENT(closeness, espalier::graphs::Closeness)
