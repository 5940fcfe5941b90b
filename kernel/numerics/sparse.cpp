// SPDX-License-Identifier: MIT
// Compressed rows times a dense matrix.
#include "espalier/numerics/sparse.hpp"

#include "row_checks.hpp"

namespace espalier::numerics {

namespace {

template <class Real> struct SparseNode : Node<Real> {
    Node<Real>*weights, *x; // weights null: all 1
    CompressedRows structure;
};

// run(row, entry, column) for all entries in order.
template <class Run> void for_each_entry(const CompressedRows& s, Run run) {
    for (Index r = 0; r < s.rows(); ++r)
        for (Index e = s.offsets[static_cast<std::size_t>(r)];
             e < s.offsets[static_cast<std::size_t>(r) + 1]; ++e)
            run(r, e, static_cast<Index>(s.columns[static_cast<std::size_t>(e)]));
}

template <class Real> void backward_to_weights(Tape<Real>& tape, SparseNode<Real>& n) {
    const auto target = tape.contribute(*n.weights);
    for_each_entry(n.structure, [&](Index r, Index e, Index c) {
        const Real slope =
            sum_over<Real>(n.cols, [g = n.gradient + r * n.cols,
                                    x = n.x->value + c * n.cols](Index i) { return g[i] * x[i]; });
        target.data[e] = target.add ? target.data[e] + slope : slope;
    });
}

template <class Real> void backward_to_dense(Tape<Real>& tape, SparseNode<Real>& n) {
    Real* to = tape.contribute_added(*n.x);
    for_each_entry(n.structure, [&](Index r, Index e, Index c) {
        for_each_index(
            n.cols, [t = to + c * n.cols, g = n.gradient + r * n.cols,
                     w = n.weights ? n.weights->value[e] : Real(1)](Index i) { t[i] += w * g[i]; });
    });
}

template <class Real> void sparse_backward(Tape<Real>& tape, Node<Real>& base) {
    auto& n = static_cast<SparseNode<Real>&>(base);
    if (n.weights && n.weights->needs_gradient) backward_to_weights(tape, n);
    if (n.x->needs_gradient) backward_to_dense(tape, n);
}

void check(const CompressedRows& structure, Index rows_of_x) {
    check_offsets("sparse_product", structure.offsets, structure.entries());
    check_indices("sparse_product", structure.columns, structure.cols);
    check_count("sparse_product", "columns", structure.cols, rows_of_x);
}

template <class Real>
Variable<Real> finish(SparseNode<Real>& node, const CompressedRows& structure, Node<Real>* weights,
                      Variable<Real> x) {
    node.weights = weights, node.x = x.node, node.structure = structure;
    std::fill_n(node.value, node.size(), Real(0));
    for_each_entry(structure, [&](Index r, Index e, Index c) {
        for_each_index(node.cols,
                       [y = node.value + r * node.cols, in = x.node->value + c * node.cols,
                        w = weights ? weights->value[e] : Real(1)](Index i) { y[i] += w * in[i]; });
    });
    return {x.tape, &node};
}

} // namespace

template <class Real>
Variable<Real> sparse_product(const CompressedRows& structure, Variable<Real> weights,
                              Variable<Real> x) {
    check(structure, x.rows());
    if (weights.size() != structure.entries())
        throw std::invalid_argument("sparse_product: " + std::to_string(weights.size()) +
                                    " weights for " + std::to_string(structure.entries()) +
                                    " entries");
    return finish(x.tape->template operation<SparseNode<Real>>(structure.rows(), x.cols(),
                                                               &sparse_backward<Real>, weights, x),
                  structure, weights.node, x);
}

template <class Real>
Variable<Real> sparse_product(const CompressedRows& structure, Variable<Real> x) {
    check(structure, x.rows());
    return finish<Real>(x.tape->template operation<SparseNode<Real>>(structure.rows(), x.cols(),
                                                                     &sparse_backward<Real>, x),
                        structure, nullptr, x);
}

#define ESPALIER_SPARSE(Real)                                                                      \
    template Variable<Real> sparse_product(const CompressedRows&, Variable<Real>, Variable<Real>); \
    template Variable<Real> sparse_product(const CompressedRows&, Variable<Real>);
ESPALIER_SPARSE(float)
ESPALIER_SPARSE(double)

} // namespace espalier::numerics
