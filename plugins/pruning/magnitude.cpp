// SPDX-License-Identifier: MIT
// Pruning at once: the smallest weights go.
#include "scores.hpp"

namespace espalier::pruning {
namespace {

struct Magnitude : OneShot {
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
        describe_one_shot(s);
    }

    void run(const Task& task) const {
        Problem problem(task);
        prune(task, problem, magnitudes(problem.model));
    }
};

} // namespace
} // namespace espalier::pruning

ESPALIER_COMPONENT(magnitude, espalier::pruning::Magnitude)
