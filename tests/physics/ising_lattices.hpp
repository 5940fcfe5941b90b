// SPDX-License-Identifier: MIT
// Small lattices as graphs, and the kinds of chains to be compared with exact numbers, for tests of
// the Ising family.
#pragma once

#include "ising/lattice.hpp"
#include "values/value.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>
#include <vector>

namespace espalier {

// Weights count the bonds of a pair, times J.
inline Graph graph_of(const ising::Lattice& lattice, double coupling = 1) {
    std::map<std::pair<int64_t, int64_t>, double> bonds;
    for (int64_t site = 0; site < lattice.sites(); ++site)
        for (int n = 0; n < lattice.degree() / 2; ++n) {
            const int64_t other = lattice.neighbours(site)[static_cast<std::size_t>(n)];
            bonds[std::minmax(site, other)] += coupling;
        }
    std::vector<Edge> edges;
    for (const auto& [ends, weight] : bonds) edges.push_back({ends.first, ends.second, weight});
    return graph_from_edges(lattice.sites(), edges, false, true);
}

inline double real_of(const Map& result, const std::string& port) {
    return result.at(port).as<double>();
}

} // namespace espalier
