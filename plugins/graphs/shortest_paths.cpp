// SPDX-License-Identifier: MIT
// Shortest paths: distances from some nodes, and how long they are over all pairs.
#include "batched_search.hpp"
#include "rows.hpp"
#include "searches.hpp"

#include <espalier/plugin.hpp>

#include <cmath>

namespace espalier::graphs {
namespace {

struct ShortestPaths {
    std::vector<int64_t> sources;
    int64_t sample = 0;
    bool weighted = false;

    static void describe(Schema<ShortestPaths>& s);
    void run(const Task& task) const;
};

void ShortestPaths::describe(Schema<ShortestPaths>& s) {
    s.analyzer("shortest_paths", "Shortest paths: distances and their mean, exact or sampled")
        .doc(
            R"(The distance $d(s, v)$ is the least number of edges, or with `weighted` the least sum of weights, on a path from s
to v along the direction of edges. Over all ordered pairs $s \ne v$ with s among the sources,

$$\text{average} = \langle d \rangle_{\text{joined}}, \qquad \text{efficiency} = \langle 1/d \rangle_{\text{all}},$$

the average over the pairs that a path joins (where networkx refuses a graph in pieces), the efficiency over all with
0 where none does. A sample of k sources drawn without repetition gives an unbiased efficiency and, in a connected
graph, an unbiased average, with `standard_error` from the spread of the sources' own means; it is 0 when all nodes
are sources and NaN of one.

Breadth-first searches go from 256 sources at once, a bit a search (Then et al. 2014, doi:10.14778/2735496.2735507);
Dijkstra's algorithm takes weights, which must be >= 0.)")
        .reference("doi:10.1103/PhysRevLett.87.198701")
        .example(
            "local p = esp.analyze.shortest_paths { graph = g, sample = 200 }; print(p.average, "
            "p.standard_error)");
    s.random();
    s.input_graph("graph", "Directed or not.");
    s.param("sources", &ShortestPaths::sources)
        .min(0)
        .doc("Nodes, from 0, whose distances are written; none: all are looked at.");
    s.param("sample", &ShortestPaths::sample)
        .min(0)
        .doc("How many sources are drawn when none are given; 0: all.");
    s.param("weighted", &ShortestPaths::weighted).doc("Whether weights are lengths.");
    s.output_tensor<double>("distances", "source, node",
                            "From each of `sources`; infinite where no path leads.");
    s.output_real("average", "Mean distance of the pairs that are joined; NaN without any.");
    s.output_real("standard_error", "Of the average, when sources were drawn.");
    s.output_real("efficiency", "Mean of 1 / distance over all pairs; 0 without any.");
    s.output_real("joined", "Share of the pairs that a path joins; 0 without any.");
    s.output_real("longest", "The largest finite distance that was met.");
    s.output_table("distribution", "Columns distance, pairs; empty when weighted.");
}

// What the distances from some sources add up to. All integers but in a weighted graph.
struct Sums {
    std::vector<int64_t> pairs; // by distance, unweighted
    int64_t joined = 0;
    double distance = 0, inverse = 0, longest = 0;
    std::vector<double> means; // of each source that reaches another

    void add_source(double sum, int64_t reached) {
        if (reached > 0) means.push_back(sum / static_cast<double>(reached));
    }
    Sums& operator+=(const Sums& other) {
        pairs.resize(std::max(pairs.size(), other.pairs.size()));
        for (std::size_t d = 0; d < other.pairs.size(); ++d) pairs[d] += other.pairs[d];
        joined += other.joined;
        distance += other.distance, inverse += other.inverse;
        longest = std::max(longest, other.longest);
        means.insert(means.end(), other.means.begin(), other.means.end());
        return *this;
    }
    void count_pairs() {
        for (std::size_t d = 1; d < pairs.size(); ++d) {
            const auto n = static_cast<double>(pairs[d]), far = static_cast<double>(d);
            joined += pairs[d];
            distance += n * far, inverse += n / far, longest = far;
        }
    }
};

// One search at a time: when rows are wanted, or lengths.
template <class OneSearch>
Sums one_by_one(const Task& task, const GraphView& graph, std::span<const int32_t> sources,
                View<double> rows) {
    const auto n = static_cast<int64_t>(sources.size());
    const bool keep = !rows.empty();
    const auto from = [&](int64_t begin, int64_t end) {
        OneSearch search(graph);
        Sums sums;
        for (int64_t i = begin; i < end; ++i) {
            task.check_cancelled();
            search.run(sources[i]);
            if (keep)
                std::fill_n(rows.data() + i * graph.nodes, graph.nodes,
                            WeightedSearch::out_of_reach);
            double sum = 0;
            for (const int32_t v : search.order()) {
                const auto d = static_cast<double>(search.distance(v));
                if (keep) rows(i, v) = d;
                if (v == sources[i]) continue;
                sum += d, sums.inverse += 1 / d;
                sums.longest = std::max(sums.longest, d);
            }
            const auto reached = static_cast<int64_t>(search.order().size()) - 1;
            sums.joined += reached, sums.distance += sum;
            sums.add_source(sum, reached);
            if constexpr (std::is_same_v<OneSearch, Search>) {
                const auto far = search.distance(search.order().back()) + 1;
                if (std::ssize(sums.pairs) < far) sums.pairs.resize(far);
                for (const int32_t v : search.order()) ++sums.pairs[search.distance(v)];
            }
        }
        return sums;
    };
    return task.parallel_reduce(n, part_of(n), Sums{}, from,
                                [](Sums a, Sums b) { return std::move(a += b); });
}

Sums many_at_once(const Task& task, const GraphView& graph, std::span<const int32_t> sources,
                  bool means) {
    std::optional<Rows> kept;
    const GraphView back = arriving(graph, kept);
    const auto n = static_cast<int64_t>(sources.size());
    const int64_t batches = (n + BatchedSearch::width - 1) / BatchedSearch::width;
    const auto from = [&](int64_t begin, int64_t end) {
        BatchedSearch search(graph, back, task);
        Sums sums;
        for (int64_t b = begin; b < end; ++b) {
            const int64_t first = b * BatchedSearch::width;
            const auto batch = sources.subspan(first, std::min(BatchedSearch::width, n - first));
            std::vector<int64_t> far(means ? batch.size() : 0), reached(far.size());
            search.run(batch, [&](int64_t d, int64_t, const BatchedSearch::Lanes& lanes) {
                if (std::ssize(sums.pairs) <= d) sums.pairs.resize(d + 1);
                sums.pairs[d] += BatchedSearch::count(lanes);
                if (!means) return;
                for (std::size_t w = 0; w < lanes.size(); ++w)
                    for (uint64_t bits = lanes[w]; bits; bits &= bits - 1) {
                        const std::size_t lane = 64 * w + std::countr_zero(bits);
                        far[lane] += d, ++reached[lane];
                    }
            });
            for (std::size_t i = 0; i < far.size(); ++i)
                sums.add_source(static_cast<double>(far[i]), reached[i]);
        }
        return sums;
    };
    Sums sums = task.parallel_reduce(batches, part_of(batches), Sums{}, from,
                                     [](Sums a, Sums b) { return std::move(a += b); });
    sums.count_pairs();
    return sums;
}

// Of the mean over `drawn` sources out of `all`, without repetition.
double error_of(const std::vector<double>& means, std::size_t drawn, int64_t all) {
    const auto n = static_cast<double>(means.size());
    if (static_cast<int64_t>(drawn) == all) return 0;
    if (n < 2) return std::nan("");
    double mean = 0, squares = 0;
    for (const double m : means) mean += m / n;
    for (const double m : means) squares += (m - mean) * (m - mean);
    const double left = 1 - static_cast<double>(drawn) / static_cast<double>(all);
    return std::sqrt(squares / (n - 1) / n * left);
}

void ShortestPaths::run(const Task& task) const {
    const GraphView graph = task.graph("graph");
    if (weighted) check_lengths(graph, false);
    for (const int64_t s : sources)
        if (s >= graph.nodes)
            throw Invalid("sources", "has node " + std::to_string(s) +
                                         ", but the graph has nodes 0.." +
                                         std::to_string(graph.nodes - 1));
    const std::vector<int32_t> from = sources.empty()
                                          ? sources_of(task, graph, sample)
                                          : std::vector<int32_t>(sources.begin(), sources.end());
    const auto rows = task.output<double>("distances", {std::ssize(sources), graph.nodes});
    const bool drawn = sources.empty() && std::ssize(from) < graph.nodes;
    Sums sums = weighted          ? one_by_one<WeightedSearch>(task, graph, from, rows)
                : sources.empty() ? many_at_once(task, graph, from, drawn)
                                  : one_by_one<Search>(task, graph, from, rows);
    const double all = static_cast<double>(from.size()) *
                       static_cast<double>(std::max<int64_t>(0, graph.nodes - 1));
    const auto joined = static_cast<double>(sums.joined);
    task.output_value("average", sums.joined > 0 ? sums.distance / joined : std::nan(""));
    task.output_value("standard_error",
                      drawn ? error_of(sums.means, from.size(), graph.nodes) : 0.0);
    task.output_value("efficiency", all > 0 ? sums.inverse / all : 0.0);
    task.output_value("joined", all > 0 ? joined / all : 0.0);
    task.output_value("longest", sums.longest);
    const int64_t lengths = std::max<int64_t>(0, std::ssize(sums.pairs) - 1);
    const Bundle table = task.output_table("distribution");
    const auto distance = table.output<int64_t>("distance", {lengths});
    const auto pairs = table.output<int64_t>("pairs", {lengths});
    for (int64_t d = 1; d <= lengths; ++d) distance(d - 1) = d, pairs(d - 1) = sums.pairs[d];
}

} // namespace
} // namespace espalier::graphs

ESPALIER_COMPONENT(shortest_paths, espalier::graphs::ShortestPaths)
