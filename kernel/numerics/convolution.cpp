// SPDX-License-Identifier: MIT
// Convolutions as products with patches of the input, a tile of output sites at a time.
#include "espalier/numerics/convolution.hpp"

#include "espalier/numerics/loops.hpp"
#include "espalier/numerics/product.hpp"
#include "row_checks.hpp"
#include "slopes.hpp"

#include <cstring>
#include <stdexcept>

namespace espalier::numerics {

namespace {

void check_window(const Window& w) {
    for (std::size_t a = 0; a < 3; ++a) {
        if (w.size[a] < 1 || w.kernel[a] < 1 || w.stride[a] < 1 || w.padding[a] < 0)
            refuse("convolution: sizes, kernels and strides must be >= 1, paddings >= 0");
        if (w.kernel[a] > w.size[a] + 2 * w.padding[a])
            refuse("convolution: a kernel of " + std::to_string(w.kernel[a]) + " on " +
                   std::to_string(w.size[a]) + " sites padded by " + std::to_string(w.padding[a]));
        if (w.border == Border::circular && w.padding[a] > w.size[a])
            refuse("convolution: wraps " + std::to_string(w.size[a]) + " sites by " +
                   std::to_string(w.padding[a]));
    }
}

// Copies between fields and patches. A patch is a row: the channels of each tap, tap after tap.
template <class Real> class Patches {
public:
    Patches(Scratch& scratch, const Window& w, Index channels)
        : sites_(w.sites()), outputs_(w.output_sites()), taps_(w.taps()), line_(w.kernel[2]),
          channels_(channels), from_(scratch.take<std::int32_t>(outputs_ * taps_)) {
        const Window::Axes out = w.output();
        std::int32_t* to = from_;
        for (Index z = 0; z < out[0]; ++z)
            for (Index y = 0; y < out[1]; ++y)
                for (Index x = 0; x < out[2]; ++x) to = fill(w, {z, y, x}, to);
        tile_ = std::max<Index>(8, tile_numbers / width());
    }
    Index width() const noexcept { return taps_ * channels_; }
    // Output sites whose patches are held at a time.
    Index tile() const noexcept { return tile_; }

    // The patches of output sites begin .. end - 1, counted over all fields.
    void gather(const Real* fields, Index begin, Index end, Real* patches) const {
        walk(begin, end, [&](Index field, Index at, Index count) {
            if (at >= 0)
                std::memcpy(patches, fields + (field + at) * channels_,
                            static_cast<std::size_t>(count * channels_) * sizeof(Real));
            else
                std::fill_n(patches, count * channels_, Real(0));
            patches += count * channels_;
        });
    }
    // Adds such patches to the fields.
    void scatter(const Real* patches, Index begin, Index end, Real* fields) const {
        walk(begin, end, [&](Index field, Index at, Index count) {
            if (at >= 0) {
                Real* to = fields + (field + at) * channels_;
                for (Index i = 0; i < count * channels_; ++i) to[i] += patches[i];
            }
            patches += count * channels_;
        });
    }

private:
    static constexpr Index tile_numbers = 32768; // half of a level-two cache or less

    std::int32_t* fill(const Window& w, const Window::Axes& output, std::int32_t* to) const {
        const auto place = [&](std::size_t a, Index k) {
            const Index at = output[a] * w.stride[a] - w.padding[a] + k;
            if (at >= 0 && at < w.size[a]) return at;
            return w.border == Border::zero ? Index(-1) : (at + w.size[a]) % w.size[a];
        };
        for (Index k = 0; k < w.kernel[0]; ++k)
            for (Index j = 0; j < w.kernel[1]; ++j)
                for (Index i = 0; i < w.kernel[2]; ++i) {
                    const Index z = place(0, k), y = place(1, j), x = place(2, i);
                    const bool inside = z >= 0 && y >= 0 && x >= 0;
                    *to++ = inside ? static_cast<std::int32_t>((z * w.size[1] + y) * w.size[2] + x)
                                   : -1;
                }
        return to;
    }
    // visit(first site of the field, site or -1, count) for runs of adjacent taps.
    template <class Visit> void walk(Index begin, Index end, Visit visit) const {
        for (Index row = begin; row < end; ++row) {
            const Index field = row / outputs_ * sites_;
            const std::int32_t* from = from_ + row % outputs_ * taps_;
            for (Index tap = 0; tap < taps_; tap += line_, from += line_) {
                if (from[0] >= 0 && from[line_ - 1] - from[0] == line_ - 1)
                    visit(field, from[0], line_);
                else
                    for (Index i = 0; i < line_; ++i) visit(field, from[i], Index(1));
            }
        }
    }

    Index sites_, outputs_, taps_, line_, channels_, tile_ = 0;
    std::int32_t* from_; // the site that each tap of each output sees, or -1
};

template <class Real> struct ConvolutionNode : Node<Real> {
    Node<Real>*x, *weight, *bias;
    Window window;
    Activation activation;
};

template <class Real> MatrixView<const Real> value_of(const Node<Real>& n) {
    return {n.value, n.rows, n.cols};
}

template <class Real> void fill_rows(Node<Real>& n, const Real* row) {
    for (Index r = 0; r < n.rows; ++r) std::copy_n(row, n.cols, n.value + r * n.cols);
}

template <class Real> void activate_in_place(ConvolutionNode<Real>& n) {
    with_activation(n.activation, [&](auto function) {
        for_each_index(n.size(), [y = n.value, function](Index i) { y[i] = function.value(y[i]); });
    });
}

// Turns the gradient of the result into that of what the activation was applied to.
template <class Real> void undo_activation(Tape<Real>& tape, ConvolutionNode<Real>& n) {
    with_activation(n.activation, [&](auto function) {
        for_each_index(n.size(), [g = n.gradient, y = n.value, function](Index i) {
            g[i] *= function.slope_of_value(y[i]);
        });
    });
    if (!n.bias->needs_gradient) return;
    Real* const to = tape.contribute_added(*n.bias);
    for (Index r = 0; r < n.rows; ++r)
        for_each_index(n.cols, [to, g = n.gradient + r * n.cols](Index i) { to[i] += g[i]; });
}

// body(patches of a tile, its first row, its last row + 1, the walker)
template <class Real, class Body>
void over_tiles(Arena& arena, const Window& window, Index channels, Index rows, Body body) {
    Scratch scratch(arena);
    const Patches<Real> patches(scratch, window, channels);
    Real* const tile = scratch.take<Real>(patches.tile() * patches.width());
    for (Index begin = 0; begin < rows; begin += patches.tile()) {
        const Index end = std::min(rows, begin + patches.tile());
        body(MatrixView<Real>(tile, end - begin, patches.width()), begin, end, patches);
    }
}

template <class Real> void convolution_backward(Tape<Real>& tape, Node<Real>& node) {
    auto& n = static_cast<ConvolutionNode<Real>&>(node);
    undo_activation(tape, n);
    Real* const to_weight = n.weight->needs_gradient ? tape.contribute_added(*n.weight) : nullptr;
    Real* const to_x = n.x->needs_gradient ? tape.contribute_added(*n.x) : nullptr;
    if (!to_weight && !to_x) return;
    over_tiles<Real>(
        tape.arena(), n.window, n.x->cols, n.rows,
        [&](MatrixView<Real> tile, Index begin, Index end, const Patches<Real>& patches) {
            const MatrixView<const Real> g(n.gradient + begin * n.cols, end - begin, n.cols);
            if (to_weight) {
                patches.gather(n.x->value, begin, end, tile.data);
                product_of_transposed(tape.arena(),
                                      MatrixView<Real>(to_weight, n.weight->rows, n.weight->cols),
                                      tile, g, Write::add);
            }
            if (!to_x) return;
            product_by_transposed(tape.arena(), tile, g, value_of(*n.weight));
            patches.scatter(tile.data, begin, end, to_x);
        });
}

template <class Real> void transposed_backward(Tape<Real>& tape, Node<Real>& node) {
    auto& n = static_cast<ConvolutionNode<Real>&>(node);
    undo_activation(tape, n);
    Real* const to_weight = n.weight->needs_gradient ? tape.contribute_added(*n.weight) : nullptr;
    Real* const to_x = n.x->needs_gradient ? tape.contribute_added(*n.x) : nullptr;
    if (!to_weight && !to_x) return;
    over_tiles<Real>(
        tape.arena(), n.window, n.cols, n.x->rows,
        [&](MatrixView<Real> tile, Index begin, Index end, const Patches<Real>& patches) {
            patches.gather(n.gradient, begin, end, tile.data);
            if (to_x)
                product_by_transposed(
                    tape.arena(),
                    MatrixView<Real>(to_x + begin * n.x->cols, end - begin, n.x->cols), tile,
                    value_of(*n.weight), Write::add);
            if (to_weight)
                product_of_transposed(tape.arena(),
                                      MatrixView<Real>(to_weight, n.weight->rows, n.weight->cols),
                                      value_of(*n.x).slice_rows(begin, end), tile, Write::add);
        });
}

// Silu's slope does not follow from its value: an operation of its own comes after.
template <class Real, class Make>
Variable<Real> with_silu_outside(Activation activation, Make make) {
    if (activation == Activation::silu) return silu(make(Activation::none));
    return make(activation);
}

void check_shapes(const char* what, Index rows, Index sites, bool fits) {
    if (rows % sites || rows == 0)
        refuse(std::string(what) + ": " + std::to_string(rows) + " rows are not fields of " +
               std::to_string(sites) + " sites");
    if (!fits) refuse(std::string(what) + ": weight or bias do not fit the window and channels");
}

// An operation of `rows` x `cols` outputs that begin at the bias, are filled by add(node) and then
// activated.
template <class Real, class Add>
Variable<Real> windowed(Index rows, Index cols, typename Node<Real>::Backward backward,
                        Variable<Real> x, Variable<Real> weight, Variable<Real> bias,
                        const Window& window, Activation activation, const Add& add) {
    return with_silu_outside<Real>(activation, [&](Activation function) -> Variable<Real> {
        auto& n = x.tape->template operation<ConvolutionNode<Real>>(rows, cols, backward, x, weight,
                                                                    bias);
        n.x = x.node, n.weight = weight.node, n.bias = bias.node;
        n.window = window, n.activation = function;
        fill_rows(n, bias.node->value);
        add(n);
        activate_in_place(n);
        return {x.tape, &n};
    });
}

} // namespace

Window::Axes Window::output() const noexcept {
    Axes out;
    for (std::size_t a = 0; a < 3; ++a)
        out[a] = (size[a] + 2 * padding[a] - kernel[a]) / stride[a] + 1;
    return out;
}

Index Window::output_sites() const noexcept {
    const Axes out = output();
    return out[0] * out[1] * out[2];
}

Window same_size(const Window::Axes& size, const Window::Axes& kernel, Border border) {
    Window w{size, kernel};
    for (std::size_t a = 0; a < 3; ++a) w.padding[a] = (kernel[a] - 1) / 2;
    w.border = border;
    return w;
}

Window blocks(const Window::Axes& size, const Window::Axes& block) { return {size, block, block}; }

template <class Real>
Variable<Real> convolution(Variable<Real> x, Variable<Real> weight, Variable<Real> bias,
                           const Window& window, Activation activation) {
    check_window(window);
    check_shapes("convolution", x.rows(), window.sites(),
                 weight.rows() == window.taps() * x.cols() && bias.rows() == 1 &&
                     bias.cols() == weight.cols());
    auto& arena = x.tape->arena();
    return windowed<Real>(
        x.rows() / window.sites() * window.output_sites(), weight.cols(),
        &convolution_backward<Real>, x, weight, bias, window, activation,
        [&](const ConvolutionNode<Real>& n) {
            over_tiles<Real>(
                arena, window, x.cols(), n.rows,
                [&](MatrixView<Real> tile, Index begin, Index end, const Patches<Real>& patches) {
                    patches.gather(x.node->value, begin, end, tile.data);
                    product(arena, MatrixView<Real>(n.value + begin * n.cols, end - begin, n.cols),
                            tile, weight.value(), Write::add);
                });
        });
}

template <class Real>
Variable<Real> transposed_convolution(Variable<Real> x, Variable<Real> weight, Variable<Real> bias,
                                      const Window& window, Activation activation) {
    check_window(window);
    check_shapes("transposed_convolution", x.rows(), window.output_sites(),
                 weight.rows() == x.cols() && bias.rows() == 1 &&
                     weight.cols() == window.taps() * bias.cols());
    auto& arena = x.tape->arena();
    return windowed<Real>(
        x.rows() / window.output_sites() * window.sites(), bias.cols(), &transposed_backward<Real>,
        x, weight, bias, window, activation, [&](const ConvolutionNode<Real>& n) {
            over_tiles<Real>(
                arena, window, n.cols, x.rows(),
                [&](MatrixView<Real> tile, Index begin, Index end, const Patches<Real>& patches) {
                    product(arena, tile, x.value().slice_rows(begin, end), weight.value());
                    patches.scatter(tile.data, begin, end, n.value);
                });
        });
}

#define ESPALIER_CONVOLUTIONS(Real)                                                                \
    template Variable<Real> convolution(Variable<Real>, Variable<Real>, Variable<Real>,            \
                                        const Window&, Activation);                                \
    template Variable<Real> transposed_convolution(Variable<Real>, Variable<Real>, Variable<Real>, \
                                                   const Window&, Activation);
ESPALIER_CONVOLUTIONS(float)
ESPALIER_CONVOLUTIONS(double)

} // namespace espalier::numerics
