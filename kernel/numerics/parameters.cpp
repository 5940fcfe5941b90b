// SPDX-License-Identifier: MIT
// Bookkeeping of named parameters and their gradients.
#include "espalier/numerics/parameters.hpp"

#include "espalier/numerics/loops.hpp"
#include "for_reals.hpp"

#include <algorithm>
#include <stdexcept>

namespace espalier::numerics {

template <class Real> void Gradients<Real>::fit(const Parameters<Real>& parameters) {
    values_.resize(parameters.flat().size());
    written_.resize(static_cast<std::size_t>(parameters.count()));
}

template <class Real>
Parameter<Real> Parameters<Real>::add(std::string name, Index rows, Index cols) {
    if (rows < 1 || cols < 1)
        throw std::invalid_argument("parameter '" + name + "' cannot be " + shape_text(rows, cols));
    for (const Entry& e : entries_)
        if (e.name == name)
            throw std::invalid_argument("there is already a parameter '" + name + "'");
    constexpr Index line = static_cast<Index>(alignment / sizeof(Real));
    const Index offset = static_cast<Index>(values_.size());
    const Index room = (rows * cols + line - 1) / line * line;
    values_.resize(static_cast<std::size_t>(offset + room));
    entries_.push_back({std::move(name), rows, cols, offset});
    gradients_.fit(*this);
    size_ += rows * cols;
    return {this, count() - 1};
}

template <class Real> Parameter<Real> Parameters<Real>::find(std::string_view name) {
    for (Index i = 0; i < count(); ++i)
        if (entry(i).name == name) return {this, i};
    throw std::invalid_argument("there is no parameter '" + std::string(name) + "'");
}

template <class Real>
void Parameters<Real>::assign(std::string_view name, MatrixView<const Real> data) {
    const MatrixView<Real> mine = find(name).value();
    if (mine.rows != data.rows || mine.cols != data.cols)
        throw std::invalid_argument("parameter '" + std::string(name) + "' is " +
                                    shape_text(mine.rows, mine.cols) + ", not " +
                                    shape_text(data.rows, data.cols));
    std::copy(data.data, data.data + data.size(), mine.data);
}

template <class Real> double Parameters<Real>::squared_gradient_norm() const noexcept {
    double sum = 0;
    for (Index i = 0; i < count(); ++i) {
        if (!gradients_.written(i)) continue;
        const MatrixView<const Real> g = gradient(i);
        sum += sum_over<double>(g.size(), [&](Index j) {
            const double x = static_cast<double>(g.data[j]);
            return x * x;
        });
    }
    return sum;
}

template <class Real> void Parameters<Real>::scale_gradients(Real factor) noexcept {
    for (Index i = 0; i < count(); ++i) {
        if (!gradients_.written(i)) continue;
        Real* g = gradients_.data(offset(i));
        for_each_index(entry(i).rows * entry(i).cols, [=](Index j) { g[j] *= factor; });
    }
}

ESPALIER_FOR_REALS(class Gradients)
ESPALIER_FOR_REALS(class Parameters)

} // namespace espalier::numerics
