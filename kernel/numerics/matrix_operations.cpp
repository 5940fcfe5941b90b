// SPDX-License-Identifier: MIT
// Products of matrices on the tape, and the operations that only move numbers.
#include "espalier/numerics/matrix_operations.hpp"

#include "espalier/numerics/product.hpp"
#include "row_checks.hpp"
#include "slopes.hpp"
#include "unary.hpp"

#include <cstring>
#include <stdexcept>

namespace espalier::numerics {

namespace {

template <class Real> struct ProductNode : Node<Real> {
    Node<Real>*a, *b, *bias;
    Activation activation;
};
template <class Real> struct PartNode : Node<Real> {
    Node<Real>* x;
    Index begin;
};
template <class Real> struct JoinNode : Node<Real> {
    Node<Real>** parts;
    std::size_t count;
};

template <class Real> MatrixView<const Real> value_of(const Node<Real>& n) {
    return {n.value, n.rows, n.cols};
}
Write writing(bool add) { return add ? Write::add : Write::set; }

template <class Real> void product_backward(Tape<Real>& tape, ProductNode<Real>& n) {
    const MatrixView<const Real> g(n.gradient, n.rows, n.cols);
    if (n.b->needs_gradient) {
        const auto target = tape.contribute(*n.b);
        product_of_transposed(tape.arena(), MatrixView<Real>(target.data, n.b->rows, n.b->cols),
                              value_of(*n.a), g, writing(target.add));
    }
    if (n.a->needs_gradient) {
        const auto target = tape.contribute(*n.a);
        product_by_transposed(tape.arena(), MatrixView<Real>(target.data, n.a->rows, n.a->cols), g,
                              value_of(*n.b), writing(target.add));
    }
}

template <class Real> void affine_backward(Tape<Real>& tape, Node<Real>& base) {
    auto& n = static_cast<ProductNode<Real>&>(base);
    Real* const to_bias = n.bias->needs_gradient ? tape.contribute_added(*n.bias) : nullptr;
    for (Index r = 0; r < n.rows; ++r) {
        Real* const g = n.gradient + r * n.cols;
        with_activation(n.activation, [&](auto function) {
            for_each_index(n.cols, [g, y = n.value + r * n.cols, function](Index i) {
                g[i] *= function.slope_of_value(y[i]);
            });
        });
        if (to_bias) for_each_index(n.cols, [=](Index i) { to_bias[i] += g[i]; });
    }
    product_backward(tape, n);
}

template <class Real> Index total_columns(std::span<const Variable<Real>> parts) {
    Index cols = 0;
    for (const auto& p : parts) {
        if (p.rows() != parts[0].rows())
            refuse("concatenate_columns: " + shape_text(p.rows(), p.cols()) + " beside " +
                   std::to_string(parts[0].rows()) + " rows");
        cols += p.cols();
    }
    return cols;
}

// A block of columns copied between a narrow and a wide matrix, row by row.
template <class Real>
void copy_columns(Real* to, Index to_step, const Real* from, Index from_step, Index rows,
                  Index cols) {
    for (Index r = 0; r < rows; ++r)
        std::memcpy(to + r * to_step, from + r * from_step,
                    static_cast<std::size_t>(cols) * sizeof(Real));
}

template <class Real> void check_range(const char* what, Index begin, Index end, Index n) {
    if (begin < 0 || end <= begin || end > n)
        refuse(std::string(what) + ": " + std::to_string(begin) + " to " + std::to_string(end) +
               " of " + std::to_string(n));
}

} // namespace

template <class Real> Variable<Real> matmul(Variable<Real> a, Variable<Real> b) {
    if (a.cols() != b.rows())
        refuse("matmul: " + shape_text(a.rows(), a.cols()) + " times " +
               shape_text(b.rows(), b.cols()));
    auto& node = a.tape->template operation<ProductNode<Real>>(
        a.rows(), b.cols(),
        [](Tape<Real>& tape, Node<Real>& n) {
            product_backward(tape, static_cast<ProductNode<Real>&>(n));
        },
        a, b);
    node.a = a.node, node.b = b.node;
    product(a.tape->arena(), MatrixView<Real>(node.value, node.rows, node.cols), a.value(),
            b.value());
    return {a.tape, &node};
}

template <class Real>
Variable<Real> affine(Variable<Real> x, Variable<Real> weight, Variable<Real> bias,
                      Activation activation) {
    if (x.cols() != weight.rows() || bias.rows() != 1 || bias.cols() != weight.cols())
        refuse("affine: " + shape_text(x.rows(), x.cols()) + " times " +
               shape_text(weight.rows(), weight.cols()) + " plus " +
               shape_text(bias.rows(), bias.cols()));
    if (activation == Activation::silu) return silu(affine(x, weight, bias));
    auto& node = x.tape->template operation<ProductNode<Real>>(
        x.rows(), weight.cols(), &affine_backward<Real>, x, weight, bias);
    node.a = x.node, node.b = weight.node, node.bias = bias.node, node.activation = activation;
    copy_columns(node.value, node.cols, bias.node->value, 0, node.rows, node.cols);
    product(x.tape->arena(), MatrixView<Real>(node.value, node.rows, node.cols), x.value(),
            weight.value(), Write::add);
    with_activation(activation, [&](auto function) {
        for_each_index(node.size(),
                       [y = node.value, function](Index i) { y[i] = function.value(y[i]); });
    });
    return {x.tape, &node};
}

template <class Real> Variable<Real> transpose(Variable<Real> x) {
    auto& node = x.tape->template operation<PartNode<Real>>(
        x.cols(), x.rows(),
        [](Tape<Real>& tape, Node<Real>& base) {
            auto& n = static_cast<PartNode<Real>&>(base);
            const auto target = tape.contribute(*n.x);
            for (Index r = 0; r < n.x->rows; ++r)
                add_or_set(typename Tape<Real>::Target{target.data + r * n.rows, target.add},
                           n.rows,
                           [g = n.gradient + r, step = n.cols](Index c) { return g[c * step]; });
        },
        x);
    node.x = x.node;
    for (Index r = 0; r < node.rows; ++r)
        for (Index c = 0; c < node.cols; ++c)
            node.value[r * node.cols + c] = x.node->value[c * node.rows + r];
    return {x.tape, &node};
}

template <class Real> Variable<Real> reshape(Variable<Real> x, Index rows, Index cols) {
    if (rows * cols != x.size())
        refuse("reshape: " + shape_text(x.rows(), x.cols()) + " to " + shape_text(rows, cols));
    Variable<Real> y = slice_rows(x, 0, x.rows());
    y.node->rows = rows, y.node->cols = cols;
    return y;
}

template <class Real> Variable<Real> concatenate_columns(std::span<const Variable<Real>> parts) {
    if (parts.empty()) refuse("concatenate_columns: no parts");
    Tape<Real>& tape = *parts[0].tape;
    auto& node = tape.template operation<JoinNode<Real>>(
        parts[0].rows(), total_columns(parts),
        [](Tape<Real>& t, Node<Real>& base) {
            auto& n = static_cast<JoinNode<Real>&>(base);
            const Real* from = n.gradient;
            for (std::size_t p = 0; p < n.count; ++p) {
                Node<Real>& part = *n.parts[p];
                if (part.needs_gradient) {
                    const auto target = t.contribute(part);
                    for (Index r = 0; r < n.rows; ++r)
                        add_or_set(
                            typename Tape<Real>::Target{target.data + r * part.cols, target.add},
                            part.cols, [g = from + r * n.cols](Index i) { return g[i]; });
                }
                from += part.cols;
            }
        },
        parts);
    node.count = parts.size();
    node.parts = tape.arena().template take_array<Node<Real>*>(static_cast<Index>(parts.size()));
    Real* to = node.value;
    for (std::size_t p = 0; p < parts.size(); ++p) {
        node.parts[p] = parts[p].node;
        copy_columns(to, node.cols, parts[p].node->value, parts[p].cols(), node.rows,
                     parts[p].cols());
        to += parts[p].cols();
    }
    return {&tape, &node};
}

template <class Real> Variable<Real> slice_columns(Variable<Real> x, Index begin, Index end) {
    check_range<Real>("slice_columns", begin, end, x.cols());
    auto& node = x.tape->template operation<PartNode<Real>>(
        x.rows(), end - begin,
        [](Tape<Real>& tape, Node<Real>& base) {
            auto& n = static_cast<PartNode<Real>&>(base);
            Real* to = tape.contribute_added(*n.x) + n.begin;
            for (Index r = 0; r < n.rows; ++r)
                for_each_index(n.cols, [to = to + r * n.x->cols,
                                        g = n.gradient + r * n.cols](Index i) { to[i] += g[i]; });
        },
        x);
    node.x = x.node, node.begin = begin;
    copy_columns(node.value, node.cols, x.node->value + begin, x.cols(), node.rows, node.cols);
    return {x.tape, &node};
}

template <class Real> Variable<Real> slice_rows(Variable<Real> x, Index begin, Index end) {
    check_range<Real>("slice_rows", begin, end, x.rows());
    auto& node = x.tape->template view<PartNode<Real>>(
        x.node->value + begin * x.cols(), end - begin, x.cols(),
        [](Tape<Real>& tape, Node<Real>& base) {
            auto& n = static_cast<PartNode<Real>&>(base);
            if (n.size() == n.x->size())
                return contribute(tape, *n.x, [g = n.gradient](Index i) { return g[i]; });
            Real* to = tape.contribute_added(*n.x) + n.begin * n.x->cols;
            for_each_index(n.size(), [to, g = n.gradient](Index i) { to[i] += g[i]; });
        },
        x);
    node.x = x.node, node.begin = begin;
    return {x.tape, &node};
}

#define ESPALIER_MATRIX_OPERATIONS(Real)                                                           \
    template Variable<Real> matmul(Variable<Real>, Variable<Real>);                                \
    template Variable<Real> affine(Variable<Real>, Variable<Real>, Variable<Real>, Activation);    \
    template Variable<Real> transpose(Variable<Real>);                                             \
    template Variable<Real> reshape(Variable<Real>, Index, Index);                                 \
    template Variable<Real> concatenate_columns(std::span<const Variable<Real>>);                  \
    template Variable<Real> slice_columns(Variable<Real>, Index, Index);                           \
    template Variable<Real> slice_rows(Variable<Real>, Index, Index);
ESPALIER_MATRIX_OPERATIONS(float)
ESPALIER_MATRIX_OPERATIONS(double)

} // namespace espalier::numerics
