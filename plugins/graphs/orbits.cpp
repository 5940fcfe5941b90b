// SPDX-License-Identifier: MIT
// Orbits: how often a node plays each part in the connected subgraphs of two to four nodes.
#include "rows.hpp"
#include "upward.hpp"

#include <espalier/plugin.hpp>

#include <algorithm>
#include <array>
#include <atomic>

namespace espalier::graphs {
namespace {

constexpr int64_t orbit_count = 15;

struct Orbits {
    static void describe(Schema<Orbits>& s);
    void run(const Task& task) const;
};

void Orbits::describe(Schema<Orbits>& s) {
    s.analyzer("orbits", "Parts that nodes play in connected subgraphs of up to four nodes")
        .doc(
            R"(How many induced connected subgraphs of 2, 3 and 4 nodes hold the node, by the part that it plays there (the
orbits of Przulj 2007):

    0 edge                        7 centre of a star of four       11 of a triangle with a tail, where it hangs
    1, 2 path of three: end,      8 cycle of four                  12, 13 of a cycle of four with one chord:
         middle                   9 of a triangle with a tail,        off the chord, on it
    3 triangle                       the end of the tail           14 complete graph of four
    4, 5 path of four: end,      10 of a triangle with a tail,
         middle                      one of the two without it
    6 leaf of a star of four

Self-loops and weights are left aside. Subgraphs that need not be induced are counted by degrees, triangles of edges and
cycles of four; the complete graphs are listed, and each count less what denser graphs contribute gives the induced
ones, as ORCA solves for them (Hocevar and Demsar 2014). Time: edges x the smaller degree of their ends, and the
complete graphs.)")
        .reference("doi:10.1093/bioinformatics/btt717")
        .example("local o = esp.analyze.orbits { graph = g }; print(o.orbits)");
    s.input_graph("graph", "Undirected.");
    s.output_tensor<int64_t>("orbits", "node, orbit", "Counts of orbits 0 .. 14.");
    s.output_tensor<int64_t>("subgraphs", "subgraph",
                             "Of the whole graph: edge, path, triangle; path of four, star, cycle, "
                             "triangle with a tail, cycle with a chord, complete graph.");
}

// Whole numbers: the order in which threads add does not matter.
void add(int64_t& to, int64_t n) {
    if (n != 0) std::atomic_ref(to).fetch_add(n, std::memory_order_relaxed);
}

constexpr int64_t pairs_of(int64_t n) { return n * (n - 1) / 2; }

// What is counted once and read by all formulas.
class Counted {
public:
    Counted(const Task& task, const GraphView& graph)
        : graph_(graph), up_(graph, task), of_edge(up_.targets.size()), triangles(nodes()),
          opposite(nodes()), cliques(nodes()), squares(nodes()) {
        count_triangles(task);
        count_opposite_and_cliques(task);
        count_squares(task);
    }

    const GraphView graph_;
    const Upward up_;
    std::vector<int64_t> of_edge;   // triangles of each entry of up_
    std::vector<int64_t> triangles; // through each node
    std::vector<int64_t> opposite;  // sum over its triangles of the other triangles of the far edge
    std::vector<int64_t> cliques;   // complete graphs of four through each node
    std::vector<int64_t> squares;   // cycles of four through each node, induced or not

    template <class Visit> void each_edge(const Task& task, Visit&& visit) const {
        task.parallel_for(graph_.nodes, Upward::grain, [&](int64_t begin, int64_t end) {
            for (int64_t v = begin; v < end; ++v)
                for (int64_t k = up_.offsets[v]; k < up_.offsets[v + 1]; ++k)
                    visit(v, int64_t{up_.targets[k]}, of_edge[k]);
        });
    }

private:
    std::size_t nodes() const { return static_cast<std::size_t>(graph_.nodes); }

    // visit(v, u, w, entries v-u, v-w, u-w) for each triangle of the nodes [begin, end).
    template <class Visit> void each_triangle(int64_t begin, int64_t end, Visit&& visit) const {
        for (int64_t v = begin; v < end; ++v)
            for (int64_t k = up_.offsets[v]; k < up_.offsets[v + 1]; ++k) {
                const int32_t u = up_.targets[k];
                intersect(up_.row(v), up_.row(u), [&](int32_t w, std::size_t i, std::size_t j) {
                    visit(v, u, w, k, up_.offsets[v] + static_cast<int64_t>(i),
                          up_.offsets[u] + static_cast<int64_t>(j));
                });
            }
    }

    void count_triangles(const Task& task) {
        task.parallel_for(graph_.nodes, grain, [&](int64_t begin, int64_t end) {
            each_triangle(begin, end,
                          [&](int64_t v, int32_t u, int32_t w, int64_t vu, int64_t vw, int64_t uw) {
                              for (const int64_t node : {v, int64_t{u}, int64_t{w}})
                                  add(triangles[node], 1);
                              for (const int64_t entry : {vu, vw, uw}) add(of_edge[entry], 1);
                          });
        });
    }

    void count_opposite_and_cliques(const Task& task) {
        task.parallel_for(graph_.nodes, grain, [&](int64_t begin, int64_t end) {
            each_triangle(begin, end,
                          [&](int64_t v, int32_t u, int32_t w, int64_t vu, int64_t vw, int64_t uw) {
                              add(opposite[v], of_edge[uw] - 1);
                              add(opposite[u], of_edge[vw] - 1);
                              add(opposite[w], of_edge[vu] - 1);
                          });
            std::vector<int32_t> both;
            for (int64_t v = begin; v < end; ++v)
                for (const int32_t u : up_.row(v)) {
                    both.clear();
                    intersect(up_.row(v), up_.row(u),
                              [&](int32_t w, std::size_t, std::size_t) { both.push_back(w); });
                    for (const int32_t w : both)
                        intersect(both, up_.row(w), [&](int32_t x, std::size_t, std::size_t) {
                            for (const int64_t node : {v, int64_t{u}, int64_t{w}, int64_t{x}})
                                add(cliques[node], 1);
                        });
                }
        });
    }

    // Each cycle from its highest node v: over the two paths v - u - w to the node across, all
    // three below v (Chiba and Nishizeki 1985, doi:10.1137/0214017).
    void count_squares(const Task& task) {
        const auto below = [&](int64_t a, int64_t b) {
            const int64_t i = graph_.degree(a), j = graph_.degree(b);
            return i != j ? i < j : a < b;
        };
        task.parallel_for(
            graph_.nodes, std::max<int64_t>(grain, graph_.nodes / 64),
            [&](int64_t begin, int64_t end) {
                std::vector<int64_t> paths(nodes());
                std::vector<int32_t> across;
                const auto each_path = [&](int64_t v, auto&& visit) {
                    for (const int32_t u : graph_.neighbours(v)) {
                        if (!below(u, v)) continue;
                        for (const int32_t w : graph_.neighbours(u))
                            if (w != v && below(w, v)) visit(u, w);
                    }
                };
                for (int64_t v = begin; v < end; ++v) {
                    each_path(v, [&](int32_t, int32_t w) {
                        if (paths[w]++ == 0) across.push_back(w);
                    });
                    each_path(v, [&](int32_t u, int32_t w) { add(squares[u], paths[w] - 1); });
                    for (const int32_t w : across) {
                        add(squares[v], pairs_of(paths[w])), add(squares[w], pairs_of(paths[w]));
                        paths[w] = 0;
                    }
                    across.clear();
                }
            });
    }

    static constexpr int64_t grain = 256;
};

void Orbits::run(const Task& task) const {
    std::optional<Rows> kept;
    const GraphView graph = simple(task.graph("graph"), kept);
    const auto orbits = task.output<int64_t>("orbits", {graph.nodes, orbit_count});
    const Counted counted(task, graph);
    const auto n = static_cast<std::size_t>(graph.nodes);
    std::vector<int64_t> beyond(n); // sum over neighbours of degree - 1
    counted.each_edge(task, [&](int64_t v, int64_t u, int64_t) {
        add(beyond[v], graph.degree(u) - 1), add(beyond[u], graph.degree(v) - 1);
    });
    // Copies of each subgraph that need not be induced, by the part of the node.
    std::vector<std::array<int64_t, orbit_count>> any(n);
    const auto from_end = [&](int64_t x, int64_t y, int64_t t) {
        const int64_t dx = graph.degree(x) - 1, dy = graph.degree(y) - 1;
        add(any[x][4], beyond[y] - dx);
        add(any[x][5], dx * dy - t);
        add(any[x][6], pairs_of(dy));
        add(any[x][9], counted.triangles[y] - t);
        add(any[x][10], t * (dy - 1));
        add(any[x][13], pairs_of(t));
    };
    counted.each_edge(
        task, [&](int64_t v, int64_t u, int64_t t) { from_end(v, u, t), from_end(u, v, t); });
    task.check_cancelled();
    std::array<int64_t, orbit_count> all{};
    for (int64_t x = 0; x < graph.nodes; ++x) {
        const int64_t d = graph.degree(x), t = counted.triangles[x], full = counted.cliques[x];
        const auto& a = any[x];
        std::array<int64_t, orbit_count> o{};
        o[0] = d;
        o[1] = beyond[x] - 2 * t;
        o[2] = pairs_of(d) - t;
        o[3] = t;
        o[14] = full;
        o[13] = a[13] - 3 * full;
        o[12] = counted.opposite[x] - 3 * full;
        o[11] = t * (d - 2) - 2 * o[13] - 3 * full;
        o[10] = a[10] - 2 * o[13] - 2 * o[12] - 6 * full;
        o[9] = a[9] - 2 * o[12] - 3 * full;
        o[8] = counted.squares[x] - o[12] - o[13] - full * 3;
        o[7] = pairs_of(d) * (d - 2) / 3 - o[11] - o[13] - full;
        o[6] = a[6] - o[9] - o[10] - o[13] - 2 * o[12] - 3 * full;
        o[5] = a[5] - 2 * o[8] - 2 * o[11] - o[10] - 2 * o[12] - 4 * o[13] - 6 * full;
        o[4] = a[4] - 2 * t - 2 * o[8] - 2 * o[9] - o[10] - 4 * o[12] - 2 * o[13] - 6 * full;
        for (int64_t k = 0; k < orbit_count; ++k) orbits(x, k) = o[k], all[k] += o[k];
    }
    const auto subgraphs = task.output<int64_t>("subgraphs", {9});
    const std::array<int64_t, 9> whole{all[0] / 2, all[2], all[3] / 3,  all[4] / 2, all[7],
                                       all[8] / 4, all[9], all[12] / 2, all[14] / 4};
    std::ranges::copy(whole, subgraphs.begin());
}

} // namespace
} // namespace espalier::graphs

ESPALIER_COMPONENT(orbits, espalier::graphs::Orbits)
