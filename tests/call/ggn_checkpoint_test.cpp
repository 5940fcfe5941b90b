// SPDX-License-Identifier: MIT
// learn.ggn, killed in the middle of each of its stages, ends with the bits of an undisturbed
// training.
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
    std::mt19937 random(1);
    for (const char* simulator : {"coupled_map_lattice", "voter"}) {
        const Map arguments = training(simulator);
        const std::string right = undisturbed(ESPALIER_TEST_PLUGINS, "learn.ggn", arguments);
        Call call(ESPALIER_TEST_PLUGINS, "learn.ggn", arguments);
        int kills = 0, resumed = 0;
        for (unsigned patience = 40;; patience += 4) {
            call.threads = 1 << random() % 4;
            const pid_t process = call.start();
            std::this_thread::sleep_for(std::chrono::milliseconds(20 + random() % patience));
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
        BOOST_TEST_MESSAGE(simulator << ": " << kills << " kills, went on " << resumed);
        BOOST_TEST(kills > 0);
    }
}

// A state before every single step: saving and loading between any two changes nothing.
BOOST_AUTO_TEST_CASE(a_state_after_every_step_changes_nothing) {
    const Map arguments = training("coupled_map_lattice");
    const Digest right = digest_at(2, "learn.ggn", arguments);
    Call call(ESPALIER_TEST_PLUGINS, "learn.ggn", arguments);
    for (int threads : {1, 8}) {
        SessionOptions options = test_options(threads);
        options.checkpoints = call.checkpoints();
        options.checkpoint_seconds = 0;
        const Map made = Session(std::move(options)).call("learn.ggn", arguments);
        BOOST_TEST((digest_of(Value(made)) == right));
    }
}
