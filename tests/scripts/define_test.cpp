// SPDX-License-Identifier: MIT
// esp.define: a Lua function with a declaration is a component like any other.
#include "fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace espalier;

namespace {

constexpr std::string_view decay = R"lua(local esp = require "espalier"
esp.define { kind = "simulate", name = "decay", summary = "Exponential decay",
    params = { rate = { default = 0.5, min = 0, max = 1, doc = "Share lost." }, steps = 3,
               mode = { default = "plain", choices = { "plain", "mirrored" } } },
    inputs = { start = "tensor" }, outputs = { x = "tensor", last = "real" },
    run = function(p)
        local x, sign = { p.start[1] }, p.mode == "mirrored" and -1 or 1
        for t = 1, p.steps do x[t + 1] = x[t] * (1 - p.rate) end
        return { x = x, last = sign * x[#x] }
    end }
)lua";

Value run(const std::string& more) {
    test::Fixture f;
    return f.run(std::string(decay) + more);
}

std::string refused(const std::string& more) {
    try {
        run(more);
    } catch (const Failure& failure) {
        BOOST_TEST((failure.exit() == Exit::script));
        return failure.what();
    }
    return "nothing was refused";
}

} // namespace

BOOST_AUTO_TEST_SUITE(defined_components)

BOOST_AUTO_TEST_CASE(they_are_called_as_components_are) {
    const Value made = run("return esp.simulate.decay { start = { 8.0 }, mode = 'mirrored' }");
    BOOST_TEST(made.as<Map>().at("last").as<double>() == -1);
    const Tensor& x = made.as<Map>().at("x").as<Tensor>();
    BOOST_TEST(x.shape() == (Shape{4}));
    BOOST_TEST(x.number(2) == 2);
}

BOOST_AUTO_TEST_CASE(their_arguments_are_checked_by_their_declaration) {
    BOOST_TEST(refused("esp.simulate.decay { start = { 1.0 }, rat = 1 }")
                   .ends_with("simulate.decay: unknown parameter 'rat', did you mean 'rate'?"));
    const std::string two = refused("esp.simulate.decay { rate = 3 }");
    BOOST_TEST(two.find("parameter 'rate' = 3: must be in [0, 1]") != std::string::npos, two);
    BOOST_TEST(two.find("input 'start' is missing") != std::string::npos, two);
    BOOST_TEST(refused("esp.simulate.decay { start = { 1.0 }, mode = 'mirored' }")
                   .ends_with("must be one of: plain, mirrored, did you mean 'mirrored'?"));
}

BOOST_AUTO_TEST_CASE(what_they_return_is_checked_too) {
    const auto defined = [](const std::string& body) {
        return "esp.define { kind = 'analyze', name = 'odd', outputs = { x = 'real' }, run = "
               "function() return " +
               body + " end } return esp.analyze.odd {}";
    };
    BOOST_TEST(run(defined("{ x = 2 }")).as<Map>().at("x").as<double>() == 2);
    BOOST_TEST(
        refused(defined("{ x = 'two' }")).ends_with("output 'x' is a text, declared as real"));
    BOOST_TEST(refused(defined("{}"))
                   .ends_with("analyze.odd: 'run' returned a list, wanted { output = value }"));
    BOOST_TEST(refused(defined("{ x = 1, y = 2 }"))
                   .ends_with("analyze.odd has no output 'y', did you mean 'x'?"));
}

BOOST_AUTO_TEST_CASE(random_ones_follow_their_seed) {
    const Value same = run(R"lua(
esp.define { kind = "sample", name = "coin", random = true, outputs = { x = "real" },
    run = function() return { x = math.random() } end }
local function x(seed) return esp.sample.coin { seed = seed }.x end
return { x(1) == x(1), x(1) == x(2) })lua");
    BOOST_TEST(same.as<List>()[0].as<bool>());
    BOOST_TEST(!same.as<List>()[1].as<bool>());
}

BOOST_AUTO_TEST_CASE(wrong_declarations_are_refused) {
    const auto defined = [](const std::string& fields) {
        return refused("esp.define { " + fields + ", run = print }");
    };
    BOOST_TEST(defined("kind = 'simulat', name = 'a', outputs = { x = 'real' }")
                   .ends_with("esp.define has no kind 'simulat', did you mean 'simulate'?"));
    BOOST_TEST(defined("kind = 'simulate', name = 'decay', outputs = { x = 'real' }")
                   .ends_with("there is a component simulate.decay already"));
    BOOST_TEST(defined("kind = 'simulate', name = 'a', outputs = { x = 'tenzor' }")
                   .ends_with("esp.define: 'x' has no type 'tenzor', did you mean 'tensor'?"));
    BOOST_TEST(defined("kind = 'simulate', name = 'a', outputs = { x = 'real' }, "
                       "params = { rate = { default = 5, max = 1 } }")
                   .ends_with("parameter 'rate' has a default outside its range"));
    BOOST_TEST(defined("kind = 'simulate', name = 'a'").ends_with("one or more"));
    BOOST_TEST(refused("esp.define { kind = 'simulate', name = 'a', outputs = { x = 'real' } }")
                   .ends_with("'run' is a function of one table"));
}

BOOST_AUTO_TEST_SUITE_END()
