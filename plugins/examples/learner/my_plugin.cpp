// SPDX-License-Identifier: MIT
// A learner: data in, a model out.
#include <espalier/plugin.hpp>

#include <cmath>

namespace {

struct MyPlugin {
    static void describe(espalier::Schema<MyPlugin>& s) {
        s.learner("my_plugin", "Autoregression of order one, a node at a time")
            .doc("Least squares for $x_i(t + 1) = a_i + b_i x_i(t)$; a node that never varies has "
                 "$b_i = 0$. The model holds `intercept` and `slope`, a number a node each.")
            .reference("doi:10.1098/rsta.1927.0007")
            .example("local model = esp.learn.my_plugin { trajectories = x }.model");
        s.input_tensor<double>("trajectories", "time,node", "At least three times.");
        s.output_model("model", "Tensors `intercept` and `slope`.");
        s.output_tensor<double>("residual", "node", "Root mean square of what is not explained.");
    }

    void run(const espalier::Task& task) const {
        const auto x = task.tensor<double>("trajectories");
        const std::int64_t steps = x.axis(0) - 1, nodes = x.axis(1);
        if (steps < 2) throw espalier::Invalid("trajectories", "has fewer than three times");
        const auto model = task.output_model("model");
        const auto intercept = model.output<double>("intercept", {nodes});
        const auto slope = model.output<double>("slope", {nodes});
        const auto residual = task.output<double>("residual", {nodes});
        task.parallel_for(nodes, 64, [&](std::int64_t begin, std::int64_t end) {
            for (std::int64_t i = begin; i < end; ++i)
                fit(x, i, intercept(i), slope(i), residual(i));
        });
    }

private:
    static void fit(const espalier::View<const double>& x, std::int64_t i, double& a, double& b,
                    double& residual) {
        const std::int64_t steps = x.axis(0) - 1;
        const auto n = static_cast<double>(steps);
        double before = 0, after = 0;
        for (std::int64_t t = 0; t < steps; ++t) before += x(t, i) / n, after += x(t + 1, i) / n;
        double spread = 0, shared = 0, rest = 0;
        for (std::int64_t t = 0; t < steps; ++t) {
            spread += (x(t, i) - before) * (x(t, i) - before);
            shared += (x(t, i) - before) * (x(t + 1, i) - after);
        }
        b = spread > 0 ? shared / spread : 0;
        a = after - b * before;
        for (std::int64_t t = 0; t < steps; ++t) {
            const double error = x(t + 1, i) - a - b * x(t, i);
            rest += error * error;
        }
        residual = std::sqrt(rest / n);
    }
};

} // namespace

ESPALIER_PLUGIN("org.example.my_plugin", "0.1.0", "MIT", "A. Author", MyPlugin)
