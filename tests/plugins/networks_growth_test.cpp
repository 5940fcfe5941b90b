// SPDX-License-Identifier: MIT
// Preferential attachment: small cases counted, the law of the degrees, its exponent.
#include "plugins/generated.hpp"

#include <algorithm>
#include <cmath>

using namespace espalier;

namespace {

// Counts of the targets of the last node, given those of the node before it.
std::map<std::pair<Pairs, Pairs>, double> last_choices(int64_t m, int64_t draws) {
    std::map<std::pair<Pairs, Pairs>, double> seen;
    for (int64_t seed = 1; seed <= draws; ++seed) {
        const Graph g = made("barabasi_albert", {{"nodes", m + 3}, {"edges_per_node", m}}, seed);
        Pairs before, last;
        for (const auto& pair : pairs_of(g)) {
            if (pair.second == m + 1) before.push_back(pair);
            if (pair.second == m + 2) last.push_back(pair);
        }
        ++seen[{before, last}];
    }
    return seen;
}

// Most likely exponent a of P(K >= k) = ((k + 1/2) / (least + 1/2))^-a; the tail of Barabasi and
// Albert's law, m (m + 1) / (k (k + 1)), has a = 2 up to 1 / (4 k^2).
double tail_exponent(const std::vector<int64_t>& tail, int64_t least) {
    const auto slope = [&](double a) { // of the log-likelihood
        double sum = 0;
        for (const int64_t k : tail) {
            const double x =
                std::log((static_cast<double>(k) + 0.5) / (static_cast<double>(least) + 0.5));
            const double y =
                std::log((static_cast<double>(k) + 1.5) / (static_cast<double>(least) + 0.5));
            const double here = std::exp(-a * x), next = std::exp(-a * y);
            sum += (y * next - x * here) / (here - next);
        }
        return sum;
    };
    double low = 0.5, high = 8;
    for (int i = 0; i < 60; ++i) (slope((low + high) / 2) > 0 ? low : high) = (low + high) / 2;
    return (low + high) / 2;
}

} // namespace

BOOST_AUTO_TEST_SUITE(growth)

BOOST_AUTO_TEST_CASE(one_edge_a_node) {
    // Nodes 0 and 1 are joined; node 2 takes either; then the one it took has half of all ends.
    constexpr int64_t draws = 3000;
    const auto seen = last_choices(1, draws);
    BOOST_TEST_REQUIRE(seen.size() == 6u);
    std::vector<double> counts, expected;
    for (const auto& [choices, count] : seen) {
        const int64_t hub = choices.first[0].first;
        counts.push_back(count);
        expected.push_back(draws * 0.5 * (choices.second[0].first == hub ? 0.5 : 0.25));
    }
    check_counts(counts, expected);
}

BOOST_AUTO_TEST_CASE(two_different_nodes) {
    // Drawn one after the other without the first: d_i / D * d_j / (D - d_i), in either order.
    constexpr int64_t draws = 9000;
    const auto seen = last_choices(2, draws);
    BOOST_TEST_REQUIRE(seen.size() == 18u);
    std::vector<double> counts, expected;
    for (const auto& [choices, count] : seen) {
        std::vector<double> degree{2, 2, 2, 2};
        for (const auto& pair : choices.first) ++degree[static_cast<std::size_t>(pair.first)];
        const double i = degree[static_cast<std::size_t>(choices.second[0].first)],
                     j = degree[static_cast<std::size_t>(choices.second[1].first)];
        counts.push_back(count);
        expected.push_back(draws / 3.0 * i * j / 10 * (1 / (10 - i) + 1 / (10 - j)));
    }
    check_counts(counts, expected);
}

BOOST_AUTO_TEST_CASE(degree_law) {
    constexpr int64_t nodes = 300'000, m = 3;
    const Graph g = made("barabasi_albert", {{"nodes", nodes}, {"edges_per_node", m}}, 7);
    const std::vector<int64_t> degrees = degrees_of(g);
    for (int64_t k = m; k < 20; ++k) {
        const double share = 2.0 * m * (m + 1) / static_cast<double>(k * (k + 1) * (k + 2));
        const auto seen = static_cast<double>(std::ranges::count(degrees, k));
        const double expected = share * nodes;
        BOOST_TEST(std::abs(seen - expected) < 4 * std::sqrt(expected * (1 - share)));
    }
    // An exponent of 3 for single degrees is one of 2 for the tail; the error of its most likely
    // value is a / sqrt(number).
    for (const int64_t least : {10, 30}) {
        std::vector<int64_t> tail;
        std::ranges::copy_if(degrees, std::back_inserter(tail),
                             [&](int64_t k) { return k >= least; });
        const double error = 2 / std::sqrt(static_cast<double>(tail.size()));
        BOOST_TEST_REQUIRE(error < 0.05);
        BOOST_TEST(std::abs(tail_exponent(tail, least) + 1 - 3) < 4 * error);
    }
    // The oldest nodes are the hubs: the largest degree grows as sqrt(nodes).
    const int64_t largest = *std::max_element(degrees.begin(), degrees.end());
    BOOST_TEST(largest > 0.2 * m * std::sqrt(nodes));
    BOOST_TEST(largest < 20 * m * std::sqrt(nodes));
}

BOOST_AUTO_TEST_SUITE_END()
