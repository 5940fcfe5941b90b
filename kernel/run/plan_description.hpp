// SPDX-License-Identifier: MIT
// A plan said as data: for people, and to compare two runs.
#pragma once

#include "run/sweep.hpp"

namespace espalier {

// A map: axes = list of { name, kind, count, values (up to 100) or from and to }, points,
// replicates, search where there is one, tasks = those of the first round before constraints and
// repetitions.
Value describe(const Sweeps&, const Replicates&);

} // namespace espalier
