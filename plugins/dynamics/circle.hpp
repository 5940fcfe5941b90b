// SPDX-License-Identifier: MIT
// Sine and cosine of one angle without a branch or a library call, so that a loop over nodes
// becomes vector code and gives the same bits on every instruction set.
#pragma once

#include <bit>
#include <cstdint>

namespace espalier::dynamics {

// Constants of the reduction by quarter turns (Cody and Waite) and of the minimax polynomials on
// [-pi/4, pi/4]: sin r = r + r^3 S(r^2), cos r = 1 - r^2/2 + r^4 C(r^2).
template <class Real> struct Circle;

template <> struct Circle<double> {
    using Bits = uint64_t;
    static constexpr int sign_shift = 62;
    static constexpr double rounder = 0x1.8p52; // added and taken away: to the nearest integer
    static constexpr double turn = 0x1.921fb54442d18p2, per_turn = 0x1.45f306dc9c883p-3;
    static constexpr double quarters = 0x1.45f306dc9c883p-1; // 2 / pi
    static constexpr double quarter[3] = {0x1.921fb544p0, 0x1.0b4611a6p-34, 0x1.3198a2e037073p-69};
    static constexpr double sine[6] = {-0x1.5555555555548p-3,  0x1.111111110f7cap-7,
                                       -0x1.a01a019bfd19ap-13, 0x1.71de3567135a9p-19,
                                       -0x1.ae5e59f62214cp-26, 0x1.5d8fa33ad71f7p-33};
    static constexpr double cosine[6] = {0x1.555555555554bp-5,  -0x1.6c16c16c14f8ap-10,
                                         0x1.a01a019c83923p-16, -0x1.27e4f7ea3879cp-22,
                                         0x1.1ee9d7532c12ap-29, -0x1.8fa4663dbad97p-37};
};

template <> struct Circle<float> {
    using Bits = uint32_t;
    static constexpr int sign_shift = 30;
    static constexpr float rounder = 0x1.8p23f;
    static constexpr float turn = 0x1.921fb6p2f, per_turn = 0x1.45f306p-3f;
    static constexpr float quarters = 0x1.45f306p-1f;
    static constexpr float quarter[3] = {0x1.92p0f, 0x1.fb4p-12f, 0x1.4442dp-24f};
    static constexpr float sine[3] = {-0x1.555546p-3f, 0x1.11073ap-7f, -0x1.994388p-13f};
    static constexpr float cosine[3] = {0x1.55554ap-5f, -0x1.6c0c32p-10f, 0x1.99eb4ap-16f};
};

// a[0] + z (a[1] + z (a[2] + ...)), rounded after every operation.
template <std::size_t N, class Real> inline Real polynomial(const Real (&a)[N], Real z) noexcept {
    Real value = a[N - 1];
    for (std::size_t i = N - 1; i-- > 0;) value = value * z + a[i];
    return value;
}

// Error below 2 units in the last place for |angle| <= 100 (double) or 20 (float); for |angle| <=
// 1e6 (double) or 1e4 (float) below 2 such units of 1, which is less strict where the result is
// near 0. An angle that is not finite gives numbers that are not finite.
template <class Real> inline void sine_cosine(Real angle, Real& sine, Real& cosine) noexcept {
    using K = Circle<Real>;
    using Bits = typename K::Bits;
    const Real shifted = angle * K::quarters + K::rounder;
    const Real count = shifted - K::rounder;
    const Real r =
        ((angle - count * K::quarter[0]) - count * K::quarter[1]) - count * K::quarter[2];
    const Real z = r * r;
    const Real half = Real(0.5) * z;
    const Real whole = Real(1) - half;
    const Real s = r + r * z * polynomial(K::sine, z);
    const Real c = whole + (((Real(1) - whole) - half) + z * z * polynomial(K::cosine, z));

    const Bits turns = std::bit_cast<Bits>(shifted);
    const Bits odd = Bits(0) - (turns & 1);
    const Bits sine_bits = std::bit_cast<Bits>(s), cosine_bits = std::bit_cast<Bits>(c);
    const Bits swap = (sine_bits ^ cosine_bits) & odd;
    sine = std::bit_cast<Real>(sine_bits ^ swap ^ ((turns & 2) << K::sign_shift));
    cosine = std::bit_cast<Real>(cosine_bits ^ swap ^ (((turns + 1) & 2) << K::sign_shift));
}

// The same angle in [-pi, pi], and unchanged when it is there already.
template <class Real> inline Real wrapped(Real angle) noexcept {
    using K = Circle<Real>;
    const Real turns = (angle * K::per_turn + K::rounder) - K::rounder;
    return angle - turns * K::turn;
}

} // namespace espalier::dynamics
