// SPDX-License-Identifier: MIT
// What a user reads when a simulation cannot be done, and when a state runs away.
#include "plugins/networks_for_tests.hpp"
#include "plugins/session.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace espalier;

namespace {

Tensor column(std::vector<double> values) {
    return Tensor::of({static_cast<int64_t>(values.size()), 1}, values);
}

} // namespace

BOOST_AUTO_TEST_SUITE(messages)

BOOST_AUTO_TEST_CASE(wrong_arguments) {
    const Graph pair = directed(2, {{0, 1}});
    BOOST_TEST(
        refusal_of("simulate.kuramoto", {{"graph", pair}, {"steps", 100}, {"record_every", 7}}) ==
        "simulate.kuramoto: parameter 'steps': must be a multiple of record_every = 7, such as "
        "98, is 100");
    BOOST_TEST(refusal_of("simulate.voter", {{"graph", pair}, {"initial", column({0, 1, 1})}}) ==
               "simulate.voter: input 'initial' has 3 along axis 'node', input 'graph' has 2");
    BOOST_TEST(
        refusal_of("simulate.boolean_network", {{"nodes", 2}, {"initial", column({0, 1, 1})}}) ==
        "simulate.boolean_network: 'initial': axis node has length 3, but the graph has 2");
    BOOST_TEST(refusal_of("simulate.spring", {{"graph", pair}, {"initial", column({0, 1})}}) ==
               "simulate.spring: 'initial': axis feature has length 1, but this state has 4");
    BOOST_TEST(refusal_of("simulate.voter", {{"graph", pair}, {"initial", column({0, 2})}}) ==
               "simulate.voter: 'initial': holds 2.000000: states are the whole numbers 0 to 1");
    BOOST_TEST(refusal_of("simulate.sir", {{"graph", weighted(2, {{0, 1, -0.5}})}}) ==
               "simulate.sir: 'graph': the weight of edge 0 -> 1 = -0.500000: must be >= 0");
    BOOST_TEST(refusal_of("simulate.sir", {{"graph", pair}, {"initial_infected", 3}}) ==
               "simulate.sir: parameter 'initial_infected': must be <= the graph's 2 nodes, is 3");
    BOOST_TEST(
        refusal_of("simulate.boolean_network", {}) ==
        "simulate.boolean_network: 'graph': is not given: give one, or nodes = ... for a random "
        "network");
    BOOST_TEST(refusal_of("simulate.boolean_network", {{"nodes", 3}, {"inputs", 4}}) ==
               "simulate.boolean_network: parameter 'inputs': must be <= nodes = 3, is 4");
    BOOST_TEST(refusal_of("simulate.boolean_network", {{"graph", pair}, {"rule", "table"}}) ==
               "simulate.boolean_network: 'table': is required when rule is 'table'");
    BOOST_TEST(
        refusal_of("simulate.coupled_map_lattice", {{"graph", weighted(2, {{0, 1, -1.0}})}}) ==
        "simulate.coupled_map_lattice: 'graph': the weights into node 1 sum to -1.000000: must be "
        "> 0");
    BOOST_TEST(
        refusal_of("simulate.kuramoto",
                   {{"graph", pair}, {"frequencies", Tensor::vector(std::vector<double>(3))}}) ==
        "simulate.kuramoto: input 'frequencies' has 3 along axis 'node', input 'graph' has 2");
}

BOOST_AUTO_TEST_CASE(a_state_that_runs_away_is_named_with_its_step) {
    // x -> 4 x (1 - x) from 2: -8, -288, ...; squared each step, beyond 1e308 after 10 steps: the
    // logarithms to base 10 are about 0.9, 2.5, 5.5, 11.6, 23.9, 48.4, 97.4, 195, 391.
    double x = 2;
    int64_t step = 0;
    while (std::isfinite(x)) x = 4 * x * (1 - x), ++step;
    const Map call{{"graph", directed(3, {})},
                   {"initial", column({0.2, 2, 0.4})},
                   {"growth", 4.0},
                   {"steps", 40}};
    const std::string expected =
        "simulate.coupled_map_lattice: 'trajectories': node 1 of run 0 is not finite at step " +
        std::to_string(step);
    BOOST_TEST(refusal_of("simulate.coupled_map_lattice", call) == expected);
    Map sparse = call;
    sparse["record_every"] = 40; // the step is found although nothing was recorded there
    BOOST_TEST(refusal_of("simulate.coupled_map_lattice", sparse) == expected);

    BOOST_TEST(
        refusal_of("simulate.kuramoto",
                   {{"graph", complete(3)}, {"coupling", 1e308}, {"step", 10.0}, {"steps", 1}})
            .find("is not finite at step 1") != std::string::npos);
    // A spring far stiffer than the step can follow.
    BOOST_TEST(
        refusal_of("simulate.spring",
                   {{"graph", complete(3)}, {"stiffness", 1e9}, {"step", 1.0}, {"steps", 200}})
            .find("of run 0 is not finite at step ") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
