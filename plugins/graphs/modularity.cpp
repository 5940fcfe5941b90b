// SPDX-License-Identifier: MIT
// Modularity of a division of the nodes into groups.
#include "modularity.hpp"

#include "rows.hpp"

#include <espalier/plugin.hpp>

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace espalier::graphs {

bool counts_weights(const GraphView& graph, bool wanted) {
    if (!wanted || graph.weights.empty()) return false;
    check_lengths(graph, false);
    return true;
}

Strengths::Strengths(const GraphView& graph, bool weighted)
    : out(static_cast<std::size_t>(graph.nodes)), in(out.size()) {
    for (int64_t v = 0; v < graph.nodes; ++v)
        for (int64_t k = graph.offsets[v]; k < graph.offsets[v + 1]; ++k) {
            const int32_t u = graph.targets[k];
            const double twice = !graph.directed && u == v ? 2 : 1;
            const double w = twice * (weighted ? graph.weights[k] : 1);
            out[v] += w, in[u] += w;
        }
    for (const double w : out) total += w;
}

double modularity_of(const GraphView& graph, std::span<const int64_t> labels, double resolution,
                     const Strengths& strengths, bool weighted) {
    const auto groups = labels.empty() ? 0 : *std::ranges::max_element(labels) + 1;
    std::vector<double> out(static_cast<std::size_t>(groups)), in(out.size()), within(out.size());
    for (int64_t v = 0; v < graph.nodes; ++v) {
        out[labels[v]] += strengths.out[v], in[labels[v]] += strengths.in[v];
        for (int64_t k = graph.offsets[v]; k < graph.offsets[v + 1]; ++k) {
            const int32_t u = graph.targets[k];
            if (labels[u] != labels[v]) continue;
            within[labels[v]] +=
                (!graph.directed && u == v ? 2 : 1) * (weighted ? graph.weights[k] : 1);
        }
    }
    const double all = strengths.total;
    double sum = all > 0 ? 0 : std::nan("");
    for (std::size_t g = 0; g < out.size(); ++g)
        sum += within[g] / all - resolution * (out[g] / all) * (in[g] / all);
    return sum;
}

namespace {

struct Modularity {
    double resolution = 1;
    bool weighted = true;

    static void describe(Schema<Modularity>& s) {
        s.analyzer("modularity", "Modularity of a division of the nodes into groups")
            .doc(
                R"(With $m$ the weight of all edges, $L_c$ of those inside group c and $k_c$ the strengths (degrees by weight) of
its nodes, undirected and directed,

$$Q = \sum_c \frac{L_c}{m} - \gamma \Big(\frac{k_c}{2m}\Big)^2, \qquad
  Q = \sum_c \frac{L_c}{m} - \gamma \frac{k^{out}_c k^{in}_c}{m^2}.$$

$\gamma$ is the `resolution`; a self-loop counts twice in a strength, as in networkx. NaN without edges.)")
            .reference("doi:10.1103/PhysRevE.69.026113")
            .example("print(esp.analyze.modularity { graph = g, labels = groups }.modularity)");
        s.input_graph("graph", "Directed or not; weights >= 0.");
        s.input_tensor<int64_t>("labels", "node", "The group of each node: any integers.");
        s.param("resolution", &Modularity::resolution).min(0).doc("Weight of what chance gives.");
        s.param("weighted", &Modularity::weighted)
            .doc("Whether weights count, where there are any.");
        s.output_real("modularity", "At most 1.");
    }

    void run(const Task& task) const {
        const GraphView graph = task.graph("graph");
        const auto given = task.tensor<int64_t>("labels").flat();
        std::unordered_map<int64_t, int64_t> numbers;
        std::vector<int64_t> labels;
        for (const int64_t label : given)
            labels.push_back(numbers.try_emplace(label, std::ssize(numbers)).first->second);
        const bool by_weight = counts_weights(graph, weighted);
        task.output_value("modularity", modularity_of(graph, labels, resolution,
                                                      Strengths(graph, by_weight), by_weight));
    }
};

} // namespace
} // namespace espalier::graphs

ESPALIER_COMPONENT(modularity, espalier::graphs::Modularity)
