// SPDX-License-Identifier: MIT
// The arithmetic of bit planes, the counter of lanes, and the random bits.
#include "ising/lane_counter.hpp"
#include "ising/stream.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <vector>

using namespace espalier;
using namespace espalier::ising;

BOOST_AUTO_TEST_SUITE(words)

BOOST_AUTO_TEST_CASE(three_bits_at_a_time) {
    const Word a = broadcast(0xf0), b = broadcast(0xcc),
               c = broadcast(0xaa); // bit k: the digits of k
    for (int k = 0; k < 8; ++k) {
        const int x = k >> 2 & 1, y = k >> 1 & 1, z = k & 1;
        const auto bit = [k](Word w) { return static_cast<int>(w[0] >> k & 1); };
        BOOST_TEST(bit(sum_of(a, b, c)) == (x + y + z) % 2);
        BOOST_TEST(bit(majority(a, b, c)) == (x + y + z) / 2);
        BOOST_TEST(bit(toggled(a, b, c)) == (x ^ (y & z)));
        BOOST_TEST(bit(where_equal(a, b, c)) == (x && y == z));
        BOOST_TEST(bit(borrow(a, b, c)) == ((1 - x) + y + z) / 2);
    }
    BOOST_TEST(!any(Word{}));
    Word one{};
    one[elements - 1] = uint64_t{1} << 63;
    BOOST_TEST(any(one));
    BOOST_TEST(rotated<1>(one)[elements - 1] == 1u);
}

BOOST_AUTO_TEST_CASE(lanes_are_counted) {
    for (const int count : {0, 1, 2, 7, 1000}) {
        LaneCounter counter;
        std::vector<int64_t> wanted(static_cast<std::size_t>(64 * elements)), found(wanted.size());
        Random random({1, 2}, 3);
        for (int k = 0; k < count; ++k) {
            Word w{};
            for (int64_t e = 0; e < elements; ++e) w[e] = random.bits64();
            counter.add(w);
            each_bit(w, 0, [&](int64_t lane) { ++wanted[static_cast<std::size_t>(lane)]; });
        }
        counter.add_to(found.data());
        BOOST_TEST(found == wanted, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(streams_are_those_of_sfc64) {
    StreamState state = seeded({11, 12}, 3, 4);
    const StreamState start = state;
    std::vector<std::vector<uint64_t>> found(block);
    for (int64_t e = 0; e < block; e += elements) {
        Stream stream(state, e);
        for (int k = 0; k < 100; ++k) {
            const Word w = stream.next();
            for (int64_t i = 0; i < elements; ++i)
                found[static_cast<std::size_t>(e + i)].push_back(w[i]);
        }
        stream.keep(state, e);
    }
    for (std::size_t e = 0; e < block; ++e) {
        uint64_t a = start.a[e], b = start.b[e], c = start.c[e], counter = start.counter[e];
        for (const uint64_t number : found[e]) {
            const uint64_t out = a + b + counter++;
            a = b ^ (b >> 11), b = c + (c << 3), c = std::rotl(c, 24) + out;
            BOOST_REQUIRE(number == out);
        }
        BOOST_TEST(state.a[e] == a);
        BOOST_TEST(state.counter[e] == counter);
    }
    const StreamState other = seeded({11, 12}, 3, 5);
    for (std::size_t e = 0; e < block; ++e) BOOST_TEST(other.a[e] != start.a[e]);
}

// Bits, bits of neighbouring lanes, and bits of successive words are even and independent: five
// standard errors.
BOOST_AUTO_TEST_CASE(bits_are_even) {
    StreamState state = seeded({5, 6}, 0, 0);
    Stream stream(state, 0);
    const int count = 200000;
    double ones = 0, beside = 0, after = 0;
    Word before{};
    for (int k = 0; k < count; ++k) {
        const Word w = stream.next();
        for (int64_t e = 0; e < elements; ++e) {
            ones += std::popcount(w[e]);
            beside += std::popcount(w[e] ^ std::rotl(w[e], 1));
            after += std::popcount(w[e] ^ before[e]);
        }
        before = w;
    }
    const double bits = 64.0 * elements * count, error = std::sqrt(bits) / 2;
    for (const double found : {ones, beside, after})
        BOOST_TEST(std::abs(found - bits / 2) < 5 * error);
}

BOOST_AUTO_TEST_SUITE_END()
