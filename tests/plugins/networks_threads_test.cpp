// SPDX-License-Identifier: MIT
// The same bits at any number of threads; other seeds, other graphs.
#include "plugins/generated.hpp"

using namespace espalier;

namespace {

// Sizes of many blocks and batches.
const std::vector<std::pair<std::string, Map>> drawn{
    {"erdos_renyi", {{"nodes", 70'000}, {"mean_degree", 12}}},
    {"erdos_renyi", {{"nodes", 70'000}, {"edges", 300'000}, {"directed", true}}},
    {"barabasi_albert", {{"nodes", 50'000}, {"edges_per_node", 5}}},
    {"barabasi_albert", {{"nodes", 5'000}, {"edges_per_node", 30}}},
    {"watts_strogatz", {{"nodes", 50'000}, {"neighbours", 10}, {"rewiring", 0.5}}},
    {"configuration", {{"nodes", 50'000}, {"exponent", 2.2}, {"max_degree", 2000}}},
    {"configuration", {{"nodes", 20'000}, {"simple", "switch"}, {"max_degree", 100}}},
    {"random_regular", {{"nodes", 50'000}, {"degree", 9}}},
    {"stochastic_block_model",
     {{"sizes", List{30'000, 20'000}}, {"within", 4e-4}, {"between", 1e-4}}},
    {"stochastic_block_model",
     {{"sizes", List{30'000, 20'000}},
      {"within", 4e-4},
      {"between", 1e-4},
      {"degree_exponent", 2.5}}},
    {"chung_lu", {{"nodes", 50'000}, {"mean_degree", 10}}},
    {"kronecker", {{"initiator", List{0.99, 0.57, 0.57, 0.3}}, {"levels", 15}}},
    {"kronecker",
     {{"initiator", List{0.57, 0.19, 0.19, 0.05}}, {"levels", 15}, {"edges", 200'000}}},
    {"forest_fire", {{"nodes", 10'000}}},
    {"random_geometric", {{"nodes", 50'000}, {"mean_degree", 10}, {"periodic", true}}},
    {"random_geometric", {{"nodes", 30'000}, {"mean_degree", 10}, {"dimensions", 3}}},
    {"hyperbolic", {{"nodes", 30'000}}},
    {"lfr", {{"nodes", 20'000}}},
};

} // namespace

BOOST_AUTO_TEST_SUITE(threads)

BOOST_AUTO_TEST_CASE(same_bits) {
    for (const auto& [component, arguments] : drawn) {
        const Digest one = digest_at(1, "generate." + component, arguments);
        for (const int count : {2, 8})
            BOOST_TEST((digest_at(count, "generate." + component, arguments) == one),
                       component << " at " << count << " threads");
    }
    for (const auto& [component, arguments] : std::vector<std::pair<std::string, Map>>{
             {"generate.ring", {{"nodes", 50'000}, {"neighbours", 6}}},
             {"generate.circulant", {{"nodes", 50'000}, {"offsets", List{1, 5, 700}}}},
             {"generate.grid", {{"shape", List{300, 200}}}}})
        BOOST_TEST((digest_at(8, component, arguments) == digest_at(1, component, arguments)));
}

BOOST_AUTO_TEST_CASE(instruction_sets) {
    const auto digest_with = [](Isa isa, const std::string& component, const Map& arguments) {
        SessionOptions options = test_options();
        options.registry.isa = isa;
        Session session(options);
        return digest_of(Value(session.call("generate." + component, arguments)));
    };
    for (const Isa isa : {Isa::v3, Isa::v4}) {
        if (isa > best_isa()) {
            BOOST_TEST_MESSAGE("skipped: this machine does not run " << name_of(isa));
            continue;
        }
        for (const auto& [component, arguments] : drawn)
            BOOST_TEST((digest_with(isa, component, arguments) ==
                        digest_with(Isa::base, component, arguments)),
                       component << " on " << name_of(isa));
    }
}

BOOST_AUTO_TEST_CASE(seeds) {
    for (const auto& [component, arguments] : drawn)
        BOOST_TEST(
            !made(component, arguments, 1).targets.same_as(made(component, arguments, 2).targets),
            component);
}

BOOST_AUTO_TEST_SUITE_END()
