// SPDX-License-Identifier: MIT
// The loss of the inner-product decoder and its gradient, tile by tile of Z Z': no matrix of all
// pairs is ever kept.
#pragma once

#include <espalier/numerics/arena.hpp>
#include <espalier/numerics/matrix.hpp>
#include <espalier/random.hpp>
#include <espalier/task.hpp>

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace espalier::completion {

using numerics::AlignedVector;
using numerics::Index;
using numerics::MatrixView;

// How much a pair of known nodes counts. The published weights are edges/others turned upside down:
// n0/n1 for edges and n1/n0 for the others, n1 = twice the edges, n0 = nodes squared; balanced:
// edges together as much as the others; plain: all the same.
enum class PairWeights { published, balanced, plain };

// Pairs i < j of known nodes; those of one row ascend.
struct KnownPair {
    std::int32_t from, to;
    bool edge;   // else a pair without one, which is held out
    bool silent; // held out of the loss
};

struct PairLossSettings {
    PairWeights weights = PairWeights::balanced;
    bool diagonal = false; // count i = j as a pair without an edge, as published
    Index negatives = 0;   // pairs without an edge drawn for each edge; 0: all of them
};

// L = - sum of w log(p + c) / sum of w, where p = sigmoid(z_i . z_j) for an edge and 1 minus it for
// another pair. c = 1e-6 with the published weights, where a score beyond 14 or so has no slope any
// more and the descent may stay there; else so small that it only keeps the logarithm finite. The
// sum over pairs goes over fixed chunks in a fixed order.
class PairLoss {
public:
    // nodes: the first of all, which are known. `pairs`: all edges among them, and what is held
    // out; sorted by from, then to.
    PairLoss(Index nodes, std::vector<KnownPair> pairs, const PairLossSettings& settings);

    // z: all nodes x width; gradient: the same shape, written in full. Draws of pairs belong to
    // (key, step). Returns the loss.
    double operator()(const Task& task, MatrixView<const float> z, AlignedVector<float>& gradient,
                      const Key& key, std::uint32_t step);

    std::span<const KnownPair> pairs() const noexcept { return pairs_; }

private:
    struct Chunk {
        numerics::Arena arena;
        AlignedVector<float> gradient;
        double edges = 0, others = 0; // sums of -log
    };
    void all_pairs(MatrixView<const float> z, Index chunk);
    void row_of_tiles(MatrixView<const float> z, Index first, Chunk& to);
    void drawn_pairs(MatrixView<const float> z, Index chunk, const Key& key, std::uint32_t step);
    bool listed(std::int32_t from, std::int32_t to) const noexcept;
    std::span<const KnownPair> row(Index i) const noexcept;

    Index nodes_;
    std::vector<KnownPair> pairs_;
    std::vector<Index> starts_; // of each row in pairs_
    PairLossSettings settings_;
    float added_;                              // to the argument of the logarithm
    float edge_weight_ = 0, other_weight_ = 0; // divided by the sum of all weights
    std::vector<std::unique_ptr<Chunk>> chunks_;
};

} // namespace espalier::completion
