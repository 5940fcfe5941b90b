// SPDX-License-Identifier: MIT
// Gibbs sampling of the blocks of nodes in the profile likelihood, cooled down.
#include "block_model.hpp"

#include <algorithm>
#include <cmath>

namespace espalier::completion {

namespace {

// Counts of one assignment. edges(r, s): ends in r of edges to s, so that r = s counts twice.
struct Blocks {
    std::int64_t count;
    std::vector<std::int32_t> block;
    std::vector<double> edges, nodes;

    double& at(std::int32_t r, std::int32_t s) { return edges[index(r, s)]; }
    std::size_t index(std::int32_t r, std::int32_t s) const {
        return static_cast<std::size_t>(r * count + s);
    }
    // Poisson log-likelihood of what ends in r, but for constants: m log(m / (n_r n_s)) summed over
    // the blocks s, r itself once in its two ends.
    double of(std::int32_t r) const {
        double sum = 0;
        for (std::int32_t s = 0; s < count; ++s) {
            const double m = edges[index(r, s)];
            if (m > 0)
                sum += (s == r ? 0.5 : 1) * m *
                       std::log(m / (nodes[static_cast<std::size_t>(r)] *
                                     nodes[static_cast<std::size_t>(s)]));
        }
        return sum;
    }
    double likelihood() const {
        double sum = 0;
        for (std::int32_t r = 0; r < count; ++r)
            for (std::int32_t s = 0; s < count; ++s) {
                const double m = edges[index(r, s)];
                if (m > 0)
                    sum += m / 2 *
                           std::log(m / (nodes[static_cast<std::size_t>(r)] *
                                         nodes[static_cast<std::size_t>(s)]));
            }
        return sum;
    }
    // Takes a node that hears `heard[s]` edges from each block s out of r, or puts it in (sign 1).
    void move(std::int32_t r, const std::vector<double>& heard, double sign) {
        nodes[static_cast<std::size_t>(r)] += sign;
        for (std::int32_t s = 0; s < count; ++s) {
            at(r, s) += sign * heard[static_cast<std::size_t>(s)];
            at(s, r) += sign * heard[static_cast<std::size_t>(s)];
        }
    }
};

Blocks descend(const Task& task, const GraphView& graph, int64_t known, int64_t count,
               int64_t sweeps, Random random) {
    Blocks b{count, {}, {}, {}};
    b.edges.resize(static_cast<std::size_t>(count * count));
    b.nodes.resize(static_cast<std::size_t>(count));
    for (int64_t i = 0; i < known; ++i) {
        b.block.push_back(static_cast<std::int32_t>(random.below(static_cast<uint64_t>(count))));
        ++b.nodes[static_cast<std::size_t>(b.block.back())];
    }
    const auto heard_by = [&](int64_t i, std::vector<double>& heard) {
        std::fill(heard.begin(), heard.end(), 0.0);
        for (const std::int32_t j : graph.neighbours(i))
            if (j < known && j != i)
                ++heard[static_cast<std::size_t>(b.block[static_cast<std::size_t>(j)])];
    };
    std::vector<double> heard(static_cast<std::size_t>(count)), gain(heard.size());
    for (int64_t i = 0; i < known; ++i) {
        heard_by(i, heard);
        for (std::int32_t s = 0; s < count; ++s)
            b.at(b.block[static_cast<std::size_t>(i)], s) += heard[static_cast<std::size_t>(s)];
    }
    for (int64_t sweep = 0; sweep < sweeps; ++sweep) {
        task.check_cancelled();
        const double temperature =
            std::max(0.0, 1 - static_cast<double>(sweep) / (0.8 * static_cast<double>(sweeps)));
        for (int64_t i = 0; i < known; ++i) {
            heard_by(i, heard);
            std::int32_t& own = b.block[static_cast<std::size_t>(i)];
            b.move(own, heard, -1);
            double most = -unbounded;
            for (std::int32_t r = 0; r < count; ++r) {
                const double before = b.of(r);
                b.move(r, heard, 1);
                gain[static_cast<std::size_t>(r)] = b.of(r) - before;
                b.move(r, heard, -1);
                // Gumbel noise makes the greatest a Gibbs draw.
                if (temperature > 0)
                    gain[static_cast<std::size_t>(r)] += temperature * random.gumbel();
                if (gain[static_cast<std::size_t>(r)] > most)
                    most = gain[static_cast<std::size_t>(r)], own = r;
            }
            b.move(own, heard, 1);
        }
    }
    return b;
}

} // namespace

BlockModel fit_block_model(const Task& task, const GraphView& graph, int64_t known, int64_t blocks,
                           int64_t sweeps, int64_t starts, const Key& key) {
    std::vector<Blocks> found(static_cast<std::size_t>(starts));
    task.parallel_for(starts, 1, [&](int64_t k, int64_t) {
        found[static_cast<std::size_t>(k)] =
            descend(task, graph, known, blocks, sweeps, Random(key, static_cast<uint32_t>(k)));
    });
    const Blocks* best = &found.front();
    for (const Blocks& b : found)
        if (b.likelihood() > best->likelihood()) best = &b;
    BlockModel model{best->block, {}, best->edges};
    for (std::size_t r = 0; r < best->nodes.size(); ++r) {
        const double n = best->nodes[r];
        model.share.push_back(n / static_cast<double>(known));
        for (std::size_t s = 0; s < best->nodes.size(); ++s) {
            const double pairs = r == s ? n * (n - 1) : n * best->nodes[s];
            double& d = model.density[r * best->nodes.size() + s];
            d = pairs > 0 ? d / pairs : 0;
        }
    }
    return model;
}

} // namespace espalier::completion
