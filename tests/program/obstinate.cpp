// SPDX-License-Identifier: MIT
// A plugin that is interrupted at a step of its own choice, so that tests can count steps, not
// time.
#include <espalier/plugin.hpp>

#include <csignal>
#include <cstdlib>

namespace {

struct Interrupted {
    std::int64_t at = 3;
    std::int64_t steps = 1000;
    std::int64_t signals = 1;
    bool listens = true;

    static void describe(espalier::Schema<Interrupted>& s) {
        s.simulator("interrupted", "Sends Ctrl-C to its own process");
        s.param("at", &Interrupted::at).range(0, 1e6).doc("Step at which the signal is sent.");
        s.param("steps", &Interrupted::steps).range(1, 1e6).doc("Number of steps.");
        s.param("signals", &Interrupted::signals).range(0, 2).doc("How many signals are sent.");
        s.param("listens", &Interrupted::listens).doc("Whether it asks if it should stop.");
        s.output_integer("done", "Steps made.");
    }
    // A signal that a thread raises for itself arrives before raise returns.
    void run(const espalier::Task& task) const {
        for (std::int64_t step = 0; step < steps; ++step) {
            if (listens) task.progress(static_cast<double>(step) / static_cast<double>(steps));
            task.note("step " + std::to_string(step));
            if (step == at)
                for (std::int64_t i = 0; i < signals; ++i) std::raise(SIGINT);
        }
        task.output_value("done", steps);
    }
};

} // namespace

ESPALIER_PLUGIN("org.example.obstinate", "1.0.0", "MIT", "", Interrupted)
