// SPDX-License-Identifier: MIT
// Which of 512 spins flip, all at once: neighbours are added in bit planes, and a uniform number is
// compared with the probability of the flip digit by digit, twelve binary digits for all and the
// rest, exactly, for the lanes that are still undecided (one in 4096).
#pragma once

#include "stream.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

namespace espalier::ising {

enum class Rule { metropolis, glauber };

inline constexpr int digits = 12;

// The keys of the random numbers of a sweep.
struct SweepKeys {
    Key flips, tails, pauses;
};

// Which of a chunk's `count` blocks rests in a sweep with Metropolis' rule, or -1 (most times). A
// flip that costs nothing is certain there: without rests a chain that began in stripes would turn
// them over for ever.
inline int64_t resting(Rule rule, const Key& key, uint32_t sweep, uint32_t system, uint32_t chunk,
                       int64_t count) noexcept {
    if (rule != Rule::metropolis) return -1;
    const auto drawn = Random(key, sweep, system, chunk).below(16 * static_cast<uint64_t>(count));
    return static_cast<int64_t>(drawn) < count ? static_cast<int64_t>(drawn) : -1;
}

// Probabilities of a flip that costs 4 (class 0), 8 (class 1), ... |J|; with Glauber's rule the
// last class costs nothing.
class Odds {
public:
    // strength: |J| / T of each lane, `lanes` numbers, each > 0. degree: 4 or 6.
    Odds(Rule rule, int degree, std::span<const double> strength)
        : classes_(degree / 2 + (rule == Rule::glauber)) {
        tail_.resize(static_cast<std::size_t>(classes_ * lanes));
        for (int k = 0; k < classes_; ++k)
            for (int64_t lane = 0; lane < lanes; ++lane) {
                const double cost = k < degree / 2 ? 4.0 * (k + 1) : 0;
                const double weight = std::exp(-cost * strength[static_cast<std::size_t>(lane)]);
                set(k, lane, rule == Rule::glauber ? weight / (1 + weight) : weight);
            }
        for (int k = 1; k < classes_; ++k)
            for (int digit = 0; digit < digits; ++digit)
                for (int64_t e = 0; e < block; ++e) plane_[k][digit][e] ^= plane_[0][digit][e];
    }

    // Of class 0, the least significant digit first; the others as what differs from it.
    Word plane(int k, int digit, int64_t element) const noexcept {
        return load(plane_[k][digit] + element);
    }
    // Probability of the flip, given that all digits agreed.
    double tail(int k, int64_t lane) const noexcept {
        return tail_[static_cast<std::size_t>(k * lanes + lane)];
    }

private:
    void set(int k, int64_t lane, double probability) {
        constexpr double scale = 1 << digits;
        const double whole = std::min(std::floor(probability * scale), scale - 1);
        tail_[static_cast<std::size_t>(k * lanes + lane)] = probability * scale - whole;
        for (int digit = 0; digit < digits; ++digit)
            plane_[k][digit][lane / 64] |= (static_cast<uint64_t>(whole) >> digit & 1)
                                           << (lane % 64);
    }

    int classes_;
    alignas(64) uint64_t plane_[4][digits][block] = {};
    std::vector<double> tail_;
};

// What the neighbours make of the flips of a word of spins.
template <int Classes> struct Costs {
    Word open;              // lanes whose flip is a matter of chance
    Word in_class[Classes]; // [1] and on: of the open lanes, those not in class 0
    Word inverted;          // lanes where the chance is that of not flipping
};

template <Rule rule, int degree>
inline constexpr int classes_of = degree / 2 + (rule == Rule::glauber);

// against: for each neighbour, the lanes in which its bond is not satisfied.
template <Rule rule, int degree>
Costs<classes_of<rule, degree>> costs_of(const Word (&against)[degree]) noexcept {
    static_assert(degree == 4 || degree == 6);
    Costs<classes_of<rule, degree>> costs;
    const Sum first = add(against[0], against[1], against[2]);
    Word low, mid, top; // the number of unsatisfied bonds
    if constexpr (degree == 4) {
        low = first.low ^ against[3];
        const Word carry = first.low & against[3];
        mid = first.high ^ carry, top = first.high & carry;
    } else {
        const Sum second = add(against[3], against[4], against[5]);
        low = first.low ^ second.low;
        const Sum twos = add(first.high, second.high, first.low & second.low);
        mid = twos.low, top = twos.high;
    }
    if constexpr (rule == Rule::metropolis && degree == 4) {
        costs.open = ~(mid | top);
        costs.in_class[1] = ~low;
    } else if constexpr (rule == Rule::metropolis) {
        costs.open = ~(top | (mid & low));
        costs.in_class[1] = low;
        costs.in_class[2] = ~(low | mid);
    } else if constexpr (degree == 4) {
        costs.in_class[1] = ~(low | mid);
        costs.in_class[2] = mid & ~low;
        costs.inverted = top | (mid & low);
    } else {
        costs.in_class[1] = low & ~mid;
        costs.in_class[2] = ~(low | (mid ^ top));
        costs.in_class[3] = mid & low;
        costs.inverted = top;
    }
    return costs;
}

// The lanes that flip. resolve(lane, class) decides a lane by further digits.
template <Rule rule, int degree, class Resolve>
Word flips(const Word (&against)[degree], const Odds& odds, int64_t first_element, Stream& stream,
           Resolve&& resolve) {
    constexpr int classes = classes_of<rule, degree>;
    const auto costs = costs_of<rule, degree>(against);
    Word undecided = rule == Rule::metropolis ? costs.open : ~Word{};
    Word below{};
#pragma GCC unroll 12
    for (int digit = 0; digit < digits; ++digit) {
        Word wanted = odds.plane(0, digit, first_element);
        for (int k = 1; k < classes; ++k)
            wanted = toggled(wanted, odds.plane(k, digit, first_element), costs.in_class[k]);
        const Word drawn = stream.next();
        below = borrow(drawn, wanted, below);
        undecided = where_equal(undecided, drawn, wanted);
    }
    if (any(undecided)) [[unlikely]] {
        uint64_t decided[elements] = {};
        each_bit(undecided, 64 * first_element, [&](int64_t lane) {
            const int64_t e = lane / 64 - first_element, bit = lane % 64;
            int of_class = 0;
            for (int k = 1; k < classes; ++k)
                if (costs.in_class[k][e] >> bit & 1) of_class = k;
            decided[e] |= uint64_t{resolve(lane, of_class, odds.tail(of_class, lane))} << bit;
        });
        below = (below & ~undecided) | load(decided);
    }
    if constexpr (rule == Rule::metropolis)
        return below | ~costs.open;
    else
        return below ^ costs.inverted;
}

} // namespace espalier::ising
