// SPDX-License-Identifier: MIT
// Networks whose edges are independent: every pair of nodes against its own probability.
#include "plugins/generated.hpp"

#include <cmath>
#include <functional>

using namespace espalier;

namespace {

// Draws with the seeds 1 .. draws: the standardised counts of all pairs, squared, add up to a
// chi-squared number; pairs of probability 0 and 1 must be as they are.
void check_pairs(const std::string& component, const Map& arguments, int64_t nodes, bool directed,
                 int64_t draws, const std::function<double(int64_t, int64_t)>& probability) {
    std::map<std::pair<int64_t, int64_t>, double> seen;
    for (int64_t seed = 1; seed <= draws; ++seed)
        for (const auto& pair : pairs_of(made(component, arguments, seed))) ++seen[pair];
    double chi_squared = 0;
    std::size_t freedom = 0;
    for (int64_t u = 0; u < nodes; ++u)
        for (int64_t v = directed ? 0 : u; v < nodes; ++v) {
            const double p = u == v ? 0 : probability(u, v), n = static_cast<double>(draws);
            const double count = seen[{u, v}];
            if (p <= 0 || p >= 1) {
                BOOST_TEST_REQUIRE(count == n * p);
                continue;
            }
            BOOST_TEST_REQUIRE(n * p * (1 - p) >= 5);
            chi_squared += (count - n * p) * (count - n * p) / (n * p * (1 - p));
            ++freedom;
        }
    BOOST_TEST(chi_squared < rarely_above(freedom));
    BOOST_TEST(chi_squared > static_cast<double>(freedom) / 2);
}

} // namespace

BOOST_AUTO_TEST_SUITE(independent_edges)

BOOST_AUTO_TEST_CASE(blocks) {
    const List sizes{7, 12, 9};
    const auto group = [](int64_t v) { return v < 7 ? 0 : v < 19 ? 1 : 2; };
    check_pairs("stochastic_block_model", {{"sizes", sizes}, {"within", 0.6}, {"between", 0.1}}, 28,
                false, 1000,
                [&](int64_t u, int64_t v) { return group(u) == group(v) ? 0.6 : 0.1; });
    const std::vector<double> matrix{0, 0.3, 1, 0.3, 0.02, 0.9, 1, 0.9, 0.5};
    check_pairs("stochastic_block_model",
                {{"sizes", sizes}, {"probabilities", List(matrix.begin(), matrix.end())}}, 28,
                false, 1000, [&](int64_t u, int64_t v) {
                    return matrix[static_cast<std::size_t>(3 * group(u) + group(v))];
                });
    const Map out = generated("stochastic_block_model", {{"sizes", sizes}}, 1);
    const auto groups = out.at("groups").as<Tensor>().values<int64_t>();
    for (int64_t v = 0; v < 28; ++v) BOOST_TEST(groups[static_cast<std::size_t>(v)] == group(v));
}

// With degree correction the blocks keep their expected edges, and the first nodes of a group have
// the large degrees.
BOOST_AUTO_TEST_CASE(degree_correction) {
    constexpr double n = 4000, within = 0.004, between = 0.001;
    const Graph g = made("stochastic_block_model",
                         {{"sizes", List{4000, 4000}},
                          {"within", within},
                          {"between", between},
                          {"degree_exponent", 2.8}},
                         3);
    double inside = 0, across = 0;
    for (const auto& [u, v] : pairs_of(g)) (((u < 4000) == (v < 4000)) ? inside : across) += 1;
    // sum of theta_u theta_v over u < v in a group: (n^2 - sum theta^2) / 2, theta = (i +
    // i0)^(-1/1.8) scaled to mean 1; sum theta^2 stays below n sqrt(n) as no theta is much above
    // sqrt(n).
    const double pairs_most = n * (n - 1) / 2, pairs_least = (n * n - n * std::sqrt(n)) / 2;
    BOOST_TEST(inside > 2 * within * pairs_least - 5 * std::sqrt(2 * within * pairs_most));
    BOOST_TEST(inside < 2 * within * pairs_most + 5 * std::sqrt(2 * within * pairs_most));
    BOOST_TEST(std::abs(across - between * n * n) < 5 * std::sqrt(between * n * n));
    const std::vector<int64_t> degrees = degrees_of(g);
    const auto mean = [&](std::size_t begin, std::size_t end) {
        double sum = 0;
        for (std::size_t v = begin; v < end; ++v) sum += static_cast<double>(degrees[v]);
        return sum / static_cast<double>(end - begin);
    };
    // power.
    BOOST_TEST(mean(0, 10) > 10 * mean(3000, 4000));
    BOOST_TEST(mean(4000, 4010) > 10 * mean(7000, 8000));
    BOOST_TEST(mean(0, 4000) < 2 * mean(4000, 8000));
}

BOOST_AUTO_TEST_CASE(expected_degrees) {
    const std::vector<double> wanted{1, 9, 0, 3, 3, 2, 12, 5, 2.5, 4, 1.5, 6, 7, 2, 8, 3};
    double sum = 0;
    for (const double w : wanted) sum += w;
    check_pairs("chung_lu", {{"expected", List(wanted.begin(), wanted.end())}}, 16, false, 3000,
                [&](int64_t u, int64_t v) {
                    return std::min(1.0, wanted[static_cast<std::size_t>(u)] *
                                             wanted[static_cast<std::size_t>(v)] / sum);
                });
}

BOOST_AUTO_TEST_CASE(power_law_of_expected_degrees) {
    const Map out = generated(
        "chung_lu", {{"nodes", 4000}, {"mean_degree", 12}, {"exponent", 2.4}, {"max_degree", 150}},
        2);
    const auto w = out.at("expected").as<Tensor>().values<double>();
    double sum = 0;
    for (const double x : w) sum += x;
    BOOST_TEST(std::abs(sum / 4000 - 12) < 1e-9);
    BOOST_TEST(std::abs(w[0] - 150) < 15);
    // log w over log rank falls with slope 1 / (exponent - 1) in the tail.
    const double slope = std::log(w[1999] / w[3999]) / std::log(2.0);
    BOOST_TEST(std::abs(slope - 1 / 1.4) < 0.05);
    double mean = 0, variance = 0;
    for (std::size_t u = 0; u < w.size(); ++u)
        for (std::size_t v = u + 1; v < w.size(); ++v) {
            const double p = std::min(1.0, w[u] * w[v] / sum);
            mean += p, variance += p * (1 - p);
        }
    const Graph& g = out.at("graph").as<Graph>();
    BOOST_TEST(std::abs(static_cast<double>(g.edges()) - mean) < 5 * std::sqrt(variance));
    // Degrees against their expectations: the hubs, and all nodes together.
    const std::vector<int64_t> degrees = degrees_of(g);
    double chi_squared = 0;
    std::size_t counted = 0;
    for (std::size_t u = 0; u < w.size(); ++u) {
        double k = 0, spread = 0;
        for (std::size_t v = 0; v < w.size(); ++v)
            if (u != v) {
                const double p = std::min(1.0, w[u] * w[v] / sum);
                k += p, spread += p * (1 - p);
            }
        if (spread < 5) continue;
        const double off = static_cast<double>(degrees[u]) - k;
        chi_squared += off * off / spread, ++counted;
    }
    BOOST_TEST_REQUIRE(counted > 1000);
    BOOST_TEST(chi_squared < rarely_above(counted));
}

BOOST_AUTO_TEST_CASE(kronecker_product) {
    const auto check = [](const std::vector<double>& initiator, int64_t levels, bool directed) {
        const auto base = static_cast<int64_t>(std::sqrt(static_cast<double>(initiator.size())));
        int64_t nodes = 1;
        for (int64_t l = 0; l < levels; ++l) nodes *= base;
        check_pairs("kronecker",
                    {{"initiator", List(initiator.begin(), initiator.end())},
                     {"levels", levels},
                     {"directed", directed}},
                    nodes, directed, 2000, [&](int64_t u, int64_t v) {
                        double p = 1;
                        for (int64_t l = 0; l < levels; ++l, u /= base, v /= base)
                            p *= initiator[static_cast<std::size_t>(u % base * base + v % base)];
                        return p;
                    });
    };
    check({0.9, 0.5, 0.5, 0.3}, 4, false);
    check({0.99, 0.7, 0.45, 0.4}, 4, true);
    check({1, 0.6, 0.6, 0}, 4, false); // certain and impossible edges
    check({0.5, 0.9, 0.2, 0.3, 0.95, 0.6, 0.7, 1, 0.4}, 2, true);
}

BOOST_AUTO_TEST_CASE(recursive_drops) {
    // One drop at a time: each place with the product of its shares.
    const std::vector<double> initiator{0.4, 0.2, 0.25, 0.15};
    const Map one{{"initiator", List(initiator.begin(), initiator.end())},
                  {"levels", 3},
                  {"edges", 1},
                  {"directed", true}};
    constexpr int64_t draws = 5000;
    std::map<std::pair<int64_t, int64_t>, double> seen;
    double lost = 0;
    for (int64_t seed = 1; seed <= draws; ++seed) {
        const Map out = generated("kronecker", one, seed);
        lost += static_cast<double>(out.at("lost").as<int64_t>());
        for (const auto& pair : pairs_of(out.at("graph").as<Graph>())) ++seen[pair];
    }
    std::vector<double> counts{lost}, expected{0};
    for (int64_t u = 0; u < 8; ++u)
        for (int64_t v = 0; v < 8; ++v) {
            double p = draws;
            for (int64_t l = 1; l < 8; l *= 2)
                p *= initiator[static_cast<std::size_t>(u / l % 2 * 2 + v / l % 2)];
            if (u == v) {
                expected[0] += p;
                continue;
            }
            counts.push_back(seen[{u, v}]);
            expected.push_back(p);
        }
    check_counts(counts, expected);
    const Map many = generated(
        "kronecker", {{"initiator", List{0.57, 0.19, 0.19, 0.05}}, {"levels", 10}, {"edges", 8000}},
        1);
    BOOST_TEST(many.at("graph").as<Graph>().edges() + many.at("lost").as<int64_t>() == 8000);
    BOOST_TEST(many.at("lost").as<int64_t>() > 100);
}

BOOST_AUTO_TEST_SUITE_END()
