// SPDX-License-Identifier: MIT
// Networks that are known edge by edge, or in every degree.
#include "plugins/generated.hpp"
#include "plugins/networks_for_tests.hpp"

#include <algorithm>
#include <cmath>

using namespace espalier;

namespace {

bool same_edges(const Graph& a, const Graph& b) {
    return a.offsets.same_as(b.offsets) && a.targets.same_as(b.targets) && a.directed == b.directed;
}

std::vector<double> place_of(const Graph& g, int64_t v) {
    const Tensor row = g.positions->row(v);
    const auto values = row.values<double>();
    return {values.begin(), values.end()};
}

// Edges of an open box: along each axis, one less than its side, times the others.
int64_t edges_of_box(const std::vector<int64_t>& shape) {
    int64_t nodes = 1, edges = 0;
    for (const int64_t side : shape) nodes *= side;
    for (const int64_t side : shape) edges += nodes / side * (side - 1);
    return edges;
}

} // namespace

BOOST_AUTO_TEST_SUITE(exact)

BOOST_AUTO_TEST_CASE(rings) {
    BOOST_TEST(same_edges(made("ring", {{"nodes", 5}, {"neighbours", 2}}), ring_of(5)));
    BOOST_TEST(same_edges(made("ring", {{"nodes", 101}, {"neighbours", 8}}), ring_of(101, 4)));
    BOOST_TEST(same_edges(made("ring", {{"nodes", 5}, {"neighbours", 4}}), complete(5)));
    BOOST_TEST(made("ring", {{"nodes", 4}, {"neighbours", 0}}).entries() == 0);
    BOOST_TEST(made("ring", {{"nodes", 1}, {"neighbours", 0}}).nodes() == 1);
    BOOST_TEST(!made("ring", {{"nodes", 5}, {"positions", false}}).positions.has_value());
}

BOOST_AUTO_TEST_CASE(places_on_the_circle) {
    for (const int64_t n : {3, 8, 1000}) {
        const Graph g = made("ring", {{"nodes", n}});
        for (int64_t v = 0; v < n; ++v) {
            const double angle =
                2 * std::acos(-1.0) * static_cast<double>(v) / static_cast<double>(n);
            BOOST_TEST(std::abs(place_of(g, v)[0] - std::cos(angle)) < 1e-15);
            BOOST_TEST(std::abs(place_of(g, v)[1] - std::sin(angle)) < 1e-15);
        }
    }
}

BOOST_AUTO_TEST_CASE(open_grid) {
    const Graph g = made("grid", {{"shape", List{2, 3}}});
    BOOST_TEST((pairs_of(g) == Pairs{{0, 1}, {0, 3}, {1, 2}, {1, 4}, {2, 5}, {3, 4}, {4, 5}}));
    BOOST_TEST((place_of(g, 5) == std::vector<double>{1, 2}));
    const Graph moore = made("grid", {{"shape", List{2, 2}}, {"neighbourhood", "moore"}});
    BOOST_TEST(same_edges(moore, complete(4)));
    BOOST_TEST(made("grid", {{"shape", List{7, 5, 4}}}).edges() == edges_of_box({7, 5, 4}));
    BOOST_TEST(made("grid", {{"shape", List{6}}}).edges() == 5);
}

BOOST_AUTO_TEST_CASE(periodic_grid) {
    for (const auto& [neighbourhood, degree] :
         std::vector<std::pair<const char*, int64_t>>{{"von_neumann", 6}, {"moore", 26}}) {
        const Graph g =
            made("grid",
                 {{"shape", List{4, 3, 5}}, {"periodic", true}, {"neighbourhood", neighbourhood}});
        for (const int64_t k : degrees_of(g)) BOOST_TEST(k == degree);
    }
    BOOST_TEST(same_edges(made("grid", {{"shape", List{9}}, {"periodic", true}}), ring_of(9)));
    // A side of 2 joins its two points once; a side of 1 joins nothing.
    BOOST_TEST(made("grid", {{"shape", List{2, 2}}, {"periodic", true}}).edges() == 4);
    BOOST_TEST(made("grid", {{"shape", List{1, 3}}, {"periodic", true}}).edges() == 3);
    BOOST_TEST(made("grid", {{"shape", List{1, 1}}, {"periodic", true}}).edges() == 0);
}

BOOST_AUTO_TEST_CASE(certain_and_impossible_edges) {
    BOOST_TEST(
        same_edges(made("erdos_renyi", {{"nodes", 50}, {"probability", 1}}, 1), complete(50)));
    BOOST_TEST(same_edges(made("erdos_renyi", {{"nodes", 50}, {"edges", 1225}}, 1), complete(50)));
    BOOST_TEST(made("erdos_renyi", {{"nodes", 50}, {"probability", 0}}, 1).entries() == 0);
    BOOST_TEST(made("erdos_renyi", {{"nodes", 50}, {"edges", 0}}, 1).entries() == 0);
    BOOST_TEST(made("erdos_renyi", {{"nodes", 1}}, 1).entries() == 0);
    BOOST_TEST(made("erdos_renyi", {{"nodes", 1}, {"edges", 1}, {"self_loops", true}}, 1).edges() ==
               1);
    const Map all{{"nodes", 20}, {"probability", 1}};
    const auto with = [&](Map more) {
        more.insert(all.begin(), all.end());
        return made("erdos_renyi", more, 1).edges();
    };
    BOOST_TEST(with({{"directed", true}}) == 20 * 19);
    BOOST_TEST(with({{"directed", true}, {"self_loops", true}}) == 20 * 20);
    BOOST_TEST(with({{"self_loops", true}}) == 20 * 19 / 2 + 20);
}

BOOST_AUTO_TEST_CASE(exact_numbers_of_edges) {
    for (const int64_t edges : {1, 7, 100, 999, 4949})
        BOOST_TEST(made("erdos_renyi", {{"nodes", 100}, {"edges", edges}}, 3).edges() == edges);
    BOOST_TEST(made("erdos_renyi", {{"nodes", 100000}, {"edges", 700001}}, 3).edges() == 700001);
    BOOST_TEST(
        made("erdos_renyi", {{"nodes", 300}, {"edges", 5000}, {"directed", true}}, 3).edges() ==
        5000);
    BOOST_TEST(
        same_edges(made("barabasi_albert", {{"nodes", 6}, {"edges_per_node", 5}}, 1), complete(6)));
    for (const int64_t m : {1, 2, 5, 40}) {
        const Graph g = made("barabasi_albert", {{"nodes", 3000}, {"edges_per_node", m}}, 2);
        const std::vector<int64_t> degrees = degrees_of(g);
        BOOST_TEST(g.edges() == m * (m + 1) / 2 + (3000 - m - 1) * m);
        BOOST_TEST(*std::min_element(degrees.begin(), degrees.end()) == m);
        BOOST_TEST(std::ranges::count(distances_from(g, 0), -1) == 0); // connected
    }
}

BOOST_AUTO_TEST_CASE(regular_degrees) {
    for (const auto& [nodes, degree] : Pairs{{1, 0},
                                             {2, 1},
                                             {10, 3},
                                             {11, 10},
                                             {12, 9},
                                             {30, 14},
                                             {60, 45},
                                             {2000, 11},
                                             {20001, 4}}) {
        const Graph g = made("random_regular", {{"nodes", nodes}, {"degree", degree}}, 5);
        BOOST_TEST(g.nodes() == nodes);
        for (const int64_t k : degrees_of(g)) BOOST_TEST_REQUIRE(k == degree);
        for (const auto& [from, to] : pairs_of(g)) BOOST_TEST_REQUIRE(from < to); // no self-loop
    }
}

BOOST_AUTO_TEST_CASE(given_degrees) {
    const List degrees{4, 3, 3, 2, 2, 1, 1, 0};
    for (const char* simple : {"switch", "repeat"})
        for (int64_t seed = 1; seed <= 20; ++seed) {
            const Map out =
                generated("configuration", {{"degrees", degrees}, {"simple", simple}}, seed);
            BOOST_TEST(degrees_of(out.at("graph").as<Graph>()) ==
                           (std::vector<int64_t>{4, 3, 3, 2, 2, 1, 1, 0}),
                       boost::test_tools::per_element());
            BOOST_TEST(out.at("erased").as<int64_t>() == 0);
        }
    const Map law{{"nodes", 5000}, {"exponent", 2.1}, {"min_degree", 1}, {"max_degree", 300}};
    const auto with = [&](const char* simple) {
        Map more = law;
        more["simple"] = simple;
        return generated("configuration", more, 4);
    };
    const Map switched = with("switch"), erased = with("erase");
    const auto wanted = switched.at("degrees").as<Tensor>().values<int64_t>();
    BOOST_TEST(degrees_of(switched.at("graph").as<Graph>()) == wanted,
               boost::test_tools::per_element());
    // The same degrees, less two ends for each pair left out.
    BOOST_TEST(erased.at("degrees").as<Tensor>().same_as(switched.at("degrees").as<Tensor>()));
    const int64_t lost = erased.at("erased").as<int64_t>();
    BOOST_TEST(lost > 0);
    BOOST_TEST(erased.at("graph").as<Graph>().edges() ==
               switched.at("graph").as<Graph>().edges() - lost);
}

BOOST_AUTO_TEST_SUITE_END()
