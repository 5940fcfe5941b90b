// SPDX-License-Identifier: MIT
// The words of espalier::Random, many at once: the loops over lanes become vector code.
#pragma once

#include <espalier/random.hpp>

#include <array>
#include <cstdint>

namespace espalier::networks {

// The same numbers in the same order as bits64() of Random(key, a, b, c).
class RandomWords {
public:
    static constexpr std::size_t size = 32;

    RandomWords(const Key& key, uint32_t a, uint32_t b = 0, uint32_t c = 0) noexcept
        : key_(key), place_{a, b, c} {}

    // Philox4x32-10 (Salmon et al. 2011, doi:10.1145/2063384.2063405) of the next counters.
    void next(uint64_t* words) noexcept {
        // Halves of 64-bit words, for products of 32 by 32 bits.
        uint64_t x0[lanes], x1[lanes], x2[lanes], x3[lanes];
        for (uint32_t l = 0; l < lanes; ++l) {
            x0[l] = counter_ + l;
            x1[l] = place_[0], x2[l] = place_[1], x3[l] = place_[2];
        }
        counter_ += lanes;
        uint32_t low = key_[0], high = key_[1];
        for (int r = 0; r < 10; ++r) {
            round(x0, x1, x2, x3, low, high);
            low += PHILOX_W32_0;
            high += PHILOX_W32_1;
        }
        for (std::size_t l = 0; l < lanes; ++l) {
            words[2 * l] = x3[l] << 32 | x2[l];
            words[2 * l + 1] = x1[l] << 32 | x0[l];
        }
    }

private:
    static constexpr uint32_t lanes = size / 2;
    static constexpr uint64_t half = 0xffffffff;

    static void round(uint64_t* __restrict x0, uint64_t* __restrict x1, uint64_t* __restrict x2,
                      uint64_t* __restrict x3, uint64_t low, uint64_t high) noexcept {
#pragma GCC unroll 1 // unrolled, it does not become vector code
        for (std::size_t l = 0; l < lanes; ++l) {
            const uint64_t p = x0[l] * PHILOX_M4x32_0, q = x2[l] * PHILOX_M4x32_1;
            x0[l] = (q >> 32) ^ x1[l] ^ low;
            x1[l] = q & half;
            x2[l] = (p >> 32) ^ x3[l] ^ high;
            x3[l] = p & half;
        }
    }

    Key key_;
    std::array<uint32_t, 3> place_;
    uint32_t counter_ = 0;
};

// The same one by one.
class WordStream {
public:
    WordStream(const Key& key, uint32_t a, uint32_t b = 0, uint32_t c = 0) noexcept
        : source_(key, a, b, c) {}

    uint64_t next() noexcept {
        if (at_ == words_.size()) {
            source_.next(words_.data());
            at_ = 0;
        }
        return words_[at_++];
    }
    // [0, 1), 53 bits.
    double uniform() noexcept { return static_cast<double>(next() >> 11) * 0x1p-53; }

private:
    RandomWords source_;
    std::array<uint64_t, RandomWords::size> words_;
    std::size_t at_ = RandomWords::size;
};

} // namespace espalier::networks
