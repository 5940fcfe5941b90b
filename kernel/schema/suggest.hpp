// SPDX-License-Identifier: MIT
// The name that somebody probably meant.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace espalier {

// The nearest candidate by edit distance (with transpositions), or by prefix or part; empty when
// none is near.
std::optional<std::string> nearest(std::string_view name,
                                   const std::vector<std::string>& candidates);

// ", did you mean 'coupling'?" or nothing.
std::string suggestion(std::string_view name, const std::vector<std::string>& candidates);

} // namespace espalier
