// SPDX-License-Identifier: MIT
// What a user reads when a network cannot be made.
#include "plugins/generated.hpp"

using namespace espalier;

BOOST_AUTO_TEST_SUITE(messages)

BOOST_AUTO_TEST_CASE(lattices) {
    BOOST_TEST(refusal_of("generate.ring", {{"neighbours", 3}}) ==
               "generate.ring: parameter 'neighbours': must be even, is 3");
    BOOST_TEST(
        refusal_of("generate.watts_strogatz", {{"nodes", 10}, {"neighbours", 10}}) ==
        "generate.watts_strogatz: parameter 'neighbours': must be below the number of nodes, "
        "10, is 10");
    BOOST_TEST(
        refusal_of("generate.ring", {{"nodes", 1'000'000'000}, {"neighbours", 4}}) ==
        "generate.ring: parameter 'neighbours': asks for 2000000000 edges; at most 1000000000 "
        "are made");
    BOOST_TEST(refusal_of("generate.grid", {{"shape", List{}}}) ==
               "generate.grid: parameter 'shape': must have 1 to 8 sides, has 0");
    BOOST_TEST(
        refusal_of("generate.grid", {{"shape", List{100'000, 100'000}}}) ==
        "generate.grid: parameter 'shape': asks for 10000000000 nodes; at most 2147483647 are "
        "made");
}

BOOST_AUTO_TEST_CASE(random_graphs) {
    BOOST_TEST(refusal_of("generate.erdos_renyi", {{"probability", -0.5}}) ==
               "generate.erdos_renyi: parameter 'probability': must be in [0, 1], is -0.5");
    BOOST_TEST(refusal_of("generate.erdos_renyi", {{"probability", 0.1}, {"edges", 5}}) ==
               "generate.erdos_renyi: parameter 'edges': excludes 'probability': give one of "
               "probability, edges, mean_degree");
    BOOST_TEST(
        refusal_of("generate.erdos_renyi", {{"nodes", 10}, {"edges", 46}}) ==
        "generate.erdos_renyi: parameter 'edges': must be at most 45, the pairs of 10 nodes, "
        "is 46");
    BOOST_TEST(
        refusal_of("generate.erdos_renyi", {{"nodes", 10}, {"mean_degree", 9.5}}) ==
        "generate.erdos_renyi: parameter 'mean_degree': must be at most 9 with 10 nodes, is 9.5");
    BOOST_TEST(
        refusal_of("generate.erdos_renyi", {{"nodes", 1'000'000}, {"probability", 0.5}}) ==
        "generate.erdos_renyi: parameter 'probability': asks for about 249999750000 edges; at "
        "most 1000000000 are made");
    BOOST_TEST(refusal_of("generate.barabasi_albert", {{"nodes", 5}, {"edges_per_node", 5}}) ==
               "generate.barabasi_albert: parameter 'edges_per_node': must be below the number of "
               "nodes, 5, is 5");
}

BOOST_AUTO_TEST_CASE(degrees) {
    BOOST_TEST(
        refusal_of("generate.random_regular", {{"nodes", 5}, {"degree", 3}}) ==
        "generate.random_regular: parameter 'degree': must be even when the number of nodes is "
        "odd, is 3");
    BOOST_TEST(refusal_of("generate.configuration", {{"degrees", List{1, 2}}}) ==
               "generate.configuration: parameter 'degrees': must have an even sum, is 3");
    BOOST_TEST(
        refusal_of("generate.configuration",
                   {{"degrees", List{3, 3, 1, 1}}, {"simple", "switch"}}) ==
        "generate.configuration: parameter 'degrees': no simple graph has these degrees: take "
        "simple = 'erase'");
    BOOST_TEST(
        refusal_of("generate.configuration", {{"degrees", List{2, 2}}, {"simple", "repeat"}}) ==
        "generate.configuration: parameter 'degrees': node 0 has degree 2: at most 1 is "
        "possible with 2 nodes");
    BOOST_TEST(
        refusal_of("generate.configuration",
                   {{"degrees", List(40, Value(12))}, {"simple", "repeat"}, {"attempts", 10}}) ==
        "generate.configuration: parameter 'simple': 'repeat' found no simple graph in 10 "
        "pairings: take 'switch', or more attempts");
    BOOST_TEST(
        refusal_of("generate.configuration", {{"min_degree", 9}, {"max_degree", 8}}) ==
        "generate.configuration: parameter 'max_degree': must be at least min_degree, 9, is 8");
    BOOST_TEST(
        refusal_of("generate.configuration",
                   {{"nodes", 9}, {"min_degree", 3}, {"max_degree", 3}}) ==
        "generate.configuration: parameter 'nodes': must be even when every degree is 3, is 9");
}

BOOST_AUTO_TEST_SUITE_END()
