// SPDX-License-Identifier: MIT
// What a user reads when groups, products, fires or points cannot make a network.
#include "plugins/generated.hpp"

using namespace espalier;

namespace {

void check_refusal(const std::string& component, const Map& arguments, const std::string& message) {
    BOOST_TEST(refusal_of("generate." + component, arguments) ==
               "generate." + component + ": parameter " + message);
}

} // namespace

BOOST_AUTO_TEST_SUITE(models_messages)

BOOST_AUTO_TEST_CASE(circulant) {
    check_refusal("circulant", {{"nodes", 10}, {"offsets", List{1, 6}}},
                  "'offsets': must be at most half of the nodes, 5, has 6");
    check_refusal("circulant", {{"nodes", 10}, {"offsets", List{3, 1, 3}}},
                  "'offsets': must be different, 3 stands twice");
}

BOOST_AUTO_TEST_CASE(groups) {
    check_refusal("stochastic_block_model", {{"sizes", List{}}},
                  "'sizes': must be of 1 to 4096 groups, are of 0");
    check_refusal("stochastic_block_model", {{"probabilities", List{0.1, 0.2, 0.3}}},
                  "'probabilities': must be 4 for 2 groups, are 3");
    check_refusal("stochastic_block_model", {{"probabilities", List{0.1, 0.2, 0.3, 0.4}}},
                  "'probabilities': must be symmetric; row 1 has 0.2 where column 1 has 0.3");
    check_refusal("stochastic_block_model", {{"degree_exponent", 1.5}},
                  "'degree_exponent': must be above 2, or 0, is 1.5");
    check_refusal("stochastic_block_model", {{"sizes", List{1'000'000}}, {"within", 0.5}},
                  "'sizes': ask for about 249999750000 edges; at most 1000000000 are made");
    check_refusal("chung_lu", {{"nodes", 10}, {"mean_degree", 9.5}},
                  "'mean_degree': must be at most 9 with 10 nodes, is 9.5");
    check_refusal("chung_lu", {{"max_degree", 3}},
                  "'max_degree': must be at least mean_degree, 10, is 3");
}

BOOST_AUTO_TEST_CASE(products) {
    check_refusal("kronecker", {{"initiator", List{0.1, 0.2, 0.3}}},
                  "'initiator': must be a square matrix of 2 to 64 rows, has 3 entries");
    check_refusal("kronecker", {{"initiator", List{0.9, 0.5, 0.4, 0.1}}},
                  "'initiator': must be symmetric for an undirected graph of independent edges; "
                  "entries 3 and 2 differ");
    check_refusal("kronecker", {{"initiator", List(9, 0.1)}, {"levels", 31}},
                  "'levels': ask for 617673396283947 nodes; at most 2147483647 are made");
    check_refusal("kronecker", {{"initiator", List(4, 0.0)}, {"edges", 5}},
                  "'initiator': has no entry above 0 that an edge could drop on");
}

BOOST_AUTO_TEST_CASE(points) {
    check_refusal("random_geometric", {{"radius", 0.1}, {"mean_degree", 5}},
                  "'mean_degree': excludes 'radius': give one of them");
    check_refusal("random_geometric", {{"radius", -0.5}}, "'radius': must be >= 0, is -0.5");
    check_refusal("random_geometric", {{"nodes", 1'000'000}, {"radius", 1}},
                  "'radius': asks for about 499999500000 edges; at most 1000000000 are made");
    check_refusal("hyperbolic", {{"nodes", 11}, {"mean_degree", 6}},
                  "'mean_degree': must be at most 5 with 11 nodes, is 6");
}

BOOST_AUTO_TEST_CASE(fires_and_communities) {
    check_refusal("forest_fire", {{"nodes", 2'000'000'000}},
                  "'nodes': asks for 2000000000 edges or more; at most 1000000000 are made");
    check_refusal("lfr", {{"nodes", 40}},
                  "'max_degree': must be below the number of nodes, 40, is 50");
    check_refusal("lfr", {{"max_community", 30}, {"mixing", 0.1}},
                  "'max_community': must be above (1 - mixing) max_degree, 45, is 30");
}

BOOST_AUTO_TEST_SUITE_END()
