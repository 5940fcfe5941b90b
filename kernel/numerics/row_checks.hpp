// SPDX-License-Identifier: MIT
// Refuses shapes, counts and index arrays that would read or write outside a matrix.
#pragma once

#include "espalier/numerics/loops.hpp"

#include <algorithm>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>

namespace espalier::numerics {

[[noreturn]] inline void refuse(const std::string& message) {
    throw std::invalid_argument(message);
}

inline void check_indices(const char* what, std::span<const std::int32_t> indices, Index rows) {
    std::uint32_t greatest = 0; // a negative index is a very large one
    for (const std::int32_t i : indices)
        greatest = std::max(greatest, static_cast<std::uint32_t>(i));
    if (!indices.empty() && static_cast<Index>(greatest) >= rows)
        refuse(std::string(what) + ": index " +
               std::to_string(static_cast<std::int32_t>(greatest)) + " of " + std::to_string(rows) +
               " rows");
}

inline void check_count(const char* what, const char* things, Index given, Index wanted) {
    if (given != wanted)
        refuse(std::string(what) + ": " + std::to_string(given) + " " + things + " for " +
               std::to_string(wanted) + " rows");
}

inline void check_offsets(const char* what, std::span<const std::int64_t> offsets, Index rows) {
    if (offsets.empty() || offsets.front() != 0 || offsets.back() != rows ||
        !std::is_sorted(offsets.begin(), offsets.end()))
        refuse(std::string(what) + ": offsets must ascend from 0 to " + std::to_string(rows));
}

} // namespace espalier::numerics
