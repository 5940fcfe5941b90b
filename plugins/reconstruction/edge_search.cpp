// SPDX-License-Identifier: MIT
// The generator's steps over the edge features of a batch, a receiver at a time.
#include "edge_training.hpp"

#include <algorithm>

namespace espalier::reconstruction {

template <class Real>
void EdgeSearch<Real>::features(const MessageNetwork<Real>& net, const Transitions<Real>& data,
                                const std::vector<Index>& picks, Index receiver, Row& row) const {
    const Shape& s = net.shape();
    const Layout& at = net.at();
    const Index n = s.nodes, h = s.hidden, samples = static_cast<Index>(picks.size());
    for (Index b = 0; b < samples; ++b) {
        std::copy_n(&data.before[(picks[b] * n + receiver) * s.inputs], s.inputs,
                    &row.x[b * s.inputs]);
        std::copy_n(&data.after[(picks[b] * n + receiver) * s.outputs], s.outputs,
                    &row.y[b * s.outputs]);
    }
    thin_dense(row.x.data(), net.part(at.V), net.part(at.b1), row.from_receiver.data(), samples,
               s.inputs, h);
    for (Index b = 0; b < samples; ++b) {
        const Real* own = &row.from_receiver[b * h];
        for (Index j = 0; j < n; ++j)
            for (Index k = 0; k < h; k += lanes<Real>)
                store(&row.hidden[j * h + k],
                      rectified<Real>(Eigen::internal::padd(
                          load(&from_sender_[(b * n + j) * h + k]), load(own + k))));
        dense_rectified(row.hidden.data(), net.part(at.W2), net.part(at.b2), &row.edge[b * n * h],
                        n, h, h);
    }
}

template <class Real>
void EdgeSearch<Real>::soft_step(const MessageNetwork<Real>& net, NetworkBelief<Real>& belief,
                                 Index receiver, Index samples, const Ascent& how, Random& random,
                                 Row& row) const {
    const Index n = net.shape().nodes, h = net.shape().hidden, o = net.shape().outputs;
    belief.soften(receiver, samples, how.temperature, random, row.soft.data());
    for (Index b = 0; b < samples; ++b) {
        const Real* soft = &row.soft[b * n];
        for (Index k = 0; k < h; k += lanes<Real>) {
            Packet<Real> sum = spread<Real>(0);
            for (Index j = 0; j < n; ++j)
                sum = Eigen::internal::pmadd(spread(soft[j]), load(&row.edge[(b * n + j) * h + k]),
                                             sum);
            store(&row.message[b * h + k], sum);
        }
    }
    const Real weight = Real(1) / static_cast<Real>(samples * o);
    row.node.forward(net, row.message.data(), row.x.data(), samples);
    const double loss =
        static_cast<double>(weight) *
        squared_loss(row.node.outputs(), row.y.data(), row.node.slopes(), samples * o, weight);
    row.loss += loss;
    row.node.backward_to_first(net, samples);
    row.node.backward_messages(net, samples, row.d_message.data());
    std::fill(row.slope.begin(), row.slope.end(), Real(0));
    const Real cold = static_cast<Real>(1 / how.temperature);
    for (Index b = 0; b < samples; ++b)
        for (Index j = 0; j < n; ++j) {
            const Real a = row.soft[b * n + j];
            row.slope[j] +=
                dot(&row.d_message[b * h], &row.edge[(b * n + j) * h], h) * a * (1 - a) * cold;
        }
    belief.descend(receiver, row.slope.data(), loss, how);
}

template <class Real>
double EdgeSearch<Real>::search(const Parallel& parallel, const MessageNetwork<Real>& net,
                                const Transitions<Real>& data, NetworkBelief<Real>& belief,
                                const std::vector<Index>& picks, const Ascent& how, Index steps,
                                const Key& key, uint32_t number) {
    const Shape& s = net.shape();
    const Index n = s.nodes, h = s.hidden, samples = static_cast<Index>(picks.size());
    x_.resize(static_cast<std::size_t>(samples * n * s.inputs));
    from_sender_.resize(static_cast<std::size_t>(samples * n * h));
    rows_.resize(static_cast<std::size_t>(n));
    parallel(samples, [&](Index b) {
        Real* x = &x_[b * n * s.inputs];
        std::copy_n(&data.before[picks[b] * n * s.inputs], n * s.inputs, x);
        thin_dense<Real>(x, net.part(net.at().U), nullptr, &from_sender_[b * n * h], n, s.inputs,
                         h);
    });
    parallel(n, [&](Index receiver) {
        Row& row = rows_[receiver];
        const auto fit = [](std::vector<Real>& v, Index count) {
            v.resize(static_cast<std::size_t>(count));
        };
        fit(row.x, samples * s.inputs), fit(row.y, samples * s.outputs);
        fit(row.from_receiver, samples * h), fit(row.hidden, n * h), fit(row.edge, samples * n * h);
        fit(row.soft, samples * n), fit(row.message, samples * h), fit(row.d_message, samples * h);
        fit(row.slope, n);
        row.node.resize(samples, s);
        row.loss = 0;
        features(net, data, picks, receiver, row);
        Random random(key, number, static_cast<uint32_t>(receiver));
        for (Index k = 0; k < steps; ++k)
            soft_step(net, belief, receiver, samples, how, random, row);
    });
    double loss = 0;
    for (const Row& row : rows_) loss += row.loss;
    return loss / static_cast<double>(n * steps);
}

template class EdgeSearch<float>;
template class EdgeSearch<double>;

} // namespace espalier::reconstruction
