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

} // namespace

template <class Real> void fill_uniform(std::span<Real> out, const Place& place) noexcept {
    constexpr std::size_t per_block = sizeof(Real) == 4 ? 4 : 2;
    const r123::Philox4x32::key_type key{{place.key[0], place.key[1]}};
    r123::Philox4x32::ctr_type counter{{0, place.a, place.b, place.c}};
    for (std::size_t i = 0; i < out.size(); i += per_block, ++counter[0]) {
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
