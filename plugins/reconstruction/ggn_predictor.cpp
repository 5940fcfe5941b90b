// SPDX-License-Identifier: MIT
// Forecasts with a model of learn.ggn.
#include "forecast.hpp"

#include <espalier/plugin.hpp>

#include <cmath>

namespace espalier::reconstruction {
namespace {

struct GgnPredictor {
    int64_t steps = 10;
    double threshold = 0.5;
    std::string choice = "most_probable";

    static void describe(Schema<GgnPredictor>& s);
    void run(const Task& task) const;
};

void GgnPredictor::describe(Schema<GgnPredictor>& s) {
    s.predictor("ggn", "Forecast by a learned network and its dynamics")
        .doc(
            R"(Starts from the last record of each run of `trajectories` and applies the learned step `steps` times,
each prediction being fed back. Only edges of probability above `threshold` act. Discrete states become the most
probable class, or are drawn from the predicted probabilities (`choice` = draw).)")
        .reference("doi:10.1007/s41109-019-0194-4")
        .example(
            R"(local future = esp.predict.ggn { model = ggn.model, trajectories = maps.trajectories, steps = 10 }
print(future.trajectories))");
    s.random().isa_bits();
    s.input_model("model", "What learn.ggn returned.");
    s.input_tensor<double>("trajectories", "run,time,node,feature|run,time,node|time,node",
                           "Series whose last records are the initial states.");
    s.param("steps", &GgnPredictor::steps).range(1, 1e9).doc("Steps to predict.");
    s.param("threshold", &GgnPredictor::threshold)
        .range(0, 1)
        .doc("Probability above which an edge acts.");
    s.param("choice", &GgnPredictor::choice)
        .choices({"most_probable", "draw"})
        .doc("How a discrete state follows from its probabilities.");
    s.output_tensor<double>("trajectories", "run,time,node,feature",
                            "Initial states and the predicted ones.");
}

void expect(const char* what, Index found, Index wanted) {
    if (found != wanted)
        throw Invalid("trajectories", "has " + std::to_string(found) + " " + what +
                                          ", but the model was learned on " +
                                          std::to_string(wanted));
}

void GgnPredictor::run(const Task& task) const {
    const Dynamics dynamics = read_model(task.model("model"), threshold);
    const Series series(task, "trajectories");
    expect("nodes", series.nodes(), dynamics.network.shape().nodes);
    expect("features", series.features(), dynamics.code.features);
    const Index size = series.frame_size(), last = series.times() - 1;
    const double classes = static_cast<double>(dynamics.code.classes);
    const View<double> out = task.output<double>(
        "trajectories", {series.runs(), steps + 1, series.nodes(), series.features()});
    for (Index run = 0; run < series.runs(); ++run)
        for (Index k = 0; k < size; ++k) {
            const double v = series.frame(run, last)[k];
            if (classes > 0 && !(v >= 0 && v < classes && v == std::floor(v)))
                throw Invalid("trajectories", "holds the state " + std::to_string(v) +
                                                  ": the model knows 0 to " +
                                                  std::to_string(dynamics.code.classes - 1));
        }
    const bool draws = choice == "draw" && classes > 0;
    const Key key = draws ? task.key(1) : Key{};
    task.parallel_for(series.runs(), 1, [&](int64_t run, int64_t) {
        Forecaster forecaster(dynamics);
        Random random(key, static_cast<uint32_t>(run));
        double* to = out.data() + run * (steps + 1) * size;
        std::copy_n(series.frame(run, last), size, to);
        for (int64_t t = 0; t < steps; ++t, to += size) {
            if (t % 16 == 0) task.check_cancelled();
            forecaster.step(to, to + size, draws ? &random : nullptr);
            for (Index k = 0; k < size; ++k)
                if (!std::isfinite(to[size + k]))
                    throw Diverged("trajectories", "run " + std::to_string(run + 1) +
                                                       " is not finite after " +
                                                       std::to_string(t + 1) + " steps");
        }
    });
}

} // namespace
} // namespace espalier::reconstruction

ESPALIER_COMPONENT(ggn_predictor, espalier::reconstruction::GgnPredictor)
