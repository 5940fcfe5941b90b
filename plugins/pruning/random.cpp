// SPDX-License-Identifier: MIT
// Pruning at random: what every other pruner must beat.
#include "scores.hpp"

namespace espalier::pruning {
namespace {

struct RandomPruner : OneShot {
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
        describe_one_shot(s);
    }

    void run(const Task& task) const {
        Problem problem(task);
        prune(task, problem, random_scores(problem.model, task.key(1)));
    }
};

} // namespace
} // namespace espalier::pruning

ESPALIER_COMPONENT(random, espalier::pruning::RandomPruner)
