// SPDX-License-Identifier: MIT
// Products too small for packing: tiles of C held in vector registers.
#pragma once

#include "eigen.hpp"
#include "espalier/numerics/matrix.hpp"

#if defined(__AVX2__)
#include <immintrin.h>
#endif

namespace espalier::numerics {

// Strides of A make it the matrix or its transpose; rows of B and C lie one after the other.
template <class Real> struct SmallProduct {
    const Real* a;
    Index a_row, a_depth;
    const Real* b;
    Real* c;
    Index rows, cols, depth;
    bool add;
};

namespace small {

template <class Real> using Packet = typename Eigen::internal::packet_traits<Real>::type;
template <class Real> inline constexpr Index lanes = Eigen::internal::packet_traits<Real>::size;

// The first n numbers, 0 < n < lanes; the others are zero and not touched in memory.
template <class Real> struct Part {
#if defined(__AVX512F__)
    explicit Part(Index n) noexcept : mask_(static_cast<__mmask16>((1u << n) - 1u)) {}
    Packet<Real> load(const Real* p) const noexcept {
        if constexpr (sizeof(Real) == 4)
            return _mm512_maskz_loadu_ps(mask_, p);
        else
            return _mm512_maskz_loadu_pd(static_cast<__mmask8>(mask_), p);
    }
    void store(Real* p, const Packet<Real>& v) const noexcept {
        if constexpr (sizeof(Real) == 4)
            _mm512_mask_storeu_ps(p, mask_, v);
        else
            _mm512_mask_storeu_pd(p, static_cast<__mmask8>(mask_), v);
    }

private:
    __mmask16 mask_;
#elif defined(__AVX2__)
    explicit Part(Index n) noexcept {
        alignas(32) static constexpr std::int32_t ones[16] = {-1, -1, -1, -1, -1, -1, -1, -1};
        const Index words = n * static_cast<Index>(sizeof(Real) / 4);
        mask_ = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(ones + 8 - words));
    }
    Packet<Real> load(const Real* p) const noexcept {
        if constexpr (sizeof(Real) == 4)
            return _mm256_maskload_ps(p, mask_);
        else
            return _mm256_maskload_pd(p, mask_);
    }
    void store(Real* p, const Packet<Real>& v) const noexcept {
        if constexpr (sizeof(Real) == 4)
            _mm256_maskstore_ps(p, mask_, v);
        else
            _mm256_maskstore_pd(p, mask_, v);
    }

private:
    __m256i mask_;
#else
    explicit Part(Index n) noexcept : n_(n) {}
    Packet<Real> load(const Real* p) const noexcept {
        alignas(64) Real buffer[static_cast<std::size_t>(lanes<Real>)];
#pragma GCC unroll 4
        for (Index i = 0; i < lanes<Real>; ++i) buffer[i] = i < n_ ? p[i] : Real(0);
        return Eigen::internal::pload<Packet<Real>>(buffer);
    }
    void store(Real* p, const Packet<Real>& v) const noexcept {
        alignas(64) Real buffer[static_cast<std::size_t>(lanes<Real>)];
        Eigen::internal::pstore(buffer, v);
#pragma GCC unroll 4
        for (Index i = 0; i < lanes<Real>; ++i)
            if (i < n_) p[i] = buffer[i];
    }

private:
    Index n_;
#endif
};

template <class Real> struct Whole {
    Packet<Real> load(const Real* p) const noexcept {
        return Eigen::internal::ploadu<Packet<Real>>(p);
    }
    void store(Real* p, const Packet<Real>& v) const noexcept { Eigen::internal::pstoreu(p, v); }
};

// run(i, q) for every packet of a tile, written out so that the packets stay in registers.
template <int Rows, int Packets, class Run> inline void for_each_packet(Run run) {
#pragma GCC unroll 8
    for (int i = 0; i < Rows; ++i)
#pragma GCC unroll 16
        for (int q = 0; q < Packets; ++q) run(i, q);
}

// Rows r .. r + Rows - 1 and Packets packets of columns from j; `last` reads the last packet.
template <int Rows, int Packets, class Real, class Last>
inline void tile(const SmallProduct<Real>& p, Index r, Index j, const Last& last) {
    using namespace Eigen::internal;
    constexpr Index width = lanes<Real>;
    constexpr Whole<Real> whole;
    const auto load = [&](const Real* from, int q) {
        return q + 1 < Packets ? whole.load(from + q * width) : last.load(from + q * width);
    };
    const Index cols = p.cols, a_row = p.a_row, a_depth = p.a_depth;
    Real* const c = p.c + r * cols + j;
    Packet<Real> sum[Rows][Packets];
    if (p.add)
        for_each_packet<Rows, Packets>([&](int i, int q) { sum[i][q] = load(c + i * cols, q); });
    else
        for_each_packet<Rows, Packets>(
            [&](int i, int q) { sum[i][q] = pset1<Packet<Real>>(Real(0)); });
    const Real* a = p.a + r * a_row;
    const Real* b = p.b + j;
    for (Index k = p.depth; k > 0; --k, a += a_depth, b += cols) {
        Packet<Real> bs[Packets];
        for_each_packet<1, Packets>([&](int, int q) { bs[q] = load(b, q); });
        for_each_packet<Rows, Packets>([&](int i, int q) {
            sum[i][q] = pmadd(pset1<Packet<Real>>(a[i * a_row]), bs[q], sum[i][q]);
        });
    }
    for_each_packet<Rows, Packets>([&](int i, int q) {
        Real* to = c + i * cols + q * width;
        if (q + 1 < Packets)
            whole.store(to, sum[i][q]);
        else
            last.store(to, sum[i][q]);
    });
}

template <int Packets, class Real, class Last>
inline void strip(const SmallProduct<Real>& p, Index j, const Last& last) {
    Index r = 0;
    if constexpr (Packets == 1) // enough sums at once to hide their latency
        for (; r + 8 <= p.rows; r += 8) tile<8, 1>(p, r, j, last);
    for (; r + 4 <= p.rows; r += 4) tile<4, Packets>(p, r, j, last);
    for (; r + 2 <= p.rows; r += 2) tile<2, Packets>(p, r, j, last);
    for (; r < p.rows; ++r) tile<1, Packets>(p, r, j, last);
}

// The columns from j, fewer than fill Packets + 1 packets.
template <int Packets, class Real> inline void finish(const SmallProduct<Real>& p, Index j) {
    const Index left = p.cols - j - (Packets - 1) * lanes<Real>;
    if constexpr (Packets > 1)
        if (left <= 0) return finish<Packets - 1>(p, j);
    if (left == lanes<Real>)
        strip<Packets>(p, j, Whole<Real>{});
    else if (left > 0)
        strip<Packets>(p, j, Part<Real>(left));
}

// Strips of Packets packets of columns.
template <int Packets, class Real> inline void sweep(const SmallProduct<Real>& p) {
    Index j = 0;
    for (; j + Packets * lanes<Real> <= p.cols; j += Packets * lanes<Real>)
        strip<Packets>(p, j, Whole<Real>{});
    finish<Packets>(p, j);
}

} // namespace small

// A tile and its row of B must fit in the registers: 32 with AVX-512, 16 without. One row is long,
// to read B as it lies.
template <class Real> inline void multiply(const SmallProduct<Real>& p) {
    constexpr bool wide = EIGEN_ARCH_DEFAULT_NUMBER_OF_REGISTERS >= 32;
    constexpr int many = wide ? 16 : 8, few = wide ? 4 : 2;
    if (p.rows == 1)
        small::sweep<many>(p);
    else
        small::sweep<few>(p);
}

} // namespace espalier::numerics
