// SPDX-License-Identifier: MIT
// The network generator: one logit for each ordered pair of nodes, sampled with Gumbel noise.
//
// An edge is sigmoid((logit + noise) / temperature) with standard logistic noise, the difference of
// two Gumbel variables: the softmax over {edge, no edge} of Jang et al. 2017 (arXiv:1611.01144).
// Here rows are receivers: entry (i, j) is the edge j -> i, because receivers are independent of
// each other once the learner is fixed.
#pragma once

#include "parallel.hpp"

#include <espalier/random.hpp>

#include <cstdint>
#include <vector>

namespace espalier::reconstruction {

// Present edges by receiver: senders of i are sender[offset[i] .. offset[i + 1]).
struct EdgeList {
    std::vector<int32_t> offset, sender;
    Index size() const noexcept { return static_cast<Index>(sender.size()); }
};

struct Ascent {          // of the generator
    double rate = 0.1;   // Adam's learning rate
    double limit = 6;    // of a logit's size
    double sparsity = 0; // added to the loss for each expected edge, in shares of the loss
    double centring = 0; // share of the row's mean slope that is taken out
    double temperature = 1;
};

template <class Real> class NetworkBelief {
public:
    NetworkBelief(Index nodes, bool self_loops, double start, const Key& key);

    Index nodes() const noexcept { return nodes_; }
    bool allowed(Index receiver, Index sender) const noexcept {
        return self_loops_ || receiver != sender;
    }
    const Real* logits(Index receiver) const noexcept { return &logit_[receiver * nodes_]; }
    void assign(const Real* logits); // nodes x nodes, rows: receivers
    double probability(Index receiver, Index sender) const;
    double expected_edges() const;

    // Prepares hard samples: an edge is present when its random word is below its threshold.
    void prepare_samples();
    // One hard sample, drawn from `random`; `edges` keeps its memory.
    void sample(Random& random, EdgeList& edges) const;
    // Soft edges of one receiver for `samples` rows: edge[sample * nodes + sender]; 0 where no edge
    // is allowed.
    void soften(Index receiver, Index samples, double temperature, Random& random,
                Real* edge) const;
    // Edges of probability above 1/2 (or `threshold`).
    EdgeList likely(double threshold = 0.5) const;

    template <class Keep> void keep(Keep& keep) { // a checkpoint
        keep("logit", logit_), keep("mean", mean_), keep("square", square_);
        keep("steps", steps_);
        if (Keep::loading) prepare_samples();
    }

    // One step of Adam on a receiver's row. slope: d loss / d logit, overwritten.
    void descend(Index receiver, Real* slope, double loss, const Ascent& how);

private:
    Index nodes_;
    bool self_loops_;
    std::vector<Real> logit_, mean_, square_;
    std::vector<uint32_t> threshold_;
    std::vector<int64_t> steps_;
};

extern template class NetworkBelief<float>;
extern template class NetworkBelief<double>;

} // namespace espalier::reconstruction
