// SPDX-License-Identifier: MIT
// learn.cgin, killed in the middle, ends with the bits of an undisturbed training.
#include "call/child.hpp"
#include "plugins/session.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <csignal>
#include <random>
#include <thread>

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
    std::mt19937 random(1);
    const Map arguments = training(1200);
    const std::string right = undisturbed(ESPALIER_TEST_PLUGINS, "learn.cgin", arguments);
    Call call(ESPALIER_TEST_PLUGINS, "learn.cgin", arguments);
    int kills = 0, resumed = 0;
    for (unsigned patience = 40;; patience += 8) {
        call.threads = 1 << random() % 4;
        const pid_t process = call.start();
        std::this_thread::sleep_for(std::chrono::milliseconds(30 + random() % patience));
        kill(process, SIGKILL);
        const Outcome o = call.wait(process);
        resumed += o.err.find("goes on from") != std::string::npos;
        if (o.code == 0) {
            BOOST_TEST(o.out == right);
            break;
        }
        BOOST_REQUIRE_MESSAGE(o.code == 128 + SIGKILL, o.err);
        ++kills;
    }
    BOOST_TEST(call.files().empty());
    BOOST_TEST_MESSAGE(kills << " kills, went on " << resumed);
    BOOST_TEST(kills > 0);
    BOOST_TEST(resumed > 0);
}

// Saving and loading between any two epochs changes nothing.
BOOST_AUTO_TEST_CASE(a_state_after_every_epoch_changes_nothing) {
    const Map arguments = training(150);
    const Digest right = digest_at(2, "learn.cgin", arguments);
    Call call(ESPALIER_TEST_PLUGINS, "learn.cgin", arguments);
    for (int threads : {1, 8}) {
        SessionOptions options = test_options(threads);
        options.checkpoints = call.checkpoints();
        options.checkpoint_seconds = 0;
        const Map made = Session(std::move(options)).call("learn.cgin", arguments);
        BOOST_TEST((digest_of(Value(made)) == right));
    }
}
