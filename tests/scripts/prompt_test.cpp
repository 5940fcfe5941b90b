// SPDX-License-Identifier: MIT
// What a prompt relies on: values shown, statements finished or not, names completed.
#include "fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace espalier;

namespace {

struct Prompt : test::Fixture {
    Prompt() { options.interactive = true; }
    Interpreter interpreter{session, [this] {
                                options.interactive = true;
                                return options;
                            }()};
    std::string shown(std::string_view line) { return interpreter.evaluate(line).value_or("..."); }
};

} // namespace

BOOST_FIXTURE_TEST_CASE(lines_are_expressions_or_statements, Prompt) {
    BOOST_TEST(shown("1 + 1") == "2");
    BOOST_TEST(shown("1, nil, 'a'") == "1\tnil\ta");
    BOOST_TEST(shown("x = 5") == "");
    BOOST_TEST(shown("x * 2") == "10");
    BOOST_TEST(shown("local y = x") == "");
    BOOST_TEST(shown("y") == "5");
    BOOST_TEST(shown("for i = 1, 2 do") == "...");
    BOOST_TEST(shown("for i = 1, 2 do\nprint(i) end") == "");
    BOOST_TEST(printed == std::vector<std::string>({"1", "2"}), boost::test_tools::per_element());
    BOOST_TEST(shown("esp.tensor { 1, 2 } * 2") == "tensor int64 [2] {2, 4}");
    BOOST_CHECK_THROW(interpreter.evaluate("x ="
                                           " = 3"),
                      Failure);
    BOOST_CHECK_THROW(interpreter.evaluate("unknown"), Failure);
    BOOST_TEST(shown("x") == "5"); // a failure changes nothing
}

BOOST_FIXTURE_TEST_CASE(names_are_completed, Prompt) {
    const auto is = [&](std::string_view beginning, const std::vector<std::string>& words) {
        BOOST_TEST(interpreter.completions(beginning) == words, boost::test_tools::per_element());
    };
    is("esp.ana", {"esp.analyze"});
    is("esp.analyze.", {"esp.analyze.failing", "esp.analyze.mirror"});
    is("math.flo", {"math.floor"});
    is("prin", {"print"});
    interpreter.evaluate("r = esp.analyze.mirror { values = {{1}} }");
    is("r.d", {"r.doubled"});
    is("r.doubled.sh", {"r.doubled.shape"});
    is("r.doubled:resh", {"r.doubled:reshape"});
    is("nothing.x", {});
}
