// SPDX-License-Identifier: MIT
// The samplers of spins, killed in the middle, end with the bits of an undisturbed call.
#include "call/same_bits.hpp"
#include "plugins/networks_for_tests.hpp"

#include <boost/test/unit_test.hpp>

using namespace espalier;
using namespace stepwise;

namespace {

struct Chain {
    std::string component;
    Map arguments;
};

// Couplings of both signs.
Graph glass(int64_t nodes) {
    std::vector<Edge> edges;
    for (int64_t i = 0; i < nodes; ++i)
        for (int64_t k = 1; k <= 3; ++k)
            edges.push_back({i, (i + k) % nodes, (i * k) % 3 ? 1.0 : -1.0});
    return weighted(nodes, edges, false);
}

// Three spins each.
Map terms(int64_t nodes) {
    std::vector<int64_t> members;
    std::vector<double> couplings;
    for (int64_t i = 0; i < nodes; ++i) {
        members.insert(members.end(), {i, (i + 1) % nodes, (i + 5) % nodes});
        couplings.push_back(i % 2 ? 1 : -0.5);
    }
    return {{"terms", Tensor::of<int64_t>({nodes, 3}, members)},
            {"couplings", Tensor::vector(couplings)}};
}

Map with(Map more, Map some) {
    some.merge(std::move(more));
    return some;
}

// Each long enough for several states. Every coding and algorithm, with all that is recorded.
const Map on_lattice{{"snapshots", 7}, {"surveys", 11}, {"seed", 5}};
const Map on_graph{{"snapshots", 7}, {"measure_every", 50}, {"seed", 5}};
const Map many_valued{{"snapshots", 7}, {"measure_every", 10}, {"replicas", 3}, {"seed", 5}};
const Map tempered{{"temperatures", List{0.5, 1.0, 2.0}},
                   {"exchange_every", 3},
                   {"replicas", 3},
                   {"measure_every", 10},
                   {"seed", 5}};
const std::vector<Chain> chains{
    {"sample.ising_lattice",
     with(on_lattice,
          {{"size", 128}, {"algorithm", "glauber"}, {"sweeps", 150000}, {"measure_every", 100}})},
    {"sample.ising_lattice",
     with(on_lattice, {{"size", 9}, {"lattice", "cubic"}, {"sweeps", 8000}, {"replicas", 5}})},
    {"sample.ising_lattice",
     with(on_lattice, {{"size", 24}, {"algorithm", "wolff"}, {"sweeps", 30000}, {"replicas", 3}})},
    {"sample.ising_lattice",
     with(on_lattice,
          {{"size", 20}, {"algorithm", "swendsen_wang"}, {"sweeps", 30000}, {"coupling", -1}})},
    {"sample.ising_graph",
     with(on_graph, {{"graph", glass(60)}, {"sweeps", 15000}, {"replicas", 11}})},
    {"sample.ising_graph",
     with(with(on_graph, terms(40)), {{"algorithm", "metropolis"}, {"sweeps", 25000}})},
    {"sample.parallel_tempering", with(tempered, {{"graph", glass(60)}, {"sweeps", 15000}})},
    {"sample.potts", with(many_valued, {{"size", 24}, {"sweeps", 6000}, {"temperature", 0.95}})},
    {"sample.potts",
     with(many_valued,
          {{"size", 8}, {"lattice", "cubic"}, {"algorithm", "heat_bath"}, {"sweeps", 6000}})},
    {"sample.xy", with(many_valued, {{"size", 24}, {"sweeps", 6000}, {"temperature", 0.9}})},
    {"sample.xy",
     with(many_valued, {{"size", 24}, {"algorithm", "overrelaxation"}, {"sweeps", 6000}})},
};

} // namespace

BOOST_AUTO_TEST_CASE(a_state_after_every_step_changes_nothing) {
    for (const Chain& chain : chains)
        BOOST_TEST_CONTEXT(chain.component) {
            save_after_every_step(chain.component, chain.arguments);
        }
}

BOOST_AUTO_TEST_CASE(a_killed_chain_ends_with_the_same_bits) {
    std::map<std::string, Kills> kills;
    for (const Chain& chain : chains)
        BOOST_TEST_CONTEXT(chain.component) {
            kill_until_done(chain.component, chain.arguments, {40, 100, 40},
                            kills[chain.component]);
        }
    for (const auto& [component, of] : kills)
        BOOST_TEST_CONTEXT(component) {
            BOOST_TEST(of.all > 0);
            BOOST_TEST(of.resumed > 0);
        }
}
