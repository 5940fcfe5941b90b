// SPDX-License-Identifier: MIT
// Boolean networks: truth tables, attractors, Kauffman's wiring.
#include "plugins/networks_for_tests.hpp"
#include "plugins/session.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <map>

using namespace espalier;

namespace {

std::vector<uint8_t> bits(const Map& result) {
    const auto values = result.at("trajectories").as<Tensor>().values<uint8_t>();
    return {values.begin(), values.end()};
}

// Node 3's answer to every state of its inputs 0, 1, 2; the state is counted with node 0 lowest.
std::vector<int> answers(const std::string& rule, int inputs, int own) {
    std::vector<std::pair<int64_t, int64_t>> edges;
    for (int k = 0; k < inputs; ++k) edges.emplace_back(k, 3);
    const auto x =
        bits(test_session().call("simulate.boolean_network", {{"graph", directed(4, edges)},
                                                              {"rule", rule},
                                                              {"start", "enumerate"},
                                                              {"runs", 16},
                                                              {"steps", 1}}));
    std::vector<int> found;
    for (std::size_t run = static_cast<std::size_t>(8 * own);
         run < static_cast<std::size_t>(8 * own + (1 << inputs)); ++run)
        found.push_back(x[run * 8 + 7]);
    return found;
}

// Length of the cycle that run 0 ends in; 0 when none was seen.
int64_t period(const Map& result) {
    const Tensor& t = result.at("trajectories").as<Tensor>();
    const int64_t last = t.shape()[1] - 1;
    for (int64_t back = 1; back <= last; ++back)
        if (t.row(0).row(last).same_as(t.row(0).row(last - back))) return back;
    return 0;
}

} // namespace

BOOST_AUTO_TEST_SUITE(boolean_network)

BOOST_AUTO_TEST_CASE(rules_have_their_truth_tables) {
    using Answers = std::vector<int>;
    BOOST_TEST((answers("xor", 2, 0) == Answers{0, 1, 1, 0}));
    BOOST_TEST((answers("nand", 2, 0) == Answers{1, 1, 1, 0}));
    BOOST_TEST((answers("and", 2, 0) == Answers{0, 0, 0, 1}));
    BOOST_TEST((answers("or", 2, 0) == Answers{0, 1, 1, 1}));
    BOOST_TEST((answers("nor", 2, 0) == Answers{1, 0, 0, 0}));
    BOOST_TEST((answers("majority", 2, 0) == Answers{0, 0, 0, 1})); // a tie keeps 0
    BOOST_TEST((answers("majority", 2, 1) == Answers{0, 1, 1, 1})); // a tie keeps 1
    BOOST_TEST((answers("minority", 3, 0) == Answers{1, 1, 1, 0, 1, 0, 0, 0}));
    BOOST_TEST((answers("majority", 3, 0) == Answers{0, 0, 0, 1, 0, 1, 1, 1}));
    BOOST_TEST((answers("xor", 3, 1) == Answers{0, 1, 1, 0, 1, 0, 0, 1}));
    BOOST_TEST((answers("nand", 0, 1) == Answers{1})); // without inputs a state is kept
}

BOOST_AUTO_TEST_CASE(a_given_table_tells_its_inputs_apart) {
    // 0 AND NOT 1: entry x0 + 2 x1.
    const auto x = bits(test_session().call(
        "simulate.boolean_network", {{"graph", directed(3, {{0, 2}, {1, 2}})},
                                     {"rule", "table"},
                                     {"table", Tensor::vector(std::vector<uint8_t>{0, 1, 0, 0})},
                                     {"start", "enumerate"},
                                     {"runs", 4},
                                     {"steps", 1}}));
    const std::vector<int> expected{0, 1, 0, 0};
    for (std::size_t run = 0; run < 4; ++run) BOOST_TEST(int{x[run * 6 + 5]} == expected[run]);
}

BOOST_AUTO_TEST_CASE(small_circuits_have_known_attractors) {
    const auto run = [](const Graph& graph, const char* rule, std::vector<double> start) {
        return period(test_session().call(
            "simulate.boolean_network",
            {{"graph", graph},
             {"rule", rule},
             {"initial", Tensor::of({static_cast<int64_t>(start.size()), 1}, start)},
             {"steps", 40}}));
    };
    const Graph loop3 = directed(3, {{0, 1}, {1, 2}, {2, 0}});
    BOOST_TEST(run(loop3, "and", {1, 0, 0}) == 3); // a pulse going round
    BOOST_TEST(run(loop3, "and", {1, 1, 1}) == 1);
    BOOST_TEST(run(loop3, "nand", {0, 0, 0}) == 2); // three inverters in step
    BOOST_TEST(run(loop3, "nand", {1, 0, 0}) == 6); // three inverters, the ring oscillator
    // x(t+1) = x_left xor x_right on a ring of 2^k nodes dies out.
    BOOST_TEST(run(ring_of(8), "xor", {1, 0, 0, 0, 0, 0, 0, 0}) == 1);
    BOOST_TEST(run(ring_of(5), "xor", {1, 0, 0, 0, 0}) == 3);
}

BOOST_AUTO_TEST_CASE(enumerating_visits_every_state_once) {
    const auto x = bits(test_session().call(
        "simulate.boolean_network",
        {{"nodes", 6}, {"inputs", 2}, {"start", "enumerate"}, {"runs", 64}, {"steps", 0}}));
    for (std::size_t run = 0; run < 64; ++run)
        for (std::size_t v = 0; v < 6; ++v) BOOST_TEST(int{x[run * 6 + v]} == (run >> v & 1));
}

BOOST_AUTO_TEST_CASE(kauffman_wiring_is_uniform_with_different_inputs) {
    const int64_t nodes = 20, inputs = 3, draws = 400;
    std::map<std::pair<int64_t, int64_t>, int64_t> seen;
    for (int64_t seed = 0; seed < draws; ++seed) {
        const Map result = test_session().call(
            "simulate.boolean_network",
            {{"nodes", nodes}, {"inputs", inputs}, {"steps", 0}, {"seed", seed}});
        const Graph& graph = result.at("graph").as<Graph>();
        graph.check();
        BOOST_TEST_REQUIRE(graph.directed);
        std::vector<int64_t> into(static_cast<std::size_t>(nodes));
        for (const Edge& e : edges_of(graph))
            ++into[static_cast<std::size_t>(e.to)], ++seen[{e.from, e.to}];
        for (const int64_t degree : into) BOOST_TEST_REQUIRE(degree == inputs);
    }
    // Each of the 400 ordered pairs is drawn with probability 3/20: chi squared, mean about 400
    // (the sum over a receiver's pairs is fixed), standard deviation about 28; 5 of them are
    // allowed.
    const double p = static_cast<double>(inputs) / static_cast<double>(nodes);
    const double expected = p * static_cast<double>(draws);
    double chi = 0;
    for (int64_t i = 0; i < nodes; ++i)
        for (int64_t j = 0; j < nodes; ++j) {
            const double off = static_cast<double>(seen[{i, j}]) - expected;
            chi += off * off / (expected * (1 - p));
        }
    BOOST_TEST(std::abs(chi - 400) < 5 * 28.3);
}

BOOST_AUTO_TEST_CASE(random_tables_have_their_bias_and_a_shared_one_is_shared) {
    const int64_t nodes = 2000;
    const auto ones = [&](const char* rule) {
        // All inputs are 0 (density 0), so the next state of a node is entry 0 of its table.
        const auto x = bits(test_session().call("simulate.boolean_network", {{"nodes", nodes},
                                                                             {"inputs", 2},
                                                                             {"rule", rule},
                                                                             {"bias", 0.3},
                                                                             {"density", 0.0},
                                                                             {"steps", 1},
                                                                             {"seed", 5}}));
        return std::count(x.begin() + nodes, x.end(), 1);
    };
    const double deviation = std::sqrt(nodes * 0.3 * 0.7);
    BOOST_TEST(std::abs(static_cast<double>(ones("random")) - 0.3 * nodes) < 5 * deviation);
    BOOST_TEST((ones("shared_random") == 0 || ones("shared_random") == nodes));
}

BOOST_AUTO_TEST_CASE(noise_flips_with_its_probability) {
    const auto x =
        bits(test_session().call("simulate.boolean_network", {{"graph", directed(5000, {})},
                                                              {"noise", 0.2},
                                                              {"steps", 1},
                                                              {"density", 0.5},
                                                              {"seed", 2}}));
    int64_t flipped = 0;
    for (std::size_t v = 0; v < 5000; ++v) flipped += x[v] != x[5000 + v];
    BOOST_TEST(std::abs(static_cast<double>(flipped) - 1000) < 5 * std::sqrt(5000 * 0.2 * 0.8));
}

BOOST_AUTO_TEST_SUITE_END()
