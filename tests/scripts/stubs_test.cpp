// SPDX-License-Identifier: MIT
// Editor stubs: every component and every function of the module, as Lua that compiles.
#include "fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace espalier;

BOOST_AUTO_TEST_CASE(stubs_are_lua_and_complete) {
    test::Fixture f;
    const std::string text = lua_stubs(f.session.registry());
    const auto has = [&](const std::string& part) {
        BOOST_TEST((text.find(part) != std::string::npos), "missing: " << part);
    };
    has("---@field amount? number How much. (in [0, 1], default 0.5, unit J)\n");
    has("---@field mode? \"linear\"|\"cubic\" Which way. (default \"linear\")\n");
    has("---@field weights? number[] Of the parts.");
    has("---@field values? espalier.tensor|table [time,node] Numbers.\n");
    has("---@field doubled espalier.tensor [time,node] Twice the values.\n");
    has("function esp.analyze.mirror(arguments) end\n");
    has("---@return espalier.generate.triangle.results\n");
    // It compiles, and its functions are those of the module.
    Interpreter interpreter(f.session, f.options);
    const std::string check = "local stubs = (function()\n" + text + "\nend)()\n" + R"(
        local esp, missing = require "espalier", {}
        for name in pairs(esp) do if stubs[name] == nil then missing[#missing + 1] = name end end
        for name in pairs(stubs) do if not pcall(function() return esp[name] end) then
            missing[#missing + 1] = name end end
        return table.concat(missing, " "))";
    BOOST_TEST(interpreter.run_text(check).as<std::string>() == "seed version");
}
