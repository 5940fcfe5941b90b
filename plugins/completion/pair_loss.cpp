// SPDX-License-Identifier: MIT
// Sigmoid, logarithm, weight and gradient of each tile in one pass while it is in the cache.
#include "pair_loss.hpp"

#include <espalier/numerics/loops.hpp>
#include <espalier/numerics/product.hpp>
#include <espalier/numerics/transcendental.hpp>

#include <algorithm>
#include <cmath>

namespace espalier::completion {

using namespace numerics;

namespace {

constexpr Index tile_rows = 64, tile_cols = 256;
constexpr Index most_chunks = 8; // each holds a gradient of its own

struct Chance {
    float of_edge, of_none; // their sum is 1, both to full precision
};

inline Chance chance(float s) noexcept {
    const float e = fast_exp(-std::abs(s));
    const float larger = 1 / (1 + e), smaller = e * larger;
    return s >= 0 ? Chance{larger, smaller} : Chance{smaller, larger};
}

// Of -log(of_edge + added) by s, and of -log(of_none + added).
inline float edge_slope(const Chance& c, float added) noexcept {
    return -c.of_edge * c.of_none / (c.of_edge + added);
}
inline float other_slope(const Chance& c, float added) noexcept {
    return c.of_edge * c.of_none / (c.of_none + added);
}

// Scores become slopes of pairs without an edge, times weight; the sum of -log.
double others_of(float* s, float* logs, Index n, float weight, float added) noexcept {
    for_each_index(n, [=](Index j) {
        const Chance c = chance(s[j]);
        logs[j] = -fast_log(c.of_none + added);
        s[j] = weight * other_slope(c, added);
    });
    return static_cast<double>(sum_over<float>(n, [=](Index j) { return logs[j]; }));
}

} // namespace

PairLoss::PairLoss(Index nodes, std::vector<KnownPair> pairs, const PairLossSettings& settings)
    : nodes_(nodes), pairs_(std::move(pairs)), starts_(static_cast<std::size_t>(nodes) + 1),
      settings_(settings), added_(settings.weights == PairWeights::published ? 1e-6f : 1e-30f) {
    double edges = 0, silent = 0;
    for (const KnownPair& p : pairs_) {
        ++starts_[static_cast<std::size_t>(p.from) + 1];
        edges += p.edge && !p.silent;
        silent += p.silent;
    }
    for (std::size_t i = 1; i < starts_.size(); ++i) starts_[i] += starts_[i - 1];
    const double n = static_cast<double>(nodes);
    const double all = n * (settings.diagonal ? n + 1 : n - 1) / 2 - silent;
    const double others = std::max(1.0, all - edges), some = std::max(1.0, edges);
    double edge = 1, other = 1;
    if (settings.weights == PairWeights::balanced) edge = 1 / some, other = 1 / others;
    if (settings.weights == PairWeights::published)
        edge = n * n / (2 * some), other = 2 * some / (n * n);
    const double sum = edge * edges + other * others;
    if (settings.negatives > 0) other *= others / (some * static_cast<double>(settings.negatives));
    edge_weight_ = static_cast<float>(edge / sum), other_weight_ = static_cast<float>(other / sum);
    const Index blocks = settings.negatives > 0 ? 4 : (nodes + tile_rows - 1) / tile_rows;
    for (Index c = 0; c < std::min(most_chunks, blocks); ++c)
        chunks_.push_back(std::make_unique<Chunk>());
}

std::span<const KnownPair> PairLoss::row(Index i) const noexcept {
    const auto at = static_cast<std::size_t>(i);
    return {pairs_.data() + starts_[at], pairs_.data() + starts_[at + 1]};
}

bool PairLoss::listed(std::int32_t from, std::int32_t to) const noexcept {
    const auto pairs = row(from);
    const auto at = std::lower_bound(pairs.begin(), pairs.end(), to,
                                     [](const KnownPair& p, std::int32_t t) { return p.to < t; });
    return at != pairs.end() && at->to == to;
}

double PairLoss::operator()(const Task& task, MatrixView<const float> z,
                            AlignedVector<float>& gradient, const Key& key, std::uint32_t step) {
    const auto chunks = static_cast<Index>(chunks_.size());
    task.parallel_for(chunks, 1, [&](Index c, Index) {
        if (settings_.negatives > 0)
            drawn_pairs(z, c, key, step);
        else
            all_pairs(z, c);
    });
    gradient.resize(static_cast<std::size_t>(z.size()));
    const Index known = nodes_ * z.cols;
    constexpr Index grain = 1 << 14;
    task.parallel_for(known, grain, [&](Index begin, Index end) {
        std::copy_n(chunks_[0]->gradient.data() + begin, end - begin, gradient.data() + begin);
        for (Index c = 1; c < chunks; ++c)
            for_each_index(end - begin,
                           [to = gradient.data() + begin,
                            from = chunks_[static_cast<std::size_t>(c)]->gradient.data() +
                                   begin](Index i) { to[i] += from[i]; });
    });
    std::fill(gradient.begin() + known, gradient.end(), 0.0f);
    double edges = 0, others = 0;
    for (const auto& chunk : chunks_) edges += chunk->edges, others += chunk->others;
    return static_cast<double>(edge_weight_) * edges + static_cast<double>(other_weight_) * others;
}

// Every chunk takes each so-manieth block of rows: rows of the upper triangle differ in length.
void PairLoss::all_pairs(MatrixView<const float> z, Index chunk) {
    Chunk& to = *chunks_[static_cast<std::size_t>(chunk)];
    to.gradient.assign(static_cast<std::size_t>(nodes_ * z.cols), 0.0f);
    to.edges = to.others = 0;
    const auto stride = static_cast<Index>(chunks_.size()) * tile_rows;
    for (Index first = chunk * tile_rows; first < nodes_; first += stride)
        row_of_tiles(z, first, to);
}

void PairLoss::row_of_tiles(MatrixView<const float> z, Index first, Chunk& to) {
    const Index last = std::min(nodes_, first + tile_rows), width = z.cols;
    to.arena.clear();
    float* const scores = to.arena.take_array<float>(tile_rows * tile_cols);
    float* const logs = to.arena.take_array<float>(tile_cols);
    std::vector<float> kept;
    for (Index left = first; left < nodes_; left += tile_cols) {
        const Index right = std::min(nodes_, left + tile_cols), cols = right - left;
        const MatrixView<float> tile(scores, last - first, cols);
        product_by_transposed(to.arena, tile, z.slice_rows(first, last), z.slice_rows(left, right));
        for (Index i = first; i < last; ++i) {
            float* const s = tile.row(i - first);
            // What is left of the diagonal belongs to another row.
            const Index from = std::max(left, settings_.diagonal ? i : i + 1);
            std::fill(s, s + std::clamp(from - left, Index(0), cols),
                      0.0f); // no slope, and not read below
            if (from >= right) continue;
            const auto listed = row(i);
            const auto begin = std::lower_bound(
                listed.begin(), listed.end(), left,
                [](const KnownPair& p, Index t) { return static_cast<Index>(p.to) < t; });
            kept.clear();
            for (auto p = begin; p != listed.end() && p->to < right; ++p)
                kept.push_back(s[p->to - left]);
            to.others += others_of(s + (from - left), logs + (from - left), right - from,
                                   other_weight_, added_);
            for (std::size_t k = 0; k < kept.size(); ++k) {
                const KnownPair& p = begin[static_cast<std::ptrdiff_t>(k)];
                const Index j = p.to - left;
                to.others -= static_cast<double>(logs[j]);
                s[j] = 0;
                if (p.silent) continue;
                const Chance c = chance(kept[k]);
                to.edges -= static_cast<double>(fast_log(c.of_edge + added_));
                s[j] = edge_weight_ * edge_slope(c, added_);
            }
        }
        const MatrixView<const float> slopes = tile;
        product(to.arena,
                MatrixView<float>(to.gradient.data() + first * width, last - first, width), slopes,
                z.slice_rows(left, right), Write::add);
        product_of_transposed(to.arena,
                              MatrixView<float>(to.gradient.data() + left * width, cols, width),
                              slopes, z.slice_rows(first, last), Write::add);
    }
}

void PairLoss::drawn_pairs(MatrixView<const float> z, Index chunk, const Key& key,
                           std::uint32_t step) {
    Chunk& to = *chunks_[static_cast<std::size_t>(chunk)];
    to.gradient.assign(static_cast<std::size_t>(nodes_ * z.cols), 0.0f);
    to.edges = to.others = 0;
    const auto visit = [&](Index i, Index j, bool edge) {
        const float *a = z.row(i), *b = z.row(j);
        const Chance c = chance(sum_over<float>(z.cols, [=](Index k) { return a[k] * b[k]; }));
        if (edge)
            to.edges -= static_cast<double>(fast_log(c.of_edge + added_));
        else
            to.others -= static_cast<double>(fast_log(c.of_none + added_));
        const float slope =
            edge ? edge_weight_ * edge_slope(c, added_) : other_weight_ * other_slope(c, added_);
        for_each_index(z.cols,
                       [=, g = to.gradient.data() + i * z.cols](Index k) { g[k] += slope * b[k]; });
        for_each_index(z.cols,
                       [=, g = to.gradient.data() + j * z.cols](Index k) { g[k] += slope * a[k]; });
    };
    Random random(key, step, static_cast<std::uint32_t>(chunk));
    const auto count = static_cast<Index>(pairs_.size()),
               parts = static_cast<Index>(chunks_.size());
    for (Index k = count * chunk / parts; k < count * (chunk + 1) / parts; ++k) {
        const KnownPair& p = pairs_[static_cast<std::size_t>(k)];
        if (!p.edge || p.silent) continue;
        visit(p.from, p.to, true);
        for (Index drawn = 0; drawn < settings_.negatives;) {
            const auto i = static_cast<std::int32_t>(random.below(static_cast<uint64_t>(nodes_)));
            const auto j = static_cast<std::int32_t>(random.below(static_cast<uint64_t>(nodes_)));
            if (i == j || listed(std::min(i, j), std::max(i, j))) continue;
            visit(i, j, false);
            ++drawn;
        }
    }
}

} // namespace espalier::completion
