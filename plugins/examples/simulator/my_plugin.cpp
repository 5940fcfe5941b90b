// SPDX-License-Identifier: MIT
// A simulator: a law of motion in, trajectories out.
#include <espalier/plugin.hpp>
#include <espalier/random.hpp>

namespace {

struct MyPlugin {
    std::int64_t nodes = 10;
    std::int64_t steps = 100;
    double growth = 3.8;

    static void describe(espalier::Schema<MyPlugin>& s) {
        s.simulator("my_plugin", "Logistic maps side by side")
            .doc(
                "Every node follows $x(t + 1) = r\\,x(t)\\,(1 - x(t))$ with $r$ = `growth`, from a "
                "uniform start in (0, 1).")
            .reference("doi:10.1038/261459a0")
            .example("local x = esp.simulate.my_plugin { growth = 3.5, seed = 1 }.trajectories")
            .random();
        s.param("nodes", &MyPlugin::nodes).range(1, 1e7).doc("Number of nodes.");
        s.param("steps", &MyPlugin::steps).range(1, 1e7).doc("Steps of time.");
        s.param("growth", &MyPlugin::growth).range(0, 4).doc("Growth rate r.");
        s.output_tensor<double>("trajectories", "time,node", "From the start on; in [0, 1].");
    }

    void run(const espalier::Task& task) const {
        constexpr std::uint64_t start_stream = 1;
        const auto x = task.output<double>("trajectories", {steps + 1, nodes});
        const auto key = task.key(start_stream);
        // Chunks of 64 nodes, on as many threads as there are: the cut is by 64 alone, and random
        // numbers belong to a node, so the bits are the same on one thread and on sixty-four.
        task.parallel_for(nodes, 64, [&](std::int64_t begin, std::int64_t end) {
            for (std::int64_t v = begin; v < end; ++v)
                x(0, v) = espalier::Random(key, static_cast<std::uint32_t>(v)).uniform();
            for (std::int64_t t = 0; t < steps; ++t) {
                if (t % 1024 == 0) task.check_cancelled();
                for (std::int64_t v = begin; v < end; ++v)
                    x(t + 1, v) = growth * x(t, v) * (1 - x(t, v));
            }
        });
    }
};

} // namespace

ESPALIER_PLUGIN("org.example.my_plugin", "0.1.0", "MIT", "A. Author", MyPlugin)
