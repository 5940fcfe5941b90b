// SPDX-License-Identifier: MIT
// Sweeps from the command line: forms, what they put aside, and every mistake at once.
#include "plans.hpp"

#include <boost/test/unit_test.hpp>

using namespace espalier;
using namespace espalier::test;

namespace {

std::string planned(const std::vector<std::string>& given, const std::vector<std::string>& names,
                    const Value& data = {}) {
    return texts_of(tasks_of(experiment(data), given), names);
}

std::string refused(const std::vector<std::string>& given) {
    return failure_of([&] { tasks_of(experiment(), given); });
}

} // namespace

BOOST_AUTO_TEST_CASE(lists_and_ranges) {
    BOOST_TEST(planned({"nodes=20"}, {"nodes"}) == "20");
    BOOST_TEST(planned({"nodes=10,20,1e2"}, {"nodes"}) == "10; 20; 100");
    BOOST_TEST(planned({"nodes=10:40:4"}, {"nodes"}) == "10; 20; 30; 40");
    BOOST_TEST(planned({"nodes=3:6"}, {"nodes"}) == "3; 4; 5; 6");
    BOOST_TEST(planned({"nodes=1:2,7,9:10"}, {"nodes"}) == "1; 2; 7; 9; 10");
    BOOST_TEST(planned({"nodes=1:100:6log"}, {"nodes"}) == "1; 3; 6; 16; 40; 100");
    BOOST_TEST(planned({"nodes=1:4:9log"}, {"nodes"}) == "1; 2; 3; 4");
    BOOST_TEST(planned({"coupling=3:1:3"}, {"coupling"}) == "3; 2; 1");
    BOOST_TEST(planned({"coupling=1:1000:4log"}, {"coupling"}) == "1; 10; 100; 1000");
    BOOST_TEST(planned({"mode=linear,cubic"}, {"mode"}) == "linear; cubic");
    const auto tasks = tasks_of(experiment(), {"temperature=1:3:30"});
    BOOST_REQUIRE(tasks.size() == 30u);
    for (int i = 0; i < 30; ++i)
        BOOST_TEST(tasks[static_cast<std::size_t>(i)].point.at("temperature").as<double>() ==
                   1 + 2.0 * i / 29);
    BOOST_TEST(planned({"coupling=0:1:11"}, {"coupling"}) ==
               "0; 0.1; 0.2; 0.3; 0.4; 0.5; 0.6; 0.7; 0.8; 0.9; 1");
}

BOOST_AUTO_TEST_CASE(arguments_put_the_axis_of_their_name_aside_and_multiply_otherwise) {
    const Value grid = sweep("grid", {{"nodes", List{10, 20}}, {"coupling", List{1, 2}}});
    BOOST_TEST(planned({"nodes=5"}, {"nodes", "coupling"}, grid) == "5 1; 5 2");
    BOOST_TEST(planned({"nodes=5,6"}, {"nodes", "coupling"}, grid) == "5 1; 5 2; 6 1; 6 2");
    BOOST_TEST(planned({"temperature=1,2"}, {"temperature", "coupling", "nodes"}, grid) ==
               "1 1 10; 1 1 20; 1 2 10; 1 2 20; 2 1 10; 2 1 20; 2 2 10; 2 2 20");
    const Value zip = sweep("zip", {{"nodes", List{10, 20}}, {"coupling", List{1, 2}}});
    BOOST_TEST(planned({"nodes=5"}, {"nodes", "coupling"}, zip) == "5 1; 5 2");
    BOOST_TEST(planned({"nodes=5", "coupling=9"}, {"nodes", "coupling"}, zip) == "5 9");
    const Value list = Map{{"kind", "list"},
                           {"points", List{Map{{"nodes", 1}, {"coupling", 1}}, Map{{"nodes", 2}}}}};
    BOOST_TEST(planned({"nodes=5"}, {"nodes", "coupling"}, list) == "5 1; 5 0.5");
    BOOST_TEST(planned({"coupling=7"}, {"coupling"},
                       drawn("sobol", {{"coupling", between("uniform", 0, 1)}}, 9)) == "7");
    // A search over what is given is no search any more.
    const Value bisect =
        Map{{"kind", "bisect"}, {"parameter", "coupling"}, {"metric", "m"}, {"from", 0},
            {"to", 1},          {"tolerance", 0.1}};
    Plan plan(experiment(bisect), arguments({"coupling=0.25"}), 1);
    BOOST_TEST(!plan.adaptive());
    BOOST_TEST(texts_of(plan.first(), {"coupling"}) == "0.25");
    BOOST_TEST(
        Value(plan.fixed()).text() ==
        Value(Map{{"nodes", 10}, {"coupling", 0.25}, {"mode", "linear"}, {"temperature", 1.0}})
            .text());
    BOOST_TEST(planned({"nodes=1,2"}, {"nodes", "coupling"}, bisect) == "1 0; 1 1; 2 0; 2 1");
}

BOOST_AUTO_TEST_CASE(replicates_and_seeds_need_no_declaration) {
    BOOST_TEST(planned({"replicates=3"}, {"nodes", "replicate"}) == "10 -; 10 1; 10 2");
    BOOST_TEST(planned({"seed=4:6"}, {"seed"}) == "4; 5; 6");
    Experiment own = experiment();
    own.parameters.all.push_back(parameter("replicates", 2));
    BOOST_TEST(texts_of(tasks_of(own, {"replicates=3,4"}), {"replicates", "replicate"}) ==
               "3 -; 4 -");
    BOOST_TEST(replicates_from("12").count == 12);
    BOOST_TEST(failure_of([] { replicates_from("few"); }) ==
               "command line: replicates = few: must be an integer >= 1");
    BOOST_TEST(refused({"replicates=0"}) ==
               "command line: parameter 'replicates' = 0: must be an integer >= 1");
    BOOST_TEST(refused({"replicates=2,3"}) == "command line: replicates takes one number");
}

BOOST_AUTO_TEST_CASE(mistakes_are_told_all_at_once) {
    BOOST_TEST(
        refused({"tempertaure=1:2:3", "nodes=1,2000", "mode=cubic,kubic", "coupling=1:2:x"}) ==
        "command line: x.lua has no parameter 'tempertaure' (declared at x.lua:2)\n"
        "command line: parameter 'nodes' = 2000: must be an integer in [1, 1000]\n"
        "command line: parameter 'mode' = kubic: must be one of: linear, cubic\n"
        "command line: parameter 'coupling' = 1:2:x: must be a number | did you mean "
        "'temperature'? a number > 0\n"
        "did you mean 'cubic'?\n"
        "a range is lo:hi:n, or lo:hi:nlog for equal factors above 0, of 2 to 1000000 values");
    const std::string hint = " | a range is lo:hi:n or lo:hi, or lo:hi:nlog for equal factors "
                             "above 0, of 2 to 1000000 values";
    BOOST_TEST(refused({"nodes=10:100:5"}) ==
               "command line: parameter 'nodes' = 32.5 (of 10:100:5): "
               "must be an integer in [1, 1000]" +
                   hint);
    for (const std::string wrong :
         {"5:1", "1:9:1", "0:9:3log", "1:9:1000000000000", "1:inf:3", "1:2:3:4"})
        BOOST_TEST(refused({"nodes=" + wrong}) == "command line: parameter 'nodes' = " + wrong +
                                                      ": must be an integer in [1, 1000]" + hint);
    BOOST_TEST(
        refused({"temperature=0:1:3"}) ==
        "command line: parameter 'temperature' = 0 (of 0:1:3): must be a number > 0 | a range is "
        "lo:hi:n, or lo:hi:nlog for equal factors above 0, of 2 to 1000000 values");
    BOOST_TEST(refused({"nodes=1", "nodes=2"}) == "command line: parameter 'nodes' is given twice");
    for (const std::string wrong : {"", "nan", "-inf", "1,", "0x10", "true"})
        BOOST_TEST(refused({"coupling=" + wrong}) != "nothing failed");
}
