// SPDX-License-Identifier: MIT
// Arrays of counter-based random numbers (Philox4x32-10), for noise and initial values.
#pragma once

#include <espalier/random.hpp>

#include <cstdint>
#include <span>

namespace espalier::numerics {

// Where a draw belongs: the key of a stream and up to three logical indices (step, batch row, ...).
// The same words as espalier::Random at this place: give each use a place of its own.
struct Place {
    Key key{};
    std::uint32_t a = 0, b = 0, c = 0;
};

// In the open interval (0, 1), symmetric about 1/2; 23 bits for float, 52 for double.
template <class Real> void fill_uniform(std::span<Real> out, const Place& place) noexcept;
// Standard Gumbel: -log(-log u).
template <class Real> void fill_gumbel(std::span<Real> out, const Place& place) noexcept;
// Standard logistic, the difference of two Gumbels: log u - log(1 - u).
template <class Real> void fill_logistic(std::span<Real> out, const Place& place) noexcept;
// Standard normal (Box and Muller 1958).
template <class Real> void fill_normal(std::span<Real> out, const Place& place) noexcept;

} // namespace espalier::numerics
