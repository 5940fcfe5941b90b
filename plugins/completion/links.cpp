// SPDX-License-Identifier: MIT
// Scores of pairs by what the neighbourhoods of nodes say: the baselines of completion.
#include "block_model.hpp"
#include "edge_rows.hpp"
#include "kronecker_model.hpp"

#include <cmath>

namespace espalier::completion {
namespace {

struct Links {
    std::string method = "adamic_adar";
    int64_t hidden = 0, blocks = 10, sweeps = 50, starts = 4, rounds = 50, width = 64, edges = 0;
    double attenuation = 0.05;

    static void describe(Schema<Links>& s);
    void run(const Task& task) const;

private:
    using Row = std::span<double>;
    template <class Score>
    void by_rows(const Task& task, const GraphView& graph, View<double> out, Score&& score) const;
    void shared_neighbours(const Task& task, const GraphView& graph, View<double> out) const;
    void katz(const Task& task, const GraphView& graph, View<double> out) const;
    void products(const Task& task, const GraphView& graph, View<double> out) const;
    void block_model(const Task& task, const GraphView& graph, View<double> out) const;
    void kronecker(const Task& task, const GraphView& graph, View<double> out) const;
    void complete(const Task& task, const GraphView& graph, View<double> scores) const;
};

void Links::describe(Schema<Links>& s) {
    s.predictor("links", "Scores of missing links by neighbourhoods, blocks or an embedding")
        .doc(R"(s_ij for each pair of nodes of what was observed, k_i the degree of i:

- common_neighbours: sum over the shared neighbours u of 1; adamic_adar: of 1 / log k_u; resource_allocation: of 1 / k_u;
- katz: sum over the lengths l of (paths of l edges) x `attenuation`^l (Katz 1953);
- preferential_attachment: k_i k_j;
- block_model: the density between the blocks of i and j in a stochastic block model of `blocks` blocks, the likeliest
  of `starts` descents of `sweeps` sweeps;
- kronecker: the probability in a stochastic Kronecker graph of a symmetric initiator of 2 x 2, fitted with what is
  missing by `rounds` rounds of expectation and maximisation (KronEM: Kim and Leskovec 2011);
- random: z_i . z_j of standard normal z of `width` numbers; embedding: z_i . z_j of the given one.

The last `hidden` nodes were not observed. Their degree is taken as the mean of the known ones, and in the block model
they are spread over the blocks as the known ones are; indices of shared neighbours and paths say nothing of them: 0.

`completed` is the graph with the `edges` highest pairs added, among those with a hidden node, or, without hidden
nodes, all that are no edges; 0 of them: as many as the density of the known part lets expect of hidden nodes, or
none. Takes nodes^2 numbers.)")
        .reference("doi:10.1016/j.physa.2010.11.027")
        .example(
            R"(local guess = esp.predict.links { graph = seen.observed, method = "resource_allocation", seed = 1 }
print(guess.scores))");
    s.random();
    s.input_graph("graph", "What was observed; undirected.");
    s.input_tensor<float>("embedding", "node,feature", "z, for the method `embedding`.").optional();
    s.param("method", &Links::method)
        .choices({"common_neighbours", "adamic_adar", "resource_allocation", "katz",
                  "preferential_attachment", "block_model", "kronecker", "random", "embedding"})
        .doc("How pairs are scored.");
    s.param("hidden", &Links::hidden).min(0).doc("Nodes that were not observed: the last ones.");
    s.param("edges", &Links::edges).min(0).doc("Edges to add to `completed`; 0: see above.");
    s.param("attenuation", &Links::attenuation).above(0).below(1).doc("Of katz.");
    s.param("blocks", &Links::blocks).range(1, 1000).doc("Of block_model.");
    s.param("sweeps", &Links::sweeps).range(1, 100000).doc("Of block_model.");
    s.param("starts", &Links::starts).range(1, 10000).doc("Of block_model.");
    s.param("rounds", &Links::rounds).range(1, 100000).doc("Of kronecker.");
    s.param("width", &Links::width).range(1, 65536).doc("Of random.");
    s.output_tensor<double>("scores", "node,node", "s_ij, symmetric, 0 on the diagonal.");
    s.output_graph("completed", "The graph with the highest pairs.");
}

// score(i, row) for each node; columns and diagonal come right by themselves.
template <class Score>
void Links::by_rows(const Task& task, const GraphView& graph, View<double> out,
                    Score&& score) const {
    task.parallel_for(graph.nodes, 16, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) {
            const Row row = out.flat().subspan(static_cast<std::size_t>(i * graph.nodes),
                                               static_cast<std::size_t>(graph.nodes));
            score(i, row);
            row[static_cast<std::size_t>(i)] = 0;
        }
    });
}

void Links::shared_neighbours(const Task& task, const GraphView& graph, View<double> out) const {
    const bool adamic = method == "adamic_adar", resource = method == "resource_allocation";
    by_rows(task, graph, out, [&](int64_t i, Row row) {
        for (const std::int32_t u : graph.neighbours(i)) {
            const auto k = static_cast<double>(graph.degree(u));
            // A neighbour of i alone has degree 1 and is shared with nobody.
            const double w = k < 2 ? 0 : adamic ? 1 / std::log(k) : resource ? 1 / k : 1;
            for (const std::int32_t j : graph.neighbours(u)) row[static_cast<std::size_t>(j)] += w;
        }
    });
}

void Links::katz(const Task& task, const GraphView& graph, View<double> out) const {
    constexpr int longest = 1000;
    constexpr double negligible = 1e-12;
    by_rows(task, graph, out, [&](int64_t i, Row row) {
        std::vector<double> now(row.size()), next(row.size());
        now[static_cast<std::size_t>(i)] = 1;
        double first = 0;
        for (int length = 1;; ++length) {
            task.check_cancelled();
            double largest = 0;
            for (std::size_t v = 0; v < next.size(); ++v) {
                double sum = 0;
                for (const std::int32_t u : graph.neighbours(static_cast<int64_t>(v)))
                    sum += now[static_cast<std::size_t>(u)];
                next[v] = attenuation * sum;
                row[v] += next[v];
                largest = std::max(largest, next[v]);
            }
            now.swap(next);
            if (length == 1) first = largest;
            if (largest <= negligible * first) break;
            if (length == longest || largest > 1e6)
                throw Invalid("attenuation",
                              "must be below 1 over the largest eigenvalue of the adjacency: the "
                              "sum over paths does not converge");
        }
    });
}

void Links::products(const Task& task, const GraphView& graph, View<double> out) const {
    std::vector<float> drawn;
    int64_t columns = width;
    const float* z = nullptr;
    std::vector<double> degree;
    if (method == "embedding") {
        if (!task.has("embedding"))
            throw Invalid("embedding", "is not given: the method `embedding` scores by it");
        const auto given = task.tensor<float>("embedding");
        z = given.data(), columns = given.axis(1);
    } else if (method == "random") {
        Random random(task.key(1), 0);
        for (int64_t k = 0; k < graph.nodes * width; ++k)
            drawn.push_back(static_cast<float>(random.normal()));
        z = drawn.data();
    } else {
        const auto known = static_cast<double>(graph.nodes - hidden);
        for (int64_t i = 0; i < graph.nodes; ++i)
            degree.push_back(i < graph.nodes - hidden
                                 ? static_cast<double>(graph.degree(i))
                                 : static_cast<double>(graph.entries()) / known);
    }
    by_rows(task, graph, out, [&](int64_t i, Row row) {
        for (int64_t j = 0; j < graph.nodes; ++j) {
            double sum =
                z ? 0 : degree[static_cast<std::size_t>(i)] * degree[static_cast<std::size_t>(j)];
            for (int64_t k = 0; z && k < columns; ++k)
                sum += static_cast<double>(z[i * columns + k]) *
                       static_cast<double>(z[j * columns + k]);
            row[static_cast<std::size_t>(j)] = sum;
        }
    });
}

void Links::block_model(const Task& task, const GraphView& graph, View<double> out) const {
    const int64_t known = graph.nodes - hidden;
    BlockModel model = fit_block_model(task, graph, known, blocks, sweeps, starts, task.key(2));
    // Hidden node k takes the block that holds the k-th of `hidden` evenly spaced shares.
    for (int64_t k = 0; k < hidden; ++k) {
        double left = (static_cast<double>(k) + 0.5) / static_cast<double>(hidden);
        std::int32_t r = 0;
        while (r + 1 < blocks && left > model.share[static_cast<std::size_t>(r)])
            left -= model.share[static_cast<std::size_t>(r++)];
        model.block.push_back(r);
    }
    by_rows(task, graph, out, [&](int64_t i, Row row) {
        const std::int32_t r = model.block[static_cast<std::size_t>(i)];
        for (std::size_t j = 0; j < row.size(); ++j)
            row[j] = model.density[static_cast<std::size_t>(r * blocks + model.block[j])];
    });
}

void Links::kronecker(const Task& task, const GraphView& graph, View<double> out) const {
    const int64_t known = graph.nodes - hidden;
    bool any = false;
    for (int64_t i = 0; i < known; ++i) any = any || graph.degree(i) > 0;
    if (!any) throw Invalid("graph", "has no edge to fit the method `kronecker` to");
    const KroneckerModel model = fit_kronecker(task, graph, known, rounds, task.key(3));
    by_rows(task, graph, out, [&](int64_t i, Row row) {
        for (int64_t j = 0; j < graph.nodes; ++j) row[static_cast<std::size_t>(j)] = model(i, j);
    });
}

void Links::complete(const Task& task, const GraphView& graph, View<double> scores) const {
    const int64_t n = graph.nodes, known = n - hidden;
    std::vector<WeightedEdge> pairs;
    for (int64_t i = 0; i < n; ++i) {
        const auto row = graph.neighbours(i);
        for (int64_t j = hidden > 0 ? std::max(i + 1, known) : i + 1; j < n; ++j)
            if (!std::ranges::binary_search(row, static_cast<std::int32_t>(j)))
                pairs.push_back(
                    {static_cast<std::int32_t>(i), static_cast<std::int32_t>(j), scores(i, j)});
    }
    int64_t count = edges;
    const auto all = [](int64_t nodes) {
        return static_cast<double>(nodes) * static_cast<double>(nodes - 1) / 2;
    };
    if (count == 0 && hidden > 0 && known > 1)
        count = std::llround(static_cast<double>(graph.entries()) / 2 * (all(n) - all(known)) /
                             all(known));
    if (edges > static_cast<int64_t>(pairs.size()))
        throw Invalid("edges", "must not exceed the pairs that can be added, " +
                                   std::to_string(pairs.size()));
    count = std::min(count, static_cast<int64_t>(pairs.size()));
    std::partial_sort(pairs.begin(), pairs.begin() + count, pairs.end(),
                      [](const WeightedEdge& a, const WeightedEdge& b) {
                          return a.weight != b.weight ? a.weight > b.weight
                                 : a.from != b.from   ? a.from < b.from
                                                      : a.to < b.to;
                      });
    pairs.resize(static_cast<std::size_t>(count));
    const std::vector<WeightedEdge> seen = edges_of(graph);
    pairs.insert(pairs.end(), seen.begin(), seen.end());
    write_edges(task, "completed", n, pairs, false);
}

void Links::run(const Task& task) const {
    const GraphView graph = task.graph("graph");
    if (graph.directed) throw Invalid("graph", "must be undirected, is directed");
    if (hidden > graph.nodes - 2 && hidden > 0)
        throw Invalid("hidden", "leaves fewer than two known nodes: the graph has " +
                                    std::to_string(graph.nodes));
    const View<double> out = task.output<double>("scores", {graph.nodes, graph.nodes});
    if (method == "katz")
        katz(task, graph, out);
    else if (method == "block_model")
        block_model(task, graph, out);
    else if (method == "kronecker")
        kronecker(task, graph, out);
    else if (method == "random" || method == "embedding" || method == "preferential_attachment")
        products(task, graph, out);
    else
        shared_neighbours(task, graph, out);
    complete(task, graph, out);
}

} // namespace
} // namespace espalier::completion

ESPALIER_COMPONENT(links, espalier::completion::Links)
