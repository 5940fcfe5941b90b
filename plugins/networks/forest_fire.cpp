// SPDX-License-Identifier: MIT
// Growth by fires that spread through earlier nodes.
#include "compressed_rows.hpp"
#include "elementary.hpp"
#include "wording.hpp"

#include <espalier/random.hpp>

namespace espalier::networks {
namespace {

constexpr uint64_t fire_stream = 1;

struct ForestFire {
    int64_t nodes = 1000;
    double forward = 0.35;
    double backward = 0.2;
    int64_t ambassadors = 1;
    bool directed = false;

    static void describe(Schema<ForestFire>& s);
    void check() const;
    void run(const Task& task) const;
};

void ForestFire::describe(Schema<ForestFire>& s) {
    s.generator("forest_fire", "Network grown by fires that spread from node to node")
        .doc(
            R"(Each new node picks `ambassadors` earlier nodes at random, and a fire starts at each of them (Leskovec,
Kleinberg and Faloutsos 2007). A burning node sets fire to $x$ of the nodes that it cites and $y$ of those that cite it,
as far as they do not burn yet; $x$ and $y$ are geometric with means $p/(1-p)$ and $q/(1-q)$, where $p$ is `forward` and
$q$ is `backward`. The new node cites every node that burns. Fires that reach far make graphs that grow denser, with
shrinking distances and many triangles; near $p = 0.4$ they begin to burn a share of the whole graph.

A fire depends on all fires before it: this generator works on one core.)")
        .reference("doi:10.1145/1217299.1217301")
        .example(
            "local g = esp.generate.forest_fire { nodes = 1024, forward = 0.3, seed = 1 }.graph")
        .random();
    s.param("nodes", &ForestFire::nodes).range(1, most_nodes).doc("Number of nodes.").log_scale();
    s.param("forward", &ForestFire::forward)
        .range(0, 1)
        .below(1)
        .doc("Probability that one more cited node catches fire.");
    s.param("backward", &ForestFire::backward)
        .range(0, 1)
        .below(1)
        .doc("Probability that one more citing node catches fire.");
    s.param("ambassadors", &ForestFire::ambassadors)
        .range(1, 1000)
        .doc("Earlier nodes at which a fire starts.");
    s.param("directed", &ForestFire::directed)
        .doc("Whether edges lead from the citing to the cited node.");
    s.output_graph("graph", "Simple, connected.");
}

void ForestFire::check() const {
    if (nodes * ambassadors > most_edges)
        throw Invalid("nodes", "asks for " + number(nodes * ambassadors) +
                                   " edges or more; at most " + number(most_edges) + " are made");
}

class Fires {
public:
    Fires(const ForestFire& model, const Task& task)
        : task_(task), ambassadors_(model.ambassadors), key_(task.key(fire_stream)),
          forward_(model.forward), backward_(model.backward), nodes_(index_of(model.nodes)),
          burning_(index_of(model.nodes / 64 + 1)), starts_(plans, Start{Random(key_, 0)}) {
        // What small fires need: room costs nothing before it is written to, growing copies.
        const std::size_t usual = index_of(std::min(model.nodes, int64_t{1} << 24));
        cited_.reserve(3 * usual), pool_.reserve(8 * usual);
    }

    // Row v: the nodes that v cites.
    RowBlocks rows(int64_t nodes) {
        for (int64_t v = 0; v < nodes; ++v) {
            if (v % 1024 == 0)
                task_.progress(0.7 * static_cast<double>(v) / static_cast<double>(nodes));
            look_ahead(v, nodes);
            burn(static_cast<int32_t>(v));
        }
        return in_blocks(nodes);
    }

private:
    // How often in a row a coin shows heads.
    struct Coin {
        double heads, logarithm;

        explicit Coin(double p) : heads(p), logarithm(p > 0 ? natural_logarithm(p) : -1) {}
        int64_t run(Random& random) const {
            if (heads == 0) return 0;
            const double u = random.uniform_positive();
            return u > heads ? 0 : static_cast<int64_t>(natural_logarithm(u) / logarithm);
        }
    };

    // Where a fire starts is known without the fires before it, and the memory that it begins to
    // read comes from is far away: a node, its lists, the nodes on them and their lists are asked
    // for while other fires burn.
    void look_ahead(int64_t v, int64_t nodes) {
        for (int64_t u = v == 0 ? 0 : v + plans - 1; u < std::min(v + plans, nodes); ++u) {
            Start& start = starts_[index_of(u % plans)];
            start.random = Random(key_, static_cast<uint32_t>(u));
            start.node =
                u == 0 ? 0 : static_cast<int32_t>(start.random.below(static_cast<uint64_t>(u)));
            __builtin_prefetch(&nodes_[index_of(start.node)]);
        }
        if (v + plans > nodes) return;
        const auto start = [&](int64_t steps) {
            return starts_[index_of((v + steps) % plans)].node;
        };
        fetch_lists(start(3 * plans / 4));
        each_near(start(plans / 2), [&](int32_t w) { __builtin_prefetch(&nodes_[index_of(w)]); });
        each_near(start(plans / 4), [&](int32_t w) { fetch_lists(w); });
    }
    void fetch_lists(int32_t u) const {
        __builtin_prefetch(cited_.data() + nodes_[index_of(u)].first);
        __builtin_prefetch(pool_.data() + begin_of(nodes_[index_of(u)]));
    }
    template <class Fetch> void each_near(int32_t u, Fetch&& fetch) const {
        constexpr int32_t some = 4;
        const Node& node = nodes_[index_of(u)];
        for (int32_t i = 0; i < std::min(node.cites, some); ++i)
            fetch(cited_[node.first + static_cast<uint32_t>(i)]);
        for (int32_t i = 0; i < std::min(node.size, some); ++i)
            fetch(pool_[index_of(begin_of(node) + i)]);
    }

    void burn(int32_t v) {
        Start& start = starts_[index_of(v % plans)];
        Random& random = start.random;
        const std::size_t first = cited_.size();
        if (v > 0) ignite(start.node);
        for (int64_t a = 1; a < std::min<int64_t>(ambassadors_, v); ++a)
            ignite(static_cast<int32_t>(random.below(static_cast<uint64_t>(v))));
        for (std::size_t i = first; i < cited_.size(); ++i) spread(cited_[i], random);
        if (static_cast<int64_t>(cited_.size()) > most_edges)
            throw Invalid("forward", "burns too much: more than " + number(most_edges) +
                                         " edges at node " + number(static_cast<int64_t>(v)));
        std::sort(cited_.begin() + static_cast<std::ptrdiff_t>(first), cited_.end());
        for (std::size_t e = first; e < cited_.size(); ++e) {
            burning_[index_of(cited_[e] / 64)] = 0;
            cite(cited_[e], v);
        }
        nodes_[index_of(v)].first = static_cast<uint32_t>(first);
        nodes_[index_of(v)].cites = static_cast<int32_t>(cited_.size() - first);
    }

    void ignite(int32_t u) {
        if (!fresh(u)) return;
        burning_[index_of(u / 64)] |= bit(u);
        cited_.push_back(u);
        __builtin_prefetch(&nodes_[index_of(u)]);
    }

    static uint64_t bit(int32_t u) { return uint64_t{1} << (u % 64); }
    bool fresh(int32_t u) const { return !(burning_[index_of(u / 64)] & bit(u)); }

    void cite(int32_t u, int32_t v) {
        Node& list = nodes_[index_of(u)];
        if (list.size % 4 == 0 && (list.size & (list.size - 1)) == 0) { // 0, 4, 8, 16, ...
            const std::size_t to = pool_.size(); // twice the room at the end of the memory
            pool_.resize(to + index_of(std::max(4, 2 * list.size)));
            std::copy_n(pool_.begin() + begin_of(list), list.size,
                        pool_.begin() + static_cast<std::ptrdiff_t>(to));
            list.fours = static_cast<uint32_t>(to / 4);
        }
        pool_[index_of(begin_of(list) + list.size++)] = v;
    }

    void spread(int32_t u, Random& random) {
        const int64_t ahead = forward_.run(random), back = backward_.run(random);
        const Node& node = nodes_[index_of(u)];
        catch_fire(cited_, node.first, node.cites, ahead, random);
        catch_fire(pool_, begin_of(node), node.size, back, random);
    }

    // Up to `wanted` of a list that are not burnt yet, drawn uniformly: by trial while most are
    // fresh, so that a hub is not read from end to end, then out of those that are left.
    void catch_fire(const std::vector<int32_t>& list, int64_t begin, int64_t size, int64_t wanted,
                    Random& random) {
        if (wanted == 0) return;
        for (int64_t trials = size / 4; wanted > 0 && trials > 0; --trials) {
            const int64_t i =
                begin + static_cast<int64_t>(random.below(static_cast<uint64_t>(size)));
            const int32_t w = list[index_of(i)];
            if (fresh(w)) ignite(w), --wanted;
        }
        if (wanted == 0) return;
        fuel_.clear();
        for (int64_t i = begin; i < begin + size; ++i)
            if (const int32_t w = list[index_of(i)]; fresh(w)) fuel_.push_back(w);
        for (std::size_t i = 0; i < fuel_.size() && static_cast<int64_t>(i) < wanted; ++i) {
            std::swap(fuel_[i],
                      fuel_[i + static_cast<std::size_t>(random.below(fuel_.size() - i))]);
            ignite(fuel_[i]);
        }
    }

    RowBlocks in_blocks(int64_t nodes) {
        RowBlocks rows{BlockLayout::of(nodes, static_cast<int64_t>(2 * cited_.size())), {}};
        const BlockLayout& layout = rows.layout;
        for (int64_t b = 0; b < layout.blocks(); ++b) {
            RowBlock& block = rows.blocks.emplace_back();
            const int64_t first = nodes_[index_of(layout.first(b))].first;
            block.starts.push_back(0);
            for (int64_t v = layout.first(b); v < layout.last(b); ++v)
                block.starts.push_back(block.starts.back() +
                                       static_cast<uint32_t>(nodes_[index_of(v)].cites));
            block.targets = cited_.data() + first;
        }
        return rows;
    }

    // Together and small, for a visit costs a line of the cache. Whom it cites: `cites` from
    // cited_[first]; who cites it: `size` from pool_[4 fours], with room up to a power of two.
    struct Node {
        uint32_t first = 0, fours = 0;
        int32_t cites = 0, size = 0;
    };
    static int64_t begin_of(const Node& node) { return int64_t{4} * node.fours; }

    static constexpr int64_t plans = 32;
    struct Start {
        Random random; // behind the draw of `node`
        int32_t node = 0;
    };

    const Task& task_;
    int64_t ambassadors_;
    Key key_;
    Coin forward_, backward_;
    std::vector<Node> nodes_;
    std::vector<uint64_t> burning_; // a bit a node: small enough to stay near the processor
    std::vector<Start> starts_;     // of the next fires, by node modulo `plans`
    std::vector<int32_t> cited_, fuel_, pool_;
};

void ForestFire::run(const Task& task) const {
    Fires fires(*this, task);
    const RowBlocks rows = fires.rows(nodes);
    task.progress(0.8, "writing rows");
    if (directed)
        write_directed(task, "graph", rows);
    else
        write_undirected(task, "graph", rows, Stored::lower);
}

} // namespace
} // namespace espalier::networks

ESPALIER_COMPONENT(forest_fire, espalier::networks::ForestFire)
