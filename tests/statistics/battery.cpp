// SPDX-License-Identifier: MIT
// The tests of the battery, each with the exact distribution of what it counts (Knuth, The Art of
// Computer Programming 2, section 3.3.2, where no other source is named).
#include "statistics/battery.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace statistics {
namespace {

// `count` bits of a number after the first `left_out`, the most significant ones first.
uint32_t bits(uint32_t number, int left_out, int count) {
    return number << left_out >> (32 - count);
}
double uniform(uint32_t number, int left_out) {
    return static_cast<double>(number << left_out) * 0x1p-32;
}
double log_choose(double n, double k) {
    return std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1);
}
double binomial(int n, double p, int k) {
    return std::exp(log_choose(n, k) + k * std::log(p) + (n - k) * std::log1p(-p));
}

// Equal distances of sorted points on a line of 2^(2 digits) places (Marsaglia; Poisson's law and
// its mean: L'Ecuyer and Simard 2001, doi:10.1016/S0378-4754(00)00253-6).
Verdict birthday_spacings(const Numbers& next, int64_t points, int digits) {
    std::vector<uint64_t> places(static_cast<std::size_t>(points));
    for (uint64_t& place : places) {
        place = bits(next(), 0, digits);
        place = place << digits | bits(next(), 0, digits);
    }
    std::sort(places.begin(), places.end());
    for (std::size_t i = 0; i + 1 < places.size(); ++i) places[i] = places[i + 1] - places[i];
    places.pop_back();
    std::sort(places.begin(), places.end());
    int64_t equal = 0;
    for (std::size_t i = 0; i + 1 < places.size(); ++i) equal += places[i] == places[i + 1];
    return beside_poisson("birthday spacings", equal,
                          std::pow(static_cast<double>(points), 3) /
                              (4 * std::pow(2.0, 2 * digits)));
}

// Balls that fall into one of 2^(2 digits) urns where there is one. The urns are many more than the
// balls.
Verdict collisions(const Numbers& next, int64_t balls, int digits) {
    std::vector<bool> taken(std::size_t{1} << 2 * digits);
    int64_t found = 0;
    for (int64_t k = 0; k < balls; ++k) {
        const uint64_t first = bits(next(), 0, digits);
        const std::size_t urn = first << digits | bits(next(), 0, digits);
        found += taken[urn];
        taken[urn] = true;
    }
    const auto n = static_cast<double>(balls), urns = static_cast<double>(taken.size());
    const double empty = urns * std::exp(n * std::log1p(-1 / urns));
    return beside_poisson("collisions", found, n - urns + empty);
}

// Numbers between two visits of [0, 1/256).
Verdict gaps(const Numbers& next, int64_t visits, int left_out) {
    constexpr double share = 1.0 / 256;
    constexpr std::size_t longest = 4096;
    std::vector<int64_t> counts(longest + 1);
    for (int64_t k = 0; k < visits; ++k) {
        std::size_t gap = 0;
        while (uniform(next(), left_out) >= share && gap < 1 << 24) ++gap;
        ++counts[std::min(gap, longest)];
    }
    std::vector<double> chances;
    for (std::size_t gap = 0; gap < longest; ++gap)
        chances.push_back(share * std::pow(1 - share, static_cast<double>(gap)));
    chances.push_back(std::pow(1 - share, static_cast<double>(longest)));
    return beside("gaps", counts, chances);
}

// Different values among 64 of six bits.
Verdict poker(const Numbers& next, int64_t hands, int left_out) {
    constexpr std::size_t cards = 64;
    std::vector<int64_t> counts(cards + 1);
    for (int64_t k = 0; k < hands; ++k) {
        uint64_t seen = 0;
        for (std::size_t c = 0; c < cards; ++c) seen |= uint64_t{1} << bits(next(), left_out, 6);
        ++counts[static_cast<std::size_t>(std::popcount(seen))];
    }
    std::vector<double> chances(cards + 1);
    chances[0] = 1;
    for (std::size_t c = 0; c < cards; ++c)
        for (std::size_t different = cards + 1; different-- > 0;) {
            const double known = static_cast<double>(different) / cards;
            chances[different] *= known;
            if (different > 0)
                chances[different] += chances[different - 1] * (1 - known + 1.0 / cards);
        }
    return beside("poker", counts, chances);
}

// Numbers of four bits until all sixteen were seen.
Verdict coupons(const Numbers& next, int64_t collections, int left_out) {
    constexpr uint32_t complete = 0xffff;
    constexpr std::size_t longest = 400;
    std::vector<int64_t> counts(longest + 1);
    for (int64_t k = 0; k < collections; ++k) {
        std::size_t drawn = 0;
        for (uint32_t seen = 0; seen != complete && drawn < 1 << 20; ++drawn)
            seen |= 1u << bits(next(), left_out, 4);
        ++counts[std::min(drawn, longest)];
    }
    std::vector<double> chances(longest + 1), with(17); // with so many different ones
    with[0] = 1;
    for (std::size_t drawn = 1; drawn < longest; ++drawn) {
        chances[drawn] = with[15] / 16;
        for (std::size_t different = 15; different > 0; --different)
            with[different] = with[different] * static_cast<double>(different) / 16 +
                              with[different - 1] * static_cast<double>(17 - different) / 16;
        with[0] = 0;
    }
    chances[longest] = 1;
    for (std::size_t drawn = 0; drawn < longest; ++drawn) chances[longest] -= chances[drawn];
    return beside("coupons", counts, chances);
}

// The greatest of six, to the sixth power, is uniform.
std::array<Verdict, 2> greatest_of_six(const Numbers& next, int64_t groups) {
    const auto classes = static_cast<std::size_t>(groups / 20);
    std::vector<int64_t> counts(classes);
    std::vector<double> powers;
    for (int64_t k = 0; k < groups; ++k) {
        double greatest = 0;
        for (int i = 0; i < 6; ++i) greatest = std::max(greatest, uniform(next(), 0));
        powers.push_back(std::pow(greatest, 6));
        ++counts[static_cast<std::size_t>(powers.back() * static_cast<double>(classes))];
    }
    return {beside("greatest of six", counts,
                   std::vector<double>(classes, 1 / static_cast<double>(classes))),
            beside_uniform("greatest of six, distribution", std::move(powers))};
}

// Of 256 numbers, those below 1/8 (Matsumoto and Kurita).
Verdict weights(const Numbers& next, int64_t groups, int left_out) {
    constexpr int members = 256;
    std::vector<int64_t> counts(members + 1);
    for (int64_t k = 0; k < groups; ++k) {
        std::size_t below = 0;
        for (int i = 0; i < members; ++i) below += uniform(next(), left_out) < 0.125;
        ++counts[below];
    }
    std::vector<double> chances;
    for (int k = 0; k <= members; ++k) chances.push_back(binomial(members, 0.125, k));
    return beside("weights", counts, chances);
}

// Rank of 60 x 60 binary matrices, ten bits of each number (Marsaglia and Tsay 1985).
Verdict ranks(const Numbers& next, int64_t matrices, int left_out) {
    constexpr int side = 60;
    std::vector<int64_t> counts(side + 1);
    for (int64_t m = 0; m < matrices; ++m) {
        std::array<uint64_t, side> rows{};
        for (uint64_t& row : rows)
            for (int part = 0; part < side / 10; ++part)
                row = row << 10 | bits(next(), left_out, 10);
        std::size_t rank = 0;
        for (int column = 0; column < side; ++column) {
            const uint64_t bit = uint64_t{1} << column;
            const auto from = rows.begin() + static_cast<std::ptrdiff_t>(rank);
            const auto pivot =
                std::find_if(from, rows.end(), [&](uint64_t row) { return row & bit; });
            if (pivot == rows.end()) continue;
            std::swap(*from, *pivot);
            for (auto row = from + 1; row != rows.end(); ++row)
                if (*row & bit) *row ^= *from;
            ++rank;
        }
        ++counts[rank];
    }
    std::vector<double> chances;
    for (int rank = 0; rank <= side; ++rank) {
        double log2 = -(side - rank) * (side - rank);
        for (int i = 0; i < rank; ++i)
            log2 += 2 * std::log2(1 - std::exp2(i - side)) - std::log2(1 - std::exp2(i - rank));
        chances.push_back(std::exp2(log2));
    }
    return beside("ranks", counts, chances);
}

// Ones in 300 successive bits, beside those in the next 300.
Verdict pairs_of_weights(const Numbers& next, int64_t pairs, int left_out) {
    constexpr int length = 300;
    constexpr std::size_t width = length + 1;
    std::vector<int64_t> counts(width * width);
    const auto weight = [&] {
        int ones = 0;
        for (int part = 0; part < length / 10; ++part)
            ones += std::popcount(bits(next(), left_out, 10));
        return static_cast<std::size_t>(ones);
    };
    for (int64_t k = 0; k < pairs; ++k) {
        const std::size_t first = weight();
        ++counts[first * width + weight()];
    }
    // Rare pairs make one class: neighbours in this order are no neighbours in the plane.
    std::vector<int64_t> found(1);
    std::vector<double> chances(1);
    for (int a = 0; a <= length; ++a)
        for (int b = 0; b <= length; ++b) {
            const double chance = binomial(length, 0.5, a) * binomial(length, 0.5, b);
            const int64_t count =
                counts[static_cast<std::size_t>(a) * width + static_cast<std::size_t>(b)];
            if (chance * static_cast<double>(pairs) < 10)
                found[0] += count, chances[0] += chance;
            else
                found.push_back(count), chances.push_back(chance);
        }
    return beside("pairs of weights", found, chances);
}

// Walks of 150 steps, each a bit (laws of chance: Feller 1, chapter III).
std::vector<Verdict> walks(const Numbers& next, int64_t all) {
    constexpr int steps = 150, half = steps / 2;
    std::vector<int64_t> rights(steps + 1), greatest(steps + 1), positive(half + 1),
        returns(half + 1), changes(half);
    for (int64_t k = 0; k < all; ++k) {
        int place = 0, highest = 0, side = 0;
        std::size_t ahead = 0, back = 0, crossed = 0, right = 0;
        uint32_t word = 0;
        for (int step = 0; step < steps; ++step) {
            if (step % 30 == 0) word = bits(next(), 0, 30);
            const int to = word & 1 ? 1 : -1;
            word >>= 1, right += to > 0;
            const int before = place;
            place += to, highest = std::max(highest, place);
            if (step % 2 == 1) {
                ahead += before > 0; // both steps of a pair lie on one side
                if (place == 0) ++back, side = before;
            } else if (side != 0 && place * side < 0 && before == 0)
                ++crossed;
        }
        ++rights[right], ++greatest[static_cast<std::size_t>(highest)];
        ++positive[ahead], ++returns[back], ++changes[crossed];
    }
    const double unit = -steps * std::log(2.0);
    std::vector<double> of_rights, of_greatest, of_positive, of_returns, of_changes;
    for (int k = 0; k <= steps; ++k) {
        of_rights.push_back(binomial(steps, 0.5, k));
        of_greatest.push_back(std::exp(log_choose(steps, (steps + k + 1) / 2) + unit));
    }
    for (int k = 0; k <= half; ++k) {
        of_positive.push_back(
            std::exp(log_choose(2 * k, k) + log_choose(steps - 2 * k, half - k) + unit));
        of_returns.push_back(std::exp(log_choose(steps - k, half) + k * std::log(2.0) + unit));
    }
    for (int k = 0; k < half; ++k) // a last step to 0 changes no sign: 149 steps count
        of_changes.push_back(2 * std::exp(log_choose(steps - 1, half + k) + unit + std::log(2.0)));
    return {beside("walks: steps to the right", rights, of_rights),
            beside("walks: greatest", greatest, of_greatest),
            beside("walks: time on the right", positive, of_positive),
            beside("walks: returns", returns, of_returns),
            beside("walks: changes of sign", changes, of_changes)};
}

} // namespace

std::vector<Verdict> battery(const Numbers& next, int quarterings) {
    const auto trials = [&](int64_t all) { return all >> 2 * quarterings; };
    // So that 27 equal spacings are expected in every size, and as many urns for each ball.
    std::vector<Verdict> found{birthday_spacings(next, trials(5000000), 30 - 3 * quarterings),
                               collisions(next, trials(5000000), 16 - quarterings),
                               gaps(next, trials(200000), 22), poker(next, trials(400000), 24),
                               coupons(next, trials(500000), 26)};
    for (Verdict& v : greatest_of_six(next, trials(2000000))) found.push_back(std::move(v));
    found.push_back(weights(next, trials(200000), 27));
    found.push_back(ranks(next, trials(20000), 20));
    found.push_back(pairs_of_weights(next, trials(500000), 20));
    for (Verdict& v : walks(next, trials(1000000))) found.push_back(std::move(v));
    return found;
}

} // namespace statistics
