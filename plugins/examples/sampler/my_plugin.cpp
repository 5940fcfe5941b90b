// SPDX-License-Identifier: MIT
// A sampler: a distribution in, draws out.
#include <espalier/plugin.hpp>
#include <espalier/random.hpp>

#include <cmath>

namespace {

struct MyPlugin {
    std::int64_t draws = 1000;
    double exponent = 2.5;
    double least = 1;

    static void describe(espalier::Schema<MyPlugin>& s) {
        s.sampler("my_plugin", "Power law")
            .doc("Independent draws of density $p(x) \\propto x^{-\\alpha}$ for $x \\ge$ `least`, "
                 "by "
                 "inversion: $x = x_{\\min} u^{-1/(\\alpha - 1)}$, $u$ uniform in (0, 1].")
            .reference("doi:10.1137/070710111")
            .example("local x = esp.sample.my_plugin { draws = 10000, seed = 1 }.sample")
            .random();
        s.param("draws", &MyPlugin::draws).range(1, 1e9).doc("How many.");
        s.param("exponent", &MyPlugin::exponent).above(1).max(100).doc("Exponent alpha.");
        s.param("least", &MyPlugin::least).above(0).doc("Smallest value.");
        s.output_tensor<double>("sample", "draw", "The draws.");
    }

    void run(const espalier::Task& task) const {
        constexpr std::uint64_t draw_stream = 1;
        const auto x = task.output<double>("sample", {draws});
        const auto key = task.key(draw_stream);
        constexpr std::int64_t grain = 4096; // one sequence of random numbers a chunk
        task.parallel_for(draws, grain, [&](std::int64_t begin, std::int64_t end) {
            espalier::Random random(key, static_cast<std::uint32_t>(begin / grain));
            for (std::int64_t i = begin; i < end; ++i)
                x(i) = least * std::pow(random.uniform_positive(), -1 / (exponent - 1));
        });
    }
};

} // namespace

ESPALIER_PLUGIN("org.example.my_plugin", "0.1.0", "MIT", "A. Author", MyPlugin)
