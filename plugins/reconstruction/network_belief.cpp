// SPDX-License-Identifier: MIT
// Samples and steps of the network generator.
#include "network_belief.hpp"

#include <espalier/numerics/transcendental.hpp>

#include <algorithm>
#include <cmath>

namespace espalier::reconstruction {

using numerics::fast_log, numerics::fast_sigmoid;

template <class Real>
NetworkBelief<Real>::NetworkBelief(Index nodes, bool self_loops, double start, const Key& key)
    : nodes_(nodes), self_loops_(self_loops), logit_(static_cast<std::size_t>(nodes * nodes)),
      mean_(logit_), square_(logit_), threshold_(logit_.size()),
      steps_(static_cast<std::size_t>(nodes)) {
    Random random(key, 0);
    for (auto& logit : logit_)
        logit = static_cast<Real>(start + 0.2 * (random.uniform() - 0.5)); // breaks ties
}

template <class Real> void NetworkBelief<Real>::assign(const Real* logits) {
    std::copy_n(logits, nodes_ * nodes_, logit_.begin());
}

template <class Real> double NetworkBelief<Real>::probability(Index receiver, Index sender) const {
    if (!allowed(receiver, sender)) return 0;
    return 1 / (1 + std::exp(-static_cast<double>(logits(receiver)[sender])));
}

template <class Real> double NetworkBelief<Real>::expected_edges() const {
    double sum = 0;
    for (Index i = 0; i < nodes_; ++i)
        for (Index j = 0; j < nodes_; ++j) sum += probability(i, j);
    return sum;
}

template <class Real> void NetworkBelief<Real>::prepare_samples() {
    for (Index i = 0; i < nodes_; ++i)
        for (Index j = 0; j < nodes_; ++j)
            threshold_[i * nodes_ + j] =
                static_cast<uint32_t>(std::min(probability(i, j) * 0x1p32, 0x1p32 - 1));
}

template <class Real> void NetworkBelief<Real>::sample(Random& random, EdgeList& edges) const {
    edges.offset.resize(static_cast<std::size_t>(nodes_ + 1));
    edges.sender.resize(static_cast<std::size_t>(nodes_ * nodes_)); // room for all
    int32_t count = 0;
    const uint32_t* threshold = threshold_.data();
    for (Index i = 0; i < nodes_; ++i) {
        edges.offset[i] = count;
        for (Index j = 0; j < nodes_; ++j) {
            edges.sender[count] = static_cast<int32_t>(j);
            count += random.bits() < *threshold++;
        }
    }
    edges.offset[nodes_] = count;
    edges.sender.resize(static_cast<std::size_t>(count));
}

template <class Real>
void NetworkBelief<Real>::soften(Index receiver, Index samples, double temperature, Random& random,
                                 Real* edge) const {
    const Real* logit = logits(receiver);
    const Real cold = static_cast<Real>(1 / temperature);
    const Index count = samples * nodes_;
    for (Index k = 0; k < count; ++k)
        edge[k] = (static_cast<Real>(random.bits() >> 9) + Real(0.5)) * Real(0x1p-23); // (0, 1)
    for (Index b = 0; b < samples; ++b, edge += nodes_) {
        for (Index j = 0; j < nodes_; ++j) {
            const Real noise = fast_log(edge[j]) - fast_log(1 - edge[j]);
            edge[j] = fast_sigmoid((logit[j] + noise) * cold);
        }
        if (!self_loops_) edge[receiver] = 0;
    }
}

template <class Real> EdgeList NetworkBelief<Real>::likely(double threshold) const {
    EdgeList edges;
    edges.offset.push_back(0);
    for (Index i = 0; i < nodes_; ++i) {
        for (Index j = 0; j < nodes_; ++j)
            if (probability(i, j) > threshold) edges.sender.push_back(static_cast<int32_t>(j));
        edges.offset.push_back(static_cast<int32_t>(edges.sender.size()));
    }
    return edges;
}

template <class Real>
void NetworkBelief<Real>::descend(Index receiver, Real* slope, double loss, const Ascent& how) {
    constexpr double first = 0.9, second = 0.99;
    const double t = static_cast<double>(++steps_[receiver]);
    const Real rate = static_cast<Real>(how.rate / (1 - std::pow(first, t)));
    const Real scale = static_cast<Real>(1 / (1 - std::pow(second, t)));
    const Real limit = static_cast<Real>(how.limit);
    Real* logit = &logit_[receiver * nodes_];
    Real *mean = &mean_[receiver * nodes_], *square = &square_[receiver * nodes_];
    const Real price = static_cast<Real>(how.sparsity * loss);
    Real total = 0;
    for (Index j = 0; j < nodes_; ++j) {
        const Real p = fast_sigmoid(logit[j]);
        slope[j] += price * p * (1 - p);
        if (allowed(receiver, j)) total += slope[j];
    }
    const Index entries = self_loops_ ? nodes_ : nodes_ - 1;
    const Real centre = static_cast<Real>(how.centring) * total / static_cast<Real>(entries);
    for (Index j = 0; j < nodes_; ++j) {
        const Real g = slope[j] - centre;
        mean[j] = Real(first) * mean[j] + Real(1 - first) * g;
        square[j] = Real(second) * square[j] + Real(1 - second) * g * g;
        logit[j] -= rate * mean[j] / (std::sqrt(square[j] * scale) + Real(1e-12));
        logit[j] = std::clamp(logit[j], -limit, limit);
    }
}

template class NetworkBelief<float>;
template class NetworkBelief<double>;

} // namespace espalier::reconstruction
