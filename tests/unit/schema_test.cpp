// SPDX-License-Identifier: MIT
// Arguments checked against a declaration: every wrong one is named at once, with the rule and the
// nearest name.
#include "schema/arguments.hpp"
#include "values/failure.hpp"

#include <espalier/plugin.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>

using namespace espalier;

namespace {

struct Everything {
    int64_t nodes = 10;
    double coupling = 0.5;
    double rate = 1;
    bool directed = false;
    std::string label = "x", mode = "fast";
    std::vector<int64_t> shape{3, 4};
    std::vector<double> levels{0.5};

    static void describe(espalier::Schema<Everything>& s) {
        s.simulator("everything", "One of each").random();
        s.param("nodes", &Everything::nodes).range(1, 100).doc("Nodes.");
        s.param("coupling", &Everything::coupling).min(0).doc("Coupling.");
        s.param("rate", &Everything::rate).above(0).max(1).doc("Rate.");
        s.param("directed", &Everything::directed).doc("Directed.");
        s.param("label", &Everything::label).doc("Label.");
        s.param("mode", &Everything::mode).choices({"fast", "exact"}).doc("Mode.");
        s.param("shape", &Everything::shape).min(1).doc("Shape.");
        s.param("levels", &Everything::levels).range(0, 1).doc("Levels.");
        s.input_graph("graph", "A graph.").optional();
        s.input_tensor<float>("series", "time,node|run,time,node", "A series.").optional();
        s.input_tensor("start", "node", "Start.").optional();
        s.output_real("number", "A number.");
    }
    void run(const Task&) const {}
};

const Component& component() {
    static const esp_plugin plugin{sizeof plugin, 1,  0,  "org.test", "1.0.0",
                                   "MIT",         "", "", 0,          nullptr};
    static const Component c = component_of(*espalier::component<Everything>(), plugin);
    return c;
}

std::string refusal(const Map& given) {
    try {
        Arguments(component(), given, 0);
        return "";
    } catch (const Failure& failure) {
        return failure.what();
    }
}

Tensor zeros(Shape shape) { return Tensor(DType::float64, std::move(shape)); }

} // namespace

BOOST_AUTO_TEST_CASE(a_good_declaration_has_no_problem) {
    BOOST_TEST(problems_of(*espalier::component<Everything>()).empty());
    BOOST_TEST(component().name == "simulate.everything");
    BOOST_TEST(range_text(*component().parameter("rate")) == "in (0, 1]");
    BOOST_TEST(initial_text(*component().parameter("shape")) == "{3, 4}");
    BOOST_TEST(initial_text(*component().parameter("mode")) == "\"fast\"");
}

BOOST_AUTO_TEST_CASE(defaults_and_given_values_arrive) {
    const Arguments a(
        component(),
        {{"nodes", 20.0}, {"coupling", 2}, {"mode", "exact"}, {"levels", List{0, 1.0}}}, 7);
    BOOST_TEST(a.values()[0].as.integer == 20);
    BOOST_TEST(a.values()[1].as.real == 2.0);
    BOOST_TEST(a.values()[5].as.integer == 1);
    BOOST_TEST(a.values()[7].count == 2);
    BOOST_TEST(a.values()[7].as.reals[1] == 1.0);
    BOOST_TEST(a.seed() == 7);
    BOOST_TEST(a.parameters().at("nodes").as<int64_t>() == 20);
    BOOST_TEST(a.parameters().at("label").as<std::string>() == "x");
    BOOST_TEST(Arguments(component(), {{"seed", 3}}, 7).seed() == 3);
}

BOOST_AUTO_TEST_CASE(each_rule_has_its_message) {
    const double nan = std::nan(""), inf = std::numeric_limits<double>::infinity();
    const std::string at = "simulate.everything: ";
    BOOST_TEST(refusal({{"coupling_strength", 1}}) ==
               at + "unknown parameter 'coupling_strength', did you mean 'coupling'?");
    BOOST_TEST(refusal({{"zebra", 1}}) == at + "unknown parameter 'zebra'");
    BOOST_TEST(refusal({{"nodes", 0}}) == at + "parameter 'nodes' = 0: must be in [1, 100]");
    BOOST_TEST(refusal({{"nodes", 3.7}}) == at + "parameter 'nodes' = 3.7: must be an integer");
    BOOST_TEST(refusal({{"nodes", "10"}}) == at + "parameter 'nodes' = 10: must be an integer");
    BOOST_TEST(refusal({{"nodes", true}}) == at + "parameter 'nodes' = true: must be an integer");
    BOOST_TEST(refusal({{"coupling", -1}}) == at + "parameter 'coupling' = -1: must be >= 0");
    BOOST_TEST(refusal({{"coupling", nan}}) == at + "parameter 'coupling' = nan: must be finite");
    BOOST_TEST(refusal({{"coupling", inf}}) == at + "parameter 'coupling' = inf: must be finite");
    BOOST_TEST(refusal({{"rate", 0}}) == at + "parameter 'rate' = 0: must be in (0, 1]");
    BOOST_TEST(refusal({{"directed", 1}}) ==
               at + "parameter 'directed' = 1: must be true or false");
    BOOST_TEST(refusal({{"label", 1}}) == at + "parameter 'label' = 1: must be a text");
    BOOST_TEST(refusal({{"mode", "exat"}}) ==
               at + "parameter 'mode' = exat: must be one of: fast, exact, did you mean 'exact'?");
    BOOST_TEST(refusal({{"shape", List{1, 2.5}}}) ==
               at + "parameter 'shape' = {1, 2.5}: must be a list of integers");
    BOOST_TEST(refusal({{"shape", 3}}) == at + "parameter 'shape' = 3: must be a list of integers");
    BOOST_TEST(refusal({{"levels", List{0.5, 2}}}) ==
               at + "parameter 'levels' = {0.5, 2}: must be a list of reals, each in [0, 1]");
    BOOST_TEST(refusal({{"seed", "a"}}) == at + "parameter 'seed' = a: must be an integer");
}

BOOST_AUTO_TEST_CASE(all_errors_come_at_once) {
    BOOST_TEST(refusal({{"nodes", 0}, {"ratte", 1}, {"mode", 3}}) ==
               "simulate.everything: unknown parameter 'ratte', did you mean 'rate'?\n"
               "simulate.everything: parameter 'nodes' = 0: must be in [1, 100]\n"
               "simulate.everything: parameter 'mode' = 3: must be one of: fast, exact");
}

BOOST_AUTO_TEST_CASE(inputs_are_checked_and_converted) {
    const std::string at = "simulate.everything: ";
    BOOST_TEST(refusal({{"graph", 3}}) == at + "input 'graph' is an integer, wanted a graph");
    BOOST_TEST(refusal({{"series", zeros({4})}}) ==
               at + "input 'series' has shape [4], wanted [time, node] or [run, time, node]");
    BOOST_TEST(refusal({{"series", zeros({9, 4})}, {"start", zeros({3})}}) ==
               at + "input 'start' has 3 along axis 'node', input 'series' has 4");
    BOOST_TEST(refusal({{"graph", graph_from_edges(5, {}, false, false)}, {"start", zeros({3})}}) ==
               at + "input 'start' has 3 along axis 'node', input 'graph' has 5");
    Tensor holes = zeros({2, 3});
    holes.writable_values<double>()[4] = std::nan("");
    BOOST_TEST(refusal({{"series", holes}}) ==
               at + "input 'series' holds 1 NaN, the first at [2, 2]: not allowed here");
    const Arguments a(component(), {{"series", List{List{1, 2}, List{3, 4}}}}, 0);
    BOOST_TEST(a.inputs().at("series").as<Tensor>().text() == "tensor float32 [2, 2] {1, 2, 3, 4}");
}
