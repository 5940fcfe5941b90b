// SPDX-License-Identifier: MIT
// Attention and row normalisation with their gradients.
#include "espalier/numerics/attention.hpp"

#include "softmax_rows.hpp"

#include <cmath>
#include <stdexcept>

namespace espalier::numerics {

namespace {

template <class Real> struct AttentionNode : Node<Real> {
    Node<Real>*queries, *keys, *values;
    Real* weights; // blocks, heads, tokens, tokens
    Index tokens, heads;
};
template <class Real> struct NormNode : Node<Real> {
    Node<Real>*x, *gain, *bias;
    Real* normal;  // (x - mean) / deviation
    Real* inverse; // 1 / deviation, one a row
};

// out[i, j] = factor * sum_c a[i, c] b[j, c]; rows of a and b are `stride` apart.
template <class Real>
void products(Real* out, const Real* a, const Real* b, Index rows, Index cols, Index stride,
              Real factor) {
    for (Index i = 0; i < rows; ++i)
        for (Index j = 0; j < rows; ++j) {
            Real sum = 0;
            for (Index c = 0; c < cols; ++c) sum += a[i * stride + c] * b[j * stride + c];
            out[i * rows + j] = factor * sum;
        }
}

// out[i, c] += factor * sum_j w[i, j] b[j, c], or with w turned.
template <bool Turned, class Real>
void add_mixture(Real* out, const Real* w, const Real* b, Index rows, Index cols, Index stride,
                 Real factor) {
    for (Index i = 0; i < rows; ++i)
        for (Index j = 0; j < rows; ++j) {
            const Real share = factor * (Turned ? w[j * rows + i] : w[i * rows + j]);
            for_each_index(cols, [=, to = out + i * stride, from = b + j * stride](Index c) {
                to[c] += share * from[c];
            });
        }
}

// body(block, head, offset of the group's first element, its weights)
template <class Real, class Body> void each_group(const AttentionNode<Real>& n, Body&& body) {
    const Index width = n.cols / n.heads, blocks = n.rows / n.tokens;
    for (Index block = 0; block < blocks; ++block)
        for (Index head = 0; head < n.heads; ++head)
            body(block * n.tokens * n.cols + head * width,
                 n.weights + (block * n.heads + head) * n.tokens * n.tokens);
}

template <class Real> Real scale_of(const AttentionNode<Real>& n) {
    return 1 / std::sqrt(static_cast<Real>(n.cols / n.heads));
}

template <class Real> void attend(AttentionNode<Real>& n) {
    const Index width = n.cols / n.heads, tokens = n.tokens;
    each_group(n, [&](Index at, Real* weights) {
        products(weights, n.queries->value + at, n.keys->value + at, tokens, width, n.cols,
                 scale_of(n));
        softmax_rows(MatrixView<Real>(weights, tokens, tokens), weights);
        for (Index i = 0; i < tokens; ++i)
            for (Index c = 0; c < width; ++c) n.value[at + i * n.cols + c] = 0;
        add_mixture<false>(n.value + at, weights, n.values->value + at, tokens, width, n.cols,
                           Real(1));
    });
}

template <class Real> void attend_back(Tape<Real>& tape, Node<Real>& node) {
    auto& n = static_cast<AttentionNode<Real>&>(node);
    const Index width = n.cols / n.heads, tokens = n.tokens;
    const auto target = [&](Node<Real>* input) {
        return input->needs_gradient ? tape.contribute_added(*input) : nullptr;
    };
    Real *to_queries = target(n.queries), *to_keys = target(n.keys), *to_values = target(n.values);
    Scratch scratch(tape.arena());
    Real* slope = scratch.take<Real>(tokens * tokens);
    each_group(n, [&](Index at, const Real* weights) {
        if (to_values)
            add_mixture<true>(to_values + at, weights, n.gradient + at, tokens, width, n.cols,
                              Real(1));
        products(slope, n.gradient + at, n.values->value + at, tokens, width, n.cols, Real(1));
        for (Index i = 0; i < tokens; ++i) {
            Real *row = slope + i * tokens, mean = 0;
            const Real* w = weights + i * tokens;
            for (Index j = 0; j < tokens; ++j) mean += row[j] * w[j];
            for (Index j = 0; j < tokens; ++j) row[j] = w[j] * (row[j] - mean);
        }
        if (to_queries)
            add_mixture<false>(to_queries + at, slope, n.keys->value + at, tokens, width, n.cols,
                               scale_of(n));
        if (to_keys)
            add_mixture<true>(to_keys + at, slope, n.queries->value + at, tokens, width, n.cols,
                              scale_of(n));
    });
}

template <class Real> void normalise_back(Tape<Real>& tape, Node<Real>& node) {
    auto& n = static_cast<NormNode<Real>&>(node);
    const Index cols = n.cols;
    if (n.gain->needs_gradient) {
        Real* to = tape.contribute_added(*n.gain);
        for (Index r = 0; r < n.rows; ++r)
            for_each_index(cols, [=, g = n.gradient + r * cols, x = n.normal + r * cols](Index c) {
                to[c] += g[c] * x[c];
            });
    }
    if (n.bias->needs_gradient) {
        Real* to = tape.contribute_added(*n.bias);
        for (Index r = 0; r < n.rows; ++r)
            for_each_index(cols, [=, g = n.gradient + r * cols](Index c) { to[c] += g[c]; });
    }
    if (!n.x->needs_gradient) return;
    Real* to = tape.contribute_added(*n.x);
    const Real* gain = n.gain->value;
    for (Index r = 0; r < n.rows; ++r) {
        const Real *g = n.gradient + r * cols, *x = n.normal + r * cols;
        const Real count = static_cast<Real>(cols);
        const Real mean = sum_over<Real>(cols, [=](Index c) { return g[c] * gain[c]; }) / count;
        const Real along =
            sum_over<Real>(cols, [=](Index c) { return g[c] * gain[c] * x[c]; }) / count;
        for_each_index(cols, [=, row = to + r * cols, inverse = n.inverse[r]](Index c) {
            row[c] += inverse * (g[c] * gain[c] - mean - x[c] * along);
        });
    }
}

} // namespace

template <class Real>
Variable<Real> attention(Variable<Real> queries, Variable<Real> keys, Variable<Real> values,
                         Index tokens, Index heads) {
    const Index rows = queries.rows(), cols = queries.cols();
    for (const Variable<Real>& v : {keys, values})
        if (v.rows() != rows || v.cols() != cols)
            throw std::invalid_argument("attention: queries are " + shape_text(rows, cols) +
                                        ", keys or values " + shape_text(v.rows(), v.cols()));
    if (tokens < 1 || heads < 1 || rows % tokens != 0 || cols % heads != 0)
        throw std::invalid_argument("attention: " + shape_text(rows, cols) + " is not cut by " +
                                    std::to_string(tokens) + " tokens and " +
                                    std::to_string(heads) + " heads");
    auto& node = queries.tape->template operation<AttentionNode<Real>>(
        rows, cols, attend_back<Real>, queries, keys, values);
    node.queries = queries.node, node.keys = keys.node, node.values = values.node;
    node.tokens = tokens, node.heads = heads;
    node.weights = queries.tape->arena().template take_array<Real>(rows * heads * tokens);
    attend(node);
    return {queries.tape, &node};
}

template <class Real>
Variable<Real> layer_norm(Variable<Real> x, Variable<Real> gain, Variable<Real> bias) {
    const Index rows = x.rows(), cols = x.cols();
    for (const Variable<Real>& v : {gain, bias})
        if (v.rows() != 1 || v.cols() != cols)
            throw std::invalid_argument("layer_norm: x is " + shape_text(rows, cols) +
                                        ", gain or bias " + shape_text(v.rows(), v.cols()));
    auto& node =
        x.tape->template operation<NormNode<Real>>(rows, cols, normalise_back<Real>, x, gain, bias);
    node.x = x.node, node.gain = gain.node, node.bias = bias.node;
    node.normal = x.tape->arena().template take_array<Real>(rows * cols);
    node.inverse = x.tape->arena().template take_array<Real>(rows);
    constexpr Real least = Real(1e-5); // of a variance
    for (Index r = 0; r < rows; ++r) {
        const Real* in = x.node->value + r * cols;
        const Real count = static_cast<Real>(cols);
        const Real mean = sum_over<Real>(cols, [=](Index c) { return in[c]; }) / count;
        const Real variance =
            sum_over<Real>(cols, [=](Index c) { return (in[c] - mean) * (in[c] - mean); }) / count;
        const Real inverse = node.inverse[r] = 1 / std::sqrt(variance + least);
        for_each_index(cols, [=, normal = node.normal + r * cols, out = node.value + r * cols,
                              g = gain.node->value, b = bias.node->value](Index c) {
            normal[c] = (in[c] - mean) * inverse;
            out[c] = g[c] * normal[c] + b[c];
        });
    }
    return {x.tape, &node};
}

#define ESPALIER_ATTENTION(Real)                                                                   \
    template Variable<Real> attention(Variable<Real>, Variable<Real>, Variable<Real>, Index,       \
                                      Index);                                                      \
    template Variable<Real> layer_norm(Variable<Real>, Variable<Real>, Variable<Real>);
ESPALIER_ATTENTION(float)
ESPALIER_ATTENTION(double)

} // namespace espalier::numerics
