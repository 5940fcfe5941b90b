// SPDX-License-Identifier: MIT
// Rows moved by index, and sums over segments of rows.
#include "espalier/numerics/gather.hpp"

#include "row_checks.hpp"

#include <cstring>

namespace espalier::numerics {

namespace {

template <class Real> struct IndexNode : Node<Real> {
    Node<Real>* x;
    std::span<const std::int32_t> indices;
};
template <class Real> struct SegmentNode : Node<Real> {
    Node<Real>* x;
    std::span<const std::int64_t> offsets;
};

template <class Real> void add_row(Real* to, const Real* from, Index cols) {
    for_each_index(cols, [=](Index i) { to[i] += from[i]; });
}

// to[i] = or += from[indices[i]]
template <class Real>
void gather(typename Tape<Real>::Target to, const Real* from, std::span<const std::int32_t> indices,
            Index cols) {
    for (std::size_t i = 0; i < indices.size(); ++i)
        add_or_set(typename Tape<Real>::Target{to.data + static_cast<Index>(i) * cols, to.add},
                   cols, [row = from + indices[i] * cols](Index c) { return row[c]; });
}

// to[indices[i]] += from[i]
template <class Real>
void scatter_add(Real* to, const Real* from, std::span<const std::int32_t> indices, Index cols) {
    for (std::size_t i = 0; i < indices.size(); ++i)
        add_row(to + indices[i] * cols, from + static_cast<Index>(i) * cols, cols);
}

} // namespace

template <class Real>
Variable<Real> gather_rows(Variable<Real> x, std::span<const std::int32_t> indices) {
    check_indices("gather_rows", indices, x.rows());
    auto& node = x.tape->template operation<IndexNode<Real>>(
        static_cast<Index>(indices.size()), x.cols(),
        [](Tape<Real>& tape, Node<Real>& base) {
            auto& n = static_cast<IndexNode<Real>&>(base);
            scatter_add(tape.contribute_added(*n.x), n.gradient, n.indices, n.cols);
        },
        x);
    node.x = x.node, node.indices = indices;
    gather<Real>({node.value, false}, x.node->value, indices, x.cols());
    return {x.tape, &node};
}

template <class Real>
Variable<Real> scatter_add_rows(Variable<Real> x, std::span<const std::int32_t> indices,
                                Index rows) {
    check_indices("scatter_add_rows", indices, rows);
    check_count("scatter_add_rows", "indices", static_cast<Index>(indices.size()), x.rows());
    auto& node = x.tape->template operation<IndexNode<Real>>(
        rows, x.cols(),
        [](Tape<Real>& tape, Node<Real>& base) {
            auto& n = static_cast<IndexNode<Real>&>(base);
            gather<Real>(tape.contribute(*n.x), n.gradient, n.indices, n.cols);
        },
        x);
    node.x = x.node, node.indices = indices;
    std::fill_n(node.value, node.size(), Real(0));
    scatter_add(node.value, x.node->value, indices, x.cols());
    return {x.tape, &node};
}

template <class Real>
Variable<Real> segment_sum(Variable<Real> x, std::span<const std::int64_t> offsets) {
    check_offsets("segment_sum", offsets, x.rows());
    auto& node = x.tape->template operation<SegmentNode<Real>>(
        static_cast<Index>(offsets.size()) - 1, x.cols(),
        [](Tape<Real>& tape, Node<Real>& base) {
            auto& n = static_cast<SegmentNode<Real>&>(base);
            const auto target = tape.contribute(*n.x);
            for (Index s = 0; s < n.rows; ++s)
                for (Index e = n.offsets[static_cast<std::size_t>(s)];
                     e < n.offsets[static_cast<std::size_t>(s) + 1]; ++e)
                    add_or_set(typename Tape<Real>::Target{target.data + e * n.cols, target.add},
                               n.cols, [g = n.gradient + s * n.cols](Index i) { return g[i]; });
        },
        x);
    node.x = x.node, node.offsets = offsets;
    std::fill_n(node.value, node.size(), Real(0));
    for (Index s = 0; s < node.rows; ++s)
        for (Index e = offsets[static_cast<std::size_t>(s)];
             e < offsets[static_cast<std::size_t>(s) + 1]; ++e)
            add_row(node.value + s * node.cols, x.node->value + e * node.cols, node.cols);
    return {x.tape, &node};
}

#define ESPALIER_GATHER(Real)                                                                      \
    template Variable<Real> gather_rows(Variable<Real>, std::span<const std::int32_t>);            \
    template Variable<Real> scatter_add_rows(Variable<Real>, std::span<const std::int32_t>,        \
                                             Index);                                               \
    template Variable<Real> segment_sum(Variable<Real>, std::span<const std::int64_t>);
ESPALIER_GATHER(float)
ESPALIER_GATHER(double)

} // namespace espalier::numerics
