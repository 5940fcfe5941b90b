// SPDX-License-Identifier: MIT
// The generator's steps on discrete states, a receiver at a time.
#include "class_training.hpp"

#include <algorithm>

namespace espalier::reconstruction {

template <class Real>
void ClassSearch<Real>::soft_step(const MessageNetwork<Real>& net, const Transitions<Real>& data,
                                  NetworkBelief<Real>& belief, const std::vector<Index>& picks,
                                  Index receiver, const Ascent& how, Random& random,
                                  Row& row) const {
    const Layout& at = net.at();
    const Index n = data.nodes, h = net.shape().hidden, classes = net.shape().classes;
    const Index samples = static_cast<Index>(picks.size());
    belief.soften(receiver, samples, how.temperature, random, row.soft.data());
    for (Index b = 0; b < samples; ++b) {
        const uint8_t* state = &data.state[picks[b] * n];
        const Real* soft = &row.soft[b * n];
        const Index own = state[receiver];
        Real* count = &row.count[b * classes];
        std::fill_n(count, classes, Real(0));
        for (Index j = 0; j < n; ++j) count[state[j]] += soft[j];
        Real* z = row.node.first() + b * h;
        for (Index k = 0; k < h; ++k) z[k] = net.part(at.b3)[k] + net.part(at.V3)[own * h + k];
        for (Index s = 0; s < classes; ++s) add_scaled(count[s], pairs_.projected(s, own), z, h);
    }
    const Real weight = Real(1) / static_cast<Real>(samples);
    row.node.forward_from_first(net, row.x.data(), samples);
    const double loss =
        static_cast<double>(weight) * entropy_loss(row.node.outputs(), row.amount.data(),
                                                   row.node.slopes(), samples, classes, weight);
    row.loss += loss;
    row.node.backward_to_first(net, samples);
    std::fill(row.slope.begin(), row.slope.end(), Real(0));
    const Real cold = static_cast<Real>(1 / how.temperature);
    for (Index b = 0; b < samples; ++b) {
        const uint8_t* state = &data.state[picks[b] * n];
        const Real* soft = &row.soft[b * n];
        Real* of_state = &row.count[b * classes]; // d loss / d count, in place of the counts
        for (Index s = 0; s < classes; ++s)
            of_state[s] =
                cold * dot(row.node.d_first() + b * h, pairs_.projected(s, state[receiver]), h);
        for (Index j = 0; j < n; ++j) row.slope[j] += of_state[state[j]] * soft[j] * (1 - soft[j]);
    }
    belief.descend(receiver, row.slope.data(), loss, how);
}

template <class Real>
double ClassSearch<Real>::search(const Parallel& parallel, const MessageNetwork<Real>& net,
                                 const Transitions<Real>& data, NetworkBelief<Real>& belief,
                                 const std::vector<Index>& picks, const Ascent& how, Index steps,
                                 const Key& key, uint32_t number) {
    const Index n = data.nodes, classes = net.shape().classes;
    const Index samples = static_cast<Index>(picks.size());
    rows_.resize(static_cast<std::size_t>(n));
    pairs_.forward(net);
    parallel(n, [&](Index receiver) {
        Row& row = rows_[receiver];
        row.x.assign(static_cast<std::size_t>(samples * classes), Real(0));
        row.amount.assign(row.x.size(), Real(0));
        row.count.resize(row.x.size());
        row.soft.resize(static_cast<std::size_t>(samples * n));
        row.slope.resize(static_cast<std::size_t>(n));
        row.node.resize(samples, net.shape());
        row.loss = 0;
        for (Index b = 0; b < samples; ++b) {
            row.x[b * classes + data.state[picks[b] * n + receiver]] = 1;
            row.amount[b * classes + data.next[picks[b] * n + receiver]] = 1;
        }
        Random random(key, number, static_cast<uint32_t>(receiver));
        for (Index k = 0; k < steps; ++k)
            soft_step(net, data, belief, picks, receiver, how, random, row);
    });
    double loss = 0;
    for (const Row& row : rows_) loss += row.loss;
    return loss / static_cast<double>(n * steps);
}

template class ClassSearch<float>;
template class ClassSearch<double>;

} // namespace espalier::reconstruction
