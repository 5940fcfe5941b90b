// SPDX-License-Identifier: MIT
// A session with a few small components, and scripts run in it.
#pragma once

#include "script/interpreter.hpp"
#include "values/failure.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace espalier::test {

// analyze.mirror (parameters amount, steps, mode, weights; inputs values, graph), analyze.failing,
// simulate.endless, generate.triangle, learn.slope.
SessionOptions session_options();

// A fresh interpreter for each script.
struct Fixture {
    Session session{session_options()};
    ScriptOptions options;
    std::vector<std::string> printed;

    Fixture();
    Value run(std::string_view text, std::string_view name = "x.lua");
    // The failure of a script that must fail, as "message" or "message | hint".
    std::string failure(std::string_view text);
    Exit exit(std::string_view text);
};

} // namespace espalier::test
