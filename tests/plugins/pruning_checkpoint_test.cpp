// SPDX-License-Identifier: MIT
// learn.mlp and the pruners that learn in epochs, killed in the middle or put down after any epoch,
// end with the bits of an undisturbed call.
#include "call/same_bits.hpp"
#include "plugins/supervised.hpp"

#include <boost/test/unit_test.hpp>

using namespace espalier;
using namespace stepwise;

namespace {

Map learning(int64_t epochs) {
    return with(quadrants(1, 500), {{"hidden", List{Value(30), Value(10)}},
                                    {"epochs", epochs},
                                    {"held_out", 0.2},
                                    {"patience", 1000},
                                    {"judge_every", 7}, // in the middle of epochs
                                    {"batch", 40},
                                    {"seed", 1}});
}

const Map& dense() {
    static const Map found = test_session().call(
        "learn.mlp", with(quadrants(1, 500), {{"hidden", List{Value(30), Value(10)}}}));
    return found;
}

Map pruning(double density) {
    return with(quadrants(1, 500), {{"model", dense().at("model")},
                                    {"density", density},
                                    {"batch", 50},
                                    {"fine_tune_epochs", 6},
                                    {"seed", 1}});
}

Map gates(int64_t epochs) { return with(pruning(0.05), {{"epochs", epochs}}); }

Map rounds(const char* rewind) {
    return with(pruning(0.1), {{"initial", dense().at("initial")},
                               {"rewind", rewind},
                               {"share", 0.4},
                               {"round_epochs", 3}});
}

} // namespace

BOOST_AUTO_TEST_SUITE(pruning_checkpoint)

BOOST_AUTO_TEST_CASE(a_state_after_every_epoch_changes_nothing) {
    save_after_every_step("learn.mlp", learning(4));
    save_after_every_step("learn.mlp", with(learning(4), {{"optimiser", "sgd"}, {"patience", 0}}));
    save_after_every_step("prune.gumbel", gates(6));
    save_after_every_step("prune.gumbel", with(gates(6), {{"gates", "units"}, {"density", 0.5}}));
    save_after_every_step("prune.iterative_magnitude", rounds("initial"));
    save_after_every_step("prune.iterative_magnitude", rounds("none"));
    Map game = with(pruning(0), {{"epochs", 5}, {"participation_cost", 10}});
    game.erase("density");
    save_after_every_step("prune.game", game);
}

BOOST_AUTO_TEST_CASE(a_killed_call_ends_with_the_same_bits) {
    Kills kills;
    kill_until_done("learn.mlp", learning(400), {30, 40, 20}, kills);
    kill_until_done("prune.gumbel", gates(500), {30, 40, 20}, kills);
    BOOST_TEST(kills.all > 0);
    BOOST_TEST(kills.resumed > 0);
}

BOOST_AUTO_TEST_SUITE_END()
