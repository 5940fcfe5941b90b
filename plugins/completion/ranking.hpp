// SPDX-License-Identifier: MIT
// How well scores rank edges above pairs without one.
#pragma once

#include <algorithm>
#include <vector>

namespace espalier::completion {

struct Scored {
    double score;
    bool edge;
};

struct Ranking {
    double auc = 0;               // a tie counts one half (Mann and Whitney)
    double average_precision = 0; // equal scores are one step
    double edges = 0, others = 0;
};

// From the highest score down; both measures are 0 when one class is empty.
inline Ranking rank(std::vector<Scored> pairs) {
    std::sort(pairs.begin(), pairs.end(),
              [](const Scored& a, const Scored& b) { return a.score > b.score; });
    Ranking r;
    double area = 0, precision = 0; // in pairs, in edges
    for (std::size_t k = 0; k < pairs.size();) {
        double found = 0, wrong = 0;
        const double score = pairs[k].score;
        for (; k < pairs.size() && pairs[k].score == score; ++k) ++(pairs[k].edge ? found : wrong);
        area += wrong * (r.edges + found / 2);
        r.edges += found, r.others += wrong;
        precision += found * r.edges / (r.edges + r.others);
    }
    if (r.edges > 0 && r.others > 0)
        r.auc = area / (r.edges * r.others), r.average_precision = precision / r.edges;
    return r;
}

} // namespace espalier::completion
