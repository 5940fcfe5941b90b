// SPDX-License-Identifier: MIT
// Random graphs of given expected degrees.
#include "falling_weights.hpp"
#include "unequal_trials.hpp"
#include "wording.hpp"

#include <cmath>
#include <numeric>

namespace espalier::networks {
namespace {

constexpr uint64_t edge_stream = 1;

struct ChungLu {
    std::vector<double> expected;
    int64_t nodes = 1000;
    double mean_degree = 10;
    double exponent = 2.5;
    double max_degree = 0;

    static void describe(Schema<ChungLu>& s);
    void check() const;
    void run(const Task& task) const;

private:
    double largest() const noexcept {
        return max_degree > 0 ? max_degree : std::sqrt(mean_degree * static_cast<double>(nodes));
    }
};

void ChungLu::describe(Schema<ChungLu>& s) {
    s.generator("chung_lu", "Random graph with given expected degrees")
        .doc(
            R"(Nodes $u \ne v$ are joined independently with probability

$$p_{uv} = \min\left(1, \frac{w_u w_v}{\sum_x w_x}\right),$$

so that node $v$ has the expected degree $w_v - w_v^2/\sum_x w_x$ where no probability is cut at 1 (Chung and Lu 2002).
The $w_v$ are those of `expected`; without that list they are

$$w_i \propto (i + i_0)^{-1/(\gamma - 1)}, \qquad i = 0 \ldots n-1,$$

with mean `mean_degree`, and $i_0$ such that the largest is about `max_degree`: nodes are numbered by falling expected
degree, and degrees follow a power law with `exponent` $\gamma$. With the usual `max_degree`, $\sqrt{\sum_x w_x}$, no
probability is cut.)")
        .reference("doi:10.1073/pnas.252631999")
        .example(
            "local g = esp.generate.chung_lu { nodes = 10000, exponent = 2.3, seed = 1 }.graph")
        .random();
    s.param("expected", &ChungLu::expected)
        .min(0)
        .doc("Expected degree of each node; empty: a power law.");
    s.param("nodes", &ChungLu::nodes)
        .range(1, most_nodes)
        .doc("Number of nodes of the power law; a list of expected degrees has its own.")
        .log_scale();
    s.param("mean_degree", &ChungLu::mean_degree)
        .min(0)
        .doc("Mean expected degree of the power law.");
    s.param("exponent", &ChungLu::exponent).above(2).max(100).doc("Exponent of the power law.");
    s.param("max_degree", &ChungLu::max_degree)
        .min(0)
        .doc(
            "Largest expected degree of the power law, about; 0: such that no probability is cut.");
    s.output_graph("graph", "Undirected, simple.");
    s.output_tensor<double>("expected", "node", "The weights $w_v$.");
}

void ChungLu::check() const {
    double sum = mean_degree * static_cast<double>(nodes);
    if (!expected.empty()) sum = std::accumulate(expected.begin(), expected.end(), 0.0);
    if (!(sum <= 2 * static_cast<double>(most_edges)))
        throw Invalid(expected.empty() ? "mean_degree" : "expected",
                      "asks for about " + number(std::round(sum / 2)) + " edges; at most " +
                          number(most_edges) + " are made");
    if (!expected.empty()) return;
    if (mean_degree > static_cast<double>(nodes - 1))
        throw Invalid("mean_degree", "must be at most " + number(nodes - 1) + " with " +
                                         number(nodes) + " nodes, is " + number(mean_degree));
    if (max_degree > 0 && max_degree < mean_degree)
        throw Invalid("max_degree", "must be at least mean_degree, " + number(mean_degree) +
                                        ", is " + number(max_degree));
}

// Row u holds the trials of u with every later node.
RowBlocks draw(const Task& task, std::span<const double> weights, double sum) {
    const auto nodes = static_cast<int64_t>(weights.size());
    RowBlocks rows{BlockLayout::of(nodes, static_cast<int64_t>(sum)), {}};
    const BlockLayout& layout = rows.layout;
    rows.blocks.resize(index_of(layout.blocks()));
    const Key key = task.key(edge_stream);
    task.parallel_for(layout.blocks(), 1, [&](int64_t b, int64_t) {
        RowBlock& block = rows.blocks[index_of(b)];
        block.starts.push_back(0);
        UnequalTrials trials(key, static_cast<uint32_t>(b));
        double wait = trials.next_wait();
        for (int64_t u = layout.first(b); u < layout.last(b); ++u) {
            if (sum > 0)
                trials.visit(weights[index_of(u)] / sum, weights.data(), u + 1, nodes, wait,
                             [&](int64_t v) { block.storage.push_back(static_cast<int32_t>(v)); });
            block.starts.push_back(static_cast<uint32_t>(block.storage.size()));
        }
        block.targets = block.storage.data();
    });
    return rows;
}

// The same rows with node ranks[i] in the place of i.
RowBlocks renumbered(const Task& task, const RowBlocks& rows, std::span<const int32_t> ranks) {
    std::vector<Edge> edges;
    edges.reserve(index_of(rows.entries()));
    for (int64_t u = 0; u < rows.layout.nodes; ++u)
        for (const int32_t v : rows.row(u))
            edges.push_back({ranks[index_of(u)], ranks[index_of(v)]});
    return sort_edges(task, rows.layout.nodes, edges);
}

void ChungLu::run(const Task& task) const {
    const int64_t n = expected.empty() ? nodes : static_cast<int64_t>(expected.size());
    const View<double> wanted = task.output<double>("expected", {n});
    if (expected.empty()) {
        fill_falling_weights(task, wanted.flat(), exponent,
                             mean_degree > 0 ? std::max(1.0, largest() / mean_degree) : 1);
        for (double& w : wanted) w *= mean_degree;
        write_undirected(task, "graph",
                         draw(task, wanted.flat(), mean_degree * static_cast<double>(n)),
                         Stored::upper);
        return;
    }
    std::copy(expected.begin(), expected.end(), wanted.begin());
    std::vector<int32_t> order(index_of(n));
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](int32_t a, int32_t b) {
        return expected[index_of(a)] > expected[index_of(b)];
    });
    std::vector<double> weights;
    for (const int32_t v : order) weights.push_back(expected[index_of(v)]);
    const RowBlocks rows =
        draw(task, weights, std::accumulate(weights.begin(), weights.end(), 0.0));
    write_undirected(task, "graph", renumbered(task, rows, order), Stored::upper);
}

} // namespace
} // namespace espalier::networks

ESPALIER_COMPONENT(chung_lu, espalier::networks::ChungLu)
