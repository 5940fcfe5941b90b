// SPDX-License-Identifier: MIT
// Ten tests of random numbers, those of SmallCrush with its parameters (L'Ecuyer and Simard 2007,
// TestU01, doi:10.1145/1268776.1268777), written anew.
#pragma once

#include "statistics/verdict.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace statistics {

// The next 32 random bits.
using Numbers = std::function<uint32_t()>;

// All ten, one after the other, with as many trials as in SmallCrush (some 2.5e8 numbers, 512 MiB),
// or 4^-quarterings of them, at most three times.
std::vector<Verdict> battery(const Numbers& next, int quarterings);

} // namespace statistics
