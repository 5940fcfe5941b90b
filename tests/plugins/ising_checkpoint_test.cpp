// SPDX-License-Identifier: MIT
// sample.ising_lattice, killed in the middle, ends with the bits of an undisturbed call, in each
// coding.
#include "call/same_bits.hpp"

#include <boost/test/unit_test.hpp>

using namespace espalier;
using namespace stepwise;

namespace {

// Each long enough for several states.
const std::vector<Map> chains{
    {{"size", 128}, {"algorithm", "glauber"}, {"sweeps", 150000}, {"measure_every", 100}},
    {{"size", 9}, {"lattice", "cubic"}, {"sweeps", 8000}, {"replicas", 5}},
    {{"size", 24}, {"algorithm", "wolff"}, {"sweeps", 30000}, {"replicas", 3}},
    {{"size", 20}, {"algorithm", "swendsen_wang"}, {"sweeps", 30000}, {"coupling", -1}},
};

Map with_all_outputs(Map chain) {
    chain.merge(Map{{"snapshots", 7}, {"surveys", 11}, {"seed", 5}});
    return chain;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_state_after_every_step_changes_nothing) {
    for (const Map& chain : chains)
        save_after_every_step("sample.ising_lattice", with_all_outputs(chain));
}

BOOST_AUTO_TEST_CASE(a_killed_chain_ends_with_the_same_bits) {
    Kills kills;
    for (const Map& chain : chains)
        kill_until_done("sample.ising_lattice", with_all_outputs(chain), {40, 100, 40}, kills);
    BOOST_TEST(kills.all > 0);
    BOOST_TEST(kills.resumed > 0);
}
