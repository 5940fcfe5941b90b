// SPDX-License-Identifier: MIT
// How many shortest paths lead through a node.
#include "rows.hpp"
#include "searches.hpp"

#include <espalier/plugin.hpp>

#include <cmath>

namespace espalier::graphs {
namespace {

struct Betweenness {
    int64_t sample = 0;
    bool normalised = true, weighted = false;

    static void describe(Schema<Betweenness>& s);
    void run(const Task& task) const;
};

void Betweenness::describe(Schema<Betweenness>& s) {
    s.analyzer("betweenness", "Betweenness centrality: shortest paths through every node")
        .doc(
            R"(With $\sigma_{st}$ shortest paths from s to t, of which $\sigma_{st}(v)$ pass through v,

$$B_v = \sum_{s \ne v \ne t} \frac{\sigma_{st}(v)}{\sigma_{st}},$$

each unordered pair once when the graph is undirected; `normalised` divides by the number of pairs, $(n-1)(n-2)$ or
half of it, as in networkx. Pairs without a path add nothing. Paths go along the direction of edges and are short by
their edges, or with `weighted` by the sum of weights > 0, where sums that differ by rounding are different.

Brandes' accumulation from every node, or from a sample of them drawn without repetition and scaled by n / sample
(Brandes and Pich 2007, doi:10.1142/S0218127407018403): unbiased, with an error that falls as 1 / sqrt(sample). Partial
sums of sixteen parts of the sources are added in their order, so threads change no bit. Time: nodes x edges.)")
        .reference("doi:10.1080/0022250X.2001.9990249")
        .example("local b = esp.analyze.betweenness { graph = g }; print(b.betweenness:max())");
    s.random();
    s.input_graph("graph", "Directed or not.");
    s.param("sample", &Betweenness::sample).min(0).doc("Sources that are drawn; 0: all nodes.");
    s.param("normalised", &Betweenness::normalised).doc("Whether divided by the number of pairs.");
    s.param("weighted", &Betweenness::weighted).doc("Whether weights are lengths.");
    s.output_tensor<double>("betweenness", "node", "Betweenness of each node.");
}

// Searches that count paths. Add the dependencies of a source on every node to `through`.
class Counting {
public:
    explicit Counting(const GraphView& graph)
        : graph_(graph), distance_(size(), -1), paths_(size()), share_(size()) {}

    void add(int32_t source, std::vector<double>& through) {
        order_.assign(1, source);
        distance_[source] = 0, paths_[source] = 1;
        for (std::size_t i = 0; i < order_.size(); ++i) {
            const int32_t v = order_[i], next = distance_[v] + 1;
            const double paths = paths_[v];
            for (const int32_t u : graph_.neighbours(v)) {
                if (distance_[u] < 0) {
                    distance_[u] = next, paths_[u] = 0;
                    order_.push_back(u);
                }
                paths_[u] += distance_[u] == next ? paths : 0;
            }
        }
        // share: (1 + dependency) / paths, what each path to the node hands back.
        for (std::size_t i = order_.size(); i-- > 1;) {
            const int32_t v = order_[i], next = distance_[v] + 1;
            double sum = 0;
            for (const int32_t u : graph_.neighbours(v))
                sum += distance_[u] == next ? share_[u] : 0;
            const double dependency = paths_[v] * sum;
            through[v] += dependency;
            share_[v] = (1 + dependency) / paths_[v];
        }
        for (const int32_t v : order_) distance_[v] = -1;
    }

private:
    std::size_t size() const { return static_cast<std::size_t>(graph_.nodes); }

    const GraphView graph_;
    std::vector<int32_t> distance_, order_;
    std::vector<double> paths_, share_;
};

class WeightedCounting {
public:
    explicit WeightedCounting(const GraphView& graph)
        : graph_(graph), search_(graph), paths_(static_cast<std::size_t>(graph.nodes)),
          share_(paths_.size()) {}

    void add(int32_t source, std::vector<double>& through) {
        search_.run(source);
        const std::vector<int32_t>& order = search_.order();
        for (const int32_t v : order) paths_[v] = 0;
        paths_[source] = 1;
        for (const int32_t v : order) after(v, [&](int32_t u) { paths_[u] += paths_[v]; });
        for (std::size_t i = order.size(); i-- > 1;) {
            const int32_t v = order[i];
            double sum = 0;
            after(v, [&](int32_t u) { sum += share_[u]; });
            const double dependency = paths_[v] * sum;
            through[v] += dependency;
            share_[v] = (1 + dependency) / paths_[v];
        }
    }

private:
    // visit(u) for every u that is reached on a shortest path by way of v.
    template <class Visit> void after(int32_t v, Visit&& visit) const {
        for (int64_t k = graph_.offsets[v]; k < graph_.offsets[v + 1]; ++k) {
            const int32_t u = graph_.targets[k];
            if (search_.distance(u) == search_.distance(v) + graph_.weights[k]) visit(u);
        }
    }

    const GraphView graph_;
    WeightedSearch search_;
    std::vector<double> paths_, share_;
};

template <class Counts>
std::vector<double> dependencies(const Task& task, const GraphView& graph,
                                 std::span<const int32_t> sources) {
    const auto n = static_cast<int64_t>(sources.size());
    const auto from = [&](int64_t begin, int64_t end) {
        Counts counts(graph);
        std::vector<double> through(static_cast<std::size_t>(graph.nodes));
        for (int64_t i = begin; i < end; ++i) {
            task.check_cancelled();
            counts.add(sources[i], through);
        }
        return through;
    };
    using Sums = std::vector<double>;
    return task.parallel_reduce(n, part_of(n), Sums{}, from, [](Sums a, Sums b) {
        if (a.empty()) return b;
        for (std::size_t v = 0; v < b.size(); ++v) a[v] += b[v];
        return a;
    });
}

void Betweenness::run(const Task& task) const {
    const GraphView graph = task.graph("graph");
    if (weighted) check_lengths(graph, true);
    const std::vector<int32_t> sources = sources_of(task, graph, sample);
    const std::vector<double> through = weighted
                                            ? dependencies<WeightedCounting>(task, graph, sources)
                                            : dependencies<Counting>(task, graph, sources);
    const auto n = static_cast<double>(graph.nodes);
    double scale = n / std::max(1.0, static_cast<double>(sources.size()));
    if (normalised && graph.nodes > 2)
        scale /= (n - 1) * (n - 2);
    else if (!graph.directed)
        scale /= 2;
    const auto out = task.output<double>("betweenness", {graph.nodes});
    for (int64_t v = 0; v < graph.nodes; ++v) {
        out(v) = scale * through[v];
        if (!std::isfinite(out(v)))
            throw Invalid("graph",
                          "has more shortest paths between two nodes than a float64 holds");
    }
}

} // namespace
} // namespace espalier::graphs

ESPALIER_COMPONENT(betweenness, espalier::graphs::Betweenness)
