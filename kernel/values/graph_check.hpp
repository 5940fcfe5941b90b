// SPDX-License-Identifier: MIT
// Graph::check on several threads.
#pragma once

#include "values/value.hpp"

#include <functional>

namespace espalier {

// Calls a function for each of so many chunks, in any order, at once where it has threads.
using Chunks = std::function<void(int64_t, const std::function<void(int64_t)>&)>;

void check(const Graph&, const Chunks& share);

} // namespace espalier
