// SPDX-License-Identifier: MIT
// Element by element: functions of one operand, and arithmetic of two with repetition.
#include "espalier/numerics/elementwise.hpp"

#include "espalier/numerics/transcendental.hpp"
#include "unary.hpp"

#include <cmath>
#include <stdexcept>

namespace espalier::numerics {

namespace {

struct Exp {
    template <class R> static R value(R x, R, R) { return fast_exp(x); }
    template <class R> static R slope(R, R y, R, R) { return y; }
};
struct Log {
    template <class R> static R value(R x, R, R) { return fast_log(x); }
    template <class R> static R slope(R x, R, R, R) { return 1 / x; }
};
struct Abs {
    template <class R> static R value(R x, R, R) { return std::abs(x); }
    template <class R> static R slope(R x, R, R, R) { return R(x > 0) - R(x < 0); }
};
struct Square {
    template <class R> static R value(R x, R, R) { return x * x; }
    template <class R> static R slope(R x, R, R, R) { return 2 * x; }
};
struct Scale {
    template <class R> static R value(R x, R factor, R shift) { return factor * x + shift; }
    template <class R> static R slope(R, R, R factor, R) { return factor; }
};

struct Add {
    template <class R> static R value(R a, R b) { return a + b; }
    template <class R> static R slope_a(R, R) { return 1; }
    template <class R> static R slope_b(R, R) { return 1; }
};
struct Subtract {
    template <class R> static R value(R a, R b) { return a - b; }
    template <class R> static R slope_a(R, R) { return 1; }
    template <class R> static R slope_b(R, R) { return -1; }
};
struct Multiply {
    template <class R> static R value(R a, R b) { return a * b; }
    template <class R> static R slope_a(R, R b) { return b; }
    template <class R> static R slope_b(R a, R) { return a; }
};
struct Divide {
    template <class R> static R value(R a, R b) { return a / b; }
    template <class R> static R slope_a(R, R b) { return 1 / b; }
    template <class R> static R slope_b(R a, R b) { return -a / (b * b); }
};

template <class Real> struct BinaryNode : Node<Real> { Node<Real>*a, *b; };

// An operand seen in the result's shape: rows and columns are repeated when their step is 0.
template <class Real> struct Repeated {
    const Real* data;
    Index row_step, column_step;

    Repeated(const Node<Real>& node, Index rows, Index cols)
        : data(node.value), row_step(node.rows == rows ? node.cols : 0),
          column_step(node.cols == cols ? 1 : 0) {}
    const Real* row(Index r) const { return data + r * row_step; }
};

// Calls run(get_a, get_b) with the inner loop's access spelled out, so that it becomes vector code.
template <class Real, class Run>
void with_access(const Real* a, Index step_a, const Real* b, Index step_b, Run run) {
    const auto each = [](const Real* p) { return [p](Index i) { return p[i]; }; };
    const auto same = [](const Real* p) { return [v = *p](Index) { return v; }; };
    if (step_a && step_b)
        run(each(a), each(b));
    else if (step_a)
        run(each(a), same(b));
    else if (step_b)
        run(same(a), each(b));
    else
        run(same(a), same(b));
}

// Adds the terms of one row to the gradient of an operand that may be repeated.
template <class Real, class Term>
void reduce_row(Real* target, const Repeated<Real>& shape, Index r, Index cols, Term term) {
    Real* g = target + r * shape.row_step;
    if (shape.column_step)
        for_each_index(cols, [=](Index i) { g[i] += term(i); });
    else
        *g += sum_over<Real>(cols, term);
}

template <class Operation, class Real>
void backward_repeated(Tape<Real>& tape, BinaryNode<Real>& n) {
    const Repeated<Real> a(*n.a, n.rows, n.cols), b(*n.b, n.rows, n.cols);
    Real* const to_a = n.a->needs_gradient ? tape.contribute_added(*n.a) : nullptr;
    Real* const to_b = n.b->needs_gradient ? tape.contribute_added(*n.b) : nullptr;
    for (Index r = 0; r < n.rows; ++r) {
        const Real* g = n.gradient + r * n.cols;
        with_access(a.row(r), a.column_step, b.row(r), b.column_step, [&](auto x, auto y) {
            if (to_a)
                reduce_row(to_a, a, r, n.cols,
                           [=](Index i) { return g[i] * Operation::slope_a(x(i), y(i)); });
            if (to_b)
                reduce_row(to_b, b, r, n.cols,
                           [=](Index i) { return g[i] * Operation::slope_b(x(i), y(i)); });
        });
    }
}

template <class Operation, class Real> void backward_equal(Tape<Real>& tape, BinaryNode<Real>& n) {
    contribute(tape, *n.a, [g = n.gradient, x = n.a->value, y = n.b->value](Index i) {
        return g[i] * Operation::slope_a(x[i], y[i]);
    });
    contribute(tape, *n.b, [g = n.gradient, x = n.a->value, y = n.b->value](Index i) {
        return g[i] * Operation::slope_b(x[i], y[i]);
    });
}

[[noreturn]] void refuse(const char* what, Index rows, Index cols, Index more_rows,
                         Index more_cols) {
    throw std::invalid_argument(std::string(what) + ": shapes " + shape_text(rows, cols) + " and " +
                                shape_text(more_rows, more_cols) + " do not fit");
}

template <class Operation, class Real>
Variable<Real> binary(const char* name, Variable<Real> a, Variable<Real> b) {
    const Index rows = std::max(a.rows(), b.rows()), cols = std::max(a.cols(), b.cols());
    for (const auto& v : {a, b})
        if ((v.rows() != rows && v.rows() != 1) || (v.cols() != cols && v.cols() != 1))
            refuse(name, a.rows(), a.cols(), b.rows(), b.cols());
    auto& node = a.tape->template operation<BinaryNode<Real>>(
        rows, cols,
        [](Tape<Real>& tape, Node<Real>& base) {
            auto& n = static_cast<BinaryNode<Real>&>(base);
            if (n.a->size() == n.size() && n.b->size() == n.size())
                backward_equal<Operation>(tape, n);
            else
                backward_repeated<Operation>(tape, n);
        },
        a, b);
    node.a = a.node, node.b = b.node;
    if (a.size() == node.size() && b.size() == node.size()) {
        for_each_index(node.size(), [z = node.value, x = a.node->value, y = b.node->value](
                                        Index i) { z[i] = Operation::value(x[i], y[i]); });
        return {a.tape, &node};
    }
    const Repeated<Real> left(*a.node, rows, cols), right(*b.node, rows, cols);
    for (Index r = 0; r < rows; ++r)
        with_access(left.row(r), left.column_step, right.row(r), right.column_step,
                    [&, z = node.value + r * cols](auto x, auto y) {
                        for_each_index(cols, [=](Index i) { z[i] = Operation::value(x(i), y(i)); });
                    });
    return {a.tape, &node};
}

} // namespace

template <class Real> Variable<Real> add(Variable<Real> a, Variable<Real> b) {
    return binary<Add>("add", a, b);
}
template <class Real> Variable<Real> subtract(Variable<Real> a, Variable<Real> b) {
    return binary<Subtract>("subtract", a, b);
}
template <class Real> Variable<Real> multiply(Variable<Real> a, Variable<Real> b) {
    return binary<Multiply>("multiply", a, b);
}
template <class Real> Variable<Real> divide(Variable<Real> a, Variable<Real> b) {
    return binary<Divide>("divide", a, b);
}
template <class Real>
Variable<Real> scale(Variable<Real> x, std::type_identity_t<Real> factor,
                     std::type_identity_t<Real> shift) {
    return unary<Scale>(x, factor, shift);
}
template <class Real> Variable<Real> exp(Variable<Real> x) { return unary<Exp>(x); }
template <class Real> Variable<Real> log(Variable<Real> x) { return unary<Log>(x); }
template <class Real> Variable<Real> abs(Variable<Real> x) { return unary<Abs>(x); }
template <class Real> Variable<Real> square(Variable<Real> x) { return unary<Square>(x); }

#define ESPALIER_ELEMENTWISE(Real)                                                                 \
    template Variable<Real> add(Variable<Real>, Variable<Real>);                                   \
    template Variable<Real> subtract(Variable<Real>, Variable<Real>);                              \
    template Variable<Real> multiply(Variable<Real>, Variable<Real>);                              \
    template Variable<Real> divide(Variable<Real>, Variable<Real>);                                \
    template Variable<Real> scale(Variable<Real>, Real, Real);                                     \
    template Variable<Real> exp(Variable<Real>);                                                   \
    template Variable<Real> log(Variable<Real>);                                                   \
    template Variable<Real> abs(Variable<Real>);                                                   \
    template Variable<Real> square(Variable<Real>);
ESPALIER_ELEMENTWISE(float)
ESPALIER_ELEMENTWISE(double)

} // namespace espalier::numerics
