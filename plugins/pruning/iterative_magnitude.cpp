// SPDX-License-Identifier: MIT
// Pruning in rounds: learn, drop the smallest, go back to the first values, learn again.
#include "scores.hpp"

#include <cmath>

namespace espalier::pruning {
namespace {

using namespace numerics;

struct IterativeMagnitude : FineTuning {
    double density = 0.1, share = 0.2, learning_rate = 1e-3;
    int64_t round_epochs = 5;
    std::string scope = "global", rewind = "initial";

    static void describe(Schema<IterativeMagnitude>& s);
    void run(const Task& task) const;
};

void IterativeMagnitude::describe(Schema<IterativeMagnitude>& s) {
    s.pruner("iterative_magnitude", "Lottery tickets: prune by magnitude in rounds, with rewinding")
        .doc(
            R"(The model given has been learned. In each round the connections of smallest |weight| are dropped, `share` of those
left (a little less, so that the last round ends at `density`); the others go back to their values in `initial`
(rewind = initial) or stay as they are (rewind = none), and are learned for `round_epochs`. After the last round
they are learned for `fine_tune_epochs`.

`ticket` is the last mask with the values that the last learning began from: learn.mlp with start = ticket learns
it under other settings, and with fresh_values = true it is the control of the paper, the same mask with new values.)")
        .reference("arXiv:1803.03635")
        .example(
            R"(local found = esp.prune.iterative_magnitude { model = net.model, initial = net.initial,
  inputs = mnist.train_images, targets = mnist.train_labels, density = 0.2, seed = 1 }
print(found.accuracy, found.rounds))");
    s.random().isa_bits();
    describe_problem(s);
    s.input_model("initial", "The model before it was learned; needed to rewind.").optional();
    s.param("density", &IterativeMagnitude::density)
        .above(0)
        .max(1)
        .doc("Share of the weights to keep at last.");
    s.param("share", &IterativeMagnitude::share)
        .above(0)
        .below(1)
        .doc("Share of the weights left that a round drops at most.");
    s.param("round_epochs", &IterativeMagnitude::round_epochs)
        .range(0, 1e6)
        .doc("Epochs of learning after each round but the last.");
    s.param("learning_rate", &IterativeMagnitude::learning_rate)
        .above(0)
        .max(10)
        .log_scale()
        .doc("Adam's rate at the start of a round; it falls to 0 as a cosine.");
    s.param("scope", &IterativeMagnitude::scope)
        .choices({"global", "layer"})
        .doc("Whether layers compete, or each keeps the same share.");
    s.param("rewind", &IterativeMagnitude::rewind)
        .choices({"initial", "none"})
        .doc("Where weights begin after a round.");
    describe_fine_tuning(s);
    describe_result(s);
    s.output_model("ticket", "The mask with the values that the last learning began from.");
    s.output_table("rounds", "round, kept, density, accuracy (of the test samples, or of all), as "
                             "the round begins.");
}

void IterativeMagnitude::run(const Task& task) const {
    Problem problem(task);
    Perceptron& model = problem.model;
    if (rewind == "initial" && !task.has("initial"))
        throw Invalid("initial", "is needed to rewind: give learn.mlp's, or rewind = none");
    Perceptron first = rewind == "initial" ? read_perceptron(task, "initial") : model;
    const auto same_shape = [](const PerceptronLayer& a, const PerceptronLayer& b) {
        return a.inputs == b.inputs && a.outputs == b.outputs;
    };
    if (!std::equal(first.layers.begin(), first.layers.end(), model.layers.begin(),
                    model.layers.end(), same_shape))
        throw Invalid("initial", "has other layers than the model");
    const double begun = static_cast<double>(model.kept()) / static_cast<double>(model.weights());
    const auto rounds = std::max<int64_t>(
        1, static_cast<int64_t>(std::ceil(std::log(density / begun) / std::log(1 - share) - 1e-9)));
    const Bundle table = task.output_table("rounds");
    const auto number = table.output<int64_t>("round", {rounds});
    const auto kept = table.output<int64_t>("kept", {rounds});
    const auto densities = table.output<double>("density", {rounds});
    const auto accuracy = table.output<double>("accuracy", {rounds});
    const Samples& judged = problem.tested ? problem.test : problem.samples;
    for (int64_t round = 0; round < rounds; ++round) {
        const double done = static_cast<double>(round) / static_cast<double>(rounds);
        task.progress(done, "rounds");
        number(round) = round + 1;
        kept(round) = model.kept();
        densities(round) = static_cast<double>(kept(round)) / static_cast<double>(model.weights());
        accuracy(round) =
            score(task, PerceptronNetwork(model), model.loss, judged, model.input_scale).accuracy;
        const bool last = round + 1 == rounds;
        const double left = static_cast<double>(round + 1) / static_cast<double>(rounds);
        const double target = last ? density : begun * std::pow(density / begun, left);
        Scores scores = magnitudes(model);
        if (scope == "layer") scores = shares_of_layers(std::move(scores));
        keep_highest(model, scores, count_of(target, model.weights()));
        remove_dead_ends(model);
        if (rewind == "initial")
            for (std::size_t k = 0; k < model.layers.size(); ++k) {
                PerceptronLayer& layer = model.layers[k];
                for (std::size_t i = 0; i < layer.weights.size(); ++i)
                    layer.weights[i] = layer.mask[i] ? first.layers[k].weights[i] : 0;
                layer.biases = first.layers[k].biases;
            }
        if (last) break;
        FitSettings fit = settings(problem.samples.rows());
        fit.schedule.initial = learning_rate;
        fit.schedule.period = std::max<int64_t>(
            1, fit.schedule.period / std::max<int64_t>(1, fine_tune_epochs) * round_epochs);
        fit.epochs = round_epochs;
        fit_pruned(task, model, problem.samples, batch, task.key(static_cast<uint64_t>(round) + 1),
                   fit, done);
    }
    write_perceptron(task.output_model("ticket"), model);
    apply(task, model, problem.samples, 0, 0.99);
    report(task, problem, model);
}

} // namespace
} // namespace espalier::pruning

ESPALIER_COMPONENT(iterative_magnitude, espalier::pruning::IterativeMagnitude)
