// SPDX-License-Identifier: MIT
// Epidemics: conservation, exact laws of small systems, the final size, agreement of the two
// methods.
#include "plugins/networks_for_tests.hpp"
#include "plugins/session.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace espalier;

namespace {

Map simulate(Map settings, const char* update) {
    settings["update"] = update;
    return test_session().call("simulate.sir", settings);
}

// Counts of a state at a record, one for each run.
std::vector<double> counts(const Map& result, int64_t time, int64_t state) {
    const Tensor& t = result.at("counts").as<Tensor>();
    std::vector<double> found;
    for (int64_t run = 0; run < t.shape()[0]; ++run)
        found.push_back(t.number((run * t.shape()[1] + time) * 3 + state));
    return found;
}

struct Estimate {
    double mean, error; // of the mean
};
Estimate estimate(const std::vector<double>& x) {
    double mean = 0, square = 0;
    for (const double v : x) mean += v, square += v * v;
    const auto n = static_cast<double>(x.size());
    mean /= n;
    return {mean, std::sqrt((square / n - mean * mean) / (n - 1))};
}

constexpr const char* methods[] = {"event_driven", "discrete"};

} // namespace

BOOST_AUTO_TEST_SUITE(epidemic)

BOOST_AUTO_TEST_CASE(nobody_is_lost_and_states_only_move_on) {
    for (const char* method : methods) {
        const Map result = simulate({{"graph", tangle(200)},
                                     {"infection", 0.3},
                                     {"recovery", 0.4},
                                     {"step", 0.5},
                                     {"steps", 60},
                                     {"runs", 5},
                                     {"initial_infected", 7},
                                     {"seed", 2}},
                                    method);
        const auto x = result.at("trajectories").as<Tensor>().values<uint8_t>();
        const auto n = result.at("counts").as<Tensor>().values<int64_t>();
        for (std::size_t run = 0; run < 5; ++run)
            for (std::size_t t = 0; t <= 60; ++t) {
                const std::size_t row = run * 61 + t;
                int64_t seen[3] = {0, 0, 0};
                for (std::size_t v = 0; v < 200; ++v) {
                    ++seen[x[row * 200 + v]];
                    if (t > 0) BOOST_TEST_REQUIRE(x[row * 200 + v] >= x[(row - 1) * 200 + v]);
                }
                for (std::size_t state = 0; state < 3; ++state)
                    BOOST_TEST_REQUIRE(n[row * 3 + state] == seen[state]);
                BOOST_TEST_REQUIRE(seen[0] + seen[1] + seen[2] == 200);
                if (t == 0) BOOST_TEST((seen[1] == 7 && seen[2] == 0));
            }
    }
}

BOOST_AUTO_TEST_CASE(recovery_is_exponential) {
    // No infection: infected at time t with probability exp(-0.7 t).
    for (const char* method : methods) {
        const Map result = simulate({{"graph", directed(20000, {})},
                                     {"initial_infected", 20000},
                                     {"infection", 0.0},
                                     {"recovery", 0.7},
                                     {"step", 0.5},
                                     {"steps", 6},
                                     {"seed", 3}},
                                    method);
        for (int64_t t = 0; t <= 6; ++t) {
            const double p = std::exp(-0.35 * static_cast<double>(t));
            BOOST_TEST(std::abs(counts(result, t, 1)[0] - 20000 * p) <=
                       4 * std::sqrt(20000 * p * (1 - p)));
        }
    }
}

BOOST_AUTO_TEST_CASE(one_edge_transmits_with_the_ratio_of_the_rates) {
    // Before the sender recovers: b w / (b w + g), here 0.4 * 1.5 / (0.6 + 0.9) = 0.4; never
    // backwards.
    const Map result = simulate({{"graph", weighted(3, {{0, 1, 1.5}, {2, 0, 1.0}})},
                                 {"initial", Tensor::of({3, 1}, std::vector<double>{1, 0, 0})},
                                 {"infection", 0.4},
                                 {"recovery", 0.9},
                                 {"step", 100.0},
                                 {"steps", 1},
                                 {"runs", 20000},
                                 {"seed", 4}},
                                "event_driven");
    const Estimate recovered = estimate(counts(result, 1, 2));
    BOOST_TEST(std::abs(recovered.mean - 1.4) < 4 * recovered.error);
    for (int64_t run = 0; run < 20000; ++run)
        BOOST_TEST_REQUIRE(result.at("trajectories").as<Tensor>().number((run * 2 + 1) * 3 + 2) ==
                           0);
}

BOOST_AUTO_TEST_CASE(small_outbreaks_have_their_exact_distribution) {
    // A triangle, one infected, b = g = 1: with 2 susceptible and 1 infected the next event is an
    // infection with probability 2/3; then with 1 and 2 again 2 / (2 + 2) = 1/2; after a recovery
    // there, with 1 and 1, 1/2. Final sizes: 1: 1/3, 2: 2/3 * 1/2 * 1/2 = 1/6, 3: 1/2.
    const Map result = simulate({{"graph", complete(3)},
                                 {"infection", 1.0},
                                 {"recovery", 1.0},
                                 {"step", 200.0},
                                 {"steps", 1},
                                 {"runs", 30000},
                                 {"seed", 5}},
                                "event_driven");
    std::vector<double> sizes(4);
    for (const double size : counts(result, 1, 2)) ++sizes[static_cast<std::size_t>(size)];
    const double expected[] = {0, 1.0 / 3, 1.0 / 6, 1.0 / 2};
    for (std::size_t k = 1; k <= 3; ++k)
        BOOST_TEST(std::abs(sizes[k] - 30000 * expected[k]) <
                   4 * std::sqrt(30000 * expected[k] * (1 - expected[k])));
}

BOOST_AUTO_TEST_CASE(large_outbreaks_have_the_final_size) {
    // Complete graph, R0 = 2, 1% infected at the start: the share z ever infected solves
    // 1 - z = 0.99 exp(-R0 z) up to terms of order 1 / nodes.
    const int64_t nodes = 1000;
    double z = 0.8;
    for (int k = 0; k < 200; ++k) z = 1 - 0.99 * std::exp(-2 * z);
    const Map result = simulate({{"graph", complete(nodes)},
                                 {"infection", 2.0 / static_cast<double>(nodes)},
                                 {"recovery", 1.0},
                                 {"initial_infected", 10},
                                 {"step", 200.0},
                                 {"steps", 1},
                                 {"runs", 200},
                                 {"seed", 6}},
                                "event_driven");
    const Estimate size = estimate(counts(result, 1, 2));
    BOOST_TEST(std::abs(size.mean / nodes - z) < 4 * size.error / nodes + 1.0 / nodes);
}

BOOST_AUTO_TEST_CASE(below_the_threshold_outbreaks_stay_small) {
    // R0 = 0.5: a branching process, mean total size below 1 / (1 - R0) = 2.
    const Map result = simulate({{"graph", complete(1000)},
                                 {"infection", 0.0005},
                                 {"recovery", 1.0},
                                 {"step", 100.0},
                                 {"steps", 1},
                                 {"runs", 2000},
                                 {"seed", 7}},
                                "event_driven");
    const Estimate size = estimate(counts(result, 1, 2));
    BOOST_TEST(std::abs(size.mean - 2) < 4 * size.error + 2e-2); // finite size lowers it by 0.4 %
}

BOOST_AUTO_TEST_CASE(short_steps_tend_to_continuous_time) {
    const Map settings{{"graph", tangle(300)},   {"infection", 0.5}, {"recovery", 1.0},
                       {"initial_infected", 10}, {"runs", 300},      {"seed", 8}};
    Map continuous = settings, discrete = settings;
    continuous.insert({{"step", 3.0}, {"steps", 1}});
    discrete.insert({{"step", 0.01}, {"steps", 300}, {"record_every", 300}});
    const Map a = simulate(continuous, "event_driven"), b = simulate(discrete, "discrete");
    for (int64_t state = 0; state < 3; ++state) {
        const Estimate x = estimate(counts(a, 1, state)), y = estimate(counts(b, 1, state));
        // The discrete error is of the order of the step: one per cent of the mean.
        BOOST_TEST(std::abs(x.mean - y.mean) <
                   4 * std::hypot(x.error, y.error) + 0.01 * std::max(x.mean, y.mean));
    }
}

BOOST_AUTO_TEST_CASE(dense_and_sparse_rows_are_sampled_alike) {
    // A star whose hub infects 400 leaves at rate b without recovering: at time 1 a leaf is
    // infected with probability p = 1 - exp(-b). Small p jumps over leaves, large p tries each.
    std::vector<Edge> edges;
    for (int64_t leaf = 1; leaf <= 400; ++leaf) edges.push_back({0, leaf, 1});
    std::vector<double> start(401);
    start[0] = 1;
    for (const bool heavy : {false, true}) // equal weights of 1 take the path of weighted graphs
        for (const double rate : {0.02, 0.1, 0.3, 2.0}) {
            const Map result = simulate({{"graph", graph_from_edges(401, edges, true, heavy)},
                                         {"initial", Tensor::of({401, 1}, start)},
                                         {"infection", rate},
                                         {"recovery", 1e-9},
                                         {"step", 0.5},
                                         {"steps", 2},
                                         {"runs", 200},
                                         {"seed", 9}},
                                        "event_driven");
            for (int64_t t = 1; t <= 2; ++t) {
                const double p = 1 - std::exp(-rate * 0.5 * static_cast<double>(t));
                const Estimate infected = estimate(counts(result, t, 1));
                BOOST_TEST(std::abs(infected.mean - 1 - 400 * p) <
                           4 * std::sqrt(400 * p * (1 - p) / 200));
            }
        }
}

BOOST_AUTO_TEST_SUITE_END()
