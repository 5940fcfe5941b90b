// SPDX-License-Identifier: MIT
// The small world: its limits, its triangles, its distances.
#include "plugins/generated.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace espalier;

namespace {

Graph small_world(int64_t nodes, int64_t neighbours, double rewiring, int64_t seed) {
    return made("watts_strogatz",
                {{"nodes", nodes}, {"neighbours", neighbours}, {"rewiring", rewiring}}, seed);
}

double triangles(const Graph& g) {
    double corners = 0;
    std::vector<int32_t> both;
    for (const auto& [from, to] : pairs_of(g)) {
        both.clear();
        std::ranges::set_intersection(row_of(g, from), row_of(g, to), std::back_inserter(both));
        corners += static_cast<double>(both.size());
    }
    return corners / 3;
}

double mean_distance(const Graph& g) {
    double sum = 0;
    for (const int64_t start : {0, 101, 202, 303}) {
        const std::vector<int64_t> d = distances_from(g, start);
        BOOST_TEST_REQUIRE(std::ranges::count(d, -1) == 0);
        sum += static_cast<double>(std::reduce(d.begin(), d.end())) /
               static_cast<double>(g.nodes() - 1);
    }
    return sum / 4;
}

} // namespace

BOOST_AUTO_TEST_SUITE(small_world_graphs)

BOOST_AUTO_TEST_CASE(nothing_moves) {
    const Graph still = small_world(500, 6, 0, 1),
                ring = made("ring", {{"nodes", 500}, {"neighbours", 6}});
    BOOST_TEST(still.targets.same_as(ring.targets));
    BOOST_TEST(still.offsets.same_as(ring.offsets));
    BOOST_TEST(still.positions->same_as(*ring.positions));
}

BOOST_AUTO_TEST_CASE(edges_are_kept) {
    for (const double rewiring : {0.01, 0.3, 1.0})
        for (const auto& [nodes, neighbours] :
             Pairs{{5, 4}, {6, 4}, {20, 18}, {1000, 10}, {30000, 8}}) {
            const Graph g = small_world(nodes, neighbours, rewiring, 4);
            const std::vector<int64_t> degrees = degrees_of(g);
            BOOST_TEST(g.edges() == nodes * neighbours / 2);
            for (const auto& [from, to] : pairs_of(g)) BOOST_TEST_REQUIRE(from < to);
            if (nodes > 2 * neighbours)
                BOOST_TEST(*std::min_element(degrees.begin(), degrees.end()) >= neighbours / 2);
        }
}

BOOST_AUTO_TEST_CASE(moved_share) {
    // Each edge moves with the probability given, and hardly ever to where it was.
    constexpr int64_t nodes = 100'000, neighbours = 10;
    for (const double rewiring : {0.003, 0.2, 0.9}) {
        double moved = 0;
        for (const auto& [from, to] : pairs_of(small_world(nodes, neighbours, rewiring, 6)))
            moved += std::min(to - from, nodes - to + from) > neighbours / 2;
        const double edges = nodes * neighbours / 2;
        const double near =
            edges * rewiring * neighbours / (nodes - 1); // may land on the ring again
        BOOST_TEST(std::abs(moved - edges * rewiring) <
                   4 * std::sqrt(edges * rewiring * (1 - rewiring)) + near);
    }
}

BOOST_AUTO_TEST_CASE(triangles_fall) {
    // A triangle of the ring stands while none of its three edges moved. There are n k (k - 2) / 8
    // of them; moved edges close about k^3 new ones, whatever n is.
    constexpr int64_t nodes = 20'000, k = 10, draws = 8;
    constexpr double ring = nodes * k * (k - 2) / 8.0;
    BOOST_TEST(triangles(small_world(nodes, k, 0, 1)) == ring);
    for (const double rewiring : {0.05, 0.3}) {
        double sum = 0, squares = 0;
        for (int64_t seed = 1; seed <= draws; ++seed) {
            const double seen = triangles(small_world(nodes, k, rewiring, seed));
            sum += seen;
            squares += seen * seen;
        }
        const double mean = sum / draws;
        const double error = std::sqrt((squares / draws - mean * mean) / (draws - 1));
        BOOST_TEST(std::abs(mean - ring * std::pow(1 - rewiring, 3)) < 5 * error + std::pow(k, 3));
    }
}

BOOST_AUTO_TEST_CASE(distances_shrink_first) {
    constexpr int64_t nodes = 2000, k = 10;
    // In the ring the node j steps away is ceil(2 j / k) edges away.
    double exact = 0;
    for (int64_t j = 1; j < nodes; ++j)
        exact += static_cast<double>((2 * std::min(j, nodes - j) + k - 1) / k) / (nodes - 1);
    BOOST_TEST(std::abs(mean_distance(small_world(nodes, k, 0, 1)) - exact) < 1e-9);
    // One edge in a hundred: 100 short cuts. Watts and Strogatz' picture: the clustering is still
    // the ring's, the distances are nearly those of a random graph.
    const Graph few = small_world(nodes, k, 0.01, 2);
    BOOST_TEST(mean_distance(few) < 0.2 * exact);
    BOOST_TEST(triangles(few) > 0.9 * nodes * k * (k - 2) / 8.0);
    // All edges moved: no node is farther than in a random graph, ln n / ln k up to a constant.
    const double random = std::log(nodes) / std::log(k);
    const double all = mean_distance(small_world(nodes, k, 1, 2));
    BOOST_TEST(all > random - 0.5);
    BOOST_TEST(all < random + 0.5);
}

BOOST_AUTO_TEST_SUITE_END()
