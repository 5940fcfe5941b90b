// SPDX-License-Identifier: MIT
// A stochastic block model fitted to the known part of a network.
#pragma once

#include <espalier/plugin.hpp>
#include <espalier/random.hpp>

#include <cstdint>
#include <vector>

namespace espalier::completion {

// Edges between blocks r and s are as frequent as seen; assignments are judged by the Poisson
// likelihood (Karrer and Newman 2011, arXiv:1008.3926, equation 8).
struct BlockModel {
    std::vector<std::int32_t> block; // of each known node
    std::vector<double> share;       // of the known nodes in each block
    std::vector<double> density;     // blocks x blocks: edges over pairs
};

// The likeliest of `starts` descents, each of `sweeps` sweeps of Gibbs sampling that cools down to
// moves that only rise. Nodes from `known` on are left out.
BlockModel fit_block_model(const Task& task, const GraphView& graph, int64_t known, int64_t blocks,
                           int64_t sweeps, int64_t starts, const Key& key);

} // namespace espalier::completion
