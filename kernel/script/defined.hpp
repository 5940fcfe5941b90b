// SPDX-License-Identifier: MIT
// A component that a script defined: its declaration, and the Lua function behind it.
#pragma once

#include "schema/component.hpp"

#include <deque>

namespace espalier {

struct Defined {
    std::deque<std::string> texts; // what the declaration points into
    std::deque<std::vector<const char*>> lists;
    std::deque<std::vector<double>> reals;
    std::vector<esp_parameter> parameters;
    std::vector<esp_port> inputs, outputs;
    esp_component declaration{};
    Component component;
    int reference = 0; // of `run`, in Lua's registry
};

} // namespace espalier
