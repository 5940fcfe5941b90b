// SPDX-License-Identifier: MIT
// Facts about this program and this machine, for `version` and `doctor`.
#pragma once

#include "values/value.hpp"

namespace espalier::app {

// Versions of the program, the plugin border and the compiler, and the instruction set at hand.
Map version_facts();
// The processor, the C library, and variables of the environment that change what programs do.
Map machine_facts();
// Libraries the program was built with.
Map library_facts();
// Rounding and subnormal numbers of this thread: "as IEEE 754 has it", or what differs.
std::string arithmetic_fact();

} // namespace espalier::app
