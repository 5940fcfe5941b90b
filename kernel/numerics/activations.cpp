// SPDX-License-Identifier: MIT
// Activation functions and softmax.
#include "espalier/numerics/activations.hpp"

#include "slopes.hpp"
#include "softmax_rows.hpp"
#include "unary.hpp"

#include <array>
#include <stdexcept>

namespace espalier::numerics {

namespace {

template <class Real> struct RowsNode : Node<Real> { Node<Real>* x; };

constexpr std::array<std::string_view, 7> names = {"none",    "relu",     "leaky_relu", "tanh",
                                                   "sigmoid", "softplus", "silu"};

// dx = y (g - sum(g y))
template <class Real> void softmax_backward(Tape<Real>& tape, Node<Real>& base) {
    auto& n = static_cast<RowsNode<Real>&>(base);
    const auto target = tape.contribute(*n.x);
    for (Index r = 0; r < n.rows; ++r) {
        const Real *g = n.gradient + r * n.cols, *y = n.value + r * n.cols;
        const Real dot = sum_over<Real>(n.cols, [=](Index i) { return g[i] * y[i]; });
        add_or_set(typename Tape<Real>::Target{target.data + r * n.cols, target.add}, n.cols,
                   [=](Index i) { return y[i] * (g[i] - dot); });
    }
}

// dx = g - exp(y) sum(g)
template <class Real> void log_softmax_backward(Tape<Real>& tape, Node<Real>& base) {
    auto& n = static_cast<RowsNode<Real>&>(base);
    const auto target = tape.contribute(*n.x);
    for (Index r = 0; r < n.rows; ++r) {
        const Real *g = n.gradient + r * n.cols, *y = n.value + r * n.cols;
        const Real total = sum_over<Real>(n.cols, [=](Index i) { return g[i]; });
        add_or_set(typename Tape<Real>::Target{target.data + r * n.cols, target.add}, n.cols,
                   [=](Index i) { return g[i] - fast_exp(y[i]) * total; });
    }
}

template <class Real>
RowsNode<Real>& rows_node(Variable<Real> x, typename Node<Real>::Backward backward) {
    auto& node = x.tape->template operation<RowsNode<Real>>(x.rows(), x.cols(), backward, x);
    node.x = x.node;
    return node;
}

} // namespace

Activation activation_from(std::string_view name) {
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i] == name) return static_cast<Activation>(i);
    throw std::invalid_argument(
        "unknown activation '" + std::string(name) +
        "'; there are none, relu, leaky_relu, tanh, sigmoid, softplus, silu");
}

std::string_view name_of(Activation activation) noexcept {
    return names[static_cast<std::size_t>(activation)];
}

template <class Real> Variable<Real> activate(Activation activation, Variable<Real> x) {
    switch (activation) {
    case Activation::none: return x;
    case Activation::relu: return relu(x);
    case Activation::leaky_relu: return leaky_relu(x);
    case Activation::tanh: return tanh(x);
    case Activation::sigmoid: return sigmoid(x);
    case Activation::softplus: return softplus(x);
    case Activation::silu: return silu(x);
    }
    return x;
}

template <class Real> Variable<Real> relu(Variable<Real> x) { return unary<Relu>(x); }
template <class Real>
Variable<Real> leaky_relu(Variable<Real> x, std::type_identity_t<Real> slope) {
    return unary<LeakyRelu>(x, slope);
}
template <class Real> Variable<Real> tanh(Variable<Real> x) { return unary<Tanh>(x); }
template <class Real> Variable<Real> sigmoid(Variable<Real> x) { return unary<Sigmoid>(x); }
template <class Real> Variable<Real> softplus(Variable<Real> x) { return unary<Softplus>(x); }
template <class Real> Variable<Real> silu(Variable<Real> x) { return unary<Silu>(x); }

template <class Real> Variable<Real> softmax(Variable<Real> x) {
    auto& node = rows_node(x, &softmax_backward<Real>);
    softmax_rows(MatrixView<Real>{node.value, node.rows, node.cols}, x.node->value);
    return {x.tape, &node};
}

template <class Real> Variable<Real> log_softmax(Variable<Real> x) {
    auto& node = rows_node(x, &log_softmax_backward<Real>);
    Scratch scratch(x.tape->arena());
    MatrixView<Real> exponentials(scratch.take<Real>(x.size()), x.rows(), x.cols());
    shift_and_exponentiate(exponentials, node.value, x.node->value);
    for (Index r = 0; r < node.rows; ++r) {
        Real* y = node.value + r * node.cols;
        const Real shift = fast_log(
            sum_over<Real>(node.cols, [e = exponentials.row(r)](Index i) { return e[i]; }));
        for_each_index(node.cols, [=](Index i) { y[i] -= shift; });
    }
    return {x.tape, &node};
}

#define ESPALIER_ACTIVATIONS(Real)                                                                 \
    template Variable<Real> activate(Activation, Variable<Real>);                                  \
    template Variable<Real> relu(Variable<Real>);                                                  \
    template Variable<Real> leaky_relu(Variable<Real>, Real);                                      \
    template Variable<Real> tanh(Variable<Real>);                                                  \
    template Variable<Real> sigmoid(Variable<Real>);                                               \
    template Variable<Real> softplus(Variable<Real>);                                              \
    template Variable<Real> silu(Variable<Real>);                                                  \
    template Variable<Real> softmax(Variable<Real>);                                               \
    template Variable<Real> log_softmax(Variable<Real>);
ESPALIER_ACTIVATIONS(float)
ESPALIER_ACTIVATIONS(double)

} // namespace espalier::numerics
