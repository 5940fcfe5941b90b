// SPDX-License-Identifier: MIT
// sample.ising_lattice, killed in the middle, ends with the bits of an undisturbed call, in each
// coding.
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
    for (const Map& chain : chains) {
        const Map arguments = with_all_outputs(chain);
        const Digest right = digest_at(2, "sample.ising_lattice", arguments);
        Call call(ESPALIER_TEST_PLUGINS, "sample.ising_lattice", arguments);
        for (int threads : {1, 8}) {
            SessionOptions options = test_options(threads);
            options.checkpoints = call.checkpoints();
            options.checkpoint_seconds = 0;
            const Map made = Session(std::move(options)).call("sample.ising_lattice", arguments);
            BOOST_TEST((digest_of(Value(made)) == right));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_killed_chain_ends_with_the_same_bits) {
    std::mt19937 random(1);
    int kills = 0, resumed = 0;
    for (const Map& chain : chains) {
        const Map arguments = with_all_outputs(chain);
        const std::string right =
            undisturbed(ESPALIER_TEST_PLUGINS, "sample.ising_lattice", arguments);
        Call call(ESPALIER_TEST_PLUGINS, "sample.ising_lattice", arguments);
        for (unsigned patience = 100;; patience += 40) {
            call.threads = 1 << random() % 4;
            const pid_t process = call.start();
            std::this_thread::sleep_for(std::chrono::milliseconds(40 + random() % patience));
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
    }
    BOOST_TEST_MESSAGE(kills << " kills, went on " << resumed);
    BOOST_TEST(kills > 0);
    BOOST_TEST(resumed > 0);
}
