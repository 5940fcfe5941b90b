// SPDX-License-Identifier: MIT
// What the Ising family says to wrong calls.
#include "plugins/networks_for_tests.hpp"
#include "plugins/session.hpp"

#include <boost/test/unit_test.hpp>

using namespace espalier;

namespace {

std::string refused(const Map& call) { return refusal_of("sample.ising_lattice", call); }

} // namespace

BOOST_AUTO_TEST_SUITE(messages)

BOOST_AUTO_TEST_CASE(lattices) {
    BOOST_TEST(refused({{"coupling", 0.0}}) == "sample.ising_lattice: parameter 'coupling': must "
                                               "not be 0: the spins would be independent");
    BOOST_TEST(refused({{"size", 100}, {"coding", "spread"}}) ==
               "sample.ising_lattice: parameter 'size': must be a multiple of 128 for coding = "
               "'spread', is 100");
    BOOST_TEST(refused({{"size", 3000}}) ==
               "sample.ising_lattice: parameter 'size': makes 9000000 sites; a stack of "
               "512 lattices holds at most 8388608: use a multiple of 128");
    BOOST_TEST(refused({{"algorithm", "wolff"}, {"coding", "stacked"}}) ==
               "sample.ising_lattice: parameter 'coding': is for metropolis and glauber: leave it "
               "out with wolff");
    BOOST_TEST(refused({{"sweeps", 3}, {"measure_every", 2}}) ==
               "sample.ising_lattice: parameter 'sweeps': makes 1 records (sweeps / measure_every, "
               "times replicas); "
               "at least 2 are needed");
    BOOST_TEST(refused({{"sweeps", 3}, {"snapshots", 4}}) ==
               "sample.ising_lattice: parameter 'snapshots': must be <= sweeps = 3, is 4");
    BOOST_TEST(refused({{"size", 4},
                        {"initial", Tensor::of<uint8_t>({1, 4, 3}, std::vector<uint8_t>(12))}}) ==
               "sample.ising_lattice: 'initial': must hold 1 replicas of a lattice of size 4 "
               "along each of 2 axes");
    BOOST_TEST(
        refused({{"size", 2},
                 {"initial", Tensor::of<uint8_t>({1, 2, 2}, std::vector<uint8_t>{0, 1, 2, 1})}}) ==
        "sample.ising_lattice: 'initial': holds 2: spins are 1 (up) and 0 (down)");
}

BOOST_AUTO_TEST_CASE(sums_over_states) {
    BOOST_TEST(refusal_of("analyze.ising_exact", {{"graph", ring_of(25)}}) ==
               "analyze.ising_exact: 'graph': must have 1 to 24 nodes, has 25");
    BOOST_TEST(refusal_of("analyze.ising_exact", {{"graph", directed(3, {{0, 1}})}}) ==
               "analyze.ising_exact: 'graph': must be undirected: a coupling acts both ways");
    BOOST_TEST(
        refusal_of("analyze.ising_exact",
                   {{"graph", ring_of(5)}, {"fields", Tensor::vector(std::vector<double>(4))}}) ==
        "analyze.ising_exact: input 'fields' has 4 along axis 'node', input 'graph' has 5");
}

// A final snapshot goes on where it ended: no warm-up is needed.
BOOST_AUTO_TEST_CASE(a_snapshot_is_a_start) {
    const Map first = test_session().call("sample.ising_lattice", {{"size", 32},
                                                                   {"temperature", 0.5},
                                                                   {"start", "up"},
                                                                   {"warm_up", 0},
                                                                   {"sweeps", 5},
                                                                   {"snapshots", 1},
                                                                   {"replicas", 3}});
    const Tensor state = first.at("snapshots").as<Tensor>();
    BOOST_TEST(state.values<uint8_t>().size() == 3u * 32 * 32);
    const Tensor start = Tensor::of<uint8_t>({3, 32, 32}, state.values<uint8_t>());
    const Map next = test_session().call("sample.ising_lattice", {{"size", 32},
                                                                  {"temperature", 0.5},
                                                                  {"initial", start},
                                                                  {"warm_up", 0},
                                                                  {"sweeps", 5},
                                                                  {"replicas", 3}});
    const Tensor energies = next.at("energies").as<Tensor>();
    for (const double energy : energies.values<double>()) BOOST_TEST(energy == -2.0);
}

BOOST_AUTO_TEST_SUITE_END()
