// SPDX-License-Identifier: MIT
// Parameters and experiments: defaults, overrides from the command line, one point.
#include "fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace espalier;

namespace {

constexpr std::string_view script = R"lua(local esp = require "espalier"
local p = esp.params {
    nodes = { default = 10, min = 1, max = 100, doc = "Number of nodes." },
    coupling = 0.5, name = "ring", weights = { 1.0, 2.0 }, fast = false,
    mode = { default = "linear", choices = { "linear", "cubic" } },
}
return { nodes = p.nodes, coupling = p.coupling, name = p.name, weights = p.weights, fast = p.fast,
         mode = p.mode })lua";

constexpr std::string_view study = R"lua(local esp = require "espalier"
return esp.experiment {
    name = "mirror", params = { amount = 0.5, steps = 2 },
    sweep = esp.grid { amount = { 0.1, 0.2 }, seed = esp.range(1, 3) },
    run = function(p)
        return { amount = esp.analyze.mirror { amount = p.amount }.amount, seed = p.seed }
    end,
})lua";

Value run(const std::vector<std::string>& arguments, std::string_view text = script) {
    test::Fixture f;
    for (const auto& a : arguments) f.options.arguments.push_back(argument_from(a));
    return f.run(text);
}

std::string refused(const std::vector<std::string>& arguments, std::string_view text = script) {
    try {
        run(arguments, text);
    } catch (const Failure& failure) {
        BOOST_TEST((failure.exit() == Exit::command_line));
        return failure.what() + (failure.hint().empty() ? "" : " | " + failure.hint());
    }
    return "nothing failed";
}

} // namespace

BOOST_AUTO_TEST_CASE(defaults_and_overrides) {
    const Map plain = run({}).as<Map>();
    BOOST_TEST(plain.at("nodes").as<int64_t>() == 10);
    BOOST_TEST(plain.at("coupling").as<double>() == 0.5);
    const Map given =
        run({"nodes=20", "coupling=2", "name=a,b", "weights=3,4.5,6", "fast=true", "mode=cubic"})
            .as<Map>();
    BOOST_TEST(given.at("nodes").as<int64_t>() == 20);
    BOOST_TEST(given.at("coupling").as<double>() == 2);
    BOOST_TEST(given.at("name").as<std::string>() == "a,b");
    BOOST_TEST(given.at("weights").text() == "{3, 4.5, 6}");
    BOOST_TEST(given.at("fast").as<bool>());
    BOOST_TEST(given.at("mode").as<std::string>() == "cubic");
    BOOST_TEST(run({"nodes=1e2"}).as<Map>().at("nodes").as<int64_t>() == 100);
}

BOOST_AUTO_TEST_CASE(wrong_arguments_are_named) {
    BOOST_TEST(refused({"noeds=3"}) ==
               "command line: x.lua has no parameter 'noeds' (declared at x.lua:2) | did you mean "
               "'nodes'? an integer in [1, 100]");
    BOOST_TEST(
        refused({"zzz=3"}) ==
        "command line: x.lua has no parameter 'zzz' (declared at x.lua:2) | it has: coupling, "
        "fast, mode, name, nodes, weights");
    BOOST_TEST(refused({"nodes=1000"}) == "command line: parameter 'nodes' = 1000: must be an "
                                          "integer in [1, 100] | Number of nodes.");
    BOOST_TEST(refused({"nodes=2.5"}) ==
               "command line: parameter 'nodes' = 2.5: must be an integer "
               "in [1, 100] | Number of nodes.");
    BOOST_TEST(refused({"coupling=strong"}) ==
               "command line: parameter 'coupling' = strong: must be a number");
    BOOST_TEST(refused({"fast=1"}) == "command line: parameter 'fast' = 1: must be true or false");
    BOOST_TEST(refused({"mode=cubik"}) == "command line: parameter 'mode' = cubik: must be one of: "
                                          "linear, cubic | did you mean 'cubic'?");
    BOOST_TEST(refused({"weights=1,x"}) ==
               "command line: parameter 'weights' = 1,x: must be a list");
    BOOST_TEST(refused({"nodes=1,2", "coupling=0:1:11"}) ==
               "command line: parameter 'coupling' is given 11 values, one is wanted here\n"
               "command line: parameter 'nodes' is given 2 values, one is wanted here | the "
               "parameters of esp.experiment can be swept, those of esp.params not");
    BOOST_TEST(refused({"noeds=3", "nodes=1000", "fast=1"}) ==
               "command line: x.lua has no parameter 'noeds' (declared at x.lua:2)\n"
               "command line: parameter 'nodes' = 1000: must be an integer in [1, 100]\n"
               "command line: parameter 'fast' = 1: must be true or false | did you mean 'nodes'? "
               "an integer in [1, 100]\nNumber of nodes.");
    BOOST_TEST(refused({"x=1"}, "return 1") == "command line: x.lua has no parameter 'x' | it "
                                               "declares none; esp.params { name = default } does");
    BOOST_CHECK_EXCEPTION(argument_from("nodes"), Failure, [](const Failure& f) {
        return f.exit() == Exit::command_line &&
               std::string(f.what()) == "command line: 'nodes' is not of the form name=value";
    });
}

BOOST_AUTO_TEST_CASE(a_required_parameter_must_be_given) {
    const std::string text = "local esp = require 'espalier'\nreturn esp.params { trajectories = { "
                             "type = 'text', doc = 'A file.' } }.trajectories";
    BOOST_TEST(refused({}, text) ==
               "command line: x.lua needs trajectories=VALUE: a text | A file.");
    BOOST_TEST(run({"trajectories=a.csv"}, text).as<std::string>() == "a.csv");
}

BOOST_AUTO_TEST_CASE(wrong_declarations) {
    test::Fixture f;
    const auto fails = [&](const std::string& body) {
        return f.failure("local esp = require 'espalier' esp.params { " + body + " }");
    };
    BOOST_TEST(fails("a = { default = 1, mni = 2 }") ==
               "x.lua:1: parameter 'a' has no field 'mni', did you mean 'min'?");
    BOOST_TEST(fails("a = { type = 'int' }") ==
               "x.lua:1: parameter 'a' has no type 'int', did you mean 'integer'?");
    BOOST_TEST(fails("a = { min = 1 }") ==
               "x.lua:1: parameter 'a': has neither 'default' nor 'type'");
    BOOST_TEST(fails("a = print") == "x.lua:1: esp.params: a function is no data");
    BOOST_TEST(f.failure("local e = require 'espalier' e.params {} e.params {}") ==
               "x.lua:1: esp.params: the script has declared its parameters before");
}

BOOST_AUTO_TEST_CASE(the_single_point_of_an_experiment) {
    const Map plain = run({}, study).as<Map>();
    BOOST_TEST(plain.at("amount").as<double>() == 0.5);
    BOOST_TEST(plain.at("seed").as<int64_t>() == 0);
    BOOST_TEST(run({"amount=0.25", "seed=7"}, study).as<Map>().at("seed").as<int64_t>() == 7);
    BOOST_TEST(refused({"amonut=1"}, study) == "command line: x.lua has no parameter 'amonut' "
                                               "(declared at x.lua:2) | did you mean 'amount'? a "
                                               "number");
}

BOOST_AUTO_TEST_CASE(an_experiment_keeps_what_sweeps_will_need) {
    test::Fixture f;
    Interpreter interpreter(f.session, f.options);
    const ScriptResult loaded = interpreter.load_text(study, "x.lua");
    BOOST_REQUIRE(loaded.experiment.has_value());
    const Experiment& e = *loaded.experiment;
    BOOST_TEST(e.name == "mirror");
    BOOST_TEST(e.parameters.place == "x.lua:2");
    const Map& axes = e.sweep.as<Map>().at("axes").as<Map>();
    BOOST_TEST(axes.at("amount").text() == "{0.1, 0.2}");
    BOOST_TEST(axes.at("seed").text() == "{1, 2, 3}");
    for (const double amount : {0.1, 0.2})
        BOOST_TEST(e.run({{"amount", amount}, {"steps", 2}, {"seed", 1}})
                       .as<Map>()
                       .at("amount")
                       .as<double>() == amount);
}

BOOST_AUTO_TEST_CASE(wrong_experiments) {
    test::Fixture f;
    const auto fails = [&](const std::string& body) {
        return f.failure("local esp = require 'espalier' return esp.experiment { " + body + " }");
    };
    BOOST_TEST(fails("") == "x.lua:1: esp.experiment: 'name' is missing");
    BOOST_TEST(fails("name = 'x'") ==
               "x.lua:1: esp.experiment: 'run' is missing: a function of the parameters");
    BOOST_TEST(fails("name = 'x', plots = { { x = 'x', y = 'm' } }") ==
               "x.lua:1: esp.experiment: item 1 of 'plots' is no plot; esp.plot.line { x = "
               "'column', y = 'column' } makes one");
    BOOST_TEST(fails("name = 'x', plots = esp.plot.line { y = 'm' }") ==
               "x.lua:1: esp.experiment: 'plots' must be a list of plots, as esp.plot.line makes "
               "one");
    BOOST_TEST(fails("name = 'x', parms = {}") ==
               "x.lua:1: esp.experiment: unknown field 'parms', did you mean 'params'?");
    BOOST_TEST(fails("name = 'x', params = { nodes = 1 }, sweep = esp.grid { ndoes = {1} }") ==
               "x.lua:1: esp.experiment: 'params' has no parameter 'ndoes', did you mean 'nodes'?");
    BOOST_TEST(fails("name = 'x', params = { nodes = 1 }, run = function(p) return p.nods end") ==
               "x.lua:1: the point has no field 'nods', did you mean 'nodes'?");
}
