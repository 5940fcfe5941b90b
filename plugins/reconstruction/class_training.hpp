// SPDX-License-Identifier: MIT
// Discrete states: the learner's and the generator's batches, exact and without a row for each
// edge.
//
// With S classes an edge feature depends only on the pair of states (sender s, receiver r), so the
// edge network is evaluated on S x S rows. The message is the sum over s of (number of present
// senders in state s) x e(s, r), and W3 m the same sum of rows e(s, r) W3. On a hard network the
// numbers are whole, many nodes of a batch share them with their own state, and each such situation
// is computed once, with the counts of what came next.
#pragma once

#include "message_network.hpp"
#include "network_belief.hpp"
#include "transitions.hpp"

namespace espalier::reconstruction {

// e(s, r) and e(s, r) W3 for all pairs of states; row s * classes + r.
template <class Real> class PairFeatures {
public:
    void forward(const MessageNetwork<Real>& net);
    const Real* projected(Index sender, Index receiver) const {
        return &projected_[(sender * classes_ + receiver) * hidden_size_];
    }
    // d loss / d projected, to be filled between forward and backward; starts as zeros.
    Real* slope(Index sender, Index receiver) {
        return &slope_[(sender * classes_ + receiver) * hidden_size_];
    }
    // Adds the gradient of U, V, b1, W2, b2, W3.
    void backward(const MessageNetwork<Real>& net, Real* gradient);

private:
    Index classes_ = 0, hidden_size_ = 0;
    std::vector<Real> hidden_, edge_, projected_, slope_, d_edge_, from_sender_, from_receiver_;
};

// Situations of one batch that differ: own state and number of present senders in each state, with
// how often each next state followed.
class Situations {
public:
    // Whether situations of this size can be told apart by one 64-bit number.
    static bool fits(Index nodes, Index classes);

    void clear(Index nodes, Index classes, Index most);
    void add(uint64_t key, uint8_t next);
    // own + classes * (count of state 0 + (nodes + 1) * (count of state 1 + ...))
    static uint64_t key_of(uint8_t own, const int32_t* counts, Index nodes, Index classes);
    Index size() const noexcept { return static_cast<Index>(keys_.size()); }
    uint8_t own(Index row) const;
    void counts(Index row, int32_t* counts) const;
    const int32_t* followers(Index row) const { return &followers_[row * classes_]; }

private:
    Index nodes_ = 0, classes_ = 0;
    std::vector<uint64_t> keys_;
    std::vector<int32_t> followers_, slots_;
};

template <class Real> class ClassTraining {
public:
    // A step of the learner; returns the mean cross-entropy in nats. `given`: one network for all
    // samples instead of samples of the belief. rate 0: the loss only.
    double learn(const Parallel& parallel, MessageNetwork<Real>& net, const Transitions<Real>& data,
                 const NetworkBelief<Real>* belief, const EdgeList* given,
                 const std::vector<Index>& picks, const Key& key, uint32_t step, double rate);
    const std::vector<Real>& gradient() const noexcept { return gradient_; } // of the last step

private:
    double differentiate(const MessageNetwork<Real>& net, Real weight, bool backward);
    PairFeatures<Real> pairs_;
    Situations situations_;
    std::vector<EdgeList> edges_;
    std::vector<uint64_t> keys_;
    std::vector<Real> one_hot_, amount_, gradient_;
    NodePass<Real> node_;
};

template <class Real> class ClassSearch {
public:
    // `steps` steps of the generator on the pairs `picks`; returns the mean loss.
    double search(const Parallel& parallel, const MessageNetwork<Real>& net,
                  const Transitions<Real>& data, NetworkBelief<Real>& belief,
                  const std::vector<Index>& picks, const Ascent& how, Index steps, const Key& key,
                  uint32_t number);

private:
    struct Row {
        std::vector<Real> x, amount, soft, count, slope;
        NodePass<Real> node;
        double loss = 0;
    };
    void soft_step(const MessageNetwork<Real>& net, const Transitions<Real>& data,
                   NetworkBelief<Real>& belief, const std::vector<Index>& picks, Index receiver,
                   const Ascent& how, Random& random, Row& row) const;
    PairFeatures<Real> pairs_;
    std::vector<Row> rows_;
};

extern template class PairFeatures<float>;
extern template class PairFeatures<double>;
extern template class ClassTraining<float>;
extern template class ClassTraining<double>;
extern template class ClassSearch<float>;
extern template class ClassSearch<double>;

} // namespace espalier::reconstruction
