// SPDX-License-Identifier: MIT
// Optimal string alignment distance, scaled by length.
#include "schema/suggest.hpp"

#include <algorithm>
#include <cstddef>

namespace espalier {

namespace {

// Insertions, deletions, substitutions, and swaps of neighbours.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1])});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
        std::swap(before, last);
        std::swap(last, row);
    }
    return last[b.size()];
}

bool contains(std::string_view longer, std::string_view part) {
    return part.size() >= 3 && longer.find(part) != std::string_view::npos;
}

} // namespace

std::optional<std::string> nearest(std::string_view name,
                                   const std::vector<std::string>& candidates) {
    const std::string* best = nullptr;
    std::size_t least = 0;
    for (const std::string& candidate : candidates) {
        std::size_t d = distance(name, candidate);
        const bool related = contains(candidate, name) || contains(name, candidate);
        if (d > std::max<std::size_t>(1, std::max(name.size(), candidate.size()) / 3) && !related)
            continue;
        if (related) d = std::min<std::size_t>(d, 3);
        if (!best || d < least) best = &candidate, least = d;
    }
    return best ? std::optional(*best) : std::nullopt;
}

std::string suggestion(std::string_view name, const std::vector<std::string>& candidates) {
    const auto found = nearest(name, candidates);
    return found ? ", did you mean '" + *found + "'?" : "";
}

} // namespace espalier
