// SPDX-License-Identifier: MIT
// Pairs of successive states, as the learner and the generator read them.
#pragma once

#include "parallel.hpp"

#include <cstdint>
#include <vector>

namespace espalier::reconstruction {

// Continuous: states before (pairs x nodes x inputs), standardised, and what is to be predicted
// (pairs x nodes x outputs). Discrete: classes before and after (pairs x nodes).
template <class Real> struct Transitions {
    Index pairs = 0, nodes = 0;
    std::vector<Real> before, after;
    std::vector<uint8_t> state, next;
};

} // namespace espalier::reconstruction
