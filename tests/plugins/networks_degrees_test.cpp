// SPDX-License-Identifier: MIT
// Laws of degrees and of where edges lie, in graphs of many blocks of rows.
#include "plugins/generated.hpp"

#include <boost/math/distributions/binomial.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace espalier;

namespace {

// Counts of the values least .. most - 1, and of all from most on.
std::vector<double> histogram(const std::vector<int64_t>& values, int64_t least, int64_t most) {
    std::vector<double> counts(static_cast<std::size_t>(most - least + 1));
    for (const int64_t k : values)
        ++counts[static_cast<std::size_t>(std::clamp(k, least, most) - least)];
    return counts;
}

// Counts of pairs of groups: nodes are cut into `groups` parts of equal size.
std::vector<double> places(const Graph& g, int64_t groups) {
    std::vector<double> counts(static_cast<std::size_t>(groups * groups));
    for (const auto& [from, to] : pairs_of(g))
        ++counts[static_cast<std::size_t>(from * groups / g.nodes() * groups +
                                          to * groups / g.nodes())];
    return counts;
}

} // namespace

BOOST_AUTO_TEST_SUITE(degrees)

BOOST_AUTO_TEST_CASE(binomial_degrees) {
    constexpr int64_t nodes = 200'000;
    constexpr double p = 1e-4;
    const Graph g = made("erdos_renyi", {{"nodes", nodes}, {"probability", p}}, 11);
    const double pairs = 0.5 * nodes * (nodes - 1);
    const double deviation = std::sqrt(pairs * p * (1 - p));
    BOOST_TEST(std::abs(static_cast<double>(g.edges()) - pairs * p) < 4 * deviation);
    const boost::math::binomial law(nodes - 1, p);
    std::vector<double> expected{nodes * boost::math::cdf(law, 8)};
    for (int k = 9; k < 34; ++k) expected.push_back(nodes * boost::math::pdf(law, k));
    expected.push_back(nodes * boost::math::cdf(boost::math::complement(law, 33)));
    check_counts(histogram(degrees_of(g), 8, 34), expected);
}

BOOST_AUTO_TEST_CASE(mean_degree_and_variance) {
    constexpr double n = 50'000, mean = 6;
    for (const bool directed : {false, true}) {
        const Graph g = made("erdos_renyi",
                             {{"nodes", 50'000}, {"mean_degree", mean}, {"directed", directed}}, 3);
        double sum = 0, squares = 0;
        for (const int64_t k : degrees_of(g)) {
            sum += static_cast<double>(k);
            squares += static_cast<double>(k * k);
        }
        // Undirected edges count at two nodes, which doubles the variance of the sum. The variance
        // of a sample variance of a law near Poisson's is (mean + 2 mean^2) / n.
        const double seen = sum / n, variance = squares / n - seen * seen;
        BOOST_TEST(std::abs(seen - mean) < 4 * std::sqrt((directed ? 1 : 2) * mean / n));
        BOOST_TEST(std::abs(variance - mean * (1 - mean / n)) <
                   4 * std::sqrt((mean + 2 * mean * mean) / n));
    }
}

BOOST_AUTO_TEST_CASE(edges_lie_everywhere) {
    constexpr int64_t nodes = 80'000, groups = 8;
    constexpr double size = static_cast<double>(nodes) / groups, p = 2e-4;
    std::vector<double> seen, expected;
    const std::vector<double> upper =
        places(made("erdos_renyi", {{"nodes", nodes}, {"probability", p}}, 5), groups);
    for (std::size_t a = 0; a < groups; ++a)
        for (std::size_t b = a; b < groups; ++b) {
            seen.push_back(upper[a * groups + b]);
            expected.push_back(p * (a == b ? size * (size - 1) / 2 : size * size));
        }
    check_counts(seen, expected);
    const std::vector<double> all = places(
        made("erdos_renyi", {{"nodes", nodes}, {"probability", p}, {"directed", true}}, 5), groups);
    expected.clear();
    for (std::size_t a = 0; a < groups; ++a)
        for (std::size_t b = 0; b < groups; ++b)
            expected.push_back(p * (a == b ? size * (size - 1) : size * size));
    check_counts(all, expected);
}

BOOST_AUTO_TEST_CASE(power_law) {
    constexpr double exponent = 2.5, nodes = 200'000;
    const Map out = generated(
        "configuration",
        {{"nodes", 200'000}, {"exponent", exponent}, {"min_degree", 2}, {"max_degree", 1000}}, 9);
    const auto drawn = out.at("degrees").as<Tensor>().values<int64_t>();
    BOOST_TEST(std::reduce(drawn.begin(), drawn.end()) % 2 == 0);
    BOOST_TEST(std::ranges::max(drawn) <= 1000);
    std::vector<double> share;
    for (int k = 2; k <= 1000; ++k) share.push_back(std::pow(k, -exponent));
    const double sum = std::reduce(share.begin(), share.end());
    std::vector<double> expected;
    for (std::size_t i = 0; i < 58; ++i) expected.push_back(nodes * share[i] / sum);
    expected.push_back(nodes - std::reduce(expected.begin(), expected.end()));
    check_counts(histogram({drawn.begin(), drawn.end()}, 2, 60), expected);
}

BOOST_AUTO_TEST_CASE(erased_pairs) {
    // Self-loops are about Poisson of mean lambda = (k - 1) / 2, repeated edges of mean lambda^2.
    constexpr int64_t draws = 200;
    const List degrees(3000, Value(5));
    double erased = 0;
    for (int64_t seed = 1; seed <= draws; ++seed)
        erased += static_cast<double>(
            generated("configuration", {{"degrees", degrees}}, seed).at("erased").as<int64_t>());
    BOOST_TEST(std::abs(erased - 6.0 * draws) < 4 * std::sqrt(6.0 * draws));
}

BOOST_AUTO_TEST_CASE(pairing_is_blind) {
    // The half of the nodes with degree 8 has 8/9 of all ends: an edge joins two of them with
    // probability (8/9)^2, whatever their numbers.
    constexpr std::size_t nodes = 60'000;
    List degrees;
    for (std::size_t v = 0; v < nodes; ++v) degrees.emplace_back(v % 2 == 0 ? 8 : 1);
    const Graph g = made("configuration", {{"degrees", degrees}}, 2);
    std::vector<double> seen(3);
    for (const auto& [from, to] : pairs_of(g)) ++seen[static_cast<std::size_t>(from % 2 + to % 2)];
    const auto edges = static_cast<double>(g.edges());
    check_counts(seen, {edges * 64 / 81, edges * 16 / 81, edges / 81});
    double length = 0; // mean of |from - to| / nodes of a random pair is 1/3, its variance 1/18
    for (const auto& [from, to] : pairs_of(g)) length += static_cast<double>(to - from) / nodes;
    BOOST_TEST(std::abs(length / edges - 1.0 / 3) < 4 * std::sqrt(1 / 18.0 / edges));
}

BOOST_AUTO_TEST_SUITE_END()
