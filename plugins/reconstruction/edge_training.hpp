// SPDX-License-Identifier: MIT
// Continuous states: the learner's batches and the generator's batches over edges.
//
// The learner sees a hard network, another one for each sample of the batch, and computes only
// the edges that are present. The generator needs no slope inside the edge network: with the
// learner fixed, d loss / d A_ij = <d loss / d m_i, e_ij>, so the features e of a batch are
// computed once and serve several samples of the network.
#pragma once

#include "message_network.hpp"
#include "network_belief.hpp"
#include "transitions.hpp"

namespace espalier::reconstruction {

// One piece of the learner's batch.
template <class Real> class EdgePass {
public:
    // Adds the gradient of weight * (sum of squared_loss) over the given samples and returns that
    // sum without the weight. edges[k] is the network of sample k.
    double add_gradient(const MessageNetwork<Real>& net, const Transitions<Real>& data,
                        const Index* picks, const EdgeList* edges, Index samples, Real weight,
                        Real* gradient);
    // Outputs (nodes x outputs) for one standardised state (nodes x inputs); valid until the next
    // call.
    const Real* predict(const MessageNetwork<Real>& net, const Real* x, const EdgeList& edges);

private:
    void forward(const MessageNetwork<Real>& net, const EdgeList* edges, Index samples);
    void backward(const MessageNetwork<Real>& net, const EdgeList* edges, Index samples,
                  Real* gradient);
    std::vector<Real> x_, y_, from_sender_, from_receiver_, hidden_, edge_, message_, d_message_;
    NodePass<Real> node_;
};

template <class Real> class EdgeTraining {
public:
    // A step of the learner on the pairs `picks`; returns the mean loss for each output.
    double learn(const Parallel& parallel, MessageNetwork<Real>& net, const Transitions<Real>& data,
                 const NetworkBelief<Real>& belief, const std::vector<Index>& picks, const Key& key,
                 uint32_t step, double rate);
    // The same with one given network for all.
    double learn(const Parallel& parallel, MessageNetwork<Real>& net, const Transitions<Real>& data,
                 const EdgeList& edges, const std::vector<Index>& picks, double rate);

private:
    struct Piece {
        EdgePass<Real> pass;
        std::vector<EdgeList> edges;
        std::vector<Real> gradient;
        double loss = 0;
    };
    double step(const Parallel& parallel, MessageNetwork<Real>& net, const Transitions<Real>& data,
                const NetworkBelief<Real>* belief, const EdgeList* edges,
                const std::vector<Index>& picks, const Key& key, uint32_t number, double rate);
    std::vector<Piece> pieces_;
    std::vector<Real> gradient_;
};

template <class Real> class EdgeSearch {
public:
    // `samples` steps of the generator on the pairs `picks`; returns the mean loss.
    double search(const Parallel& parallel, const MessageNetwork<Real>& net,
                  const Transitions<Real>& data, NetworkBelief<Real>& belief,
                  const std::vector<Index>& picks, const Ascent& how, Index samples, const Key& key,
                  uint32_t step);

private:
    struct Row {
        std::vector<Real> x, y, from_receiver, hidden, edge, soft, message, d_message, slope;
        NodePass<Real> node;
        double loss = 0;
    };
    void features(const MessageNetwork<Real>& net, const Transitions<Real>& data,
                  const std::vector<Index>& picks, Index receiver, Row& row) const;
    void soft_step(const MessageNetwork<Real>& net, NetworkBelief<Real>& belief, Index receiver,
                   Index samples, const Ascent& how, Random& random, Row& row) const;
    std::vector<Real> x_, from_sender_;
    std::vector<Row> rows_;
};

extern template class EdgePass<float>;
extern template class EdgePass<double>;
extern template class EdgeTraining<float>;
extern template class EdgeSearch<float>;
extern template class EdgeSearch<double>;

} // namespace espalier::reconstruction
