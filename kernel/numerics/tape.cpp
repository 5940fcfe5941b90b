// SPDX-License-Identifier: MIT
// Leaves of the tape and the walk back over it.
#include "espalier/numerics/tape.hpp"

#include "espalier/numerics/loops.hpp"
#include "for_reals.hpp"

#include <algorithm>
#include <stdexcept>

namespace espalier::numerics {

template <class Real> Variable<Real> Tape<Real>::constant(Index rows, Index cols, Real fill) {
    Real* values = arena_.take_array<Real>(rows * cols);
    std::fill_n(values, rows * cols, fill);
    return constant({values, rows, cols});
}

template <class Real> Variable<Real> Tape<Real>::use(const Parameter<Real>& parameter) {
    Parameters<Real>& set = *parameter.owner;
    Node<Real>& node = leaf(parameter.value());
    if (recording_ && !set.frozen()) {
        Gradients<Real>& gradients = gradients_of(set);
        node.needs_gradient = true;
        node.gradient = gradients.data(set.offset(parameter.index));
        node.written = gradients.flag(parameter.index);
    }
    return {this, &node};
}

template <class Real>
void Tape<Real>::redirect(Parameters<Real>& parameters, Gradients<Real>* gradients) {
    std::erase_if(redirections_, [&](const Redirection& r) { return r.parameters == &parameters; });
    if (!gradients) return;
    gradients->fit(parameters);
    redirections_.push_back({&parameters, gradients});
}

template <class Real> Real* Tape<Real>::contribute_added(Node<Real>& node) {
    const Target target = contribute(node);
    if (!target.add) std::fill_n(target.data, node.size(), Real(0));
    return target.data;
}

template <class Real> void Tape<Real>::walk(Node<Real>& from) {
    Node<Real>* node = last_;
    while (node && node != &from) node = node->previous; // what came later does not matter
    for (; node; node = node->previous)
        if (*node->written) node->backward(*this, *node);
}

template <class Real>
void Tape<Real>::backward(Variable<Real> loss, std::type_identity_t<Real> weight) {
    if (loss.size() != 1)
        throw std::invalid_argument("backward: the loss must be 1x1, is " +
                                    shape_text(loss.rows(), loss.cols()));
    backward(loss, {&weight, 1, 1});
}

template <class Real>
void Tape<Real>::backward(Variable<Real> from, MatrixView<const Real> gradient) {
    Node<Real>& node = *from.node;
    if (gradient.rows != node.rows || gradient.cols != node.cols)
        throw std::invalid_argument("backward: the gradient is " +
                                    shape_text(gradient.rows, gradient.cols) + ", the value " +
                                    shape_text(node.rows, node.cols));
    if (!node.needs_gradient) return;
    const Target target = contribute(node);
    add_or_set(target, node.size(), [g = gradient.data](Index i) { return g[i]; });
    if (node.backward) walk(node);
}

ESPALIER_FOR_REALS(class Tape)

} // namespace espalier::numerics
