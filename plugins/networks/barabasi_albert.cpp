// SPDX-License-Identifier: MIT
// Growth by preferential attachment.
#include "compressed_rows.hpp"
#include "edge_set.hpp"
#include "wording.hpp"

#include <espalier/random.hpp>

namespace espalier::networks {
namespace {

constexpr uint64_t attachment_stream = 1;

struct BarabasiAlbert {
    int64_t nodes = 100;
    int64_t edges_per_node = 2;

    static void describe(Schema<BarabasiAlbert>& s);
    void check() const;
    void run(const Task& task) const;
};

void BarabasiAlbert::describe(Schema<BarabasiAlbert>& s) {
    s.generator("barabasi_albert", "Scale-free network grown by preferential attachment")
        .doc(
            R"(Growth starts from $m + 1$ nodes that are all joined, where $m$ is `edges_per_node`. Every further node
brings $m$ edges to $m$ different earlier nodes, drawn one after the other with probability proportional to the degree
they had when the node came. The graph is connected and simple, no degree is below $m$, and for large graphs

$$P(k) = \frac{2m(m+1)}{k(k+1)(k+2)}, \qquad k \ge m,$$

a power law with exponent 3 (Bollobás, Riordan, Spencer and Tusnády 2001).

An end of an earlier edge taken at random is a node drawn in proportion to its degree. That end is known from the number
of the edge alone, or is the target that edge drew itself, so that most nodes are drawn at once and independently of each
other (retracing: Sanders and Schulz 2016, doi:10.1016/j.ipl.2016.02.009).)")
        .reference("doi:10.1126/science.286.5439.509")
        .example("local g = esp.generate.barabasi_albert { nodes = 1000, edges_per_node = 3, seed "
                 "= 1 }.graph")
        .random();
    s.param("nodes", &BarabasiAlbert::nodes)
        .range(2, most_nodes)
        .doc("Number of nodes, above `edges_per_node`.")
        .log_scale();
    s.param("edges_per_node", &BarabasiAlbert::edges_per_node)
        .range(1, 10000)
        .doc("Edges that each new node brings.");
    s.output_graph("graph", "Undirected, simple, connected.");
}

void BarabasiAlbert::check() const {
    if (edges_per_node >= nodes)
        throw Invalid("edges_per_node", "must be below the number of nodes, " + number(nodes) +
                                            ", is " + number(edges_per_node));
    if (nodes * edges_per_node > most_edges)
        throw Invalid("nodes", "asks for about " + number(nodes * edges_per_node) +
                                   " edges; at most " + number(most_edges) + " are made");
}

// Edges in the order in which they came. Edge e has two ends: number 2e is the node that brought
// it, number 2e + 1 its target.
class Growth {
public:
    Growth(const Task& task, int64_t nodes, int64_t m)
        : task_(task), key_(task.key(attachment_stream)), nodes_(nodes), m_(m),
          targets_(first_edge(nodes)) {
        for (int64_t v = 0; v <= m; ++v)
            for (int64_t j = 0; j < v; ++j) targets_[first_edge(v) + j] = static_cast<int32_t>(j);
    }

    void grow();
    // Row v: the nodes that v chose.
    RowBlocks rows();

private:
    // A node of which a target hangs on a target of its own batch.
    struct Waiting {
        int32_t node;
        bool again; // all its draws, because it chose the same node twice
    };

    int64_t first_edge(int64_t v) const noexcept {
        return v <= m_ ? v * (v - 1) / 2 : m_ * (m_ + 1) / 2 + (v - m_ - 1) * m_;
    }
    int32_t source(int64_t edge) const noexcept {
        const int64_t seed_edges = m_ * (m_ + 1) / 2;
        if (edge >= seed_edges)
            return static_cast<int32_t>(
                m_ + 1 + static_cast<uint32_t>(edge - seed_edges) / static_cast<uint32_t>(m_));
        int32_t v = 1;
        while (first_edge(v + 1) <= edge) ++v;
        return v;
    }
    // A random end of the edges before `v`.
    int64_t draw_end(Random& random, int64_t v) const noexcept {
        return static_cast<int64_t>(random.below(static_cast<uint64_t>(2 * first_edge(v))));
    }
    // The node at an end; ~edge when that is the target of an edge at or after `settled`, which may
    // not be known yet. Without a branch: which case it is cannot be foreseen.
    int32_t node_at(int64_t end, int64_t settled) const noexcept {
        const int64_t edge = end / 2;
        const bool is_target = end % 2 != 0, known = edge < settled;
        const int32_t target = targets_[is_target && known ? edge : 0];
        const int32_t chosen = known ? target : static_cast<int32_t>(~edge);
        return is_target ? chosen : source(edge);
    }
    int32_t draw(Random& random, int64_t v, int64_t settled) const noexcept {
        return node_at(draw_end(random, v), settled);
    }
    std::span<int32_t> chosen(int64_t v) const noexcept {
        return {targets_.data() + first_edge(v), index_of(m_)};
    }

    bool draw_again(int64_t v, int64_t settled, EdgeSet& seen) const;
    bool are_different(std::span<const int32_t> picks, EdgeSet& seen) const;
    void choose(int64_t begin, int64_t end, int64_t settled, std::vector<Waiting>& waiting) const;
    void settle(const std::vector<Waiting>& waiting, EdgeSet& seen) const;

    const Task& task_;
    Key key_;
    int64_t nodes_, m_;
    Scratch<int32_t> targets_;
};

constexpr std::size_t few = 24; // so many are compared one by one

bool Growth::are_different(std::span<const int32_t> picks, EdgeSet& seen) const {
    if (picks.size() <= few) {
        for (std::size_t j = 1; j < picks.size(); ++j)
            for (std::size_t i = 0; i < j; ++i)
                if (picks[i] == picks[j]) return false;
        return true;
    }
    seen.clear();
    return std::all_of(picks.begin(), picks.end(), [&](int32_t target) {
        return seen.insert({0, target});
    });
}

// All draws of a node, and then every target again that equals an earlier one, in order. False when
// a new draw has to wait.
bool Growth::draw_again(int64_t v, int64_t settled, EdgeSet& seen) const {
    Random random(key_, static_cast<uint32_t>(v));
    for (int32_t& target : chosen(v)) target = draw(random, v, settled);
    seen.clear();
    for (int32_t& target : chosen(v))
        while (!seen.insert({0, target}))
            if ((target = draw(random, v, settled)) < 0) return false;
    return true;
}

// Draws of several nodes are on their way from memory at once.
void Growth::choose(int64_t begin, int64_t end, int64_t settled,
                    std::vector<Waiting>& waiting) const {
    EdgeSet seen(m_);
    const int64_t group = std::max<int64_t>(1, 128 / m_);
    std::vector<int64_t> ends(index_of(group * m_));
    for (int64_t first = begin; first < end; first += group) {
        const int64_t last = std::min(end, first + group);
        auto at = ends.begin();
        for (int64_t v = first; v < last; ++v) {
            Random random(key_, static_cast<uint32_t>(v));
            for (int64_t j = 0; j < m_; ++j, ++at) {
                *at = draw_end(random, v);
                __builtin_prefetch(targets_.data() + *at / 2);
            }
        }
        at = ends.begin();
        for (int64_t v = first; v < last; ++v) {
            int32_t least = 0;
            for (int32_t& target : chosen(v)) {
                target = node_at(*at++, settled);
                least = std::min(least, target);
            }
            if (least < 0)
                waiting.push_back({static_cast<int32_t>(v), false});
            else if (!are_different(chosen(v), seen) && !draw_again(v, settled, seen))
                waiting.push_back({static_cast<int32_t>(v), true});
        }
    }
}

// In the order of the nodes: what a node hangs on is settled before it.
void Growth::settle(const std::vector<Waiting>& waiting, EdgeSet& seen) const {
    for (const Waiting& w : waiting) {
        const auto picks = chosen(w.node);
        if (!w.again) {
            for (int32_t& target : picks)
                if (target < 0) target = targets_[~target];
            if (are_different(picks, seen)) continue;
        }
        draw_again(w.node, first_edge(w.node), seen);
    }
}

// Batches grow with the graph, so that few targets hang on one of the same batch. The result is the
// same for every cut into batches.
void Growth::grow() {
    constexpr int64_t grain = 512, least = 1024;
    EdgeSet seen(m_);
    for (int64_t begin = m_ + 1; begin < nodes_;) {
        const int64_t end = std::min(nodes_, begin + std::max(least, begin / 8));
        const int64_t settled = first_edge(begin);
        std::vector<std::vector<Waiting>> waiting(index_of((end - begin + grain - 1) / grain));
        task_.parallel_for(end - begin, grain, [&](int64_t from, int64_t to, int64_t chunk) {
            choose(begin + from, begin + to, settled, waiting[index_of(chunk)]);
        });
        for (const auto& some : waiting) settle(some, seen);
        begin = end;
        task_.progress(0.5 * static_cast<double>(end) / static_cast<double>(nodes_), "growing");
    }
}

RowBlocks Growth::rows() {
    const int64_t edges = targets_.size();
    RowBlocks rows{BlockLayout::of(nodes_, 2 * edges), {}};
    rows.blocks.resize(index_of(rows.layout.blocks()));
    task_.parallel_for(rows.layout.blocks(), 1, [&](int64_t b, int64_t) {
        RowBlock& block = rows.blocks[index_of(b)];
        const int64_t first = rows.layout.first(b), last = rows.layout.last(b);
        for (int64_t v = first; v <= last; ++v)
            block.starts.push_back(static_cast<uint32_t>(first_edge(v) - first_edge(first)));
        block.targets = targets_.data() + first_edge(first);
        for (int64_t v = std::max(first, m_ + 1); v < last; ++v)
            std::sort(chosen(v).begin(), chosen(v).end());
    });
    return rows;
}

void BarabasiAlbert::run(const Task& task) const {
    Growth growth(task, nodes, edges_per_node);
    growth.grow();
    const RowBlocks rows = growth.rows();
    task.progress(0.6, "writing rows");
    write_undirected(task, "graph", rows, Stored::lower);
}

} // namespace
} // namespace espalier::networks

ESPALIER_COMPONENT(barabasi_albert, espalier::networks::BarabasiAlbert)
