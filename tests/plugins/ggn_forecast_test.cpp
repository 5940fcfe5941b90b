// SPDX-License-Identifier: MIT
// predict.ggn continues series as the simulator would, and learn.ggn says honestly how well.
#include "plugins/networks_for_tests.hpp"
#include "plugins/session.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace espalier;

namespace {

// A ring of six in which each node becomes the exclusive or of its neighbours.
const Graph& ring() {
    static const Graph graph = ring_of(6);
    return graph;
}

Value states_of(int64_t runs, int64_t steps) {
    return test_session()
        .call("simulate.boolean_network", {{"graph", ring()},
                                           {"rule", "xor"},
                                           {"start", "enumerate"},
                                           {"runs", runs},
                                           {"steps", steps}})
        .at("trajectories");
}

const Map& learned() {
    static const Map found = test_session().call(
        "learn.ggn",
        {{"trajectories", states_of(64, 1)}, {"epochs", 10}, {"hidden", 32}, {"seed", 2}});
    return found;
}

std::span<const double> column(const Map& found, const char* table, const char* name) {
    return std::get<Tensor>(*found.at(table).as<Table>().find(name)).values<double>();
}

} // namespace

BOOST_AUTO_TEST_SUITE(ggn_forecast)

BOOST_AUTO_TEST_CASE(a_learned_rule_runs_on_as_the_simulator_does) {
    const Tensor truth = states_of(64, 5).as<Tensor>();
    const Map future = test_session().call(
        "predict.ggn",
        {{"model", learned().at("model")}, {"trajectories", states_of(64, 0)}, {"steps", 5}});
    const Tensor& found = future.at("trajectories").as<Tensor>();
    BOOST_TEST((found.shape() == truth.shape()));
    const auto ours = found.values<double>();
    const auto theirs = truth.values<uint8_t>();
    std::size_t wrong = 0;
    for (std::size_t k = 0; k < ours.size(); ++k)
        wrong += ours[k] != static_cast<double>(theirs[k]);
    BOOST_TEST(wrong == 0u);
}

BOOST_AUTO_TEST_CASE(draws_follow_the_seed) {
    Map arguments{{"model", learned().at("model")},
                  {"trajectories", states_of(64, 0)},
                  {"steps", 5},
                  {"choice", "draw"},
                  {"seed", 1}};
    const Digest first = digest_at(1, "predict.ggn", arguments);
    BOOST_TEST((digest_at(8, "predict.ggn", arguments) == first));
}

BOOST_AUTO_TEST_CASE(the_forecast_beats_persistence_and_says_so) {
    BOOST_TEST(column(learned(), "forecast", "error")[0] <
               column(learned(), "forecast", "persistence")[0] / 10);
}

// Voters copy one neighbour at random: what was predicted with probability p comes true in a share
// p, within four standard errors and what few data leave of bias.
BOOST_AUTO_TEST_CASE(probabilities_of_classes_are_calibrated) {
    const Value states =
        test_session()
            .call("simulate.voter",
                  {{"graph", ring()}, {"runs", 400}, {"steps", 10}, {"noise", 0.1}, {"seed", 1}})
            .at("trajectories");
    const Map found = test_session().call(
        "learn.ggn", {{"trajectories", states}, {"epochs", 8}, {"hidden", 32}, {"seed", 1}});
    const auto nominal = column(found, "calibration", "nominal");
    const auto observed = column(found, "calibration", "observed");
    const auto count =
        std::get<Tensor>(*found.at("calibration").as<Table>().find("count")).values<int64_t>();
    BOOST_TEST(nominal.size() > 2u);
    for (std::size_t k = 0; k < nominal.size(); ++k) {
        const double error =
            std::sqrt(nominal[k] * (1 - nominal[k]) / static_cast<double>(count[k]));
        BOOST_TEST(std::abs(observed[k] - nominal[k]) < 4 * error + 0.05);
    }
}

BOOST_AUTO_TEST_SUITE_END()
