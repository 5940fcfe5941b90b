// SPDX-License-Identifier: MIT
// Each edge once, towards the node of larger degree: rows of at most sqrt(2 edges) nodes, in which
// triangles are found once (Schank and Wagner 2005, doi:10.1007/11427186_54).
#pragma once

#include <espalier/task.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace espalier::graphs {

// Neighbours of larger degree (of larger number when equal).
struct Upward {
    std::vector<int64_t> offsets;
    std::vector<int32_t> targets;

    Upward(const GraphView& g, const Task& task) : offsets(static_cast<std::size_t>(g.nodes) + 1) {
        const auto above = [&](int64_t v, int32_t u) {
            const int64_t a = g.degree(v), b = g.degree(u);
            return a != b ? b > a : u > v;
        };
        task.parallel_for(g.nodes, grain, [&](int64_t begin, int64_t end) {
            for (int64_t v = begin; v < end; ++v)
                for (const int32_t u : g.neighbours(v)) offsets[v + 1] += above(v, u);
        });
        for (int64_t v = 0; v < g.nodes; ++v) offsets[v + 1] += offsets[v];
        targets.resize(static_cast<std::size_t>(offsets.back()));
        task.parallel_for(g.nodes, grain, [&](int64_t begin, int64_t end) {
            for (int64_t v = begin; v < end; ++v) {
                auto at = targets.begin() + offsets[v];
                for (const int32_t u : g.neighbours(v))
                    if (above(v, u)) *at++ = u;
            }
        });
    }
    std::span<const int32_t> row(int64_t v) const {
        return {targets.data() + offsets[v], targets.data() + offsets[v + 1]};
    }

    static constexpr int64_t grain = 1024;
};

// meet(number, place in a, place in b) for every number in both ascending rows.
template <class Meet>
void intersect(std::span<const int32_t> a, std::span<const int32_t> b, Meet&& meet) {
    for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
        if (a[i] < b[j])
            ++i;
        else if (b[j] < a[i])
            ++j;
        else
            meet(a[i], i, j), ++i, ++j;
    }
}

} // namespace espalier::graphs
