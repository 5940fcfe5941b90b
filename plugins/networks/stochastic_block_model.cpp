// SPDX-License-Identifier: MIT
// Random graphs of groups, with and without degree correction.
#include "falling_weights.hpp"
#include "unequal_trials.hpp"
#include "wording.hpp"

#include <cmath>
#include <limits>

namespace espalier::networks {
namespace {

constexpr uint64_t edge_stream = 1;
constexpr std::size_t most_groups = 4096;

struct StochasticBlockModel {
    std::vector<int64_t> sizes{50, 50};
    double within = 0.2;
    double between = 0.02;
    std::vector<double> probabilities;
    double degree_exponent = 0;

    static void describe(Schema<StochasticBlockModel>& s);
    void check() const;
    void run(const Task& task) const;

private:
    std::size_t groups() const noexcept { return sizes.size(); }
    double probability(std::size_t r, std::size_t s) const noexcept {
        if (!probabilities.empty()) return probabilities[r * groups() + s];
        return r == s ? within : between;
    }
    double size(std::size_t r) const noexcept { return static_cast<double>(sizes[r]); }
    double expected_edges() const noexcept;
    std::vector<double> weights_of(const Task& task, const std::vector<int64_t>& firsts) const;
    RowBlocks draw(const Task& task, const std::vector<int64_t>& firsts) const;
    void draw_equal(const Key& key, int64_t b, int64_t first, int64_t last,
                    const std::vector<int64_t>& firsts, RowBlock& block) const;
    void draw_corrected(const Key& key, int64_t b, int64_t first, int64_t last,
                        const std::vector<int64_t>& firsts, const std::vector<double>& weights,
                        RowBlock& block) const;
};

void StochasticBlockModel::describe(Schema<StochasticBlockModel>& s) {
    s.generator("stochastic_block_model", "Random graph of groups (stochastic block model)")
        .doc(
            R"(Nodes are in groups of `sizes`: the first group has the first nodes. A node of group $r$ and another of group
$s$ are joined independently with probability $p_{rs}$ (Holland, Laskey and Leinhardt 1983): `within` for $r = s$ and
`between` for $r \ne s$, or `probabilities`, all rows of the symmetric matrix one after the other.

With `degree_exponent` $\gamma > 2$ the model is degree-corrected (Karrer and Newman 2011): the probability becomes
$\min(1, \theta_u \theta_v p_{rs})$, where the $\theta$ of a group have mean 1, fall from its first node to its last, and
give degrees that follow a power law with exponent $\gamma$; the largest $\theta$ of a group of $n$ nodes is about
$\sqrt{n}$.)")
        .reference("doi:10.1103/PhysRevE.83.016107")
        .example("local s = esp.generate.stochastic_block_model { sizes = { 100, 200 }, within = "
                 "0.1, between = 0.01, seed = 1 }")
        .random();
    s.param("sizes", &StochasticBlockModel::sizes)
        .range(1, most_nodes)
        .doc("Number of nodes of each group.");
    s.param("within", &StochasticBlockModel::within)
        .range(0, 1)
        .doc("Probability of an edge between two nodes of a group.");
    s.param("between", &StochasticBlockModel::between)
        .range(0, 1)
        .doc("Probability of an edge between nodes of two groups.");
    s.param("probabilities", &StochasticBlockModel::probabilities)
        .range(0, 1)
        .doc("Rows of the symmetric matrix of probabilities; empty: `within` and `between`.");
    s.param("degree_exponent", &StochasticBlockModel::degree_exponent)
        .range(0, 100)
        .doc("Exponent of the degrees in a group, above 2; 0: no degree correction.");
    s.output_graph("graph", "Undirected, simple.");
    s.output_tensor<int64_t>("groups", "node", "Number of each node's group, from 0.");
}

double StochasticBlockModel::expected_edges() const noexcept {
    double sum = 0;
    for (std::size_t r = 0; r < groups(); ++r) {
        sum += size(r) * (size(r) - 1) / 2 * probability(r, r);
        for (std::size_t s = r + 1; s < groups(); ++s) sum += size(r) * size(s) * probability(r, s);
    }
    return sum;
}

void StochasticBlockModel::check() const {
    const auto count = static_cast<int64_t>(groups());
    if (sizes.empty() || groups() > most_groups)
        throw Invalid("sizes", "must be of 1 to " + number(static_cast<int64_t>(most_groups)) +
                                   " groups, are of " + number(count));
    double nodes = 0;
    for (std::size_t r = 0; r < groups(); ++r) nodes += size(r);
    if (nodes > static_cast<double>(most_nodes))
        throw Invalid("sizes", "ask for " + number(nodes) + " nodes; at most " +
                                   number(most_nodes) + " are made");
    if (degree_exponent != 0 && degree_exponent <= 2)
        throw Invalid("degree_exponent", "must be above 2, or 0, is " + number(degree_exponent));
    const auto given = static_cast<int64_t>(probabilities.size());
    if (given != 0 && given != count * count)
        throw Invalid("probabilities", "must be " + number(count * count) + " for " +
                                           number(count) + " groups, are " + number(given));
    for (std::size_t r = 0; r < groups(); ++r)
        for (std::size_t s = 0; s < r; ++s)
            if (probability(r, s) != probability(s, r))
                throw Invalid("probabilities", "must be symmetric; row " +
                                                   number(static_cast<int64_t>(s) + 1) + " has " +
                                                   number(probability(s, r)) + " where column " +
                                                   number(static_cast<int64_t>(s) + 1) + " has " +
                                                   number(probability(r, s)));
    if (expected_edges() > static_cast<double>(most_edges))
        throw Invalid("sizes", "ask for about " + number(std::round(expected_edges())) +
                                   " edges; at most " + number(most_edges) + " are made");
}

std::vector<double> StochasticBlockModel::weights_of(const Task& task,
                                                     const std::vector<int64_t>& firsts) const {
    std::vector<double> weights(index_of(firsts.back()));
    for (std::size_t r = 0; r < groups(); ++r)
        fill_falling_weights(task,
                             std::span(weights).subspan(index_of(firsts[r]), index_of(sizes[r])),
                             degree_exponent, std::sqrt(size(r)));
    return weights;
}

std::size_t group_of(int64_t node, const std::vector<int64_t>& firsts) {
    return static_cast<std::size_t>(std::upper_bound(firsts.begin(), firsts.end(), node) -
                                    firsts.begin() - 1);
}

// Each row meets every group from its own on; neighbouring groups of one probability are one
// stretch. The failures before the next success in a stretch go on from one row to the next.
void StochasticBlockModel::draw_equal(const Key& key, int64_t b, int64_t first, int64_t last,
                                      const std::vector<int64_t>& firsts, RowBlock& block) const {
    struct Stretch {
        int64_t begin, end;
        double probability, scale;
        int64_t failures;
    };
    Exponentials waits(key, static_cast<uint32_t>(b));
    std::vector<Stretch> stretches;
    const auto next = [&](double scale) {
        const double length = waits.next() * scale;
        return length < 0x1p62 ? static_cast<int64_t>(length) : int64_t{1} << 62;
    };
    const auto lay_out = [&](std::size_t r) {
        stretches.clear();
        for (std::size_t s = r; s < groups(); ++s) {
            const double p = probability(r, s);
            if (!stretches.empty() && stretches.back().probability == p) {
                stretches.back().end = firsts[s + 1];
                continue;
            }
            const double scale =
                p > 0 ? -1 / logarithm_of_failure(p) : std::numeric_limits<double>::infinity();
            stretches.push_back({firsts[s], firsts[s + 1], p, scale, next(scale)});
        }
    };
    std::size_t r = groups();
    for (int64_t u = first; u < last; ++u) {
        if (r == groups() || u >= firsts[r + 1]) lay_out(r = group_of(u, firsts));
        for (Stretch& stretch : stretches) {
            const int64_t begin = std::max(u + 1, stretch.begin), places = stretch.end - begin;
            int64_t place = stretch.failures;
            for (; place < places; place += 1 + next(stretch.scale))
                block.storage.push_back(static_cast<int32_t>(begin + place));
            stretch.failures = place - places;
        }
        block.starts.push_back(static_cast<uint32_t>(block.storage.size()));
    }
}

void StochasticBlockModel::draw_corrected(const Key& key, int64_t b, int64_t first, int64_t last,
                                          const std::vector<int64_t>& firsts,
                                          const std::vector<double>& weights,
                                          RowBlock& block) const {
    UnequalTrials trials(key, static_cast<uint32_t>(b));
    std::vector<double> waits(groups());
    for (double& wait : waits) wait = trials.next_wait();
    std::size_t r = group_of(first, firsts);
    for (int64_t u = first; u < last; ++u) {
        while (u >= firsts[r + 1]) ++r;
        for (std::size_t s = r; s < groups(); ++s)
            trials.visit(weights[index_of(u)] * probability(r, s), weights.data(),
                         std::max(u + 1, firsts[s]), firsts[s + 1], waits[s],
                         [&](int64_t v) { block.storage.push_back(static_cast<int32_t>(v)); });
        block.starts.push_back(static_cast<uint32_t>(block.storage.size()));
    }
}

RowBlocks StochasticBlockModel::draw(const Task& task, const std::vector<int64_t>& firsts) const {
    const int64_t nodes = firsts.back();
    std::vector<double> weights;
    if (degree_exponent != 0) weights = weights_of(task, firsts);
    RowBlocks rows{BlockLayout::of(nodes, static_cast<int64_t>(2 * expected_edges())), {}};
    const BlockLayout& layout = rows.layout;
    rows.blocks.resize(index_of(layout.blocks()));
    const Key key = task.key(edge_stream);
    task.parallel_for(layout.blocks(), 1, [&](int64_t b, int64_t) {
        RowBlock& block = rows.blocks[index_of(b)];
        block.starts.push_back(0);
        if (weights.empty())
            draw_equal(key, b, layout.first(b), layout.last(b), firsts, block);
        else
            draw_corrected(key, b, layout.first(b), layout.last(b), firsts, weights, block);
        block.targets = block.storage.data();
    });
    return rows;
}

void StochasticBlockModel::run(const Task& task) const {
    std::vector<int64_t> firsts{0};
    for (const int64_t n : sizes) firsts.push_back(firsts.back() + n);
    write_undirected(task, "graph", draw(task, firsts), Stored::upper);
    const View<int64_t> out = task.output<int64_t>("groups", {firsts.back()});
    for (std::size_t r = 0; r < groups(); ++r)
        std::fill(out.begin() + firsts[r], out.begin() + firsts[r + 1], static_cast<int64_t>(r));
}

} // namespace
} // namespace espalier::networks

ESPALIER_COMPONENT(stochastic_block_model, espalier::networks::StochasticBlockModel)
