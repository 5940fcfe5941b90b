// SPDX-License-Identifier: MIT
// How often the bit of each lane was set over many words, counted in bit planes (the carry-save
// counter of Harley and Seal): about one full adder a word.
#pragma once

#include "words.hpp"

namespace espalier::ising {

// The lanes of one part of a block; up to 2^40 words.
class LaneCounter {
public:
    void add(Word x) noexcept {
        int k = 0;
        for (; words_ >> k & 1; ++k) {
            const Sum s = ising::add(total_[k], held_[k], x);
            total_[k] = s.low, x = s.high;
        }
        held_[k] = x;
        ++words_;
    }
    // Adds the count of each lane to counts[0 .. 64 elements).
    void add_to(int64_t* counts) const noexcept {
        for (int k = 0; words_ >> k; ++k) {
            uint64_t total[elements], held[elements] = {};
            store(total, total_[k]);
            if (words_ >> k & 1) store(held, held_[k]);
            for (int64_t e = 0; e < elements; ++e)
                for (uint64_t bit = 0; bit < 64; ++bit)
                    counts[64 * e + static_cast<int64_t>(bit)] +=
                        static_cast<int64_t>(((total[e] >> bit & 1) + (held[e] >> bit & 1)) << k);
        }
    }

private:
    Word total_[41] = {}, held_[41] = {};
    uint64_t words_ = 0;
};

} // namespace espalier::ising
