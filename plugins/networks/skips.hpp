// SPDX-License-Identifier: MIT
// Lengths of runs of failures between successes: visits the successes of a long row of independent
// trials without looking at each trial (Batagelj and Brandes 2005, doi:10.1103/PhysRevE.71.036113).
#pragma once

#include "elementary.hpp"
#include "random_words.hpp"

#include <array>
#include <cstdint>

namespace espalier::networks {

// Exponential numbers of mean 1: -ln of the uniform_positive() of Random(key, a, b), in order.
class Exponentials {
public:
    Exponentials(const Key& key, uint32_t a, uint32_t b = 0) noexcept : words_(key, a, b) {}

    double next() noexcept {
        if (at_ == size) refill();
        return numbers_[at_++];
    }

private:
    static constexpr std::size_t size = 4 * RandomWords::size;

    void refill() noexcept {
        std::array<uint64_t, size> words;
        for (std::size_t i = 0; i < size; i += RandomWords::size) words_.next(words.data() + i);
        for (std::size_t i = 0; i < size; ++i)
            numbers_[i] = -natural_logarithm(uniform_positive(words[i]));
        at_ = 0;
    }

    // (0, 1], as Random::uniform_positive. 53 bits have an exact double, put together without the
    // conversion that older instruction sets lack for vectors.
    static double uniform_positive(uint64_t word) noexcept {
        const uint64_t k = (word >> 11) + 1;
        const double high = std::bit_cast<double>(0x4330000000000000u | k >> 32) - 0x1p52;
        const double low = std::bit_cast<double>(0x4330000000000000u | (k & 0xffffffff)) - 0x1p52;
        return (high * 0x1p32 + low) * 0x1p-53;
    }

    RandomWords words_;
    std::array<double, size> numbers_;
    std::size_t at_ = size;
};

class GeometricSkips {
public:
    static constexpr int64_t longest = int64_t{1} << 62;

    // 0 < p <= 1. The draws are those of Random(key, a, b).
    GeometricSkips(double p, const Key& key, uint32_t a, uint32_t b = 0) noexcept
        : waits_(key, a, b), scale_(-1 / logarithm_of_failure(p)) {}

    // Failures before the next success, at most `longest`.
    int64_t next() noexcept {
        const double length = waits_.next() * scale_;
        return length < static_cast<double>(longest) ? static_cast<int64_t>(length) : longest;
    }

private:
    Exponentials waits_;
    double scale_;
};

} // namespace espalier::networks
