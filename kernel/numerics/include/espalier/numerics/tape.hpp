// SPDX-License-Identifier: MIT
// Reverse-mode differentiation: operations on a tape, whose memory is reused from step to step.
//
// A step: tape.clear(); build the loss out of operations; tape.backward(loss), once; an optimiser's
// step(). Values stay valid until clear(). One tape belongs to one thread at a time.
#pragma once

#include "espalier/numerics/arena.hpp"
#include "espalier/numerics/matrix.hpp"
#include "espalier/numerics/parameters.hpp"

#include <concepts>
#include <new>
#include <span>
#include <type_traits>
#include <vector>

namespace espalier::numerics {

template <class Real> class Tape;

// One operation. Those who write their own derive from it and add inputs and what backward needs;
// nodes lie in the arena and are never destroyed.
template <class Real> struct Node {
    using Backward = void (*)(Tape<Real>&, Node&);

    Real* value = nullptr;
    Real* gradient = nullptr;         // memory, null until the first contribution
    unsigned char* written = nullptr; // nonzero when `gradient` holds a contribution
    Backward backward = nullptr;      // reads this gradient, contributes to the inputs'
    Node* previous = nullptr;
    Index rows = 0, cols = 0;
    bool needs_gradient = false;
    unsigned char own_written = 0;

    Index size() const noexcept { return rows * cols; }
};

// A value on a tape; cheap to copy, valid until the tape is cleared.
template <class Real> struct Variable {
    Tape<Real>* tape = nullptr;
    Node<Real>* node = nullptr;

    Index rows() const noexcept { return node->rows; }
    Index cols() const noexcept { return node->cols; }
    Index size() const noexcept { return node->size(); }
    MatrixView<const Real> value() const noexcept { return {node->value, node->rows, node->cols}; }
    // Of a 1x1 value.
    Real scalar() const noexcept { return *node->value; }
    // After backward(): null data when nothing flowed here. An operation may overwrite its own
    // gradient once it has been handed on; that of leaves is final.
    MatrixView<const Real> gradient() const noexcept {
        if (!node->written || !*node->written) return {nullptr, node->rows, node->cols};
        return {node->gradient, node->rows, node->cols};
    }
};

template <class Real> class Tape {
public:
    Tape() = default;
    Tape(const Tape&) = delete;
    Tape& operator=(const Tape&) = delete;

    // Forgets all values and keeps the memory.
    void clear() noexcept {
        arena_.clear();
        last_ = nullptr;
    }
    // Off: nothing is differentiated, for inference.
    void record(bool on) noexcept { recording_ = on; }

    // Refers to the caller's memory, which must stay until the tape is cleared.
    Variable<Real> constant(MatrixView<const Real> m) {
        Node<Real>& node = leaf(m);
        return {this, &node};
    }
    Variable<Real> constant(Index rows, Index cols, Real fill);
    // The same, differentiated: its gradient can be read after backward().
    Variable<Real> variable(MatrixView<const Real> m) {
        Node<Real>& node = leaf(m);
        node.needs_gradient = recording_;
        node.written = &node.own_written;
        return {this, &node};
    }
    // A parameter: a constant when its set is frozen, otherwise backward() adds to its gradient.
    Variable<Real> use(const Parameter<Real>& parameter);
    // Gradients of this set go elsewhere (null: to the set again). Stays over clear().
    void redirect(Parameters<Real>& parameters, Gradients<Real>* gradients);

    // Differentiates weight * loss; `loss` is 1x1. Throws std::invalid_argument otherwise.
    void backward(Variable<Real> loss, std::type_identity_t<Real> weight = 1);
    // From a given gradient of any value.
    void backward(Variable<Real> from, MatrixView<const Real> gradient);

    Arena& arena() noexcept { return arena_; }

    // ---- for those who write operations

    // A node with room for its value, which is uninitialised. `inputs`: variables, or one span of
    // them.
    template <std::derived_from<Node<Real>> N, class... Inputs>
    N& operation(Index rows, Index cols, typename Node<Real>::Backward backward,
                 const Inputs&... inputs) {
        N& node = view<N>(nullptr, rows, cols, backward, inputs...);
        node.value = arena_.take_array<Real>(rows * cols);
        return node;
    }
    // A node whose value lies in memory that is already there.
    template <std::derived_from<Node<Real>> N, class... Inputs>
    N& view(Real* value, Index rows, Index cols, typename Node<Real>::Backward backward,
            const Inputs&... inputs) {
        static_assert(std::is_trivially_destructible_v<N>);
        N& node = *new (arena_.take(sizeof(N))) N{};
        node.value = value;
        node.rows = rows, node.cols = cols;
        node.written = &node.own_written;
        node.needs_gradient = recording_ && (differentiated(inputs) || ...);
        if (node.needs_gradient) {
            node.backward = backward;
            node.previous = last_;
            last_ = &node;
        }
        return node;
    }
    // Where a contribution to a node's gradient goes. With `add` false it must be written in full,
    // otherwise added to. Only for nodes that need a gradient.
    struct Target {
        Real* data;
        bool add;
    };
    Target contribute(Node<Real>& node) {
        if (!node.gradient) node.gradient = arena_.take_array<Real>(node.size());
        const bool add = *node.written != 0;
        *node.written = 1;
        return {node.gradient, add};
    }
    // The same for contributions that only add: cleared first when it is the first one.
    Real* contribute_added(Node<Real>& node);

private:
    static bool differentiated(const Variable<Real>& v) noexcept { return v.node->needs_gradient; }
    static bool differentiated(std::span<const Variable<Real>> all) noexcept {
        for (const Variable<Real>& v : all)
            if (v.node->needs_gradient) return true;
        return false;
    }
    Node<Real>& leaf(MatrixView<const Real> m) {
        Node<Real>& node = *new (arena_.take(sizeof(Node<Real>))) Node<Real>{};
        node.value = const_cast<Real*>(m.data); // no operation writes to an input's value
        node.rows = m.rows, node.cols = m.cols;
        return node;
    }
    Gradients<Real>& gradients_of(Parameters<Real>& parameters) noexcept {
        for (const Redirection& r : redirections_)
            if (r.parameters == &parameters) return *r.gradients;
        return parameters.gradients();
    }
    void walk(Node<Real>& from);

    struct Redirection {
        Parameters<Real>* parameters;
        Gradients<Real>* gradients;
    };
    Arena arena_;
    Node<Real>* last_ = nullptr;
    std::vector<Redirection> redirections_;
    bool recording_ = true;
};

} // namespace espalier::numerics
