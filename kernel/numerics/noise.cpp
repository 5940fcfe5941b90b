// SPDX-License-Identifier: MIT
// Philox blocks turned into arrays of numbers, the logarithms taken in vectors.
#include "espalier/numerics/noise.hpp"

#include "espalier/numerics/loops.hpp"
#include "espalier/numerics/transcendental.hpp"
#include "philox.hpp"

#include <cstring>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace espalier::numerics {

namespace {

// As for float, of 2^52.
double to_uniform(std::uint32_t high, std::uint32_t low) noexcept {
    const std::uint64_t bits = static_cast<std::uint64_t>(high) << 32 | low;
    return (static_cast<double>(bits >> 12) + 0.5) * 0x1p-52;
}

} // namespace

namespace {

#if defined(__AVX512F__)
constexpr std::size_t vector_bytes = 64;
#elif defined(__AVX2__)
constexpr std::size_t vector_bytes = 32;
#else
constexpr std::size_t vector_bytes = 16;
#endif
typedef std::uint64_t Lanes __attribute__((vector_size(vector_bytes)));
typedef std::uint32_t Halves __attribute__((vector_size(vector_bytes / 2)));
constexpr std::size_t lanes_together = vector_bytes / 8;

// Of the lower halves of the lanes.
inline Lanes product(Lanes a, Lanes b) noexcept {
#if defined(__AVX512F__)
    return reinterpret_cast<Lanes>(
        _mm512_mul_epu32(reinterpret_cast<__m512i>(a), reinterpret_cast<__m512i>(b)));
#elif defined(__AVX2__)
    return reinterpret_cast<Lanes>(
        _mm256_mul_epu32(reinterpret_cast<__m256i>(a), reinterpret_cast<__m256i>(b)));
#elif defined(__SSE2__)
    return reinterpret_cast<Lanes>(
        _mm_mul_epu32(reinterpret_cast<__m128i>(a), reinterpret_cast<__m128i>(b)));
#else
    return (a & 0xffffffff) * (b & 0xffffffff);
#endif
}

} // namespace

// Each word in the lower half of a lane; the upper halves hold what does not matter.
void philox_words(std::uint32_t* words, std::uint32_t first, const Place& place) noexcept {
    constexpr std::size_t vectors = 4, step = vectors * lanes_together;
    static_assert(blocks_together % step == 0);
    constexpr Lanes zero{}, even = zero + 0xD2511F53, odd = zero + 0xCD9E8D57;
    constexpr std::uint32_t weyl_even = 0x9E3779B9, weyl_odd = 0xBB67AE85;
    for (std::size_t at = 0; at < blocks_together; at += step) {
        Lanes c[4][vectors];
        for (std::size_t v = 0; v < vectors; ++v) {
            for (std::size_t j = 0; j < lanes_together; ++j)
                c[0][v][j] = first + static_cast<std::uint32_t>(at + v * lanes_together + j);
            c[1][v] = zero + place.a, c[2][v] = zero + place.b, c[3][v] = zero + place.c;
        }
        std::uint32_t k0 = place.key[0], k1 = place.key[1];
        for (int round = 0; round < 10; ++round, k0 += weyl_even, k1 += weyl_odd)
#pragma GCC unroll 4
            for (std::size_t v = 0; v < vectors; ++v) {
                const Lanes p = product(even, c[0][v]), q = product(odd, c[2][v]);
                c[0][v] = (q >> 32) ^ c[1][v] ^ (zero + k0), c[1][v] = q;
                c[2][v] = (p >> 32) ^ c[3][v] ^ (zero + k1), c[3][v] = p;
            }
        for (std::size_t w = 0; w < 4; ++w)
            for (std::size_t v = 0; v < vectors; ++v) {
                const Halves low = __builtin_convertvector(c[w][v], Halves);
                std::memcpy(words + w * blocks_together + at + v * lanes_together, &low,
                            sizeof low);
            }
    }
}

template <class Real> void fill_uniform(std::span<Real> out, const Place& place) noexcept {
    constexpr std::size_t per_block = sizeof(Real) == 4 ? 4 : 2, together = blocks_together;
    const r123::Philox4x32::key_type key{{place.key[0], place.key[1]}};
    r123::Philox4x32::ctr_type counter{{0, place.a, place.b, place.c}};
    std::size_t i = 0;
    if constexpr (per_block == 4) {
        alignas(64) std::uint32_t words[4 * together];
        for (; i + 4 * together <= out.size(); i += 4 * together) {
            philox_words(words, counter[0], place);
            counter[0] += static_cast<std::uint32_t>(together);
            Real* const to = out.data() + i;
            for (std::size_t j = 0; j < together; ++j)
                for (std::size_t w = 0; w < 4; ++w)
                    to[4 * j + w] = to_uniform(words[w * together + j]);
        }
    }
    for (; i < out.size(); i += per_block, ++counter[0]) {
        const auto words = r123::Philox4x32()(counter, key);
        const std::size_t n = std::min(per_block, out.size() - i);
        for (std::size_t j = 0; j < n; ++j) {
            if constexpr (per_block == 4)
                out[i + j] = to_uniform(words[j]);
            else
                out[i + j] = to_uniform(words[2 * j], words[2 * j + 1]);
        }
    }
}

template <class Real> void fill_gumbel(std::span<Real> out, const Place& place) noexcept {
    fill_uniform(out, place);
    for_each_index(static_cast<Index>(out.size()),
                   [x = out.data()](Index i) { x[i] = -fast_log(-fast_log(x[i])); });
}

template <class Real> void fill_logistic(std::span<Real> out, const Place& place) noexcept {
    fill_uniform(out, place);
    for_each_index(static_cast<Index>(out.size()),
                   [x = out.data()](Index i) { x[i] = fast_log(x[i] / (1 - x[i])); });
}

template <class Real> void fill_normal(std::span<Real> out, const Place& place) noexcept {
    Random random(place.key, place.a, place.b, place.c);
    for (Real& x : out) x = static_cast<Real>(random.normal());
}

#define ESPALIER_NOISE(Real)                                                                       \
    template void fill_uniform(std::span<Real>, const Place&) noexcept;                            \
    template void fill_gumbel(std::span<Real>, const Place&) noexcept;                             \
    template void fill_logistic(std::span<Real>, const Place&) noexcept;                           \
    template void fill_normal(std::span<Real>, const Place&) noexcept;
ESPALIER_NOISE(float)
ESPALIER_NOISE(double)

} // namespace espalier::numerics
