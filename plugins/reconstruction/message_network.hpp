// SPDX-License-Identifier: MIT
// The dynamics learner: one step of message passing, its parameters and their optimiser.
//
//     e_ij = max(0, W2 max(0, U x_j + V x_i + b1) + b2)          edge from sender j to receiver i
//     m_i  = sum_j A_ij e_ij
//     h_i  = max(0, W4 max(0, W3 m_i + V3 x_i + b3) + b4)
//     y_i  = X5 x_i + H5 h_i + b5
//
// y is the standardised next state (or its change), or the logits of the next class. V3 is not in
// the published model: with it a node's own dynamics need not pass through the sum over edges,
// whose number changes from sample to sample. Matrices are stored inputs x outputs, X5 and H5
// outputs x inputs.
#pragma once

#include "fused_product.hpp"

#include <espalier/random.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace espalier::reconstruction {

struct Shape {
    Index nodes = 0;
    Index inputs = 0;  // features of a state, or classes (one-hot)
    Index outputs = 0; // features, or classes
    Index hidden = 0;  // a multiple of 16
    Index classes = 0; // 0: continuous
};

// Where each part lies in the one vector that holds them all.
struct Layout {
    explicit Layout(const Shape& shape);
    Index U, V, b1, W2, b2, W3, V3, b3, W4, b4, X5, H5, b5, size;
};

template <class Real> class MessageNetwork {
public:
    MessageNetwork(const Shape& shape, const Key& key);

    const Shape& shape() const noexcept { return shape_; }
    const Layout& at() const noexcept { return at_; }
    const Real* part(Index offset) const noexcept { return values_.data() + offset; }
    const Real* transposed2() const noexcept { return transposed2_.data(); }
    const Real* transposed3() const noexcept { return transposed3_.data(); }
    const Real* transposed4() const noexcept { return transposed4_.data(); }

    const std::vector<Real>& values() const noexcept { return values_; }
    void assign(const Real* values); // at().size numbers

    template <class Keep> void keep(Keep& keep) { // a checkpoint
        keep("values", values_), keep("mean", mean_), keep("square", square_);
        keep("steps", steps_);
        if (Keep::loading) transpose();
    }

    // Adam (Kingma and Ba 2015, arXiv:1412.6980), moments 0.9 and 0.999.
    void descend(const std::vector<Real>& gradient, double learning_rate);

private:
    void transpose();

    Shape shape_;
    Layout at_;
    std::vector<Real> values_, mean_, square_, transposed2_, transposed3_, transposed4_;
    int64_t steps_ = 0;
};

// The half of the model that belongs to nodes, for some rows (node and sample pairs), forward and
// backward, with its buffers.
template <class Real> class NodePass {
public:
    void resize(Index rows, const Shape& shape);

    // From messages m (rows x hidden) and states x (rows x inputs).
    void forward(const MessageNetwork<Real>& net, const Real* m, const Real* x, Index rows);
    // The same when W3 m + V3 x + b3 lies already in first().
    void forward_from_first(const MessageNetwork<Real>& net, const Real* x, Index rows);
    // From slopes() of the loss: d loss / d (before the first rectifier) in d_first().
    void backward_to_first(const MessageNetwork<Real>& net, Index rows);
    // Further, d loss / d m.
    void backward_messages(const MessageNetwork<Real>& net, Index rows, Real* dm);
    // Adds the gradient of V3, b3, W4, b4, X5, H5, b5; that of W3 when m is given.
    void add_gradient(const MessageNetwork<Real>& net, const Real* m, const Real* x, Index rows,
                      Real* gradient);

    Real* first() noexcept { return h3_.data(); }
    const Real* outputs() const noexcept { return out_.data(); }
    Real* slopes() noexcept { return slope_.data(); } // d loss / d outputs
    const Real* d_first() const noexcept { return d3_.data(); }

private:
    void last_layer(const MessageNetwork<Real>& net, const Real* x, Index rows);
    std::vector<Real> h3_, h4_, d3_, d4_, out_, slope_;
};

// Sum over `count` of (out - wanted)^2 / 2; slope = weight (out - wanted).
template <class Real>
double squared_loss(const Real* out, const Real* wanted, Real* slope, Index count, Real weight);

// Sum over rows of the cross-entropy in nats of logits `out`, each wanted class counted `amount`
// times (rows x classes).
template <class Real>
double entropy_loss(const Real* out, const Real* amount, Real* slope, Index rows, Index classes,
                    Real weight);

extern template class MessageNetwork<float>;
extern template class MessageNetwork<double>;
extern template class NodePass<float>;
extern template class NodePass<double>;

} // namespace espalier::reconstruction
