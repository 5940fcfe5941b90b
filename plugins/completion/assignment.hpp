// SPDX-License-Identifier: MIT
// The linear assignment problem.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace espalier::completion {

// The column of each row such that the sum of gains[row * n + column] is greatest, each column
// once, by shortest augmenting paths (Jonker and Volgenant 1987, doi:10.1007/BF02278710; Crouse
// 2016, doi:10.1109/TAES.2016.140952). gains: n x n, finite. O(n^3) at worst. Among equal sums the
// choice depends on the numbers alone.
std::vector<std::int32_t> assign(std::span<const double> gains, std::int64_t n);

} // namespace espalier::completion
