// SPDX-License-Identifier: MIT
// Random graphs in which all nodes have the same degree.
#include "pairing.hpp"
#include "wording.hpp"

#include <cmath>

namespace espalier::networks {
namespace {

constexpr uint64_t exact_stream = 1, switch_stream = 16; // and up: one a pairing

struct RandomRegular {
    int64_t nodes = 100;
    int64_t degree = 4;
    double mixing = 20;

    static void describe(Schema<RandomRegular>& s);
    void check() const;
    void run(const Task& task) const;

private:
    RowBlocks draw(const Task& task, int64_t k) const;
};

void RandomRegular::describe(Schema<RandomRegular>& s) {
    s.generator("random_regular", "Random graph in which every node has the same degree")
        .doc(
            R"(A simple graph of $n$ nodes, each of degree $d$; $nd$ must be even. For $d \ge 3$ it is connected with
probability tending to 1, and short cycles are rare: the numbers of triangles, squares, ... are about independent Poisson
numbers of mean $(d-1)^\ell / 2\ell$.

How it is drawn depends on $n$ and $d$ alone:

- where random pairings are simple often enough ($e^{(d^2-1)/4}\,nd/2 \le 10^7$), pairings are drawn until one is: every
  $d$-regular graph is exactly equally likely (Bollobás 1980);
- otherwise the self-loops and repeated edges of one pairing are switched away, which is uniform up to a total variation
  that vanishes for $d = o(\sqrt n)$ (REG*, Gao and Wormald 2017). Where $8 d^2 > n$, `mixing` random exchanges of two
  edges are tried for each edge after that: a Markov chain of which the uniform law is the only stationary one;
- for $d > (n-1)/2$ the complement is drawn.)")
        .reference("doi:10.1137/15M1052779")
        .example(
            "local g = esp.generate.random_regular { nodes = 100, degree = 3, seed = 1 }.graph")
        .random();
    s.param("nodes", &RandomRegular::nodes)
        .range(1, most_nodes)
        .doc("Number of nodes.")
        .log_scale();
    s.param("degree", &RandomRegular::degree)
        .range(0, 1e6)
        .doc("Degree of every node: below `nodes`, and even when `nodes` is odd.");
    s.param("mixing", &RandomRegular::mixing)
        .range(0, 1e6)
        .doc("Random exchanges tried for each edge of a dense graph.")
        .advanced();
    s.output_graph("graph", "Undirected, simple.");
}

void RandomRegular::check() const {
    if (degree >= nodes)
        throw Invalid("degree", "must be below the number of nodes, " + number(nodes) + ", is " +
                                    number(degree));
    if (nodes % 2 != 0 && degree % 2 != 0)
        throw Invalid("degree",
                      "must be even when the number of nodes is odd, is " + number(degree));
    if (nodes * degree / 2 > most_edges)
        throw Invalid("degree", "asks for " + number(nodes * degree / 2) + " edges; at most " +
                                    number(most_edges) + " are made");
}

// Every pair that is not joined.
RowBlocks complement(const Task& task, const RowBlocks& rows) {
    RowBlocks others{rows.layout, std::vector<RowBlock>(rows.blocks.size())};
    task.parallel_for(rows.layout.blocks(), 1, [&](int64_t b, int64_t) {
        RowBlock& block = others.blocks[index_of(b)];
        block.starts.push_back(0);
        for (int64_t v = rows.layout.first(b); v < rows.layout.last(b); ++v) {
            const auto row = rows.row(v);
            auto next = row.begin();
            for (int64_t w = v + 1; w < rows.layout.nodes; ++w) {
                if (next != row.end() && *next == w)
                    ++next;
                else
                    block.storage.push_back(static_cast<int32_t>(w));
            }
            block.starts.push_back(static_cast<uint32_t>(block.storage.size()));
        }
        block.targets = block.storage.data();
    });
    return others;
}

RowBlocks RandomRegular::draw(const Task& task, int64_t k) const {
    const std::vector<int32_t> degrees(index_of(nodes), static_cast<int32_t>(k));
    const auto d = static_cast<double>(k), n = static_cast<double>(nodes);
    const double log_attempts = (d * d - 1) / 4, log_work = log_attempts + std::log(n * d / 2 + 1);
    if (log_work <= std::log(1e7)) {
        const auto attempts = static_cast<int64_t>(1000 + 100 * std::exp(log_attempts));
        if (const auto edges =
                pair_until_simple(task, degrees, attempts, Random(task.key(exact_stream), 0)))
            return sort_edges(task, nodes, *edges);
    }
    const double mixed = 8 * d * d > n ? mixing : 0;
    if (auto rows = pair_and_switch(task, degrees, mixed, switch_stream)) return std::move(*rows);
    throw Error(ESP_FAILED, "degree", "no simple graph was found in 100 pairings");
}

void RandomRegular::run(const Task& task) const {
    const bool dense = 2 * degree > nodes - 1;
    RowBlocks rows = draw(task, dense ? nodes - 1 - degree : degree);
    task.progress(0.6, "writing rows");
    if (dense) rows = complement(task, rows);
    write_undirected(task, "graph", rows, Stored::upper);
}

} // namespace
} // namespace espalier::networks

ESPALIER_COMPONENT(random_regular, espalier::networks::RandomRegular)
