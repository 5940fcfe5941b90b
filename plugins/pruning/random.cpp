// SPDX-License-Identifier: MIT
// Pruning at random: what every other pruner must beat.
#include "scores.hpp"

namespace espalier::pruning {
namespace {

struct RandomPruner : FineTuning {
    double density = 0.1;
    std::string scope = "global";

    static void describe(Schema<RandomPruner>& s) {
        s.pruner("random", "Random pruning: the control")
            .doc(
                R"(Keeps connections drawn uniformly, over all weights (global) or the same share of every layer (layer), as many
as leave density * weights on a path from an input to an output, and fine-tunes them from their values with the
mask held.)")
            .reference("arXiv:1812.10240")
            .example(
                R"(local small = esp.prune.random { model = net.model, inputs = mnist.train_images,
  targets = mnist.train_labels, density = 0.05, seed = 1 })");
        s.random().isa_bits();
        describe_problem(s);
        s.param("density", &RandomPruner::density)
            .above(0)
            .max(1)
            .doc("Share of the weights to keep.");
        s.param("scope", &RandomPruner::scope)
            .choices({"global", "layer"})
            .doc("Whether layers compete, or each keeps the same share.");
        describe_fine_tuning(s);
        describe_result(s);
    }

    void run(const Task& task) const {
        Problem problem(task);
        Perceptron& model = problem.model;
        Scores scores = random_scores(model, task.key(1));
        if (scope == "layer") scores = shares_of_layers(std::move(scores));
        keep_highest(model, scores, count_of(density, model.weights()));
        apply(task, model, problem.samples, 0, 0);
        report(task, problem, model);
    }
};

} // namespace
} // namespace espalier::pruning

ESPALIER_COMPONENT(random, espalier::pruning::RandomPruner)
