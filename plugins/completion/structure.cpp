// SPDX-License-Identifier: MIT
// Degrees and returning walks, from lists of neighbours.
#include "structure.hpp"

#include <algorithm>
#include <cmath>

namespace espalier::completion {

using namespace numerics;

AlignedVector<float> structure_of(Index nodes, std::span<const Arc> arcs) {
    std::vector<std::vector<std::size_t>> neighbours(static_cast<std::size_t>(nodes));
    for (const Arc& a : arcs) {
        if (a.from == a.to) continue;
        neighbours[static_cast<std::size_t>(a.from)].push_back(static_cast<std::size_t>(a.to));
        neighbours[static_cast<std::size_t>(a.to)].push_back(static_cast<std::size_t>(a.from));
    }
    for (auto& row : neighbours) {
        std::sort(row.begin(), row.end());
        row.erase(std::unique(row.begin(), row.end()), row.end());
    }
    const auto degree = [&](std::size_t i) { return static_cast<double>(neighbours[i].size()); };
    std::vector<std::array<double, structural_features>> rows(neighbours.size());
    std::vector<double> after_two(neighbours.size());
    std::vector<std::size_t> reached;
    for (std::size_t i = 0; i < neighbours.size(); ++i) {
        if (neighbours[i].empty()) continue;
        auto& [own, others, two, three, four] = rows[i];
        own = std::log1p(degree(i));
        for (const std::size_t j : neighbours[i]) {
            others += std::log1p(degree(j)) / degree(i);
            for (const std::size_t k : neighbours[j]) {
                if (after_two[k] == 0) reached.push_back(k);
                after_two[k] += 1 / (degree(i) * degree(j));
            }
        }
        two = after_two[i];
        // A walk from j to i is as likely as one from i to j but for the degrees of its ends.
        for (const std::size_t j : neighbours[i]) three += after_two[j] / degree(j);
        for (const std::size_t k : reached) {
            four += after_two[k] * after_two[k] * degree(i) / degree(k);
            after_two[k] = 0;
        }
        reached.clear();
    }
    AlignedVector<float> out(static_cast<std::size_t>(nodes * structural_features));
    const auto count = static_cast<double>(nodes);
    for (std::size_t c = 0; c < structural_features; ++c) {
        double mean = 0, variance = 0;
        for (const auto& row : rows) mean += row[c] / count;
        for (const auto& row : rows) variance += (row[c] - mean) * (row[c] - mean) / count;
        if (variance < 1e-12) continue;
        for (std::size_t i = 0; i < rows.size(); ++i)
            out[i * structural_features + c] =
                static_cast<float>((rows[i][c] - mean) / std::sqrt(variance));
    }
    return out;
}

} // namespace espalier::completion
