// SPDX-License-Identifier: MIT
// JSON: numbers keep their kind and bits, places in messages, what JSON cannot hold.
#include "folder.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace espalier;
using namespace files_test;
using namespace std::string_literals;

BOOST_AUTO_TEST_SUITE(json)

BOOST_AUTO_TEST_CASE(values_round_trip) {
    const Value v(Map{{"whole", INT64_MIN},
                      {"real", 0.1},
                      {"two", 2.0},
                      {"minus zero", -0.0},
                      {"largest", 1.7976931348623157e308},
                      {"smallest", 5e-324},
                      {"nil", Value()},
                      {"truth", false},
                      {"text", "\"\\ \n \xE2\x82\xAC \x01 </script>"},
                      {"list", List{1, List{2.5, "x"}, Map{}, List{}}}});
    BOOST_TEST(equal(round_trip("v.json", v), v));
    save("w.json", Map{{"b", List{1, 2.0, "x"}}, {"a", Tensor(DType::int8, {2, 2})}});
    BOOST_TEST(bytes_of("w.json") == "{\n  \"a\": [\n    [0, 0],\n    [0, 0]\n  ],\n"
                                     "  \"b\": [1, 2.0, \"x\"]\n}\n");
    Table table;
    table.add("z", Tensor::vector<double>({1, 0.5}));
    table.add("a", std::make_shared<const Texts>(Texts{"p", "q"}));
    save("t.json", table);
    BOOST_TEST(bytes_of("t.json") == "{\n  \"z\": [1.0, 0.5],\n  \"a\": [\"p\", \"q\"]\n}\n");
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_said_with_line_and_column) {
    const auto says = [](std::string_view text, const std::string& message) {
        BOOST_TEST(refusal("c.json", text) == message);
    };
    says("", "65: c.json:1:1: the JSON text ends too early");
    says("{\"a\": [1, 2", "65: c.json:1:12: the JSON text ends too early");
    says("{\n  \"a\": 1,\n  b: 2}", "65: c.json:3:3: not JSON: unexpected 'b'");
    says("[1 2]", "65: c.json:1:4: not JSON: unexpected '2'");
    says("{\"a\": 1, \"a\": 2}", "65: c.json:1:12: the key 'a' stands twice");
    says("[1e400]", "65: c.json:1:7: the number '1e400' does not fit into 64 bits");
    says("[9223372036854775808]",
         "65: c.json:1:21: the integer 9223372036854775808 does not fit into 64 bits");
    says("[NaN]", "65: c.json:1:2: not JSON: unexpected 'N'");
    says(std::string(100000, '['), "65: c.json:1:257: more than 256 levels of lists and maps");
    says("\"\xFF\"", "65: c.json:1:2: byte 0xff is not UTF-8 | save it as UTF-8");
}

BOOST_AUTO_TEST_CASE(what_json_cannot_hold_is_refused) {
    const std::string hint = " | save it as .npz, which holds every value";
    BOOST_TEST(failure([] { save("x.json", List{std::nan("")}); }) ==
               "65: x.json: JSON has no number nan" + hint);
    BOOST_TEST(failure([] { save("x.json", "\xFF"); }) ==
               "65: x.json: the text '\xFF' is not UTF-8" + hint);
    BOOST_TEST(failure([] { save("x.json", List{rich_graph(true)}); }) ==
               "65: x.json: a graph cannot be written as JSON" + hint);
    BOOST_TEST(!std::filesystem::exists("x.json"));
}

BOOST_AUTO_TEST_SUITE_END()
