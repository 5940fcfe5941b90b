// SPDX-License-Identifier: MIT
// Random words of many counters at once.
#pragma once

#include "espalier/numerics/noise.hpp"

namespace espalier::numerics {

// The middle of one of 2^23 equal cells of (0, 1).
inline float to_uniform(std::uint32_t bits) noexcept {
    return (static_cast<float>(static_cast<std::int32_t>(bits >> 9)) + 0.5f) * 0x1p-23f;
}

inline constexpr std::size_t blocks_together = 32; // blocks whose rounds run side by side

// Philox4x32-10 on `blocks_together` counters that differ in their first word: word w of block j at
// words[w * blocks_together + j], as Random123 gives it.
void philox_words(std::uint32_t* words, std::uint32_t first, const Place& place) noexcept;

} // namespace espalier::numerics
