// SPDX-License-Identifier: MIT
// Degrees of the nodes and how often each occurs.
#include "rows.hpp"

#include <espalier/plugin.hpp>

#include <algorithm>
#include <tuple>
#include <vector>

namespace espalier::graphs {
namespace {

struct DegreeDistribution {
    std::string direction = "total";

    static void describe(Schema<DegreeDistribution>& s) {
        s.analyzer("degree_distribution", "Degrees of a graph and how often each occurs")
            .doc(
                R"(The degree $k_v$ of a node is the number of edges at it; in a directed graph `direction` counts those that
leave (`out`), that arrive (`in`), or both (`total`). A self-loop counts twice in a total and in an undirected graph. The
table `distribution` has a row for each degree that occurs: how many nodes have it, their share $P(k)$, and the share of
nodes that have at least that degree. `variance` is $\langle k^2\rangle - \langle k\rangle^2$.)")
            .reference("doi:10.1137/S003614450342480")
            .example("local d = esp.analyze.degree_distribution { graph = g }; print(d.mean, "
                     "d.maximum)");
        s.param("direction", &DegreeDistribution::direction)
            .choices({"total", "out", "in"})
            .doc("Which edges of a directed graph count.");
        s.input_graph("graph", "Directed or not.");
        s.output_tensor<int64_t>("degrees", "node", "Degree of each node.");
        s.output_table("distribution", "Columns degree, nodes, share, share_at_least.");
        s.output_real("mean", "Mean degree; 0 without nodes.");
        s.output_real("variance", "Variance of the degrees; 0 without nodes.");
        s.output_integer("minimum", "Smallest degree; 0 without nodes.");
        s.output_integer("maximum", "Largest degree; 0 without nodes.");
    }

    void run(const Task& task) const;
};

void count_degrees(const GraphView& graph, const std::string& direction, View<int64_t> degrees) {
    const bool leaving = !graph.directed || direction != "in";
    for (int64_t v = 0; v < graph.nodes && leaving; ++v) {
        degrees(v) = graph.degree(v);
        if (!graph.directed) degrees(v) += has_loop(graph, v);
    }
    if (graph.directed && direction != "out")
        for (const int32_t u : graph.targets) ++degrees(u);
}

void DegreeDistribution::run(const Task& task) const {
    const GraphView rows = task.graph("graph");
    const View<int64_t> degrees = task.output<int64_t>("degrees", {rows.nodes});
    count_degrees(rows, direction, degrees);
    task.check_cancelled();

    const auto largest = std::ranges::max_element(degrees.flat());
    std::vector<int64_t> with(rows.nodes > 0 ? static_cast<std::size_t>(*largest) + 1 : 0);
    for (const int64_t k : degrees) ++with[k];
    std::vector<std::pair<int64_t, int64_t>> counts; // degree, nodes
    for (int64_t k = 0; k < std::ssize(with); ++k)
        if (with[k] > 0) counts.emplace_back(k, with[k]);
    const auto n = static_cast<double>(std::max<int64_t>(1, rows.nodes));
    const auto distinct = static_cast<int64_t>(counts.size());
    const Bundle table = task.output_table("distribution");
    const auto degree = table.output<int64_t>("degree", {distinct});
    const auto nodes = table.output<int64_t>("nodes", {distinct});
    const auto share = table.output<double>("share", {distinct});
    const auto at_least = table.output<double>("share_at_least", {distinct});
    double mean = 0, variance = 0;
    int64_t below = 0;
    for (int64_t i = 0; i < distinct; ++i) {
        std::tie(degree(i), nodes(i)) = counts[static_cast<std::size_t>(i)];
        share(i) = static_cast<double>(nodes(i)) / n;
        at_least(i) = static_cast<double>(rows.nodes - below) / n;
        below += nodes(i);
        mean += static_cast<double>(degree(i)) * share(i);
    }
    for (int64_t i = 0; i < distinct; ++i) {
        const double off = static_cast<double>(degree(i)) - mean;
        variance += off * off * share(i);
    }
    task.output_value("mean", mean);
    task.output_value("variance", variance);
    task.output_value("minimum", counts.empty() ? int64_t{0} : counts.front().first);
    task.output_value("maximum", counts.empty() ? int64_t{0} : counts.back().first);
}

} // namespace
} // namespace espalier::graphs

ESPALIER_COMPONENT(degree_distribution, espalier::graphs::DegreeDistribution)
