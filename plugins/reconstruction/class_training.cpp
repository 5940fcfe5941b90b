// SPDX-License-Identifier: MIT
// The learner on discrete states: features of pairs of states, situations, one pass over them.
#include "class_training.hpp"

#include <algorithm>
#include <cmath>

namespace espalier::reconstruction {

template <class Real> void PairFeatures<Real>::forward(const MessageNetwork<Real>& net) {
    const Layout& at = net.at();
    const Index h = net.shape().hidden, classes = net.shape().classes, rows = classes * classes;
    classes_ = classes, hidden_size_ = h;
    for (auto* v : {&hidden_, &edge_, &projected_, &d_edge_})
        v->resize(static_cast<std::size_t>(rows * h));
    slope_.assign(static_cast<std::size_t>(rows * h), Real(0));
    for (Index s = 0; s < classes; ++s)
        for (Index r = 0; r < classes; ++r) {
            Real* to = &hidden_[(s * classes + r) * h];
            const Real *u = net.part(at.U) + s * h, *v = net.part(at.V) + r * h;
            for (Index k = 0; k < h; ++k)
                to[k] = std::max(Real(0), u[k] + v[k] + net.part(at.b1)[k]);
        }
    dense_rectified(hidden_.data(), net.part(at.W2), net.part(at.b2), edge_.data(), rows, h, h);
    dense(edge_.data(), net.part(at.W3), projected_.data(), rows, h, h);
}

template <class Real> void PairFeatures<Real>::backward(const MessageNetwork<Real>& net, Real* g) {
    const Layout& at = net.at();
    const Index h = hidden_size_, classes = classes_, rows = classes * classes;
    dense_weights(edge_.data(), slope_.data(), g + at.W3, rows, h, h);
    dense_backward_gated(slope_.data(), net.transposed3(), edge_.data(), d_edge_.data(), rows, h,
                         h);
    dense_weights(hidden_.data(), d_edge_.data(), g + at.W2, rows, h, h);
    add_rows(d_edge_.data(), g + at.b2, rows, h);
    dense_backward_gated(d_edge_.data(), net.transposed2(), hidden_.data(), hidden_.data(), rows, h,
                         h);
    for (Index s = 0; s < classes; ++s)
        for (Index r = 0; r < classes; ++r) {
            const Real* slope = &hidden_[(s * classes + r) * h];
            add(slope, g + at.U + s * h, h);
            add(slope, g + at.V + r * h, h);
        }
    add_rows(hidden_.data(), g + at.b1, rows, h);
}

bool Situations::fits(Index nodes, Index classes) {
    return std::log2(static_cast<double>(classes)) +
               static_cast<double>(classes) * std::log2(static_cast<double>(nodes + 1)) <
           63;
}

void Situations::clear(Index nodes, Index classes, Index most) {
    nodes_ = nodes, classes_ = classes;
    keys_.clear(), followers_.clear();
    keys_.reserve(static_cast<std::size_t>(most));
    followers_.reserve(static_cast<std::size_t>(most * classes));
    std::size_t room = 64;
    while (room < static_cast<std::size_t>(2 * most)) room *= 2;
    slots_.assign(room, -1);
}

void Situations::add(uint64_t key, uint8_t next) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t slot = (key * 0x9E3779B97F4A7C15u) >> 20 & mask; // Fibonacci hashing
    while (slots_[slot] >= 0 && keys_[static_cast<std::size_t>(slots_[slot])] != key)
        slot = (slot + 1) & mask;
    if (slots_[slot] < 0) {
        slots_[slot] = static_cast<int32_t>(keys_.size());
        keys_.push_back(key);
        followers_.resize(followers_.size() + static_cast<std::size_t>(classes_));
    }
    ++followers_[static_cast<std::size_t>(slots_[slot] * classes_ + next)];
}

uint64_t Situations::key_of(uint8_t own, const int32_t* counts, Index nodes, Index classes) {
    uint64_t key = 0;
    for (Index s = classes; s-- > 0;)
        key = key * static_cast<uint64_t>(nodes + 1) + static_cast<uint64_t>(counts[s]);
    return key * static_cast<uint64_t>(classes) + own;
}

uint8_t Situations::own(Index row) const {
    return static_cast<uint8_t>(keys_[row] % static_cast<uint64_t>(classes_));
}

void Situations::counts(Index row, int32_t* counts) const {
    uint64_t key = keys_[row] / static_cast<uint64_t>(classes_);
    for (Index s = 0; s < classes_; ++s, key /= static_cast<uint64_t>(nodes_ + 1))
        counts[s] = static_cast<int32_t>(key % static_cast<uint64_t>(nodes_ + 1));
}

template <class Real>
double ClassTraining<Real>::differentiate(const MessageNetwork<Real>& net, Real weight,
                                          bool backward) {
    const Layout& at = net.at();
    const Index h = net.shape().hidden, classes = net.shape().classes, rows = situations_.size();
    std::vector<Real>& x = one_hot_;
    at_least(x, rows * classes), at_least(amount_, rows * classes);
    std::fill_n(x.begin(), rows * classes, Real(0));
    node_.resize(rows, net.shape());
    pairs_.forward(net);
    int32_t counts[64];
    for (Index r = 0; r < rows; ++r) {
        const Index own = situations_.own(r);
        situations_.counts(r, counts);
        x[r * classes + own] = 1;
        Real* z = node_.first() + r * h;
        for (Index k = 0; k < h; ++k) z[k] = net.part(at.b3)[k] + net.part(at.V3)[own * h + k];
        for (Index s = 0; s < classes; ++s) {
            amount_[r * classes + s] = static_cast<Real>(situations_.followers(r)[s]);
            if (counts[s]) add_scaled(static_cast<Real>(counts[s]), pairs_.projected(s, own), z, h);
        }
    }
    node_.forward_from_first(net, x.data(), rows);
    const double loss =
        entropy_loss(node_.outputs(), amount_.data(), node_.slopes(), rows, classes, weight);
    if (!backward) return loss;
    gradient_.assign(static_cast<std::size_t>(net.at().size), Real(0));
    node_.backward_to_first(net, rows);
    node_.add_gradient(net, nullptr, x.data(), rows, gradient_.data());
    for (Index r = 0; r < rows; ++r) {
        const Index own = situations_.own(r);
        situations_.counts(r, counts);
        for (Index s = 0; s < classes; ++s)
            if (counts[s])
                add_scaled(static_cast<Real>(counts[s]), node_.d_first() + r * h,
                           pairs_.slope(s, own), h);
    }
    pairs_.backward(net, gradient_.data());
    return loss;
}

template <class Real>
double ClassTraining<Real>::learn(const Parallel& parallel, MessageNetwork<Real>& net,
                                  const Transitions<Real>& data, const NetworkBelief<Real>* belief,
                                  const EdgeList* given, const std::vector<Index>& picks,
                                  const Key& key, uint32_t number, double rate) {
    constexpr Index samples_a_piece = 16;
    const Index n = data.nodes, classes = net.shape().classes;
    const Index samples = static_cast<Index>(picks.size()), rows = samples * n;
    const Index pieces = (samples + samples_a_piece - 1) / samples_a_piece;
    if (static_cast<Index>(edges_.size()) < pieces) edges_.resize(static_cast<std::size_t>(pieces));
    keys_.resize(static_cast<std::size_t>(rows));
    parallel(pieces, [&](Index piece) {
        int32_t counts[64];
        const Index end = std::min(samples, (piece + 1) * samples_a_piece);
        for (Index b = piece * samples_a_piece; b < end; ++b) {
            if (!given) {
                Random random(key, number, static_cast<uint32_t>(b));
                belief->sample(random, edges_[piece]);
            }
            const EdgeList& edges = given ? *given : edges_[piece];
            const uint8_t* state = &data.state[picks[b] * n];
            for (Index i = 0; i < n; ++i) {
                std::fill_n(counts, classes, 0);
                for (int32_t t = edges.offset[i]; t < edges.offset[i + 1]; ++t)
                    ++counts[state[edges.sender[t]]];
                keys_[b * n + i] = Situations::key_of(state[i], counts, n, classes);
            }
        }
    });
    situations_.clear(n, classes, rows);
    for (Index b = 0; b < samples; ++b)
        for (Index i = 0; i < n; ++i)
            situations_.add(keys_[b * n + i], data.next[picks[b] * n + i]);
    const Real weight = Real(1) / static_cast<Real>(rows);
    const double loss = differentiate(net, weight, rate > 0);
    if (rate > 0) net.descend(gradient_, rate);
    return loss * static_cast<double>(weight);
}

template class PairFeatures<float>;
template class PairFeatures<double>;
template class ClassTraining<float>;
template class ClassTraining<double>;

} // namespace espalier::reconstruction
