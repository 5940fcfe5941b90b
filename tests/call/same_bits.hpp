// SPDX-License-Identifier: MIT
// A call in steps, killed or put down and taken up again, ends with the bits of an undisturbed one.
#pragma once

#include "call/child.hpp"
#include "plugins/session.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <csignal>
#include <random>
#include <thread>

namespace stepwise {

// Milliseconds before a kill: least + random in [0, spread), and the spread grows by `more`.
struct Patience {
    unsigned least, spread, more;
};
struct Kills {
    int all = 0, resumed = 0; // of the runs after a kill, those that went on from a saved state
};

inline void kill_until_done(const std::string& component, const espalier::Map& arguments,
                            Patience patience, Kills& kills) {
    static std::mt19937 random(1);
    const std::string right = undisturbed(ESPALIER_TEST_PLUGINS, component, arguments);
    Call call(ESPALIER_TEST_PLUGINS, component, arguments);
    for (;; patience.spread += patience.more) {
        call.threads = 1 << random() % 4;
        const pid_t process = call.start();
        std::this_thread::sleep_for(
            std::chrono::milliseconds(patience.least + random() % patience.spread));
        kill(process, SIGKILL);
        const Outcome o = call.wait(process);
        kills.resumed += o.err.find("goes on from") != std::string::npos;
        if (o.code == 0) {
            BOOST_TEST(o.out == right);
            break;
        }
        BOOST_REQUIRE_MESSAGE(o.code == 128 + SIGKILL, o.err);
        ++kills.all;
    }
    BOOST_TEST(call.files().empty());
    BOOST_TEST_MESSAGE(component << ": " << kills.all << " kills, went on " << kills.resumed);
}

// A state is saved and loaded between any two steps.
inline void save_after_every_step(const std::string& component, const espalier::Map& arguments) {
    using namespace espalier;
    const Digest right = digest_at(2, component, arguments);
    const Call call(ESPALIER_TEST_PLUGINS, component, arguments);
    for (int threads : {1, 8}) {
        SessionOptions options = test_options(threads);
        options.checkpoints = call.checkpoints();
        options.checkpoint_seconds = 0;
        const Map made = Session(std::move(options)).call(component, arguments);
        BOOST_TEST((digest_of(Value(made)) == right));
    }
}

} // namespace stepwise
