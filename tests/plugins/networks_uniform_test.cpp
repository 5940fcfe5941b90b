// SPDX-License-Identifier: MIT
// Where every graph of a set must be equally likely, or likely as a formula says: all of them
// counted.
#include "plugins/generated.hpp"

#include <algorithm>
#include <cmath>

using namespace espalier;

namespace {

// How many simple graphs have these degrees: every set of pairs is looked at.
std::size_t graphs_of(const std::vector<int64_t>& degrees) {
    Pairs places;
    for (std::size_t i = 0; i < degrees.size(); ++i)
        for (std::size_t j = i + 1; j < degrees.size(); ++j) places.emplace_back(i, j);
    std::size_t count = 0;
    for (uint64_t chosen = 0; chosen < uint64_t{1} << places.size(); ++chosen) {
        std::vector<int64_t> left = degrees;
        for (std::size_t p = 0; p < places.size(); ++p)
            if (chosen >> p & 1)
                --left[static_cast<std::size_t>(places[p].first)],
                    --left[static_cast<std::size_t>(places[p].second)];
        count += std::ranges::all_of(left, [](int64_t k) { return k == 0; });
    }
    return count;
}

} // namespace

BOOST_AUTO_TEST_SUITE(uniform)

BOOST_AUTO_TEST_CASE(graphs_of_three_edges) {
    check_uniform("erdos_renyi", {{"nodes", 4}, {"edges", 3}}, 20, 2000);
    check_uniform("erdos_renyi", {{"nodes", 3}, {"edges", 2}, {"directed", true}}, 15, 1500);
    check_uniform("erdos_renyi", {{"nodes", 3}, {"edges", 2}, {"self_loops", true}}, 15, 1500);
}

BOOST_AUTO_TEST_CASE(each_pair_independently) {
    // All 64 graphs of 4 nodes, each with probability p^edges (1 - p)^(6 - edges).
    constexpr int64_t draws = 6000;
    constexpr double p = 0.4;
    std::map<Pairs, double> seen;
    for (int64_t seed = 1; seed <= draws; ++seed)
        ++seen[pairs_of(made("erdos_renyi", {{"nodes", 4}, {"probability", p}}, seed))];
    BOOST_TEST_REQUIRE(seen.size() == 64u);
    std::vector<double> counts, expected;
    for (const auto& [pairs, count] : seen) {
        const auto edges = static_cast<double>(pairs.size());
        counts.push_back(count);
        expected.push_back(draws * std::pow(p, edges) * std::pow(1 - p, 6 - edges));
    }
    check_counts(counts, expected);
}

BOOST_AUTO_TEST_CASE(regular_graphs) {
    BOOST_TEST_REQUIRE(graphs_of({2, 2, 2, 2, 2}) == 12u);
    check_uniform("random_regular", {{"nodes", 5}, {"degree", 2}}, 12, 1200);
    // 10 complete bipartite graphs and 60 prisms.
    BOOST_TEST_REQUIRE(graphs_of({3, 3, 3, 3, 3, 3}) == 70u);
    check_uniform("random_regular", {{"nodes", 6}, {"degree", 3}}, 70, 3500);
}

BOOST_AUTO_TEST_CASE(graphs_of_given_degrees) {
    const List degrees{3, 2, 2, 2, 2, 1};
    const std::size_t all = graphs_of({3, 2, 2, 2, 2, 1});
    const auto draws = static_cast<int64_t>(50 * all);
    check_uniform("configuration", {{"degrees", degrees}, {"simple", "repeat"}}, all, draws);
    check_uniform("configuration", {{"degrees", degrees}, {"simple", "switch"}}, all, draws);
    check_uniform("configuration", {{"degrees", List{3, 3, 3, 3, 3, 3}}, {"simple", "switch"}}, 70,
                  3500);
}

BOOST_AUTO_TEST_CASE(moved_edges) {
    // The one moved edge of node 0 of a ring goes to each of the other nodes alike; what it meets
    // there is decided by the others, so look at a lattice in which only few edges move.
    constexpr int64_t nodes = 12, draws = 8000;
    std::vector<double> lengths(nodes / 2 - 1), expected;
    double moved = 0;
    for (int64_t seed = 1; seed <= draws; ++seed) {
        const Graph g =
            made("watts_strogatz", {{"nodes", nodes}, {"neighbours", 2}, {"rewiring", 0.01}}, seed);
        for (const auto& [from, to] : pairs_of(g)) {
            const int64_t length = std::min(to - from, nodes - to + from);
            if (length > 1) ++lengths[static_cast<std::size_t>(length - 2)], ++moved;
        }
    }
    // Two nodes at each distance from 2 to 5, one at 6.
    for (const double ways : {2, 2, 2, 2, 1}) expected.push_back(moved * ways / 9);
    check_counts(lengths, expected);
    // Nine of the ten nodes that a moved edge may go to make it longer; it may also come back.
    const double mean = draws * nodes * 0.01 * 9 / 10;
    BOOST_TEST(std::abs(moved - mean) < 4 * std::sqrt(mean) + 0.02 * mean);
}

BOOST_AUTO_TEST_SUITE_END()
