// SPDX-License-Identifier: MIT
// learn.cgin, killed in the middle, ends with the bits of an undisturbed training.
#include "call/same_bits.hpp"

#include <boost/test/unit_test.hpp>

using namespace espalier;
using namespace stepwise;

namespace {

// Draws of the unknown part, held-out pairs and the best epoch are all part of the state.
Map training(int64_t epochs) {
    const Value ring =
        test_session()
            .call("generate.watts_strogatz", {{"nodes", 100}, {"neighbours", 6}, {"seed", 1}})
            .at("graph");
    const Map seen = test_session().call("sample.hidden_nodes", {{"graph", ring}, {"seed", 1}});
    return {{"graph", seen.at("observed")},
            {"hidden", seen.at("hidden")},
            {"epochs", epochs},
            {"resample", 20},
            {"held_out", 0.1},
            {"patience", epochs},
            {"learning_rate", 1e-3},
            {"seed", 1}};
}

} // namespace

BOOST_AUTO_TEST_CASE(a_killed_training_ends_with_the_same_bits) {
    Kills kills;
    kill_until_done("learn.cgin", training(1200), {30, 40, 8}, kills);
    BOOST_TEST(kills.all > 0);
    BOOST_TEST(kills.resumed > 0);
}

BOOST_AUTO_TEST_CASE(a_state_after_every_epoch_changes_nothing) {
    save_after_every_step("learn.cgin", training(150));
}
