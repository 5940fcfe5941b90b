// SPDX-License-Identifier: MIT
// The parameters that a script declares, read from its text: completing a line must run nothing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace espalier::app {

struct Declared {
    std::string name;
    std::vector<std::string> choices;
};

// The names of the first `params { name = ... }` or `params = { name = ... }` of a Lua text, and
// the texts of their `choices`. What a script computes is not seen.
std::vector<Declared> parameters_declared_in(std::string_view script);

} // namespace espalier::app
