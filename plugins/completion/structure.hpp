// SPDX-License-Identifier: MIT
// What the neighbourhood of a node looks like, in numbers that do not depend on its name.
#pragma once

#include "hidden_part.hpp"

#include <espalier/numerics/arena.hpp>

#include <span>

namespace espalier::completion {

constexpr numerics::Index structural_features = 5;

// Of each node: log(1 + degree), the mean of that over its neighbours, and the probabilities that a
// random walk is back after 2, 3 and 4 steps (Dwivedi et al. 2022, arXiv:2110.07875); each column
// brought to mean 0 and variance 1 over the nodes, or to 0 when it is constant. An arc either way
// makes two nodes neighbours; of an isolated node all five are 0 before that. nodes x
// structural_features.
numerics::AlignedVector<float> structure_of(numerics::Index nodes, std::span<const Arc> arcs);

} // namespace espalier::completion
