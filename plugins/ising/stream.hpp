// SPDX-License-Identifier: MIT
// Random bits for a block of lanes: eight 64-bit SFC generators of C. Doty-Humphrey (PractRand
// 0.94, 2014: a chaotic state of 192 bits and a counter) side by side, each seeded by Philox.
#pragma once

#include "words.hpp"

#include <espalier/random.hpp>

namespace espalier::ising {

// The memory of a stream between two uses; one for each chunk of sites.
struct alignas(64) StreamState {
    uint64_t a[block], b[block], c[block], counter[block];
};

// The lanes of one part of a block.
class Stream {
public:
    Stream(const StreamState& s, int64_t first_element) noexcept
        : a_(load(s.a + first_element)), b_(load(s.b + first_element)),
          c_(load(s.c + first_element)), counter_(load(s.counter + first_element)) {}
    void keep(StreamState& s, int64_t first_element) const noexcept {
        store(s.a + first_element, a_), store(s.b + first_element, b_);
        store(s.c + first_element, c_), store(s.counter + first_element, counter_);
    }
    Word next() noexcept {
        const Word out = a_ + b_ + counter_;
        counter_ += 1;
        a_ = b_ ^ (b_ >> 11);
        b_ = c_ + (c_ << 3);
        c_ = rotated<24>(c_) + out;
        return out;
    }

private:
    Word a_, b_, c_, counter_;
};

// Streams of different (replica, chunk) share no seed.
inline StreamState seeded(const Key& key, uint32_t replica, uint32_t chunk) noexcept {
    Random random(key, replica, chunk);
    StreamState s;
    for (int64_t e = 0; e < block; ++e) {
        s.a[e] = random.bits64(), s.b[e] = random.bits64(), s.c[e] = random.bits64();
        s.counter[e] = 1;
    }
    for (int64_t e = 0; e < block; e += elements) {
        Stream stream(s, e);
        for (int k = 0; k < 18; ++k) stream.next(); // as its author mixes a seed of 192 bits
        stream.keep(s, e);
    }
    return s;
}

} // namespace espalier::ising
