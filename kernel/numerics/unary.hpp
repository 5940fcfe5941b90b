// SPDX-License-Identifier: MIT
// Makes an operation of one operand out of a function and its slope.
#pragma once

#include "espalier/numerics/loops.hpp"

namespace espalier::numerics {

template <class Real> struct UnaryNode : Node<Real> {
    Node<Real>* x;
    Real first, second; // the function's constants
};

// Function: static value(x, first, second) and slope(x, y, first, second).
template <class Function, class Real>
Variable<Real> unary(Variable<Real> x, Real first = 0, Real second = 0) {
    auto& node = x.tape->template operation<UnaryNode<Real>>(
        x.rows(), x.cols(),
        [](Tape<Real>& tape, Node<Real>& base) {
            auto& n = static_cast<UnaryNode<Real>&>(base);
            contribute(tape, *n.x,
                       [g = n.gradient, x = n.x->value, y = n.value, first = n.first,
                        second = n.second](Index i) {
                           return g[i] * Function::slope(x[i], y[i], first, second);
                       });
        },
        x);
    node.x = x.node, node.first = first, node.second = second;
    for_each_index(x.size(), [y = node.value, in = x.node->value, first, second](Index i) {
        y[i] = Function::value(in[i], first, second);
    });
    return {x.tape, &node};
}

} // namespace espalier::numerics
