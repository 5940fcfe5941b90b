// SPDX-License-Identifier: MIT
// learn.ggn, killed in the middle of each of its stages, ends with the bits of an undisturbed
// training.
#include "call/same_bits.hpp"

#include <boost/test/unit_test.hpp>

using namespace espalier;
using namespace stepwise;

namespace {

// Numbers (edges) and classes of a ring of eight, with every stage of the training in it.
Map training(const std::string& simulator) {
    const Value graph =
        test_session().call("generate.random_regular", {{"nodes", 8}, {"degree", 2}}).at("graph");
    const Value seen = test_session()
                           .call("simulate." + simulator,
                                 {{"graph", graph}, {"runs", 20}, {"steps", 10}, {"seed", 1}})
                           .at("trajectories");
    return {{"trajectories", seen}, {"epochs", 4},  {"learner_steps", 30},
            {"warm_up", 60},        {"hidden", 32}, {"refine_steps", 60}};
}

} // namespace

BOOST_AUTO_TEST_CASE(a_killed_training_ends_with_the_same_bits) {
    for (const char* simulator : {"coupled_map_lattice", "voter"}) {
        Kills kills;
        kill_until_done("learn.ggn", training(simulator), {20, 40, 4}, kills);
        BOOST_TEST(kills.all > 0);
    }
}

BOOST_AUTO_TEST_CASE(a_state_after_every_step_changes_nothing) {
    save_after_every_step("learn.ggn", training("coupled_map_lattice"));
}
