// SPDX-License-Identifier: MIT
// PageRank: where a random surfer is found.
#include "rows.hpp"

#include <espalier/plugin.hpp>

#include <algorithm>
#include <cmath>

namespace espalier::graphs {
namespace {

struct PageRank {
    double damping = 0.85, tolerance = 1e-10;
    int64_t max_iterations = 1000;
    bool weighted = true;

    static void describe(Schema<PageRank>& s);
    void run(const Task& task) const;
};

void PageRank::describe(Schema<PageRank>& s) {
    s.analyzer("pagerank", "PageRank of every node")
        .doc(
            R"(The share of time that a surfer spends at each node who with probability $\alpha$ (`damping`) follows an edge of the
node, in proportion to its weight, and otherwise, or where no edge leads on, jumps to a node drawn from p:

$$x_v = \alpha \Big( \sum_{u \to v} \frac{w_{uv}}{\sum_t w_{ut}} x_u + p_v \sum_{u\,\text{without edges}} x_u \Big) + (1 - \alpha) p_v.$$

p is uniform, or proportional to `preference`. An undirected edge leads both ways. Iterated from p until the sum of
changes falls below `tolerance` (networkx: below nodes times its `tol`), each node's sum in the order of its edges;
`converged` says whether that happened within `max_iterations`.)")
        .reference("doi:10.1016/S0169-7552(98)00110-X")
        .example("local r = esp.analyze.pagerank { graph = g }; print(r.scores:max())");
    s.input_graph("graph", "Directed or not; weights >= 0.");
    s.input_tensor<double>("preference", "node", "Where a jump leads, up to a factor; >= 0.")
        .optional();
    s.param("damping", &PageRank::damping).min(0).below(1).doc("Probability of following an edge.");
    s.param("tolerance", &PageRank::tolerance)
        .above(0)
        .log_scale()
        .doc("Sum of absolute changes at which it ends.");
    s.param("max_iterations", &PageRank::max_iterations).min(1).doc("Iterations at most.");
    s.param("weighted", &PageRank::weighted).doc("Whether weights count, where there are any.");
    s.output_tensor<double>("scores", "node", "Shares; their sum is 1.");
    s.output_integer("iterations", "Iterations that were made.");
    s.output_boolean("converged", "Whether the tolerance was reached.");
}

constexpr int64_t grain = 8192;
double plus(double a, double b) { return a + b; }

std::vector<double> jumps(const Task& task, int64_t nodes) {
    const auto n = static_cast<std::size_t>(nodes);
    if (!task.has("preference")) return std::vector<double>(n, 1 / static_cast<double>(nodes));
    const auto given = task.tensor<double>("preference").flat();
    double sum = 0;
    for (const double x : given) {
        if (!std::isfinite(x) || x < 0) throw Invalid("preference", "must be finite and >= 0");
        sum += x;
    }
    if (!(sum > 0)) throw Invalid("preference", "must not be all zero");
    std::vector<double> p(given.begin(), given.end());
    for (double& x : p) x /= sum;
    return p;
}

void PageRank::run(const Task& task) const {
    const GraphView graph = task.graph("graph");
    const auto scores = task.output<double>("scores", {graph.nodes});
    const bool by_weight = weighted && !graph.weights.empty();
    if (by_weight) check_lengths(graph, false);
    std::optional<Rows> kept;
    const GraphView back = arriving(graph, kept);
    int64_t iterations = 0;
    bool converged = graph.nodes == 0;
    if (!converged) {
        const std::vector<double> p = jumps(task, graph.nodes);
        std::vector<double> out(p.size()),
            share(p.size()); // share: what each edge of a node carries
        for (int64_t v = 0; v < graph.nodes; ++v) {
            for (const double w : by_weight ? graph.weights_of(v) : std::span<const double>())
                out[v] += w;
            if (!by_weight) out[v] = static_cast<double>(graph.degree(v));
        }
        std::ranges::copy(p, scores.begin());
        while (!converged && iterations < max_iterations) {
            const double lost = task.parallel_reduce(
                graph.nodes, grain, 0.0,
                [&](int64_t begin, int64_t end) {
                    double sum = 0;
                    for (int64_t v = begin; v < end; ++v) {
                        share[v] = out[v] > 0 ? scores(v) / out[v] : 0;
                        if (!(out[v] > 0)) sum += scores(v);
                    }
                    return sum;
                },
                plus);
            const double jump = damping * lost + 1 - damping;
            const double change = task.parallel_reduce(
                graph.nodes, grain, 0.0,
                [&](int64_t begin, int64_t end) {
                    double sum = 0;
                    for (int64_t v = begin; v < end; ++v) {
                        double arrives = 0;
                        if (by_weight)
                            for (int64_t k = back.offsets[v]; k < back.offsets[v + 1]; ++k)
                                arrives += back.weights[k] * share[back.targets[k]];
                        else
                            for (const int32_t u : back.neighbours(v)) arrives += share[u];
                        const double score = damping * arrives + jump * p[v];
                        sum += std::abs(score - scores(v));
                        scores(v) = score;
                    }
                    return sum;
                },
                plus);
            ++iterations;
            converged = change < tolerance;
            task.check_cancelled();
        }
    }
    task.output_value("iterations", iterations);
    task.output_value("converged", converged);
}

} // namespace
} // namespace espalier::graphs

ESPALIER_COMPONENT(pagerank, espalier::graphs::PageRank)
