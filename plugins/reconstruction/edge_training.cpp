// SPDX-License-Identifier: MIT
// Fused kernels of the learner over the edges that are present.
#include "edge_training.hpp"

#include <algorithm>

namespace espalier::reconstruction {

namespace {

// body(edge, sender row, receiver row) for all edges of all samples, receivers in order.
template <class Body>
void each_edge(const EdgeList* edges, Index samples, Index nodes, Body&& body) {
    Index edge = 0;
    for (Index b = 0; b < samples; ++b)
        for (Index i = 0; i < nodes; ++i)
            for (int32_t t = edges[b].offset[i]; t < edges[b].offset[i + 1]; ++t, ++edge)
                body(edge, b * nodes + edges[b].sender[t], b * nodes + i);
}

} // namespace

template <class Real>
void EdgePass<Real>::forward(const MessageNetwork<Real>& net, const EdgeList* edges,
                             Index samples) {
    const Index n = net.shape().nodes, h = net.shape().hidden, rows = samples * n;
    Index count = 0;
    for (Index b = 0; b < samples; ++b) count += edges[b].size();
    for (auto* v : {&from_sender_, &from_receiver_, &message_, &d_message_}) at_least(*v, rows * h);
    at_least(hidden_, count * h), at_least(edge_, count * h);
    const Layout& at = net.at();
    const Index d = net.shape().inputs;
    thin_dense<Real>(x_.data(), net.part(at.U), nullptr, from_sender_.data(), rows, d, h);
    thin_dense(x_.data(), net.part(at.V), net.part(at.b1), from_receiver_.data(), rows, d, h);
    each_edge(edges, samples, n, [&](Index e, Index sender, Index receiver) {
        for (Index k = 0; k < h; k += lanes<Real>)
            store(&hidden_[e * h + k],
                  rectified<Real>(Eigen::internal::padd(load(&from_sender_[sender * h + k]),
                                                        load(&from_receiver_[receiver * h + k]))));
    });
    dense_rectified(hidden_.data(), net.part(at.W2), net.part(at.b2), edge_.data(), count, h, h);
    std::fill_n(message_.begin(), rows * h, Real(0));
    each_edge(edges, samples, n, [&](Index e, Index, Index receiver) {
        add(&edge_[e * h], &message_[receiver * h], h);
    });
    node_.resize(rows, net.shape());
    node_.forward(net, message_.data(), x_.data(), rows);
}

template <class Real>
void EdgePass<Real>::backward(const MessageNetwork<Real>& net, const EdgeList* edges, Index samples,
                              Real* g) {
    const Index n = net.shape().nodes, h = net.shape().hidden, rows = samples * n;
    const Index d = net.shape().inputs;
    const Layout& at = net.at();
    Index count = 0;
    node_.backward_to_first(net, rows);
    node_.backward_messages(net, rows, d_message_.data());
    node_.add_gradient(net, message_.data(), x_.data(), rows, g);
    each_edge(edges, samples, n, [&](Index e, Index, Index receiver) {
        ++count;
        for (Index k = 0; k < h; k += lanes<Real>)
            store(&edge_[e * h + k],
                  gated<Real>(load(&edge_[e * h + k]), load(&d_message_[receiver * h + k])));
    });
    dense_weights(hidden_.data(), edge_.data(), g + at.W2, count, h, h);
    add_rows(edge_.data(), g + at.b2, count, h);
    dense_backward_gated(edge_.data(), net.transposed2(), hidden_.data(), hidden_.data(), count, h,
                         h);
    // The slopes of U x_j and V x_i, in the memory of the messages, which are done with.
    std::fill_n(message_.begin(), rows * h, Real(0));
    std::fill_n(d_message_.begin(), rows * h, Real(0));
    each_edge(edges, samples, n, [&](Index e, Index sender, Index receiver) {
        add(&hidden_[e * h], &message_[sender * h], h);
        add(&hidden_[e * h], &d_message_[receiver * h], h);
    });
    thin_weights(x_.data(), message_.data(), g + at.U, rows, d, h);
    thin_weights(x_.data(), d_message_.data(), g + at.V, rows, d, h);
    add_rows(d_message_.data(), g + at.b1, rows, h);
}

template <class Real>
double EdgePass<Real>::add_gradient(const MessageNetwork<Real>& net, const Transitions<Real>& data,
                                    const Index* picks, const EdgeList* edges, Index samples,
                                    Real weight, Real* gradient) {
    const Index n = net.shape().nodes, in = n * net.shape().inputs, out = n * net.shape().outputs;
    at_least(x_, samples * in), at_least(y_, samples * out);
    for (Index b = 0; b < samples; ++b) {
        std::copy_n(&data.before[picks[b] * in], in, &x_[b * in]);
        std::copy_n(&data.after[picks[b] * out], out, &y_[b * out]);
    }
    forward(net, edges, samples);
    const double loss =
        squared_loss(node_.outputs(), y_.data(), node_.slopes(), samples * out, weight);
    if (gradient) backward(net, edges, samples, gradient);
    return loss;
}

template <class Real>
const Real* EdgePass<Real>::predict(const MessageNetwork<Real>& net, const Real* x,
                                    const EdgeList& edges) {
    x_.assign(x, x + net.shape().nodes * net.shape().inputs);
    forward(net, &edges, 1);
    return node_.outputs();
}

template <class Real>
double EdgeTraining<Real>::step(const Parallel& parallel, MessageNetwork<Real>& net,
                                const Transitions<Real>& data, const NetworkBelief<Real>* belief,
                                const EdgeList* given, const std::vector<Index>& picks,
                                const Key& key, uint32_t number, double rate) {
    constexpr Index samples_a_piece = 16, edges_at_once = 512;
    const Index samples = static_cast<Index>(picks.size());
    const Index pieces = (samples + samples_a_piece - 1) / samples_a_piece;
    if (static_cast<Index>(pieces_.size()) < pieces)
        pieces_.resize(static_cast<std::size_t>(pieces));
    const Real weight =
        Real(1) / static_cast<Real>(samples * net.shape().nodes * net.shape().outputs);
    parallel(pieces, [&](Index piece) {
        Piece& p = pieces_[piece];
        const Index begin = piece * samples_a_piece;
        const Index count = std::min(samples - begin, samples_a_piece);
        p.edges.resize(static_cast<std::size_t>(count));
        p.gradient.assign(static_cast<std::size_t>(net.at().size), Real(0));
        p.loss = 0;
        for (Index b = 0; b < count; ++b) {
            if (given) {
                p.edges[b] = *given;
            } else {
                Random random(key, number, static_cast<uint32_t>(begin + b));
                belief->sample(random, p.edges[b]);
            }
        }
        for (Index b = 0; b < count;) {
            Index end = b, edges = 0;
            while (end < count && (end == b || edges < edges_at_once))
                edges += p.edges[end++].size();
            p.loss += p.pass.add_gradient(net, data, picks.data() + begin + b, &p.edges[b], end - b,
                                          weight, rate > 0 ? p.gradient.data() : nullptr);
            b = end;
        }
    });
    double loss = 0;
    for (Index piece = 0; piece < pieces; ++piece) loss += pieces_[piece].loss;
    if (rate > 0) {
        gradient_.assign(static_cast<std::size_t>(net.at().size), Real(0));
        for (Index piece = 0; piece < pieces; ++piece)
            add(pieces_[piece].gradient.data(), gradient_.data(), net.at().size);
        net.descend(gradient_, rate);
    }
    return loss * static_cast<double>(weight);
}

template <class Real>
double EdgeTraining<Real>::learn(const Parallel& parallel, MessageNetwork<Real>& net,
                                 const Transitions<Real>& data, const NetworkBelief<Real>& belief,
                                 const std::vector<Index>& picks, const Key& key, uint32_t number,
                                 double rate) {
    return step(parallel, net, data, &belief, nullptr, picks, key, number, rate);
}

template <class Real>
double EdgeTraining<Real>::learn(const Parallel& parallel, MessageNetwork<Real>& net,
                                 const Transitions<Real>& data, const EdgeList& edges,
                                 const std::vector<Index>& picks, double rate) {
    return step(parallel, net, data, nullptr, &edges, picks, Key{}, 0, rate);
}

template class EdgePass<float>;
template class EdgePass<double>;
template class EdgeTraining<float>;

} // namespace espalier::reconstruction
