// SPDX-License-Identifier: MIT
// Both generators pass ten tests of randomness, in the orders in which their numbers are used; weak
// ones fail them. With ESPALIER_SMALLCRUSH=1 at the size of SmallCrush, and bit by bit reversed:
//   ESPALIER_SMALLCRUSH=1 test_battery --log_level=message (results.txt)
#include "ising/stream.hpp"
#include "statistics/battery.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <map>
#include <set>

using namespace espalier;
using namespace espalier::ising;
using namespace statistics;

namespace {

bool in_full() { return std::getenv("ESPALIER_SMALLCRUSH") != nullptr; }
constexpr int quarterings = 2;

// 32 bits at a time of words of 64: the upper half first.
template <class Words> Numbers halves(const Words& from) {
    return [words = from, low = uint64_t{0}, spare = false]() mutable {
        if ((spare = !spare)) return static_cast<uint32_t>((low = words()) >> 32);
        return static_cast<uint32_t>(low);
    };
}

// Eight lanes in turn, as a sweep uses them.
Numbers lanes_in_turn(uint32_t seed) {
    struct Lanes {
        StreamState state;
        uint64_t numbers[block];
        int64_t used = block;
        uint64_t operator()() {
            if (used == block) {
                for (int64_t e = 0; e < block; e += elements) {
                    Stream stream(state, e);
                    store(numbers + e, stream.next());
                    stream.keep(state, e);
                }
                used = 0;
            }
            return numbers[used++];
        }
    };
    return halves(Lanes{seeded({seed, 0}, 0, 0), {}});
}
// The first eight words of every chunk.
Numbers chunks_in_turn(uint32_t seed) {
    struct Chunks {
        uint32_t seed, chunk = 0;
        uint64_t numbers[block] = {};
        int64_t used = block;
        uint64_t operator()() {
            if (used == block) {
                const StreamState state = seeded({seed, 0}, 0, chunk++);
                for (int64_t e = 0; e < block; e += elements)
                    store(numbers + e, Stream(state, e).next());
                used = 0;
            }
            return numbers[used++];
        }
    };
    return halves(Chunks{seed});
}
Numbers one_place(uint32_t seed) {
    return [random = Random({seed, 1}, 1, 2, 3)]() mutable { return random.bits(); };
}
// A word of each place, as a lattice of sites uses them; of each seed.
Numbers places_in_turn(uint32_t seed) {
    return [seed, place = uint32_t{0}]() mutable { return Random({seed, 1}, 7, place++).bits(); };
}
Numbers seeds_in_turn(uint32_t seed) {
    return [seed, key = uint32_t{0}]() mutable { return Random({key++, seed}, 0).bits(); };
}
Numbers reversed(Numbers next) {
    return [next = std::move(next)] {
        uint32_t bits = next(), back = 0;
        for (int k = 0; k < 32; ++k) back = back << 1 | (bits >> k & 1);
        return back;
    };
}

} // namespace

BOOST_AUTO_TEST_CASE(our_generators_pass) {
    const std::map<std::string, Numbers (*)(uint32_t)> orders{
        {"SFC64, eight lanes in turn", lanes_in_turn},
        {"SFC64, chunks in turn", chunks_in_turn},
        {"Philox, one place", one_place},
        {"Philox, places in turn", places_in_turn},
        {"Philox, seeds in turn", seeds_in_turn}};
    std::vector<Verdict> all;
    for (const auto& [name, make] : orders)
        for (const bool backwards : {false, true}) {
            if (backwards && !in_full()) continue;
            const Numbers next = backwards ? reversed(make(2)) : make(1);
            for (Verdict& v : battery(next, in_full() ? 0 : quarterings)) {
                v.test = name + (backwards ? ", reversed: " : ": ") + v.test;
                all.push_back(std::move(v));
            }
        }
    // Of all verdicts together a perfect generator has one below the bound once in ten thousand.
    const double bound = 1e-4 / (2 * static_cast<double>(all.size()));
    for (const Verdict& v : all) BOOST_TEST_CONTEXT(v.test) {
            BOOST_TEST_MESSAGE(v.test << " " << v.at_least);
            BOOST_TEST(v.at_least > bound);
            BOOST_TEST(v.at_most > bound);
        }
}

// Each test refuses some generator of bad repute.
BOOST_AUTO_TEST_CASE(weak_generators_fail) {
    std::set<std::string> every, refused;
    const auto refuse = [&](const Numbers& next) {
        for (const Verdict& v : battery(next, quarterings)) {
            every.insert(v.test);
            if (v.least() < 1e-12) refused.insert(v.test);
        }
    };
    // Linear congruences modulo 2^32: the lower bits have short periods.
    refuse([x = uint32_t{1}]() mutable { return x = 1664525 * x + 1013904223; });
    // Each number twice.
    refuse([random = Random({1, 1}, 0), last = uint32_t{0}, again = true]() mutable {
        return (again = !again) ? last : last = random.bits();
    });
    // A linear map of 32 bits (Marsaglia's xorshift): no matrix has full rank.
    std::vector<Verdict> linear = battery(
        [x = uint32_t{1}]() mutable {
            x ^= x << 13, x ^= x >> 17, x ^= x << 5;
            return x;
        },
        quarterings);
    for (const Verdict& v : linear)
        if (v.test == "ranks") BOOST_TEST(v.at_least < 1e-12);
    for (const std::string& test : every) BOOST_TEST(refused.contains(test), test);
}
