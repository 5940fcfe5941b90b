// SPDX-License-Identifier: MIT
// The random graphs of Gilbert, G(n, p), and of Erdos and Renyi, G(n, m).
#include "compressed_rows.hpp"
#include "edge_edits.hpp"
#include "skips.hpp"
#include "wording.hpp"

#include <cmath>

namespace espalier::networks {
namespace {

constexpr uint64_t edge_stream = 1, surplus_stream = 2;
constexpr double not_given = -1, usual_mean_degree = 4;

struct ErdosRenyi {
    int64_t nodes = 100;
    double probability = not_given;
    int64_t edges = -1;
    double mean_degree = not_given;
    bool directed = false;
    bool self_loops = false;

    static void describe(Schema<ErdosRenyi>& s);
    void check() const;
    void run(const Task& task) const;

private:
    // Places for edges in row u, and in all rows.
    int64_t places(int64_t u) const noexcept {
        return (directed ? nodes - 1 : nodes - 1 - u) + (self_loops ? 1 : 0);
    }
    double all_places() const noexcept;
    double probability_wanted() const noexcept;
    RowBlocks draw(const Task& task, double p, uint32_t attempt) const;
    RowBlocks draw_exactly(const Task& task) const;
    template <class Target>
    void draw_block(GeometricSkips skips, int64_t first, int64_t last, RowBlock& block,
                    Target&& target) const;
};

void ErdosRenyi::describe(Schema<ErdosRenyi>& s) {
    s.generator("erdos_renyi", "Random graph: every pair of nodes joined with one probability")
        .doc(
            R"(Every possible edge is present independently with probability $p$ (G(n, p), Gilbert 1959); with
`edges` = $m$ instead, every graph of exactly $m$ edges is equally likely (G(n, m), Erdős and Rényi 1959).

An undirected graph of $n$ nodes has $n(n-1)/2$ places for edges, a directed one $n(n-1)$, and $n$ more with
`self_loops`. Degrees are binomial with mean $\langle k\rangle = p(n-1)$; above $\langle k\rangle = 1$ a giant
component holds the share $S = 1 - e^{-\langle k\rangle S}$ of all nodes.

Give one of `probability`, `edges` and `mean_degree`; with none of them the mean degree is 4. G(n, p) jumps from
edge to edge by geometric skips, so the work grows with the edges and not with the pairs; G(n, m) thins a G(n, p)
that holds slightly more than $m$ edges, which leaves every $m$-edge graph equally likely.)")
        .reference("doi:10.1103/PhysRevE.71.036113")
        .example(
            "local g = esp.generate.erdos_renyi { nodes = 1000, mean_degree = 6, seed = 1 }.graph")
        .random();
    s.param("nodes", &ErdosRenyi::nodes).range(1, most_nodes).doc("Number of nodes.").log_scale();
    s.param("probability", &ErdosRenyi::probability)
        .range(-1, 1)
        .doc("Probability of each possible edge; -1: not given.");
    s.param("edges", &ErdosRenyi::edges)
        .range(-1, most_edges)
        .doc("Exact number of edges; -1: not given.");
    s.param("mean_degree", &ErdosRenyi::mean_degree)
        .min(-1)
        .doc("Expected edges at a node (leaving it, when directed); -1: not given.");
    s.param("directed", &ErdosRenyi::directed).doc("Whether edges have a direction.");
    s.param("self_loops", &ErdosRenyi::self_loops)
        .doc("Whether a node may be joined to itself.")
        .advanced();
    s.output_graph("graph", "The graph, each edge once.");
}

double ErdosRenyi::all_places() const noexcept {
    const auto n = static_cast<double>(nodes);
    return n * (n - 1) / (directed ? 1 : 2) + (self_loops ? n : 0);
}

double ErdosRenyi::probability_wanted() const noexcept {
    if (probability >= 0) return probability;
    const auto most = static_cast<double>(nodes - 1 + (self_loops ? 1 : 0));
    const double mean = mean_degree >= 0 ? mean_degree : std::min(usual_mean_degree, most);
    return most > 0 ? mean / most : 0;
}

void ErdosRenyi::check() const {
    if (probability < 0 && probability != not_given)
        throw Invalid("probability", "must be in [0, 1], is " + number(probability));
    if (mean_degree < 0 && mean_degree != not_given)
        throw Invalid("mean_degree", "must be >= 0, is " + number(mean_degree));
    const bool by_probability = probability >= 0, by_edges = edges >= 0, by_mean = mean_degree >= 0;
    if (by_probability + by_edges + by_mean > 1)
        throw Invalid(by_edges ? "edges" : "mean_degree",
                      std::string("excludes '") + (by_probability ? "probability" : "mean_degree") +
                          "': give one of probability, edges, mean_degree");
    const auto most = static_cast<double>(nodes - 1 + (self_loops ? 1 : 0));
    if (mean_degree > most)
        throw Invalid("mean_degree", "must be at most " + number(most) + " with " + number(nodes) +
                                         " nodes, is " + number(mean_degree));
    if (by_edges && static_cast<double>(edges) > all_places())
        throw Invalid("edges", "must be at most " + number(all_places()) + ", the pairs of " +
                                   number(nodes) + " nodes, is " + number(edges));
    const double expected = by_edges ? 0 : probability_wanted() * all_places();
    if (expected > static_cast<double>(most_edges))
        throw Invalid(by_probability ? "probability"
                      : by_mean      ? "mean_degree"
                                     : "nodes",
                      "asks for about " + number(std::round(expected)) + " edges; at most " +
                          number(most_edges) + " are made");
}

// Places of the rows first .. last - 1 in one row of trials.
template <class Target>
void ErdosRenyi::draw_block(GeometricSkips skips, int64_t first, int64_t last, RowBlock& block,
                            Target&& target) const {
    int64_t u = first, row = places(u), place = 0;
    for (;;) {
        place += skips.next();
        while (place >= row) {
            block.starts[index_of(u - first) + 1] = static_cast<uint32_t>(block.storage.size());
            if (++u == last) return;
            place -= row;
            row = places(u);
        }
        block.storage.push_back(static_cast<int32_t>(target(u, place)));
        ++place;
    }
}

RowBlocks ErdosRenyi::draw(const Task& task, double p, uint32_t attempt) const {
    const double expected = p * all_places();
    RowBlocks rows{BlockLayout::of(nodes, static_cast<int64_t>(expected * (directed ? 1 : 2))), {}};
    const BlockLayout& layout = rows.layout;
    rows.blocks.resize(index_of(layout.blocks()));
    const Key key = task.key(edge_stream);
    task.parallel_for(layout.blocks(), 1, [&](int64_t b, int64_t) {
        RowBlock& block = rows.blocks[index_of(b)];
        const int64_t first = layout.first(b), last = layout.last(b);
        block.starts.assign(index_of(last - first) + 1, 0);
        if (p <= 0) return;
        const double mean =
            p * static_cast<double>(last - first) *
            (static_cast<double>(places(first)) + static_cast<double>(places(last - 1))) / 2;
        block.storage.reserve(static_cast<std::size_t>(mean + 5 * std::sqrt(mean) + 16));
        const GeometricSkips skips(p, key, static_cast<uint32_t>(b), attempt);
        if (directed && !self_loops)
            draw_block(skips, first, last, block,
                       [](int64_t u, int64_t place) { return place + (place >= u); });
        else if (directed)
            draw_block(skips, first, last, block, [](int64_t, int64_t place) { return place; });
        else
            draw_block(
                skips, first, last, block,
                [skip = self_loops ? 0 : 1](int64_t u, int64_t place) { return u + skip + place; });
        block.targets = block.storage.data();
    });
    return rows;
}

// G(n, p) given that it has K edges is uniform over the graphs of K edges, and taking K - m of them
// away at random leaves a uniform graph of m. p is chosen so that fewer than m are rare; then all
// is drawn again.
RowBlocks ErdosRenyi::draw_exactly(const Task& task) const {
    const auto wanted = static_cast<double>(edges);
    const double p = std::min(1.0, (wanted + 4 * std::sqrt(wanted) + 8) / all_places());
    RowBlocks rows = draw(task, p, 0);
    for (uint32_t attempt = 1; rows.entries() < edges; ++attempt) rows = draw(task, p, attempt);
    remove_surplus(task, rows, edges, Random(task.key(surplus_stream), 0));
    return rows;
}

void ErdosRenyi::run(const Task& task) const {
    const bool exactly = edges >= 0 && all_places() > 0;
    const RowBlocks rows =
        exactly ? draw_exactly(task) : draw(task, edges >= 0 ? 0 : probability_wanted(), 0);
    task.progress(0.5, "writing rows");
    if (directed)
        write_directed(task, "graph", rows);
    else
        write_undirected(task, "graph", rows, Stored::upper);
}

} // namespace
} // namespace espalier::networks

ESPALIER_COMPONENT(erdos_renyi, espalier::networks::ErdosRenyi)
