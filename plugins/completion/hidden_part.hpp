// SPDX-License-Identifier: MIT
// Samples of the part of a network that was not observed, from the present embedding.
#pragma once

#include <espalier/numerics/matrix.hpp>
#include <espalier/random.hpp>
#include <espalier/task.hpp>

#include <cstdint>
#include <vector>

namespace espalier::completion {

struct Arc {
    std::int32_t from, to;
};

struct HiddenPartSettings {
    bool symmetric = true; // each pair is drawn once and stands both ways; else each way by itself
    double sharpness = 1;  // pairs are drawn in proportion to sigmoid(z_i . z_j) ^ sharpness
};

// Entries of the adjacency matrix in which one node at least is not known (the nodes from `known`
// on), each drawn by itself such that about `expected` of them are edges; the diagonal is left out.
// A probability above 1 is cut. Draws belong to (key, round, row). Sorted by from, then to, when
// not symmetric.
std::vector<Arc> sample_hidden_part(const Task& task, numerics::MatrixView<const float> z,
                                    numerics::Index known, double expected,
                                    const HiddenPartSettings& settings, const Key& key,
                                    std::uint32_t round);

} // namespace espalier::completion
