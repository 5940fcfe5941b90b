// SPDX-License-Identifier: MIT
// learn.ggn finds small networks exactly, with the right direction, and the same bits on any number
// of threads.
#include "plugins/networks_for_tests.hpp"
#include "plugins/session.hpp"

#include <boost/test/unit_test.hpp>

using namespace espalier;

namespace {

Value simulated(const std::string& simulator, Map arguments) {
    return test_session().call("simulate." + simulator, arguments).at("trajectories");
}

double probability(const Map& found, int64_t from, int64_t to) {
    const Tensor& p = found.at("edge_probability").as<Tensor>();
    return p.values<double>()[static_cast<std::size_t>(from * p.shape()[1] + to)];
}

Map judged(const Map& found, const Value& truth, bool with_diagonal = false) {
    return test_session().call("analyze.edge_recovery", {{"truth", truth},
                                                         {"estimate", found.at("edge_probability")},
                                                         {"ignore_diagonal", !with_diagonal}});
}

Value regular(int64_t nodes, int64_t degree, int64_t seed) {
    return test_session()
        .call("generate.random_regular", {{"nodes", nodes}, {"degree", degree}, {"seed", seed}})
        .at("graph");
}

double held_out_error(const Map& found) {
    return std::get<Tensor>(*found.at("forecast").as<Table>().find("error")).values<double>()[0];
}

// Few steps, enough for a handful of nodes.
Map quick(Value trajectories) {
    return {{"trajectories", std::move(trajectories)},
            {"epochs", 10},
            {"learner_steps", 60},
            {"warm_up", 300},
            {"refine_steps", 50},
            {"hidden", 32},
            {"seed", 1}};
}

} // namespace

BOOST_AUTO_TEST_SUITE(ggn_recovery)

// A directed cycle in which each node copies the one before it: an edge is from the sender to the
// receiver.
BOOST_AUTO_TEST_CASE(rows_of_the_result_are_senders) {
    const int64_t nodes = 6;
    std::vector<std::pair<int64_t, int64_t>> cycle;
    for (int64_t i = 0; i < nodes; ++i) cycle.emplace_back(i, (i + 1) % nodes);
    const Value states = simulated("boolean_network", {{"graph", directed(nodes, cycle)},
                                                       {"rule", "or"},
                                                       {"start", "enumerate"},
                                                       {"runs", 64},
                                                       {"steps", 3}});
    const Map found = test_session().call("learn.ggn", quick(states));
    for (int64_t i = 0; i < nodes; ++i)
        for (int64_t j = 0; j < nodes; ++j) {
            BOOST_TEST_CONTEXT("edge " << i << " -> " << j) {
                if (j == (i + 1) % nodes)
                    BOOST_TEST(probability(found, i, j) > 0.9);
                else
                    BOOST_TEST(probability(found, i, j) < 0.5);
            }
        }
    for (int64_t i = 0; i < nodes; ++i) BOOST_TEST(probability(found, i, i) == 0);
}

// Exclusive or: no input alone says anything about the next state.
BOOST_AUTO_TEST_CASE(exclusive_or_is_recovered_with_self_loops) {
    const Map world = test_session().call("simulate.boolean_network", {{"nodes", 10},
                                                                       {"inputs", 2},
                                                                       {"rule", "xor"},
                                                                       {"start", "enumerate"},
                                                                       {"runs", 1024},
                                                                       {"steps", 1},
                                                                       {"seed", 1}});
    const Map found = test_session().call(
        "learn.ggn",
        {{"trajectories", world.at("trajectories")}, {"self_loops", true}, {"seed", 1}});
    BOOST_TEST(judged(found, world.at("graph"), true).at("wrong").as<int64_t>() == 0);
    BOOST_TEST(held_out_error(found) <= 0.01); // on states that training never saw
}

// By the settings that a user gets: with the few steps of quick() it would be a matter of luck.
BOOST_AUTO_TEST_CASE(a_lattice_of_maps_is_recovered) {
    const Value graph = regular(8, 2, 3);
    const Value states = simulated("coupled_map_lattice", {{"graph", graph},
                                                           {"growth", 3.6},
                                                           {"coupling", 0.2},
                                                           {"runs", 50},
                                                           {"steps", 40},
                                                           {"seed", 3}});
    const Map found = test_session().call("learn.ggn", {{"trajectories", states}, {"seed", 1}});
    BOOST_TEST(judged(found, graph).at("wrong").as<int64_t>() == 0);
    BOOST_TEST(held_out_error(found) < 0.1); // in standard deviations
}

// Chance decides, so that a share of the entropy stays; the network is exact all the same.
BOOST_AUTO_TEST_CASE(voters_are_recovered) {
    const Value graph = regular(8, 2, 5);
    const Value states = simulated(
        "voter", {{"graph", graph}, {"runs", 200}, {"steps", 10}, {"noise", 0.05}, {"seed", 5}});
    const Map found = test_session().call("learn.ggn", quick(states));
    BOOST_TEST(judged(found, graph).at("auc").as<double>() > 0.99);
}

BOOST_AUTO_TEST_CASE(threads_change_no_bit) {
    const Value graph = regular(6, 2, 1);
    for (const char* simulator : {"coupled_map_lattice", "voter"}) {
        Map arguments = quick(
            simulated(simulator, {{"graph", graph}, {"runs", 20}, {"steps", 10}, {"seed", 1}}));
        arguments["epochs"] = 2, arguments["warm_up"] = 20;
        const Digest one = digest_at(1, "learn.ggn", arguments);
        BOOST_TEST((digest_at(2, "learn.ggn", arguments) == one));
        BOOST_TEST((digest_at(8, "learn.ggn", arguments) == one));
    }
}

BOOST_AUTO_TEST_SUITE_END()
