// SPDX-License-Identifier: MIT
// Communities by greedy modularity, level by level.
#include "modularity.hpp"
#include "rows.hpp"

#include <espalier/plugin.hpp>
#include <espalier/random.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace espalier::graphs {
namespace {

struct Communities {
    double resolution = 1;
    bool weighted = true;

    static void describe(Schema<Communities>& s);
    void run(const Task& task) const;
};

void Communities::describe(Schema<Communities>& s) {
    s.analyzer("communities", "Communities of a network by modularity (Louvain)")
        .doc(
            R"(Each node starts as its own community and moves, in a random order that `seed` determines, to the neighbouring
community with the greatest gain of modularity (see analyze.modularity), as long as there is one; neighbours of what
moved are looked at again. Then communities become nodes and it begins anew, until no move helps (Blondel et al. 2008;
the queue of Leiden: Traag et al. 2019, doi:10.1038/s41598-019-41695-z). In a directed graph the gain is that of directed
modularity. It finds a high modularity, not the highest, and a community need not be connected inside.

Communities are numbered from 0 by falling size, equal sizes by their first node. One thread: every move sees the last.)")
        .reference("doi:10.1088/1742-5468/2008/10/P10008")
        .example("local c = esp.analyze.communities { graph = g, seed = 1 }; print(c.count, "
                 "c.modularity)");
    s.random();
    s.input_graph("graph", "Directed or not; weights >= 0.");
    s.param("resolution", &Communities::resolution)
        .min(0)
        .doc("Weight of what chance gives; larger: smaller communities.");
    s.param("weighted", &Communities::weighted).doc("Whether weights count, where there are any.");
    s.output_tensor<int64_t>("labels", "node", "Number of each node's community.");
    s.output_tensor<int64_t>("sizes", "community", "Nodes of each, falling.");
    s.output_integer("count", "Number of communities.");
    s.output_real("modularity", "Of this division; NaN without edges.");
    s.output_integer("levels", "How often communities became nodes.");
}

// A network of nodes or of communities: weights in either direction added up, without loops.
struct Level {
    Rows rows;
    std::vector<double> out, in;

    int32_t nodes() const { return static_cast<int32_t>(out.size()); }
};

constexpr double least_gain = 1e-12; // of a move, as a share of all weight: rounding moves nothing

// Each node's community after moves that each raised modularity; numbered 0 .. count - 1.
struct Division {
    std::vector<int32_t> community;
    int32_t count = 0;
    bool moved = false;
};

Division move_nodes(const Task& task, const Level& level, double total, double resolution,
                    Random& random) {
    const int32_t n = level.nodes();
    Division d;
    d.community.resize(static_cast<std::size_t>(n));
    std::iota(d.community.begin(), d.community.end(), 0);
    std::vector<double> out = level.out, in = level.in; // of communities
    std::vector<double> joined(d.community.size());     // weight from a node to communities met
    std::vector<int32_t> met;
    // The nodes to look at, a ring: each stands in it once at most.
    std::vector<int32_t> queue = d.community;
    std::vector<char> waits(queue.size(), 1);
    random.shuffle(queue);
    std::size_t head = 0, waiting = queue.size();
    for (int64_t turn = 0; waiting > 0; ++turn) {
        if (turn % 65536 == 0) task.check_cancelled();
        const int32_t v = queue[head];
        head = head + 1 == queue.size() ? 0 : head + 1;
        --waiting, waits[v] = 0;
        const int32_t own = d.community[v];
        met.assign(1, own);
        for (int64_t k = level.rows.offsets[v]; k < level.rows.offsets[v + 1]; ++k) {
            const int32_t c = d.community[level.rows.targets[k]];
            if (c != own && joined[c] == 0 && level.rows.weights[k] > 0) met.push_back(c);
            joined[c] += level.rows.weights[k];
        }
        out[own] -= level.out[v], in[own] -= level.in[v];
        const auto gain = [&](int32_t c) {
            return joined[c] - resolution * (level.out[v] * in[c] + level.in[v] * out[c]) / total;
        };
        int32_t best = own;
        double most = gain(own) + least_gain * total;
        for (const int32_t c : met)
            if (c != own && gain(c) > most) most = gain(c), best = c;
        for (const int32_t c : met) joined[c] = 0;
        out[best] += level.out[v], in[best] += level.in[v];
        if (best == own) continue;
        d.community[v] = best;
        d.moved = true;
        for (int64_t k = level.rows.offsets[v]; k < level.rows.offsets[v + 1]; ++k) {
            const int32_t u = level.rows.targets[k];
            if (waits[u] || d.community[u] == best) continue;
            std::size_t tail = head + waiting;
            if (tail >= queue.size()) tail -= queue.size();
            queue[tail] = u;
            ++waiting, waits[u] = 1;
        }
    }
    std::vector<int32_t> number(d.community.size(), -1);
    for (int32_t& c : d.community) {
        if (number[c] < 0) number[c] = d.count++;
        c = number[c];
    }
    return d;
}

// Communities as nodes.
Level drawn_together(const Level& level, const Division& d) {
    const auto count = static_cast<std::size_t>(d.count);
    Level made;
    made.out.resize(count), made.in.resize(count);
    // Members of each community, by counting.
    std::vector<int32_t> first(count + 1), members(d.community.size());
    for (const int32_t c : d.community) ++first[c + 1];
    for (std::size_t c = 0; c < count; ++c) first[c + 1] += first[c];
    std::vector<int32_t> free(first.begin(), first.end() - 1);
    for (int32_t v = 0; v < level.nodes(); ++v) members[free[d.community[v]]++] = v;

    std::vector<double> joined(count);
    std::vector<char> seen(count);
    std::vector<int32_t> met;
    made.rows.offsets.push_back(0);
    for (int32_t c = 0; c < d.count; ++c) {
        met.clear();
        for (int32_t i = first[c]; i < first[c + 1]; ++i) {
            const int32_t v = members[i];
            made.out[c] += level.out[v], made.in[c] += level.in[v];
            for (int64_t k = level.rows.offsets[v]; k < level.rows.offsets[v + 1]; ++k) {
                const int32_t to = d.community[level.rows.targets[k]];
                if (to == c) continue;
                if (!seen[to]) seen[to] = 1, met.push_back(to);
                joined[to] += level.rows.weights[k];
            }
        }
        std::ranges::sort(met);
        for (const int32_t to : met) {
            made.rows.targets.push_back(to);
            made.rows.weights.push_back(joined[to]);
            joined[to] = 0, seen[to] = 0;
        }
        made.rows.offsets.push_back(std::ssize(made.rows.targets));
    }
    return made;
}

// By falling size, equal sizes by first node. Returns the sizes.
std::vector<int64_t> renumber(std::vector<int64_t>& labels, int64_t count) {
    std::vector<int64_t> sizes(static_cast<std::size_t>(count)), first(sizes.size(), -1),
        order(sizes.size()), rank(sizes.size());
    for (int64_t v = 0; v < std::ssize(labels); ++v) {
        ++sizes[labels[v]];
        if (first[labels[v]] < 0) first[labels[v]] = v;
    }
    std::iota(order.begin(), order.end(), 0);
    std::ranges::sort(order, [&](int64_t a, int64_t b) {
        return sizes[a] != sizes[b] ? sizes[a] > sizes[b] : first[a] < first[b];
    });
    for (int64_t i = 0; i < count; ++i) rank[order[i]] = i;
    for (int64_t& label : labels) label = rank[label];
    std::ranges::sort(sizes, std::greater());
    return sizes;
}

void Communities::run(const Task& task) const {
    const GraphView graph = task.graph("graph");
    const bool by_weight = counts_weights(graph, weighted);
    const Strengths strengths(graph, by_weight);
    GraphView edges = graph;
    if (!by_weight) edges.weights = {};
    Level level{both_ways(edges), strengths.out, strengths.in};
    std::vector<int64_t> labels(static_cast<std::size_t>(graph.nodes));
    std::iota(labels.begin(), labels.end(), 0);
    int64_t levels = 0, count = graph.nodes;
    while (strengths.total > 0) {
        Random random(task.key(0), static_cast<uint32_t>(levels));
        const Division d = move_nodes(task, level, strengths.total, resolution, random);
        if (!d.moved) break;
        for (int64_t& label : labels) label = d.community[label];
        count = d.count;
        ++levels;
        level = drawn_together(level, d);
    }
    const std::vector<int64_t> sizes = renumber(labels, count);
    std::ranges::copy(labels, task.output<int64_t>("labels", {graph.nodes}).begin());
    std::ranges::copy(sizes, task.output<int64_t>("sizes", {count}).begin());
    task.output_value("count", count);
    task.output_value("modularity", modularity_of(graph, labels, resolution, strengths, by_weight));
    task.output_value("levels", levels);
}

} // namespace
} // namespace espalier::graphs

ESPALIER_COMPONENT(communities, espalier::graphs::Communities)
