// SPDX-License-Identifier: MIT
// What is learned: named matrices in one flat piece of memory, and gradients laid out like it.
#pragma once

#include "espalier/numerics/arena.hpp"
#include "espalier/numerics/matrix.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace espalier::numerics {

template <class Real> class Parameters;

// A handle, cheap to copy; valid as long as its owner.
template <class Real> struct Parameter {
    Parameters<Real>* owner = nullptr;
    Index index = 0;

    MatrixView<Real> value() const noexcept { return owner->value(index); }
    MatrixView<const Real> gradient() const noexcept { return owner->gradient(index); }
    const std::string& name() const noexcept { return owner->name(index); }
};

// Memory for the gradients of one set of parameters. A parameter's flag says whether its gradient
// was written since the last clear(); where it is not, the numbers mean nothing.
template <class Real> class Gradients {
public:
    void fit(const Parameters<Real>& parameters);
    void clear() noexcept { std::fill(written_.begin(), written_.end(), 0); }
    Real* data(Index offset) noexcept { return values_.data() + offset; }
    const Real* data(Index offset) const noexcept { return values_.data() + offset; }
    unsigned char* flag(Index index) noexcept { return &written_[static_cast<std::size_t>(index)]; }
    bool written(Index index) const noexcept {
        return written_[static_cast<std::size_t>(index)] != 0;
    }

private:
    AlignedVector<Real> values_;
    std::vector<unsigned char> written_;
};

// Neither copied nor moved, because handles point to it. Each parameter starts on a multiple of 64
// bytes; the gaps are zero and stay zero. Reading values from many threads is safe.
template <class Real> class Parameters {
public:
    Parameters() = default;
    Parameters(const Parameters&) = delete;
    Parameters& operator=(const Parameters&) = delete;

    // A matrix of zeros. Throws std::invalid_argument when the name is taken. Not while a tape
    // still refers to this set: the memory may move.
    Parameter<Real> add(std::string name, Index rows, Index cols);

    Index count() const noexcept { return static_cast<Index>(entries_.size()); }
    // Numbers in all parameters, gaps not counted.
    Index size() const noexcept { return size_; }
    Parameter<Real> operator[](Index index) noexcept { return {this, index}; }
    // Throws std::invalid_argument when there is none of this name.
    Parameter<Real> find(std::string_view name);
    const std::string& name(Index index) const noexcept { return entry(index).name; }
    MatrixView<Real> value(Index index) noexcept {
        const Entry& e = entry(index);
        return {values_.data() + e.offset, e.rows, e.cols};
    }
    MatrixView<const Real> value(Index index) const noexcept {
        const Entry& e = entry(index);
        return {values_.data() + e.offset, e.rows, e.cols};
    }
    MatrixView<const Real> gradient(Index index) const noexcept {
        const Entry& e = entry(index);
        return {gradients_.data(e.offset), e.rows, e.cols};
    }
    Index offset(Index index) const noexcept { return entry(index).offset; }

    // All values with the gaps between them: what to copy to keep the best state and go back to it.
    std::span<Real> flat() noexcept { return values_; }
    std::span<const Real> flat() const noexcept { return values_; }
    Gradients<Real>& gradients() noexcept { return gradients_; }
    const Gradients<Real>& gradients() const noexcept { return gradients_; }
    // Sum of the squares of all written gradients, in double, in a fixed order.
    double squared_gradient_norm() const noexcept;
    void scale_gradients(Real factor) noexcept;

    // A frozen set enters tapes as constants.
    void freeze(bool frozen = true) noexcept { frozen_ = frozen; }
    bool frozen() const noexcept { return frozen_; }

    // visit(name, rows, cols, const Real* data) in the order of creation: saving a model.
    template <class Visitor> void visit(Visitor&& visitor) const {
        for (const Entry& e : entries_) visitor(e.name, e.rows, e.cols, values_.data() + e.offset);
    }
    // Loading one of them. Throws std::invalid_argument on an unknown name or another shape.
    void assign(std::string_view name, MatrixView<const Real> data);

private:
    struct Entry {
        std::string name;
        Index rows, cols, offset;
    };
    const Entry& entry(Index index) const noexcept {
        return entries_[static_cast<std::size_t>(index)];
    }

    std::vector<Entry> entries_;
    AlignedVector<Real> values_;
    Gradients<Real> gradients_;
    Index size_ = 0;
    bool frozen_ = false;
};

} // namespace espalier::numerics
