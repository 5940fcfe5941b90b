// SPDX-License-Identifier: MIT
// Scores by which connections compete, over all layers at once or for an equal share of each, and
// what pruners share that decide by them at once.
#pragma once

#include "pruned.hpp"

namespace espalier::pruning {

using Scores = std::vector<std::vector<float>>; // one a weight, layer after layer

// |weight|; -infinity where the connection is pruned already.
Scores magnitudes(const Perceptron& model);
// The rank of each score in its layer, as a share: highest 1. By it every layer keeps the same
// share.
Scores shares_of_layers(Scores scores);
// Uniform in (0, 1); -infinity where the connection is pruned already.
Scores random_scores(const Perceptron& model, const Key& key);

// A pruner that decides once and then fine-tunes: inherit, and describe.
struct OneShot : FineTuning {
    double density = 0.1;
    std::string scope = "global";

    // Keeps the highest scores, fine-tunes and reports.
    void prune(const Task& task, Problem& problem, Scores scores) const;
};

template <class T> void describe_one_shot(Schema<T>& s) {
    double T::*density = &OneShot::density;
    std::string T::*scope = &OneShot::scope;
    s.random().isa_bits();
    describe_problem(s);
    s.param("density", density).above(0).max(1).doc("Share of the weights to keep.");
    s.param("scope", scope)
        .choices({"global", "layer"})
        .doc("Whether layers compete, or each keeps the same share.");
    describe_fine_tuning(s);
    describe_result(s);
}

} // namespace espalier::pruning
