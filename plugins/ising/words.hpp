// SPDX-License-Identifier: MIT
// Spins of 512 lattices, or of 512 parts of one, in words of one bit a spin: as wide as a register,
// so that a block of 512 lanes is one word of AVX-512, two of AVX2, or four of plain x86-64.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

#if defined(__AVX512F__)
#include <immintrin.h>
#endif

namespace espalier::ising {

inline constexpr int64_t block = 8;          // elements of 64 lanes
inline constexpr int64_t lanes = 64 * block; // of a block

#if defined(__AVX512F__)
typedef uint64_t Word __attribute__((vector_size(64)));
#elif defined(__AVX2__)
typedef uint64_t Word __attribute__((vector_size(32)));
#else
typedef uint64_t Word __attribute__((vector_size(16)));
#endif
inline constexpr int64_t elements = sizeof(Word) / 8;
inline constexpr int64_t parts = block / elements; // words of a block

inline Word load(const uint64_t* from) noexcept {
    Word w;
    std::memcpy(&w, from, sizeof w);
    return w;
}
inline void store(void* to, Word w) noexcept { std::memcpy(to, &w, sizeof w); }
inline Word broadcast(uint64_t bits) noexcept { return bits - Word{}; }

template <int Shift> Word rotated(Word w) noexcept { return w << Shift | w >> (64 - Shift); }

// Truth tables of three words: one instruction of AVX-512, composed elsewhere.
#if defined(__AVX512F__)
template <int Table> Word of_three(Word a, Word b, Word c) noexcept {
    return reinterpret_cast<Word>(_mm512_ternarylogic_epi64(reinterpret_cast<__m512i>(a),
                                                            reinterpret_cast<__m512i>(b),
                                                            reinterpret_cast<__m512i>(c), Table));
}
inline Word sum_of(Word a, Word b, Word c) noexcept { return of_three<0x96>(a, b, c); }
inline Word majority(Word a, Word b, Word c) noexcept { return of_three<0xe8>(a, b, c); }
// a where bit b is set and otherwise 0, added modulo 2 to c.
inline Word toggled(Word c, Word a, Word b) noexcept { return of_three<0x78>(c, a, b); }
// keep, where a and b agree.
inline Word where_equal(Word keep, Word a, Word b) noexcept { return of_three<0x90>(keep, a, b); }
// The carry of "not a" + b + c: one further digit of the comparison a < b.
inline Word borrow(Word a, Word b, Word c) noexcept { return of_three<0x8e>(a, b, c); }
inline bool any(Word w) noexcept {
    return _mm512_test_epi64_mask(reinterpret_cast<__m512i>(w), reinterpret_cast<__m512i>(w)) != 0;
}
#else
inline Word sum_of(Word a, Word b, Word c) noexcept { return a ^ b ^ c; }
inline Word majority(Word a, Word b, Word c) noexcept { return (a & b) | ((a ^ b) & c); }
inline Word toggled(Word c, Word a, Word b) noexcept { return c ^ (a & b); }
inline Word where_equal(Word keep, Word a, Word b) noexcept { return keep & ~(a ^ b); }
inline Word borrow(Word a, Word b, Word c) noexcept { return b ^ ((a ^ ~b) & (b ^ c)); }
inline bool any(Word w) noexcept {
    uint64_t all = 0;
    for (int64_t e = 0; e < elements; ++e) all |= w[e];
    return all != 0;
}
#endif

// Two bits a lane, the sum of three.
struct Sum {
    Word low, high;
};
inline Sum add(Word a, Word b, Word c) noexcept { return {sum_of(a, b, c), majority(a, b, c)}; }

// Calls body(lane) for every set bit, in the order of the lanes; `first` is the lane of the word's
// first bit.
template <class Body> void each_bit(Word w, int64_t first, Body&& body) {
    for (int64_t e = 0; e < elements; ++e)
        for (uint64_t bits = w[e]; bits; bits &= bits - 1)
            body(first + 64 * e + std::countr_zero(bits));
}

} // namespace espalier::ising
