// SPDX-License-Identifier: MIT
// Golden messages: whatever a script does wrong, one line says where and what, and helps.
#include "fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace espalier;

namespace {

struct Golden {
    const char *script, *message;
};

// Each script begins with a first line that requires the module.
constexpr Golden golden[] = {
    // names
    {"esp.analyze.miror {}", "esp.analyze has no component 'miror', did you mean 'mirror'?"},
    {"esp.analize.mirror {}", "esp has no function 'analize', did you mean 'analyze'?"},
    {"esp.analyze.mirror { amuont = 1 }",
     "analyze.mirror: unknown parameter 'amuont', did you mean 'amount'?"},
    {"prnt(1)", "unknown name 'prnt', did you mean 'print'?"},
    {"lenght = 3", "'lenght' is not declared | local lenght = ..."},
    {"function area() end", "'area' is not declared | local area = ..."},
    {"return espalier.load", "'espalier' is not loaded | local esp = require \"espalier\""},
    {"io.write 'x'", "'io' is not open to scripts | run with --trust"},
    {"dofile 'x.lua'", "'dofile' is not open to scripts"},
    {"local t = esp.tensor {1} return t.shaep",
     "tensor has no field 'shaep', did you mean 'shape'?"},
    {"return esp.analyze.mirror {}.doubeld",
     "analyze.mirror has no field 'doubeld', did you mean 'doubled'?"},
    {"return ('x'):uppr()", "text has no function 'uppr', did you mean 'upper'?"},
    // values
    {"esp.analyze.mirror { amount = -1 }",
     "analyze.mirror: parameter 'amount' = -1: must be in [0, 1]"},
    {"esp.analyze.mirror { amount = '1' }",
     "analyze.mirror: parameter 'amount' = 1: must be a number"},
    {"esp.analyze.mirror { amount = 0/0 }",
     "analyze.mirror: parameter 'amount' = -nan: must be finite"},
    {"esp.analyze.mirror { steps = 3.7 }",
     "analyze.mirror: parameter 'steps' = 3.7: must be an integer"},
    {"esp.analyze.mirror { mode = 'cubik' }",
     "analyze.mirror: parameter 'mode' = cubik: must be one of: linear, cubic, did you mean "
     "'cubic'?"},
    {"esp.analyze.mirror { values = {1, 2} }",
     "analyze.mirror: input 'values' has shape [2], wanted [time, node]"},
    {"esp.analyze.mirror { graph = 3 }",
     "analyze.mirror: input 'graph' is an integer, wanted a graph"},
    {"esp.analyze.mirror { amount = 2, steps = 0 }",
     "analyze.mirror: parameter 'amount' = 2: must be in [0, 1]\n"
     "x.lua:2: analyze.mirror: parameter 'steps' = 0: must be in [1, 100]"},
    {"esp.analyze.mirror 'x'",
     "analyze.mirror: takes one table, analyze.mirror { name = value, ... }"},
    {"esp.analyze.failing {}", "analyze.failing: 'number': does not work"},
    {"esp.analyze.failing { odd = true }", "analyze.failing: an exception of a foreign type"},
    {"esp.tensor {1, 2}[3] = 1", nullptr},
    {"local t = esp.tensor {1} return t[2]", "tensor index 2: must be in 1 .. 1 (shape [1])"},
    {"return esp.tensor {1, 2} + esp.tensor {1, 2, 3}", "shapes [2] and [3] differ"},
    {"esp.tensor {1, {2}}", "esp.tensor: ragged: a list stands beside an integer"},
    {"esp.zeros(-5)", "esp.zeros: 'shape' holds -5: must not be negative"},
    {"esp.zeros(1 << 40, 1 << 40)", "[1099511627776, 1099511627776] is not a possible shape"},
    {"esp.load 'no-such.npy'", nullptr},
    // Lua's own
    {"local x = nil\nreturn x.y", nullptr},
    {"return 1 + {}", "attempt to perform arithmetic on a table value"},
    {"return #5", "attempt to get length of a number value"},
    {"return 1 < 'a'", "attempt to compare number with string"},
    {"return ('x'):rep(1, 2, 3) .. nil", "attempt to concatenate a nil value"},
    {"local f = 3 f()", "attempt to call a number value (local 'f')"},
    {"error 'mine'", "mine"},
    {"error { code = 1 }", "error value of type table"},
    {"error()", "error value nil"},
    {"error(true)", "error value true"},
    {"error(setmetatable({}, { __tostring = function() return 'shown' end }))", "shown"},
    {"error(setmetatable({}, { __tostring = function() error 'worse' end }))",
     "error value of type table"},
    {"error(esp.tensor {1})", "error value of type tensor"},
    {"local t = 1 return t.x", "attempt to index a number value (local 't')"},
    {"setmetatable({}, { __gc = print })", "setmetatable: '__gc' is not open to scripts"},
    {"setmetatable(_G, {})", "setmetatable: the table's metatable is protected"},
    {"load('\\27Lua')", "load: precompiled Lua is not accepted"},
    {"return function() end", nullptr},
    {"require 'mising'",
     "require: there is no module 'mising' | modules are files beside the script "
     "or in scripts/lib"},
    {"require '../x'", nullptr},
};

} // namespace

BOOST_AUTO_TEST_CASE(golden_messages) {
    test::Fixture f;
    for (const Golden& g : golden) {
        const std::string found =
            f.failure("local esp = require 'espalier'\n" + std::string(g.script));
        if (!g.message) continue; // below, or in modules_test
        const std::string wanted = "x.lua:2: " + std::string(g.message);
        BOOST_TEST(found == wanted, g.script << "\n  found  " << found << "\n  wanted " << wanted);
    }
}

BOOST_AUTO_TEST_CASE(no_message_names_a_type_of_ours) {
    test::Fixture f;
    for (const Golden& g : golden) {
        const std::string found =
            f.failure("local esp = require 'espalier'\n" + std::string(g.script));
        for (const char* part : {"std::", "basic_string", "what()", "0x", "espalier::", "userdata"})
            BOOST_TEST((found.find(part) == std::string::npos), found);
    }
}

BOOST_AUTO_TEST_CASE(syntax_errors_have_their_line) {
    test::Fixture f;
    BOOST_TEST(f.failure("local a = 1\nlocal b = = 2\n") == "x.lua:2: unexpected symbol near '='");
    BOOST_TEST(f.failure("x y") == "x.lua:1: syntax error near 'y'");
    BOOST_TEST(f.failure("for i = 1, 3 do\nprint(i)\n") ==
               "x.lua:3: 'end' expected (to close 'for' at line 1) near <eof>");
    BOOST_TEST(f.failure("return 'abc\n'") == "x.lua:1: unfinished string near ''abc'");
    BOOST_TEST(f.failure("goto nowhere") ==
               "x.lua:1: no visible label 'nowhere' for <goto> at line 1");
    BOOST_TEST(f.failure("local x <const> = 1\nx = 2") ==
               "x.lua:2: attempt to assign to const variable 'x'");
    BOOST_TEST((f.exit("x y") == Exit::script));
    BOOST_TEST(f.run("#!/usr/bin/env -S espalier run\nreturn 3").as<int64_t>() == 3);
}

BOOST_AUTO_TEST_CASE(a_failure_names_the_calls_that_led_to_it) {
    test::Fixture f;
    BOOST_TEST(f.failure("local function inner()\n  error 'deep'\nend\n"
                         "local function outer()\n  inner()\nend\nouter()") ==
               "x.lua:2: deep | called from x.lua:5, x.lua:7");
    BOOST_TEST(f.failure("local x = nil\nreturn x.y") ==
               "x.lua:2: attempt to index a nil value (local 'x')");
    BOOST_TEST(f.failure("local esp = require 'espalier'\nlocal function f()\n"
                         "  esp.load 'no-such.npy'\nend\nf()")
                   .starts_with("x.lua:3: no-such.npy"));
}

BOOST_AUTO_TEST_CASE(a_cause_keeps_its_exit_code) {
    test::Fixture f;
    const std::string start = "local esp = require 'espalier' ";
    BOOST_TEST((f.exit(start + "esp.load 'no-such.npy'") == Exit::missing_input));
    BOOST_TEST((f.exit(start + "local ok, e = pcall(esp.load, 'no-such.npy') error(e, 0)") ==
                Exit::missing_input));
    BOOST_TEST((f.exit(start + "pcall(esp.load, 'no-such.npy') error 'other'") == Exit::script));
    BOOST_TEST((f.exit("error 'x'") == Exit::script));
    BOOST_TEST((f.exit("return 1") == Exit::done));
}

BOOST_AUTO_TEST_CASE(a_long_path_is_shown_whole) {
    test::Fixture f;
    const std::string name =
        "a/very/long/path/that/lua/would/cut/because/it/has/more/than/sixty/letters/x.lua";
    try {
        f.run("local x = nil\nx()", name);
        BOOST_ERROR("nothing failed");
    } catch (const Failure& failure) {
        BOOST_TEST(failure.what() == name + ":2: attempt to call a nil value (local 'x')");
    }
}

BOOST_AUTO_TEST_CASE(what_a_script_returns_is_data) {
    test::Fixture f;
    BOOST_TEST(f.run("").is_nil());
    BOOST_TEST(f.run("return 1, 2").as<int64_t>() == 1);
    BOOST_TEST(f.run("return { a = 1, b = { 2, 'x' } }").text() == "{a = 1, b = {2, x}}");
    BOOST_TEST(f.failure("return function() end") == "the script's result: a function is no data");
}

BOOST_AUTO_TEST_CASE(printing) {
    test::Fixture f;
    f.run("print(1, 1.5, nil, true, 'a', {})\nprint()");
    BOOST_TEST(f.printed == std::vector<std::string>({"1\t1.5\tnil\ttrue\ta\ttable", ""}),
               boost::test_tools::per_element());
}
