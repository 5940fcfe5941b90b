// SPDX-License-Identifier: MIT
// Folders and files that an author begins with, written from the examples that the tests build.
#pragma once

#include "app/command.hpp"

namespace espalier::app {

// espalier plugin new NAME [--kind K] [--language L]
int new_plugin(const Invocation&);

} // namespace espalier::app
