// SPDX-License-Identifier: MIT
// For those who write operations: loops the compiler turns into vector code, and sums whose order
// is the same on every machine.
#pragma once

#include "espalier/numerics/tape.hpp"

#include <algorithm>

namespace espalier::numerics {

// body(i) for i in 0 .. n - 1; no iteration depends on another.
template <class Body> inline void for_each_index(Index n, Body body) {
#pragma GCC ivdep
    for (Index i = 0; i < n; ++i) body(i);
}

// Adds or sets term(i) in a gradient.
template <class Target, class Term> inline void add_or_set(Target target, Index n, Term term) {
    auto* const g = target.data;
    if (target.add)
        for_each_index(n, [=](Index i) { g[i] += term(i); });
    else
        for_each_index(n, [=](Index i) { g[i] = term(i); });
}

// Sum of term(i) in sixteen lanes that are then added pairwise: vectors of any width give the same
// bits.
template <class Sum, class Term> inline Sum sum_over(Index n, Term term) {
    constexpr Index width = 16;
    Index i = 0;
    Sum tail = 0;
    Sum lane[width] = {};
    if (n >= width) {
        for (; i + width <= n; i += width)
            for (Index j = 0; j < width; ++j) lane[j] += term(i + j);
        for (Index half = width / 2; half > 0; half /= 2)
            for (Index j = 0; j < half; ++j) lane[j] += lane[j + half];
    }
    for (; i < n; ++i) tail += term(i);
    return lane[0] + tail;
}

// Adds or sets term(i) in the gradient of an input, where it has one.
template <class Real, class Term>
inline void contribute(Tape<Real>& tape, Node<Real>& input, Term term) {
    if (!input.needs_gradient) return;
    add_or_set(tape.contribute(input), input.size(), term);
}

} // namespace espalier::numerics
