// SPDX-License-Identifier: MIT
// Philox blocks turned into arrays of numbers, the logarithms taken in vectors.
#include "espalier/numerics/noise.hpp"

#include "espalier/numerics/loops.hpp"
#include "espalier/numerics/transcendental.hpp"

#include <cmath>
#include <numbers>

namespace espalier::numerics {

namespace {

// The middle of one of 2^23 (2^52) equal cells of (0, 1).
float to_uniform(std::uint32_t bits) noexcept {
    return (static_cast<float>(bits >> 9) + 0.5f) * 0x1p-23f;
}
double to_uniform(std::uint32_t high, std::uint32_t low) noexcept {
    const std::uint64_t bits = static_cast<std::uint64_t>(high) << 32 | low;
    return (static_cast<double>(bits >> 12) + 0.5) * 0x1p-52;
}

constexpr std::size_t together = 16; // blocks whose rounds run side by side

// Philox4x32-10 on `together` counters that differ in their first word, in loops that become vector
// code: word w of block j at words[w * together + j], as Random123 gives it.
void philox(std::uint32_t (&words)[4 * together], std::uint32_t first,
            const Place& place) noexcept {
    constexpr std::uint64_t even = 0xD2511F53, odd = 0xCD9E8D57;
    constexpr std::uint32_t weyl_even = 0x9E3779B9, weyl_odd = 0xBB67AE85;
    alignas(64) std::uint32_t c0[together], c1[together], c2[together], c3[together];
    for (std::size_t j = 0; j < together; ++j)
        c0[j] = first + static_cast<std::uint32_t>(j), c1[j] = place.a, c2[j] = place.b,
        c3[j] = place.c;
    std::uint32_t k0 = place.key[0], k1 = place.key[1];
    for (int round = 0; round < 10; ++round, k0 += weyl_even, k1 += weyl_odd)
        for (std::size_t j = 0; j < together; ++j) {
            const std::uint64_t p = even * c0[j], q = odd * c2[j];
            c0[j] = static_cast<std::uint32_t>(q >> 32) ^ c1[j] ^ k0;
            c1[j] = static_cast<std::uint32_t>(q);
            c2[j] = static_cast<std::uint32_t>(p >> 32) ^ c3[j] ^ k1;
            c3[j] = static_cast<std::uint32_t>(p);
        }
    for (std::size_t j = 0; j < together; ++j)
        words[j] = c0[j], words[together + j] = c1[j], words[2 * together + j] = c2[j],
        words[3 * together + j] = c3[j];
}

} // namespace

template <class Real> void fill_uniform(std::span<Real> out, const Place& place) noexcept {
    constexpr std::size_t per_block = sizeof(Real) == 4 ? 4 : 2;
    const r123::Philox4x32::key_type key{{place.key[0], place.key[1]}};
    r123::Philox4x32::ctr_type counter{{0, place.a, place.b, place.c}};
    std::size_t i = 0;
    if constexpr (per_block == 4) {
        alignas(64) std::uint32_t words[4 * together];
        for (; i + 4 * together <= out.size(); i += 4 * together) {
            philox(words, counter[0], place);
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
