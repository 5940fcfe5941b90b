// SPDX-License-Identifier: MIT
// Networks of points in space against the distances of their own points; circulant graphs, fires
// and communities against what their rules say.
#include "plugins/generated.hpp"
#include "plugins/networks_for_tests.hpp"

#include <cmath>
#include <numbers>

using namespace espalier;

namespace {

// How many of the numbers in [0, 1) fall into each of `bins` equal parts.
void check_uniform_numbers(const std::vector<double>& numbers, std::size_t bins) {
    std::vector<double> counts(bins);
    for (const double x : numbers)
        ++counts.at(static_cast<std::size_t>(x * static_cast<double>(bins)));
    check_counts(counts, std::vector<double>(bins, static_cast<double>(numbers.size()) /
                                                       static_cast<double>(bins)));
}

std::vector<double> column(const Graph& g, std::size_t axis) {
    const auto axes = static_cast<std::size_t>(g.positions->shape()[1]);
    const auto all = g.positions->values<double>();
    std::vector<double> out;
    for (std::size_t i = axis; i < all.size(); i += axes) out.push_back(all[i]);
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(rules)

BOOST_AUTO_TEST_CASE(circulant) {
    for (const auto& [nodes, offsets] :
         std::vector<std::pair<int64_t, std::vector<int64_t>>>{{10, {1, 3}},
                                                               {9, {4, 2}},
                                                               {8, {4, 1}},
                                                               {1, {}},
                                                               {5, {1, 2}},
                                                               {1000, {1, 3, 499, 500}}}) {
        std::set<std::pair<int64_t, int64_t>> expected;
        for (int64_t v = 0; v < nodes; ++v)
            for (const int64_t o : offsets) {
                const int64_t w = (v + o) % nodes;
                expected.emplace(std::min(v, w), std::max(v, w));
            }
        const Graph g = made("circulant",
                             {{"nodes", nodes}, {"offsets", List(offsets.begin(), offsets.end())}});
        BOOST_TEST((pairs_of(g) == Pairs(expected.begin(), expected.end())));
    }
    const Graph ring = made("ring", {{"nodes", 30}, {"neighbours", 6}});
    const Graph same = made("circulant", {{"nodes", 30}, {"offsets", List{3, 1, 2}}});
    BOOST_TEST(ring.targets.same_as(same.targets));
    BOOST_TEST(ring.positions->same_as(*same.positions));
}

BOOST_AUTO_TEST_CASE(near_points) {
    for (const int64_t dimensions : {1, 2, 3})
        for (const bool periodic : {false, true})
            for (const double radius : {0.0, 0.04, 0.21, 0.45, 0.7}) {
                const Graph g = made("random_geometric",
                                     {{"nodes", 300},
                                      {"radius", radius},
                                      {"dimensions", dimensions},
                                      {"periodic", periodic}},
                                     7);
                Pairs near;
                std::vector<std::vector<double>> places;
                for (int64_t a = 0; a < dimensions; ++a)
                    places.push_back(column(g, static_cast<std::size_t>(a)));
                for (std::size_t u = 0; u < 300; ++u)
                    for (std::size_t v = u + 1; v < 300; ++v) {
                        double squared = 0;
                        for (const auto& axis : places) {
                            double apart = std::abs(axis[u] - axis[v]);
                            if (periodic) apart = std::min(apart, 1 - apart);
                            squared += apart * apart;
                        }
                        if (squared <= radius * radius) near.emplace_back(u, v);
                    }
                BOOST_TEST((pairs_of(g) == near), dimensions << periodic << radius);
            }
}

// On a torus two pairs of points are independent, so the number of edges has the variance of a
// binomial one.
BOOST_AUTO_TEST_CASE(degree_of_near_points) {
    for (const int64_t dimensions : {1, 2, 3}) {
        const Graph g = made("random_geometric",
                             {{"nodes", 20'000},
                              {"mean_degree", 10},
                              {"dimensions", dimensions},
                              {"periodic", true}},
                             5);
        BOOST_TEST(std::abs(static_cast<double>(g.edges()) - 100'000) < 5 * std::sqrt(100'000.0));
        for (int64_t a = 0; a < dimensions; ++a)
            check_uniform_numbers(column(g, static_cast<std::size_t>(a)), 50);
    }
}

BOOST_AUTO_TEST_CASE(hyperbolic_disc) {
    for (const double exponent : {2.2, 3.0, 6.0}) {
        const Map out = generated("hyperbolic",
                                  {{"nodes", 1500}, {"mean_degree", 8}, {"exponent", exponent}}, 4);
        const Graph& g = out.at("graph").as<Graph>();
        const double disc = out.at("disc").as<double>(), alpha = (exponent - 1) / 2;
        const std::vector<double> x = column(g, 0), y = column(g, 1);
        std::vector<double> radii, turns, ranks;
        for (std::size_t v = 0; v < x.size(); ++v) {
            radii.push_back(std::hypot(x[v], y[v]));
            turns.push_back(std::atan2(y[v], x[v]) / (2 * std::numbers::pi));
            turns.back() -= std::floor(turns.back());
            ranks.push_back(std::min(0.999999, (std::cosh(alpha * radii[v]) - 1) /
                                                   (std::cosh(alpha * disc) - 1)));
        }
        check_uniform_numbers(turns, 30);
        check_uniform_numbers(ranks, 30);
        const Pairs joined = pairs_of(g);
        const std::set<std::pair<int64_t, int64_t>> edges(joined.begin(), joined.end());
        for (std::size_t u = 0; u < x.size(); ++u)
            for (std::size_t v = u + 1; v < x.size(); ++v) {
                const double s = std::sin(std::numbers::pi * (turns[u] - turns[v]));
                const double distance =
                    std::acosh(std::cosh(radii[u] - radii[v]) +
                               2 * std::sinh(radii[u]) * std::sinh(radii[v]) * s * s);
                if (std::abs(distance - disc) < 1e-6) continue; // rounding decides
                BOOST_TEST_REQUIRE(edges.contains({u, v}) == (distance < disc));
            }
    }
}

// The mean degree over many graphs: its standard error is taken from their spread.
BOOST_AUTO_TEST_CASE(hyperbolic_degree) {
    constexpr int64_t draws = 60;
    for (const double exponent : {2.6, 4.0}) {
        double sum = 0, squares = 0;
        for (int64_t seed = 1; seed <= draws; ++seed) {
            const Graph g = made(
                "hyperbolic", {{"nodes", 2000}, {"mean_degree", 12}, {"exponent", exponent}}, seed);
            const double mean = static_cast<double>(g.entries()) / 2000;
            sum += mean, squares += mean * mean;
        }
        const double mean = sum / draws;
        const double error = std::sqrt((squares / draws - mean * mean) / (draws - 1));
        BOOST_TEST(std::abs(mean - 12) < 4 * error + 0.02); // 0.02: of the midpoint rule
    }
}

// Without burning each node joins one earlier node: a random recursive tree, of whose nodes the
// share 2^-(k+1) has k children.
BOOST_AUTO_TEST_CASE(fires_that_do_not_spread) {
    const Graph g =
        made("forest_fire",
             {{"nodes", 20'000}, {"forward", 0.0}, {"backward", 0.0}, {"directed", true}}, 1);
    BOOST_TEST(g.edges() == 19'999);
    std::vector<double> children(20'000), counts(9), expected(9, 0.0);
    for (const auto& [from, to] : pairs_of(g)) {
        BOOST_TEST_REQUIRE(to < from);
        ++children[static_cast<std::size_t>(to)];
    }
    for (const double k : children) ++counts[static_cast<std::size_t>(std::min(8.0, k))];
    for (int k = 0; k < 8; ++k)
        expected[static_cast<std::size_t>(k)] = 20'000 * std::pow(2, -k - 1);
    expected[8] = 20'000 * std::pow(2.0, -8);
    check_counts(counts, expected);
}

// Three nodes: the last picks one of the others, and the fire takes the edge between those two
// with the probability of its direction.
BOOST_AUTO_TEST_CASE(fire_on_three_nodes) {
    constexpr double forward = 0.6, backward = 0.2, draws = 4000;
    double triangles = 0;
    for (int64_t seed = 1; seed <= static_cast<int64_t>(draws); ++seed)
        triangles +=
            made("forest_fire", {{"nodes", 3}, {"forward", forward}, {"backward", backward}}, seed)
                .edges() == 3;
    check_counts({triangles, draws - triangles},
                 {draws * (forward + backward) / 2, draws * (1 - (forward + backward) / 2)});
}

BOOST_AUTO_TEST_CASE(fires_make_connected_triangles) {
    const Graph g = made("forest_fire", {{"nodes", 3000}, {"ambassadors", 2}}, 1);
    BOOST_TEST(std::ranges::count(distances_from(g, 0), -1) == 0);
    const Map out = test_session().call("analyze.clustering", {{"graph", g}});
    BOOST_TEST(out.at("mean").as<double>() > 0.2);
}

BOOST_AUTO_TEST_CASE(communities) {
    for (const double mixing : {0.0, 0.1, 0.5, 1.0}) {
        const Map out = generated("lfr", {{"nodes", 5000}, {"mixing", mixing}}, 1);
        const Graph& g = out.at("graph").as<Graph>();
        const auto community = out.at("communities").as<Tensor>().values<int64_t>();
        std::vector<int64_t> sizes;
        for (const int64_t c : community) {
            sizes.resize(std::max(sizes.size(), static_cast<std::size_t>(c) + 1));
            ++sizes[static_cast<std::size_t>(c)];
        }
        for (const int64_t size : sizes) {
            BOOST_TEST(size >= 20);
            BOOST_TEST(size <= 101); // 100, and what was left over
        }
        for (const int64_t k : degrees_of(g)) BOOST_TEST_REQUIRE(k <= 51);
        double between = 0;
        for (const auto& [u, v] : pairs_of(g)) {
            BOOST_TEST_REQUIRE(u != v);
            between +=
                community[static_cast<std::size_t>(u)] != community[static_cast<std::size_t>(v)];
        }
        const auto edges = static_cast<double>(g.edges());
        BOOST_TEST(out.at("mixed").as<double>() == between / edges);
        // Rounding is unbiased: the share of ends that leave has an error of at most 1/2 an end a
        // node, independent; ends that an odd community sends away add one each.
        const double tolerance =
            (5 * std::sqrt(5000.0) / 2 + static_cast<double>(sizes.size())) / (2 * edges);
        BOOST_TEST(std::abs(between / edges - mixing) < tolerance);
        const auto erased = static_cast<double>(out.at("erased").as<int64_t>());
        BOOST_TEST(erased < 0.002 * edges);
    }
}

// Degrees follow the discrete power law: the smallest ones, which hold nearly all nodes.
BOOST_AUTO_TEST_CASE(degrees_of_communities) {
    const Graph g = made("lfr", {{"nodes", 20'000}, {"mixing", 0.4}, {"exponent", 2.0}}, 3);
    std::vector<double> counts(43), expected(43);
    double all = 0;
    for (int k = 8; k <= 50; ++k) all += std::pow(k, -2.0);
    for (int k = 8; k <= 50; ++k)
        expected[static_cast<std::size_t>(k - 8)] = 20'000 * std::pow(k, -2.0) / all;
    for (const int64_t k : degrees_of(g))
        ++counts.at(static_cast<std::size_t>(std::clamp<int64_t>(k, 8, 50) - 8));
    check_counts(counts, expected);
}

BOOST_AUTO_TEST_SUITE_END()
