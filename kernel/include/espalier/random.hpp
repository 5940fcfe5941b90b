// SPDX-License-Identifier: MIT
// Counter-based random numbers (Philox4x32-10, Salmon et al. 2011, doi:10.1145/2063384.2063405) and
// the distributions that are drawn from them. Key = seed and stream; counter = logical place, never
// a thread.
#pragma once

#include "espalier/task.hpp"

#include <Random123/philox.h>

#include <cmath>
#include <cstdint>
#include <numbers>

namespace espalier {

// The draws that belong to one logical place (sweep, row, node, ...). Places differ in at least one
// of a, b, c; each has 2^34 words. The same place gives the same draws everywhere.
class Random {
public:
    Random(const Key& key, uint32_t a, uint32_t b = 0, uint32_t c = 0) noexcept
        : key_{{key[0], key[1]}}, counter_{{0, a, b, c}} {}

    uint32_t bits() noexcept {
        if (left_ == 0) refill();
        return block_[--left_];
    }
    uint64_t bits64() noexcept {
        const uint64_t high = bits();
        return high << 32 | bits();
    }
    // [0, 1), 53 bits.
    double uniform() noexcept { return static_cast<double>(bits64() >> 11) * 0x1p-53; }
    // (0, 1], fit for a logarithm.
    double uniform_positive() noexcept {
        return static_cast<double>((bits64() >> 11) + 1) * 0x1p-53;
    }
    // [0, 1), 24 bits.
    float uniform_float() noexcept { return static_cast<float>(bits() >> 8) * 0x1p-24f; }
    bool chance(double probability) noexcept { return uniform() < probability; }
    // Uniform in 0 .. n - 1, n > 0, without bias (Lemire 2019, doi:10.1145/3230636).
    uint64_t below(uint64_t n) noexcept {
        unsigned __int128 product = static_cast<unsigned __int128>(bits64()) * n;
        if (static_cast<uint64_t>(product) < n) {
            const uint64_t reject = -n % n;
            while (static_cast<uint64_t>(product) < reject)
                product = static_cast<unsigned __int128>(bits64()) * n;
        }
        return static_cast<uint64_t>(product >> 64);
    }
    // Standard normal (Box and Muller 1958); every second one is free.
    double normal() noexcept {
        if (spare_ready_) {
            spare_ready_ = false;
            return spare_;
        }
        const double radius = std::sqrt(-2 * std::log(uniform_positive()));
        const double angle = 2 * std::numbers::pi * uniform();
        spare_ = radius * std::sin(angle), spare_ready_ = true;
        return radius * std::cos(angle);
    }
    // Mean 1.
    double exponential() noexcept { return -std::log(uniform_positive()); }
    // Standard Gumbel, -log(-log(u)).
    double gumbel() noexcept { return -std::log(-std::log(uniform_open())); }
    // Failures before the first success of probability p, 0 < p < 1; huge when p is tiny.
    int64_t geometric(double log_of_failure) noexcept {
        const double skips = std::floor(std::log(uniform_positive()) / log_of_failure);
        return skips < 9e18 ? static_cast<int64_t>(skips) : INT64_MAX;
    }
    // Fisher-Yates.
    template <class Sequence> void shuffle(Sequence& items) noexcept {
        for (std::size_t i = items.size(); i > 1; --i)
            std::swap(items[i - 1], items[static_cast<std::size_t>(below(i))]);
    }

private:
    void refill() noexcept {
        block_ = r123::Philox4x32()(counter_, key_);
        ++counter_[0];
        left_ = 4;
    }
    double uniform_open() noexcept { // (0, 1)
        return (static_cast<double>(bits64() >> 12) + 0.5) * 0x1p-52;
    }

    r123::Philox4x32::key_type key_;
    r123::Philox4x32::ctr_type counter_, block_{};
    unsigned left_ = 0;
    bool spare_ready_ = false;
    double spare_ = 0;
};

} // namespace espalier
