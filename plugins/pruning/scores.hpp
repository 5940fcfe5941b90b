// SPDX-License-Identifier: MIT
// Scores by which connections compete: over all layers at once, or for an equal share of each.
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

} // namespace espalier::pruning
