// SPDX-License-Identifier: MIT
// The small world: a ring lattice of which some edges are moved.
#include "edge_edits.hpp"
#include "ring_lattice.hpp"
#include "skips.hpp"

namespace espalier::networks {
namespace {

constexpr uint64_t moved_stream = 1, target_stream = 2, repair_stream = 3;
constexpr int tries_at_a_node = 64; // before a node counts as joined to all others

struct WattsStrogatz {
    int64_t nodes = 100;
    int64_t neighbours = 4;
    double rewiring = 0.1;
    bool positions = true;

    static void describe(Schema<WattsStrogatz>& s);
    void check() const { check_ring(nodes, neighbours); }
    void run(const Task& task) const;
};

void WattsStrogatz::describe(Schema<WattsStrogatz>& s) {
    s.generator("watts_strogatz", "Small world: ring lattice with random rewiring")
        .doc(
            R"(In a ring of $n$ nodes each is joined to its $k$ nearest (`neighbours`). Every edge $(i, i + j)$,
$1 \le j \le k/2$, is moved with probability $\beta$ (`rewiring`): it keeps $i$ and gets another end, uniform among the
nodes to which $i$ is not joined. The graph stays simple and keeps its $nk/2$ edges; no degree falls below $k/2$.

Clustering falls slowly, about as $C(\beta) = C(0)(1-\beta)^3$ with $C(0) = \frac{3(k-2)}{4(k-1)}$, while distances
shrink as soon as $\beta n k \gg 1$.

It is decided first which edges are moved, so that a moved edge may take a place that another one left. Where two moved
edges meet, the one of the larger node is drawn again; should its node be joined to all others, it goes to a random free
pair (this needs $k$ close to $n$).)")
        .reference("doi:10.1038/30918")
        .example("local g = esp.generate.watts_strogatz { nodes = 1000, neighbours = 6, rewiring = "
                 "0.1, seed = 1 }.graph")
        .random();
    s.param("nodes", &WattsStrogatz::nodes)
        .range(1, most_nodes)
        .doc("Number of nodes.")
        .log_scale();
    s.param("neighbours", &WattsStrogatz::neighbours)
        .range(0, 1e6)
        .doc("Degree in the ring: even, below `nodes`.");
    s.param("rewiring", &WattsStrogatz::rewiring)
        .range(0, 1)
        .doc("Probability that an edge is moved.");
    s.param("positions", &WattsStrogatz::positions)
        .doc("Whether nodes get places on the unit circle.");
    s.output_graph("graph", "Undirected, simple.");
}

// Edge i * half + j - 1 of the ring goes from node i to node i + j.
class SmallWorld {
public:
    SmallWorld(const Task& task, int64_t nodes, int64_t half, double rewiring)
        : task_(task), nodes_(nodes), half_(half),
          grain_(BlockLayout::of(nodes, 2 * nodes * half).rows()), moved_(nodes * half),
          edges_(nodes * half) {
        mark_moved(rewiring);
        draw_ends();
    }

    RowBlocks rows() {
        RowBlocks rows = sort_edges(task_, nodes_, edges_.span());
        repair(rows);
        return rows;
    }

private:
    bool kept(int64_t edge) const noexcept { return !moved_[edge]; }
    int32_t at(int64_t i, int64_t step) const noexcept {
        return static_cast<int32_t>(i + step < nodes_ ? i + step : i + step - nodes_);
    }
    // Whether an edge of the ring between i and w stayed.
    bool lattice_joins(int64_t i, int64_t w) const noexcept {
        const int64_t ahead = w >= i ? w - i : w - i + nodes_;
        if (ahead <= half_) return kept(i * half_ + ahead - 1);
        return nodes_ - ahead <= half_ && kept(w * half_ + nodes_ - ahead - 1);
    }

    void mark_moved(double rewiring);
    void draw_ends();
    void draw_ends_of(int64_t i, Random random);
    void repair(RowBlocks& rows);

    const Task& task_;
    int64_t nodes_, half_, grain_;
    Scratch<uint8_t> moved_;
    Scratch<Edge> edges_;
};

void SmallWorld::mark_moved(double rewiring) {
    const Key key = task_.key(moved_stream);
    task_.parallel_for(nodes_, grain_, [&](int64_t begin, int64_t end, int64_t chunk) {
        std::fill(moved_.data() + begin * half_, moved_.data() + end * half_, uint8_t{0});
        if (rewiring <= 0) return;
        GeometricSkips skips(rewiring, key, static_cast<uint32_t>(chunk));
        const int64_t last = end * half_;
        for (int64_t e = begin * half_ + skips.next(); e < last; e += 1 + skips.next())
            moved_[e] = 1;
    });
}

void SmallWorld::draw_ends() {
    const Key key = task_.key(target_stream);
    task_.parallel_for(nodes_, grain_, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) {
            bool moves = false;
            for (int64_t j = 1; j <= half_; ++j) {
                edges_[i * half_ + j - 1] = {static_cast<int32_t>(i), at(i, j)};
                moves |= !kept(i * half_ + j - 1);
            }
            if (moves) draw_ends_of(i, Random(key, static_cast<uint32_t>(i)));
        }
    });
}

// Sees the edges that stayed and the node's own moved edges; repair() sees the rest.
void SmallWorld::draw_ends_of(int64_t i, Random random) {
    const int64_t first = i * half_;
    const auto taken = [&](int32_t w, int64_t before) {
        if (w == i || lattice_joins(i, w)) return true;
        for (int64_t e = first; e < before; ++e)
            if (!kept(e) && edges_[e].to == w) return true;
        return false;
    };
    for (int64_t e = first; e < first + half_; ++e) {
        if (kept(e)) continue;
        for (int tries = 0; tries < tries_at_a_node; ++tries) {
            edges_[e].to = static_cast<int32_t>(random.below(static_cast<uint64_t>(nodes_)));
            if (!taken(edges_[e].to, e)) break;
        }
    }
}

void SmallWorld::repair(RowBlocks& rows) {
    const std::vector<Edge> repeated = make_simple(task_, rows);
    if (repeated.empty()) return;
    EdgeEdits edits(rows);
    Random random(task_.key(repair_stream), 0);
    const auto any_node = [&] {
        return static_cast<int32_t>(random.below(static_cast<uint64_t>(nodes_)));
    };
    for (const Edge& lost : repeated) {
        Edge e{std::max(lost.from, lost.to), any_node()};
        for (int64_t tries = 1; e.from == e.to || edits.contains(e); ++tries) {
            if (tries % tries_at_a_node == 0) e.from = any_node(), task_.check_cancelled();
            e.to = any_node();
        }
        edits.insert(e);
    }
    edits.apply(task_);
}

void WattsStrogatz::run(const Task& task) const {
    SmallWorld world(task, nodes, neighbours / 2, rewiring);
    task.progress(0.3, "sorting edges");
    const RowBlocks rows = world.rows();
    task.progress(0.6, "writing rows");
    const GraphOutput out = write_undirected(task, "graph", rows, Stored::upper);
    if (positions) write_ring_positions(task, out, nodes);
}

} // namespace
} // namespace espalier::networks

ESPALIER_COMPONENT(watts_strogatz, espalier::networks::WattsStrogatz)
