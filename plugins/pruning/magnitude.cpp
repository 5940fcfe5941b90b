// SPDX-License-Identifier: MIT
// Pruning at once: the smallest weights go.
#include "scores.hpp"

namespace espalier::pruning {
namespace {

struct Magnitude : FineTuning {
    double density = 0.1;
    std::string scope = "global";

    static void describe(Schema<Magnitude>& s) {
        s.pruner("magnitude", "One-shot pruning: the weights of smallest magnitude go")
            .doc(
                R"(Keeps the connections of largest |weight|, over all layers at once (global) or the same share of every layer
(layer), as many as leave density * weights on a path from an input to an output; then fine-tunes with the mask
held. Assumes that a small weight matters little, which holds for inputs of one scale.)")
            .reference("arXiv:1506.02626")
            .example(
                R"(local small = esp.prune.magnitude { model = net.model, inputs = mnist.train_images,
  targets = mnist.train_labels, density = 0.05 }
print(small.kept, small.accuracy))");
        s.random().isa_bits();
        describe_problem(s);
        s.param("density", &Magnitude::density)
            .above(0)
            .max(1)
            .doc("Share of the weights to keep.");
        s.param("scope", &Magnitude::scope)
            .choices({"global", "layer"})
            .doc("Whether layers compete, or each keeps the same share.");
        describe_fine_tuning(s);
        describe_result(s);
    }

    void run(const Task& task) const {
        Problem problem(task);
        Perceptron& model = problem.model;
        Scores scores = magnitudes(model);
        if (scope == "layer") scores = shares_of_layers(std::move(scores));
        keep_highest(model, scores, count_of(density, model.weights()));
        apply(task, model, problem.samples, 0, 0);
        report(task, problem, model);
    }
};

} // namespace
} // namespace espalier::pruning

ESPALIER_COMPONENT(magnitude, espalier::pruning::Magnitude)
