// SPDX-License-Identifier: MIT
// A stochastic Kronecker graph fitted to a network of which some nodes were not observed.
#pragma once

#include <espalier/plugin.hpp>
#include <espalier/random.hpp>

#include <array>
#include <cstdint>
#include <vector>

namespace espalier::completion {

// The probability of the pair (i, j) is a^x b^y c^z, where x, y, z count the binary digits of
// place[i] and place[j] that are both 0, differ, and are both 1; initiator: a, b, c in (0, 1).
struct KroneckerModel {
    std::array<double, 3> initiator;
    int levels; // 2^levels places
    std::vector<std::uint32_t> place;

    double operator()(std::int64_t i, std::int64_t j) const;
};

// Network completion by expectation and maximisation (Kim and Leskovec 2011,
// doi:10.1137/1.9781611972818.5): in each of `rounds` rounds Metropolis steps exchange the places
// of nodes, the pairs with a node from `known` on are drawn anew from the model, and the initiator
// climbs the likelihood of the completed network. As in KronFit (Leskovec et al. 2010, JMLR 11) the
// sum over all pairs is taken in closed form to second order, and places that no node has are
// isolated. At least two known nodes with an edge.
KroneckerModel fit_kronecker(const Task& task, const GraphView& graph, int64_t known,
                             int64_t rounds, const Key& key);

} // namespace espalier::completion
