// SPDX-License-Identifier: MIT
// A predictor: a model and data in, predictions out.
#include <espalier/plugin.hpp>

namespace {

struct MyPlugin {
    std::int64_t steps = 10;

    static void describe(espalier::Schema<MyPlugin>& s) {
        s.predictor("my_plugin", "Forecast of an autoregression of order one")
            .doc("$x_i(t + 1) = a_i + b_i x_i(t)$ from the last state given, with tensors "
                 "`intercept` ($a$) and `slope` ($b$) of the model, a number a node each.")
            .reference("doi:10.1098/rsta.1927.0007")
            .example("local ahead = esp.predict.my_plugin { model = m, state = x }.forecast");
        s.input_model("model", "Tensors `intercept` and `slope`.");
        s.input_tensor<double>("state", "node", "Where the forecast begins.");
        s.param("steps", &MyPlugin::steps).range(1, 1e7).doc("How far to look ahead.");
        s.output_tensor<double>("forecast", "time,node", "The steps after the state.");
    }

    void run(const espalier::Task& task) const {
        const auto intercept = task.model("model").tensor<double>("intercept");
        const auto slope = task.model("model").tensor<double>("slope");
        const auto state = task.tensor<double>("state");
        const std::int64_t nodes = state.size();
        if (intercept.size() != nodes || slope.size() != nodes)
            throw espalier::Invalid("model", "is of another number of nodes than 'state'");
        const auto forecast = task.output<double>("forecast", {steps, nodes});
        for (std::int64_t i = 0; i < nodes; ++i) {
            double x = state(i);
            for (std::int64_t t = 0; t < steps; ++t)
                forecast(t, i) = x = intercept.flat()[static_cast<std::size_t>(i)] +
                                     slope.flat()[static_cast<std::size_t>(i)] * x;
        }
    }
};

} // namespace

ESPALIER_PLUGIN("org.example.my_plugin", "0.1.0", "MIT", "A. Author", MyPlugin)
