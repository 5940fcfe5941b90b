// SPDX-License-Identifier: MIT
// What the generators compute for themselves so that the bits are the same everywhere.
#include "../../plugins/networks/edge_set.hpp"
#include "../../plugins/networks/elementary.hpp"
#include "../../plugins/networks/pairing.hpp"
#include "../../plugins/networks/skips.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <set>

using namespace espalier;
using namespace espalier::networks;

namespace {

constexpr Key key{123, 456};
constexpr double two_ulp = 0x1p-51;

bool close(double a, double b) { return std::abs(a - b) <= two_ulp * std::abs(b); }

} // namespace

BOOST_AUTO_TEST_SUITE(arithmetic)

BOOST_AUTO_TEST_CASE(logarithm_and_exponential) {
    Random random(key, 1);
    for (int i = 0; i < 20'000; ++i) {
        const double u = random.uniform_positive();
        BOOST_TEST_REQUIRE(close(natural_logarithm(u), std::log(u)));
        BOOST_TEST_REQUIRE(close(natural_logarithm(1e9 * u), std::log(1e9 * u)));
        BOOST_TEST_REQUIRE(close(logarithm_of_failure(u), std::log1p(-u)));
        BOOST_TEST_REQUIRE(close(natural_exponential(-700 * u), std::exp(-700 * u)));
    }
    BOOST_TEST(natural_logarithm(1) == 0);
    BOOST_TEST(natural_logarithm(0x1p-53) == std::log(0x1p-53));
    BOOST_TEST(close(logarithm_of_failure(1e-300), -1e-300));
    BOOST_TEST(logarithm_of_failure(1) == -std::numeric_limits<double>::infinity());
}

BOOST_AUTO_TEST_CASE(words_are_those_of_random) {
    RandomWords many(key, 7, 8, 9);
    Random single(key, 7, 8, 9);
    for (int i = 0; i < 5; ++i) {
        std::array<uint64_t, RandomWords::size> words;
        many.next(words.data());
        for (const uint64_t word : words) BOOST_TEST_REQUIRE(word == single.bits64());
    }
}

BOOST_AUTO_TEST_CASE(skips_are_geometric) {
    for (const double p : {0.9, 0.3, 1e-5, 1e-12}) {
        GeometricSkips skips(p, key, 3, 4);
        Random random(key, 3, 4);
        for (int i = 0; i < 1000; ++i) {
            const double exact = std::log(random.uniform_positive()) / std::log1p(-p);
            const auto skip = static_cast<double>(skips.next());
            BOOST_TEST_REQUIRE(std::abs(skip - std::floor(exact)) <=
                               1e-14 * exact + (exact - std::floor(exact) < 1e-9));
        }
    }
    GeometricSkips never(1e-300, key, 1), always(1, key, 1);
    for (int i = 0; i < 1000; ++i) {
        BOOST_TEST_REQUIRE(never.next() == GeometricSkips::longest);
        BOOST_TEST_REQUIRE(always.next() == 0);
    }
}

BOOST_AUTO_TEST_CASE(set_of_edges) {
    // Against std::set, with few nodes, so that probing runs into each other.
    EdgeSet ours;
    std::set<std::pair<int32_t, int32_t>> theirs;
    Random random(key, 5);
    for (int i = 0; i < 20'000; ++i) {
        const Edge e{static_cast<int32_t>(random.below(40)),
                     static_cast<int32_t>(random.below(40))};
        const std::pair ordered = std::minmax({e.from, e.to});
        if (random.chance(0.5))
            BOOST_TEST_REQUIRE(ours.insert(e) == theirs.insert(ordered).second);
        else
            BOOST_TEST_REQUIRE(ours.erase(e) == (theirs.erase(ordered) == 1));
        BOOST_TEST_REQUIRE(ours.size() == static_cast<int64_t>(theirs.size()));
    }
    const std::vector<Edge> sorted = ours.sorted();
    BOOST_TEST_REQUIRE(sorted.size() == theirs.size());
    std::size_t i = 0;
    for (const auto& [from, to] : theirs) {
        BOOST_TEST(ours.contains({to, from}));
        BOOST_TEST(sorted[i].from == from);
        BOOST_TEST(sorted[i++].to == to);
    }
}

BOOST_AUTO_TEST_CASE(sequences_of_degrees) {
    // All sequences of six degrees 0 .. 5, against Havel and Hakimi's construction.
    const auto constructible = [](std::vector<int32_t> d) {
        for (;;) {
            std::sort(d.begin(), d.end(), std::greater<>());
            const int32_t k = d.front();
            if (k == 0) return true;
            if (k >= static_cast<int32_t>(d.size())) return false;
            d.erase(d.begin());
            for (int32_t i = 0; i < k; ++i)
                if (--d[static_cast<std::size_t>(i)] < 0) return false;
        }
    };
    for (int code = 0; code < 6 * 6 * 6 * 6 * 6 * 6; ++code) {
        std::vector<int32_t> degrees;
        for (int rest = code; degrees.size() < 6; rest /= 6) degrees.push_back(rest % 6);
        BOOST_TEST_REQUIRE(are_graphical(degrees) == constructible(degrees));
    }
}

BOOST_AUTO_TEST_SUITE_END()
