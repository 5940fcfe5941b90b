// SPDX-License-Identifier: MIT
// Sums over everything, over rows and over columns.
#include "espalier/numerics/reductions.hpp"

#include "unary.hpp"

namespace espalier::numerics {

namespace {

// Of all elements, times factor; the gradient is the same for each.
template <class Real> Variable<Real> scaled_sum(Variable<Real> x, Real factor) {
    auto& node = x.tape->template operation<UnaryNode<Real>>(
        1, 1,
        [](Tape<Real>& tape, Node<Real>& base) {
            auto& n = static_cast<UnaryNode<Real>&>(base);
            contribute(tape, *n.x, [g = *n.gradient * n.first](Index) { return g; });
        },
        x);
    node.x = x.node, node.first = factor;
    *node.value =
        factor * sum_over<Real>(x.size(), [in = x.node->value](Index i) { return in[i]; });
    return {x.tape, &node};
}

} // namespace

template <class Real> Variable<Real> sum(Variable<Real> x) { return scaled_sum(x, Real(1)); }
template <class Real> Variable<Real> mean(Variable<Real> x) {
    return scaled_sum(x, 1 / static_cast<Real>(x.size()));
}

template <class Real> Variable<Real> row_sums(Variable<Real> x) {
    auto& node = x.tape->template operation<UnaryNode<Real>>(
        x.rows(), 1,
        [](Tape<Real>& tape, Node<Real>& base) {
            auto& n = static_cast<UnaryNode<Real>&>(base);
            const auto target = tape.contribute(*n.x);
            for (Index r = 0; r < n.rows; ++r)
                add_or_set(typename Tape<Real>::Target{target.data + r * n.x->cols, target.add},
                           n.x->cols, [g = n.gradient[r]](Index) { return g; });
        },
        x);
    node.x = x.node;
    for (Index r = 0; r < x.rows(); ++r)
        node.value[r] = sum_over<Real>(
            x.cols(), [in = x.node->value + r * x.cols()](Index i) { return in[i]; });
    return {x.tape, &node};
}

template <class Real> Variable<Real> column_sums(Variable<Real> x) {
    auto& node = x.tape->template operation<UnaryNode<Real>>(
        1, x.cols(),
        [](Tape<Real>& tape, Node<Real>& base) {
            auto& n = static_cast<UnaryNode<Real>&>(base);
            const auto target = tape.contribute(*n.x);
            for (Index r = 0; r < n.x->rows; ++r)
                add_or_set(typename Tape<Real>::Target{target.data + r * n.cols, target.add},
                           n.cols, [g = n.gradient](Index i) { return g[i]; });
        },
        x);
    node.x = x.node;
    std::fill_n(node.value, x.cols(), Real(0));
    for (Index r = 0; r < x.rows(); ++r)
        for_each_index(x.cols(), [out = node.value, in = x.node->value + r * x.cols()](Index i) {
            out[i] += in[i];
        });
    return {x.tape, &node};
}

#define ESPALIER_REDUCTIONS(Real)                                                                  \
    template Variable<Real> sum(Variable<Real>);                                                   \
    template Variable<Real> mean(Variable<Real>);                                                  \
    template Variable<Real> row_sums(Variable<Real>);                                              \
    template Variable<Real> column_sums(Variable<Real>);
ESPALIER_REDUCTIONS(float)
ESPALIER_REDUCTIONS(double)

} // namespace espalier::numerics
