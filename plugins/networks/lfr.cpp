// SPDX-License-Identifier: MIT
// The benchmark graphs of Lancichinetti, Fortunato and Radicchi: communities of unequal sizes.
#include "edge_edits.hpp"
#include "pairing.hpp"
#include "power_law.hpp"
#include "wording.hpp"

#include <numeric>
#include <optional>

namespace espalier::networks {
namespace {

constexpr uint64_t degree_stream = 1, community_stream = 2, inside_stream = 3, outside_stream = 4,
                   switch_stream = 5;

struct Lfr {
    int64_t nodes = 1000;
    double exponent = 2.5;
    int64_t min_degree = 8;
    int64_t max_degree = 50;
    double mixing = 0.2;
    double community_exponent = 1.5;
    int64_t min_community = 20;
    int64_t max_community = 100;

    static void describe(Schema<Lfr>& s);
    void check() const;
    void run(const Task& task) const;
};

void Lfr::describe(Schema<Lfr>& s) {
    s.generator("lfr", "Benchmark graph with communities (Lancichinetti-Fortunato-Radicchi)")
        .doc(
            R"(Degrees are drawn from a power law with `exponent` between `min_degree` and `max_degree`, sizes of communities
from one with `community_exponent` between `min_community` and `max_community`. A node of degree $k$ keeps
$(1-\mu) k$ of its edges, rounded at random, inside its community and has $\mu k$ with others, where $\mu$ is `mixing`
(Lancichinetti, Fortunato and Radicchi 2008). Nodes are put into random communities with room for their edges, the
largest degrees first. Ends of edges are paired at random inside each community, and at random between communities; pairs
that repeat an edge, join a node to itself or are on the wrong side are switched with random others.

`erased` counts the pairs that could not be switched, which happens where a community is nearly complete; `mixed` is the
share of edges between communities.)")
        .reference("doi:10.1103/PhysRevE.78.046110")
        .example("local b = esp.generate.lfr { nodes = 2000, mixing = 0.3, seed = 1 }; "
                 "print(b.mixed, b.communities)")
        .random();
    s.param("nodes", &Lfr::nodes).range(1, 1e8).doc("Number of nodes.").log_scale();
    s.param("exponent", &Lfr::exponent).range(0, 100).doc("Exponent of the degrees.");
    s.param("min_degree", &Lfr::min_degree).range(1, 1e6).doc("Smallest degree.");
    s.param("max_degree", &Lfr::max_degree).range(1, 1e6).doc("Largest degree.");
    s.param("mixing", &Lfr::mixing)
        .range(0, 1)
        .doc("Share of a node's edges that leave its community.");
    s.param("community_exponent", &Lfr::community_exponent)
        .range(0, 100)
        .doc("Exponent of the sizes of communities.");
    s.param("min_community", &Lfr::min_community)
        .range(1, 1e8)
        .doc("Nodes of the smallest community.");
    s.param("max_community", &Lfr::max_community)
        .range(1, 1e8)
        .doc("Nodes of the largest community.");
    s.output_graph("graph", "Undirected, simple.");
    s.output_tensor<int64_t>("communities", "node", "Number of each node's community, from 0.");
    s.output_integer("erased", "Pairs that were left out.");
    s.output_real("mixed", "Share of edges between communities; 0 without edges.");
}

void Lfr::check() const {
    if (max_degree < min_degree)
        throw Invalid("max_degree", "must be at least min_degree, " + number(min_degree) + ", is " +
                                        number(max_degree));
    if (max_degree >= nodes)
        throw Invalid("max_degree", "must be below the number of nodes, " + number(nodes) +
                                        ", is " + number(max_degree));
    if (max_community < min_community)
        throw Invalid("max_community", "must be at least min_community, " + number(min_community) +
                                           ", is " + number(max_community));
    if (max_community > nodes)
        throw Invalid("max_community", "must be at most the number of nodes, " + number(nodes) +
                                           ", is " + number(max_community));
    const double inside = (1 - mixing) * static_cast<double>(max_degree);
    if (static_cast<double>(max_community - 1) < inside)
        throw Invalid("max_community", "must be above (1 - mixing) max_degree, " + number(inside) +
                                           ", is " + number(max_community));
    if (static_cast<double>(nodes) * static_cast<double>(min_degree) >
        2 * static_cast<double>(most_edges))
        throw Invalid("min_degree",
                      "asks for too many edges; at most " + number(most_edges) + " are made");
}

// Ends of edges of every node on either side of its community's border.
struct Ends {
    std::vector<int32_t> inside, outside;
};

// Rounded at random, with an even sum.
Ends draw_ends(const Task& task, const Lfr& model) {
    const PowerLaw law(model.exponent, model.min_degree, model.max_degree);
    Random random(task.key(degree_stream), 0);
    Ends ends;
    int64_t sum = 0;
    for (int64_t v = 0; v < model.nodes; ++v) {
        const int64_t k = law.draw(random);
        const double wanted = (1 - model.mixing) * static_cast<double>(k);
        const auto inside = static_cast<int64_t>(wanted + random.uniform());
        ends.inside.push_back(static_cast<int32_t>(std::min(inside, k)));
        ends.outside.push_back(static_cast<int32_t>(k) - ends.inside.back());
        sum += k;
    }
    if (sum > 2 * most_edges)
        throw Invalid("exponent", "drew degrees for " + number(sum / 2) + " edges; at most " +
                                      number(most_edges) + " are made");
    if (sum % 2 != 0) {
        int32_t& end = ends.outside[0] > 0 ? ends.outside[0] : ends.inside[0];
        end += end < model.max_degree ? 1 : -1;
    }
    return ends;
}

std::vector<int64_t> draw_sizes(const Lfr& model, const PowerLaw& law, Random& random) {
    std::vector<int64_t> sizes;
    int64_t left = model.nodes;
    while (left > 0) {
        sizes.push_back(std::min(left, law.draw(random)));
        left -= sizes.back();
    }
    if (sizes.size() > 1 && sizes.back() < model.min_community) { // its nodes go to the others
        left = sizes.back();
        sizes.pop_back();
        for (std::size_t c = 0; left > 0; c = (c + 1) % sizes.size(), --left) ++sizes[c];
    }
    return sizes;
}

// The community of each node; empty when a node found none that is large enough.
std::vector<int64_t> place_nodes(const std::vector<int64_t>& sizes,
                                 const std::vector<int32_t>& inside, Random& random) {
    std::vector<std::size_t> largest_first(sizes.size()), nodes(inside.size());
    std::iota(largest_first.begin(), largest_first.end(), std::size_t{0});
    std::stable_sort(largest_first.begin(), largest_first.end(),
                     [&](std::size_t a, std::size_t b) { return sizes[a] > sizes[b]; });
    std::iota(nodes.begin(), nodes.end(), std::size_t{0});
    std::stable_sort(nodes.begin(), nodes.end(),
                     [&](std::size_t a, std::size_t b) { return inside[a] > inside[b]; });
    std::vector<int64_t> found(inside.size()), free; // a place each in a community
    std::size_t next = 0;
    for (const std::size_t v : nodes) {
        for (; next < sizes.size() && sizes[largest_first[next]] > inside[v]; ++next)
            free.insert(free.end(), index_of(sizes[largest_first[next]]),
                        static_cast<int64_t>(largest_first[next]));
        if (free.empty()) return {};
        std::swap(free[static_cast<std::size_t>(random.below(free.size()))], free.back());
        found[v] = free.back();
        free.pop_back();
    }
    return found;
}

std::vector<int64_t> draw_communities(const Task& task, const Lfr& model,
                                      const std::vector<int32_t>& inside) {
    constexpr uint32_t attempts = 100;
    const PowerLaw law(model.community_exponent, model.min_community, model.max_community);
    for (uint32_t attempt = 0; attempt < attempts; ++attempt) {
        Random random(task.key(community_stream), attempt);
        std::vector<int64_t> found = place_nodes(draw_sizes(model, law, random), inside, random);
        if (!found.empty()) return found;
        task.check_cancelled();
    }
    throw Invalid("max_community",
                  "leaves no room for the nodes of largest degree in 100 draws of the communities: "
                  "take larger communities or more mixing");
}

class Wiring {
public:
    Wiring(const Task& task, Ends& ends, const std::vector<int64_t>& community)
        : task_(task), community_(community),
          starts_(index_of(1 + *std::max_element(community.begin(), community.end())) + 1) {
        pair_inside(ends);
        const Scratch<Edge> pairs = pair_stubs(task, ends.outside, task.key(outside_stream));
        outside_.assign(pairs.span().begin(), pairs.span().end());
    }

    RowBlocks rows(int64_t& erased) {
        std::vector<Edge> edges = inside_, bad;
        for (const Edge& e : outside_) (together(e) ? bad : edges).push_back(e);
        const std::size_t strayed = bad.size();
        RowBlocks rows = sort_edges(task_, static_cast<int64_t>(community_.size()), edges);
        const std::vector<Edge> repeated = make_simple(task_, rows);
        bad.insert(bad.end(), repeated.begin(), repeated.end());
        EdgeEdits edits(rows);
        Random random(task_.key(switch_stream), 0);
        for (std::size_t i = 0; i < bad.size(); ++i) {
            const bool within = i >= strayed && together(bad[i]);
            erased += !switch_away(bad[i], within, edits, random);
            if (i % 1024 == 0) task_.check_cancelled();
        }
        edits.apply(task_);
        return rows;
    }

private:
    bool together(Edge e) const noexcept {
        return community_[index_of(e.from)] == community_[index_of(e.to)];
    }

    // Pairs of each community stand together. An odd end goes outside.
    void pair_inside(Ends& ends) {
        const auto of = [&](std::size_t v) { return index_of(community_[v]); };
        std::vector<int64_t> sums(starts_.size() - 1);
        for (std::size_t v = 0; v < community_.size(); ++v) sums[of(v)] += ends.inside[v];
        for (std::size_t v = 0; v < community_.size(); ++v)
            if (sums[of(v)] % 2 != 0 && ends.inside[v] > 0)
                --ends.inside[v], ++ends.outside[v], --sums[of(v)];
        for (std::size_t c = 0; c < sums.size(); ++c) starts_[c + 1] = starts_[c] + sums[c];
        std::vector<int32_t> stubs(index_of(starts_.back()));
        std::vector<int64_t> at(starts_.begin(), starts_.end() - 1);
        for (std::size_t v = 0; v < community_.size(); ++v)
            for (int32_t k = 0; k < ends.inside[v]; ++k)
                stubs[index_of(at[of(v)]++)] = static_cast<int32_t>(v);
        inside_.resize(stubs.size() / 2);
        const Key key = task_.key(inside_stream);
        task_.parallel_for(static_cast<int64_t>(sums.size()), 16, [&](int64_t begin, int64_t end) {
            for (int64_t c = begin; c < end; ++c) {
                std::span<int32_t> own(stubs.data() + starts_[index_of(c)],
                                       index_of(sums[index_of(c)]));
                Random random(key, static_cast<uint32_t>(c));
                random.shuffle(own);
                for (std::size_t i = 0; i < own.size(); i += 2)
                    inside_[index_of(starts_[index_of(c)]) / 2 + i / 2] = {own[i], own[i + 1]};
            }
        });
    }

    // Switches {u, v} and a random pair {x, y} of the same side into {u, x}, {v, y}.
    bool switch_away(Edge bad, bool within, EdgeEdits& edits, Random& random) {
        constexpr int tries = 1000;
        const std::size_t c = index_of(community_[index_of(bad.from)]);
        const Edge* const first = within ? inside_.data() + starts_[c] / 2 : outside_.data();
        const auto count = within ? static_cast<uint64_t>(starts_[c + 1] - starts_[c]) / 2
                                  : static_cast<uint64_t>(outside_.size());
        for (int t = 0; t < tries; ++t) {
            Edge other = first[random.below(count)];
            if (random.bits() & 1) std::swap(other.from, other.to);
            const Edge a{bad.from, other.from}, b{bad.to, other.to};
            const bool same =
                (a.from == b.to && a.to == b.from) || (a.from == b.from && a.to == b.to);
            if (a.from == a.to || b.from == b.to || same || together(a) != within ||
                together(b) != within || together(other) != within || !edits.contains(other) ||
                edits.contains(a) || edits.contains(b))
                continue;
            edits.remove(other);
            edits.insert(a);
            edits.insert(b);
            return true;
        }
        return false;
    }

    const Task& task_;
    const std::vector<int64_t>& community_;
    std::vector<int64_t> starts_; // of the stubs of each community
    std::vector<Edge> inside_, outside_;
};

void Lfr::run(const Task& task) const {
    Ends ends = draw_ends(task, *this);
    const std::vector<int64_t> community = draw_communities(task, *this, ends.inside);
    task.progress(0.3, "pairing");
    Wiring wiring(task, ends, community);
    int64_t erased = 0, between = 0;
    const RowBlocks rows = wiring.rows(erased);
    task.progress(0.7, "writing rows");
    write_undirected(task, "graph", rows, Stored::upper);
    for (int64_t v = 0; v < nodes; ++v)
        for (const int32_t u : rows.row(v))
            between += community[index_of(v)] != community[index_of(u)];
    const int64_t edges = rows.entries();
    const View<int64_t> out = task.output<int64_t>("communities", {nodes});
    std::copy(community.begin(), community.end(), out.begin());
    task.output_value("erased", erased);
    task.output_value("mixed",
                      edges > 0 ? static_cast<double>(between) / static_cast<double>(edges) : 0.0);
}

} // namespace
} // namespace espalier::networks

ESPALIER_COMPONENT(lfr, espalier::networks::Lfr)
