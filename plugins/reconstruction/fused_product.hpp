// SPDX-License-Identifier: MIT
// Matrix products of small weights with bias, rectifier or gate applied while the tile of the
// result is still in registers; nothing is packed and nothing allocated.
//
// All matrices are row-major and compact; the number of columns of every result is a multiple of
// `lanes<Real>`. The order of summation depends on the shapes alone.
#pragma once

#include "parallel.hpp"

#include <Eigen/Core>

#include <vector>

namespace espalier::reconstruction {

template <class Real> using Packet = typename Eigen::internal::packet_traits<Real>::type;
template <class Real>
inline constexpr Index lanes = Eigen::internal::unpacket_traits<Packet<Real>>::size;

// Grows a buffer to at least `count`, with slack so that sizes that vary settle at once.
template <class Real> inline void at_least(std::vector<Real>& buffer, Index count) {
    if (static_cast<Index>(buffer.size()) < count)
        buffer.resize(static_cast<std::size_t>(count + count / 2));
}

template <class Real> inline Packet<Real> load(const Real* p) {
    return Eigen::internal::ploadu<Packet<Real>>(p);
}
template <class Real> inline void store(Real* p, const Packet<Real>& v) {
    Eigen::internal::pstoreu(p, v);
}
template <class Real> inline Packet<Real> spread(Real v) {
    return Eigen::internal::pset1<Packet<Real>>(v);
}
template <class Real> inline Packet<Real> rectified(const Packet<Real>& v) {
    return Eigen::internal::pmax(v, spread<Real>(0));
}
// v where gate > 0, else 0.
template <class Real> inline Packet<Real> gated(const Packet<Real>& gate, const Packet<Real>& v) {
    using namespace Eigen::internal;
    return pselect(pcmp_lt(spread<Real>(0), gate), v, spread<Real>(0));
}

namespace product {

// Element (i, k) of the left factor is a[i * row_stride + k * depth_stride].
template <class Real> struct Factors {
    const Real* a;
    Index row_stride, depth_stride;
    const Real* b;
    Index rows, depth, cols;
};

template <int Rows, int Packets, class Real, class Sink>
inline void tile(const Factors<Real>& f, Index row, Index col, const Sink& sink) {
    Packet<Real> sum[Rows][Packets];
    for (int r = 0; r < Rows; ++r)
        for (int v = 0; v < Packets; ++v) sum[r][v] = spread<Real>(0);
    const Real* a = f.a + row * f.row_stride;
    const Real* b = f.b + col;
    for (Index k = 0; k < f.depth; ++k, a += f.depth_stride, b += f.cols) {
        Packet<Real> w[Packets];
        for (int v = 0; v < Packets; ++v) w[v] = load(b + v * lanes<Real>);
        for (int r = 0; r < Rows; ++r) {
            const Packet<Real> x = spread(a[r * f.row_stride]);
            for (int v = 0; v < Packets; ++v)
                sum[r][v] = Eigen::internal::pmadd(x, w[v], sum[r][v]);
        }
    }
    for (int r = 0; r < Rows; ++r)
        for (int v = 0; v < Packets; ++v) sink(row + r, col + v * lanes<Real>, sum[r][v]);
}

// The sums must fit into the registers: 32 with AVX-512, 16 without.
#if defined(__AVX512F__)
inline constexpr int tile_rows = 6, tile_packets = 4;
#else
inline constexpr int tile_rows = 4, tile_packets = 2;
#endif

template <int Packets, class Real, class Sink>
void strip(const Factors<Real>& f, Index col, const Sink& sink) {
    Index row = 0;
    for (; row + tile_rows <= f.rows; row += tile_rows) tile<tile_rows, Packets>(f, row, col, sink);
    for (; row + 2 <= f.rows; row += 2) tile<2, Packets>(f, row, col, sink);
    for (; row < f.rows; ++row) tile<1, Packets>(f, row, col, sink);
}

template <class Real, class Sink> void run(const Factors<Real>& f, const Sink& sink) {
    constexpr Index wide = tile_packets * lanes<Real>;
    Index col = 0;
    for (; col + wide <= f.cols; col += wide) strip<tile_packets>(f, col, sink);
    for (; col < f.cols; col += lanes<Real>) strip<1>(f, col, sink);
}

} // namespace product

// y = max(0, x w + bias); x rows x in, w in x out.
template <class Real>
void dense_rectified(const Real* x, const Real* w, const Real* bias, Real* y, Index rows, Index in,
                     Index out) {
    product::run<Real>({x, in, 1, w, rows, in, out}, [=](Index r, Index c, const Packet<Real>& v) {
        store(y + r * out + c, rectified<Real>(Eigen::internal::padd(v, load(bias + c))));
    });
}

// y = max(0, x w + y)
template <class Real>
void dense_added_rectified(const Real* x, const Real* w, Real* y, Index rows, Index in, Index out) {
    product::run<Real>({x, in, 1, w, rows, in, out}, [=](Index r, Index c, const Packet<Real>& v) {
        Real* to = y + r * out + c;
        store(to, rectified<Real>(Eigen::internal::padd(v, load(to))));
    });
}

// y = x w
template <class Real>
void dense(const Real* x, const Real* w, Real* y, Index rows, Index in, Index out) {
    product::run<Real>({x, in, 1, w, rows, in, out},
                       [=](Index r, Index c, const Packet<Real>& v) { store(y + r * out + c, v); });
}

// dx = dy w' where the layer's input, `gate`, was positive, else 0. `transposed` is w', out x in;
// dx may be gate, not dy.
template <class Real>
void dense_backward_gated(const Real* dy, const Real* transposed, const Real* gate, Real* dx,
                          Index rows, Index out, Index in) {
    product::run<Real>({dy, out, 1, transposed, rows, out, in},
                       [=](Index r, Index c, const Packet<Real>& v) {
                           store(dx + r * in + c, gated<Real>(load(gate + r * in + c), v));
                       });
}

// dw += x' dy, in blocks of rows that stay in the cache.
template <class Real>
void dense_weights(const Real* x, const Real* dy, Real* dw, Index rows, Index in, Index out) {
    constexpr Index block = 256;
    for (Index first = 0; first < rows; first += block) {
        const Index depth = rows - first < block ? rows - first : block;
        product::run<Real>({x + first * in, 1, in, dy + first * out, in, depth, out},
                           [=](Index r, Index c, const Packet<Real>& v) {
                               Real* to = dw + r * out + c;
                               store(to, Eigen::internal::padd(v, load(to)));
                           });
    }
}

// a . b; n a multiple of the lanes.
template <class Real> inline Real dot(const Real* a, const Real* b, Index n) {
    Packet<Real> sum = spread<Real>(0);
    for (Index k = 0; k < n; k += lanes<Real>)
        sum = Eigen::internal::pmadd(load(a + k), load(b + k), sum);
    return Eigen::internal::predux(sum);
}

// y += factor x; n a multiple of the lanes.
template <class Real> inline void add_scaled(Real factor, const Real* x, Real* y, Index n) {
    const Packet<Real> f = spread(factor);
    for (Index k = 0; k < n; k += lanes<Real>)
        store(y + k, Eigen::internal::pmadd(f, load(x + k), load(y + k)));
}

// y += x; n a multiple of the lanes.
template <class Real> inline void add(const Real* x, Real* y, Index n) {
    for (Index k = 0; k < n; k += lanes<Real>)
        store(y + k, Eigen::internal::padd(load(x + k), load(y + k)));
}

// y = x w + bias for a few inputs; `bias` may be null.
template <class Real>
void thin_dense(const Real* x, const Real* w, const Real* bias, Real* y, Index rows, Index in,
                Index out) {
    for (Index r = 0; r < rows; ++r, x += in, y += out) {
        for (Index k = 0; k < out; ++k) y[k] = bias ? bias[k] : Real(0);
        for (Index c = 0; c < in; ++c)
            if (x[c] != 0) add_scaled(x[c], w + c * out, y, out);
    }
}

// dw += x' dy for a few inputs.
template <class Real>
void thin_weights(const Real* x, const Real* dy, Real* dw, Index rows, Index in, Index out) {
    for (Index r = 0; r < rows; ++r, x += in, dy += out)
        for (Index c = 0; c < in; ++c)
            if (x[c] != 0) add_scaled(x[c], dy, dw + c * out, out);
}

// sum += rows of x
template <class Real> void add_rows(const Real* x, Real* sum, Index rows, Index cols) {
    for (Index r = 0; r < rows; ++r) add(x + r * cols, sum, cols);
}

} // namespace espalier::reconstruction
