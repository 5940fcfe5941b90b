// SPDX-License-Identifier: MIT
// Convolutions (as networks call them: without turning the kernel round) of fields with one, two or
// three axes, and their transposes.
//
// A batch of fields is a matrix of one row a site and one column a channel: the sites of a field in
// row-major order, one field after another. A 1 x 1 convolution is then affine().
#pragma once

#include "espalier/numerics/activations.hpp"
#include "espalier/numerics/tape.hpp"

#include <array>

namespace espalier::numerics {

enum class Border { zero, circular };

// Shapes are (depth, height, width); an axis that is not there has size and kernel 1. Output site o
// sees the sites o * stride - padding + k, k = 0 .. kernel - 1, along each axis; those outside are
// zeros, or wrap round.
struct Window {
    using Axes = std::array<Index, 3>;
    Axes size{1, 1, 1};
    Axes kernel{1, 1, 1};
    Axes stride{1, 1, 1};
    Axes padding{0, 0, 0};
    Border border = Border::zero;

    // (size + 2 padding - kernel) / stride + 1
    Axes output() const noexcept;
    Index sites() const noexcept { return size[0] * size[1] * size[2]; }
    Index output_sites() const noexcept;
    Index taps() const noexcept { return kernel[0] * kernel[1] * kernel[2]; }
};

// As many outputs as sites: stride 1, padding (kernel - 1) / 2. Kernels should be odd.
Window same_size(const Window::Axes& size, const Window::Axes& kernel, Border border);
// Blocks side by side: stride = kernel, no padding.
Window blocks(const Window::Axes& size, const Window::Axes& block);

// activation(conv(x) + bias). x: fields of window.size, n columns; weight: (taps n) x m, a tap's
// channels together; bias 1 x m. The result has window.output() sites a field and m columns. A
// shape that does not fit, a window wider than its padded field, or wrapping by more than the size:
// std::invalid_argument.
template <class Real>
Variable<Real> convolution(Variable<Real> x, Variable<Real> weight, Variable<Real> bias,
                           const Window& window, Activation activation = Activation::none);

// The transpose of convolution in x: from fields of window.output() to fields of window.size.
// weight: n x (taps m) for n columns in and m out; bias 1 x m.
template <class Real>
Variable<Real> transposed_convolution(Variable<Real> x, Variable<Real> weight, Variable<Real> bias,
                                      const Window& window,
                                      Activation activation = Activation::none);

} // namespace espalier::numerics
