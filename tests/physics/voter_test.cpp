// SPDX-License-Identifier: MIT
// Voters: the conserved mean, the chance of either consensus, and who listens to whom.
#include "plugins/networks_for_tests.hpp"
#include "plugins/session.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace espalier;

namespace {

// Share of ones at a record, over runs: mean and its standard error.
std::pair<double, double> share(const Map& result, int64_t time) {
    const Tensor& s = result.at("share").as<Tensor>();
    double mean = 0, square = 0;
    const auto runs = static_cast<double>(s.shape()[0]);
    for (int64_t run = 0; run < s.shape()[0]; ++run) {
        const double x = s.number(run * s.shape()[1] + time);
        mean += x, square += x * x;
    }
    mean /= runs;
    return {mean, std::sqrt((square / runs - mean * mean) / (runs - 1))};
}

Tensor ones_first(int64_t nodes, int64_t ones) {
    std::vector<double> x(static_cast<std::size_t>(nodes));
    std::fill_n(x.begin(), ones, 1.0);
    return Tensor::of({nodes, 1}, x);
}

} // namespace

BOOST_AUTO_TEST_SUITE(voter)

BOOST_AUTO_TEST_CASE(the_mean_opinion_is_a_martingale) {
    for (const char* update : {"synchronous", "asynchronous"}) {
        const Map result = test_session().call("simulate.voter", {{"graph", ring_of(31, 2)},
                                                                  {"initial", ones_first(31, 9)},
                                                                  {"update", update},
                                                                  {"steps", 40},
                                                                  {"record_every", 10},
                                                                  {"runs", 4000},
                                                                  {"seed", 1}});
        for (int64_t time = 1; time <= 4; ++time) {
            const auto [mean, error] = share(result, time);
            BOOST_TEST(std::abs(mean - 9.0 / 31) < 4 * error);
            BOOST_TEST(error > 0);
        }
    }
}

BOOST_AUTO_TEST_CASE(consensus_on_one_has_the_initial_share_as_probability) {
    const int64_t runs = 3000;
    for (const char* update : {"synchronous", "asynchronous"}) {
        const Map result = test_session().call("simulate.voter", {{"graph", complete(10)},
                                                                  {"initial", ones_first(10, 3)},
                                                                  {"update", update},
                                                                  {"steps", 400},
                                                                  {"record_every", 400},
                                                                  {"runs", runs},
                                                                  {"seed", 2}});
        const Tensor& s = result.at("share").as<Tensor>();
        int64_t ones = 0;
        for (int64_t run = 0; run < runs; ++run) {
            const double last = s.number(run * 2 + 1);
            BOOST_TEST_REQUIRE((last == 0 || last == 1)); // about exp(-400 / 10) are not there yet
            ones += last == 1;
        }
        BOOST_TEST(std::abs(static_cast<double>(ones) - 0.3 * runs) <
                   4 * std::sqrt(runs * 0.3 * 0.7));
    }
}

BOOST_AUTO_TEST_CASE(hubs_weigh_by_their_degree) {
    // Star of 6, the hub alone holds 1: degree-weighted share 5 / 10.
    std::vector<Edge> edges;
    for (int64_t leaf = 1; leaf < 6; ++leaf) edges.push_back({0, leaf, 1});
    const Map result =
        test_session().call("simulate.voter", {{"graph", graph_from_edges(6, edges, false, false)},
                                               {"initial", ones_first(6, 1)},
                                               {"update", "asynchronous"},
                                               {"steps", 300},
                                               {"record_every", 300},
                                               {"runs", 3000},
                                               {"seed", 3}});
    const auto [mean, error] = share(result, 1);
    BOOST_TEST(std::abs(mean - 0.5) < 4 * error);
}

BOOST_AUTO_TEST_CASE(an_update_follows_the_share_of_ones_and_the_weights) {
    // Node 3 listens to 0 (opinion 1) and to 1 and 2 (opinion 0).
    const auto ones = [](const Graph& graph) {
        const Map result = test_session().call("simulate.voter", {{"graph", graph},
                                                                  {"initial", ones_first(4, 1)},
                                                                  {"steps", 1},
                                                                  {"runs", 10000},
                                                                  {"seed", 4}});
        int64_t count = 0;
        for (int64_t run = 0; run < 10000; ++run)
            count += result.at("trajectories").as<Tensor>().number(run * 8 + 7) == 1;
        return static_cast<double>(count) / 10000;
    };
    BOOST_TEST(std::abs(ones(directed(4, {{0, 3}, {1, 3}, {2, 3}})) - 1.0 / 3) < 4 * 0.0048);
    BOOST_TEST(std::abs(ones(weighted(4, {{0, 3, 3}, {1, 3, 1}, {2, 3, 0}})) - 0.75) < 4 * 0.0044);
    BOOST_TEST(ones(directed(4, {{3, 0}})) == 0.0); // speaking is not listening
}

BOOST_AUTO_TEST_CASE(noise_alone_is_a_fair_coin) {
    const Map result = test_session().call("simulate.voter", {{"graph", complete(100)},
                                                              {"density", 0.0},
                                                              {"noise", 1.0},
                                                              {"steps", 1},
                                                              {"runs", 100},
                                                              {"seed", 5}});
    BOOST_TEST(std::abs(share(result, 1).first - 0.5) < 4 * 0.5 / std::sqrt(1e4));
    BOOST_TEST(share(result, 0).first == 0.0);
}

BOOST_AUTO_TEST_SUITE_END()
