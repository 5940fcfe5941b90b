// SPDX-License-Identifier: MIT
// Phase oscillators: exact two-body motion, order of the method, the synchronisation threshold,
// diffusion.
#include "plugins/networks_for_tests.hpp"
#include "plugins/session.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <numbers>

using namespace espalier;
using std::numbers::pi;

namespace {

Tensor column(std::vector<double> values) {
    return Tensor::of({static_cast<int64_t>(values.size()), 1}, values);
}

Map pair_settings(double detuning, double coupling) {
    return {{"graph", complete(2)},
            {"frequencies", Tensor::vector(std::vector<double>{detuning / 2, -detuning / 2})},
            {"coupling", coupling}};
}

// theta_0 - theta_1 at the last record.
double last_difference(const Map& settings) {
    const Tensor t =
        test_session().call("simulate.kuramoto", settings).at("trajectories").as<Tensor>();
    const Tensor last = t.row(0).row(t.shape()[1] - 1);
    return last.number(0) - last.number(1);
}

// Mean of r(t) over the second half of the records, and over runs.
double mean_order(const Map& result) {
    const Tensor& r = result.at("order_parameter").as<Tensor>();
    const int64_t times = r.shape()[1];
    double sum = 0;
    for (int64_t run = 0; run < r.shape()[0]; ++run)
        for (int64_t t = times / 2; t < times; ++t) sum += r.number(run * times + t);
    return sum / static_cast<double>(r.shape()[0] * (times - times / 2));
}

} // namespace

BOOST_AUTO_TEST_SUITE(kuramoto)

BOOST_AUTO_TEST_CASE(two_oscillators_lock_at_the_arcsine) {
    // d phi / dt = D - 2 k sin phi: locks at sin phi = D / 2k when 2k > D.
    Map settings = pair_settings(0.6, 0.5);
    settings.insert({{"initial", column({0.1, -0.2})}, {"step", 0.05}, {"steps", 2000}});
    BOOST_TEST(std::abs(last_difference(settings) - std::asin(0.6)) < 1e-12);
    settings["precision"] = "float32";
    BOOST_TEST(std::abs(last_difference(settings) - std::asin(0.6)) < 1e-5);
}

BOOST_AUTO_TEST_CASE(two_equal_oscillators_follow_the_closed_form) {
    // Without detuning tan(phi/2) decays as exp(-2 k t).
    Map settings = pair_settings(0, 0.7);
    settings.insert({{"initial", column({1.1, -1.3})}, {"step", 0.01}, {"steps", 100}});
    const double expected = 2 * std::atan(std::tan(1.2) * std::exp(-2 * 0.7 * 1.0));
    // The error of the method is of the order of step^4.
    BOOST_TEST(std::abs(last_difference(settings) - expected) < 1e-8);
}

BOOST_AUTO_TEST_CASE(beyond_the_threshold_the_pair_drifts_with_the_known_period) {
    // 2k < D: the difference gains 2 pi in T = 2 pi / sqrt(D^2 - 4k^2); after T it is back.
    const double period = 2 * pi / std::sqrt(1.0 - 0.36);
    Map settings = pair_settings(1.0, 0.3);
    settings.insert({{"initial", column({0.4, -0.4})}, {"step", period / 1000}, {"steps", 1000}});
    const double back = std::remainder(last_difference(settings) - 0.8, 2 * pi);
    BOOST_TEST(std::abs(back) < 1e-9);
}

BOOST_AUTO_TEST_CASE(the_method_has_order_four) {
    const auto final_state = [](int64_t steps) {
        const Map result =
            test_session().call("simulate.kuramoto", {{"graph", tangle(12)},
                                                      {"coupling", 0.8},
                                                      {"step", 2.0 / static_cast<double>(steps)},
                                                      {"steps", steps},
                                                      {"record_every", steps},
                                                      {"features", "sine_cosine"},
                                                      {"seed", 3}});
        const auto v = result.at("trajectories").as<Tensor>().row(0).row(1).values<double>();
        return std::vector<double>(v.begin(), v.end());
    };
    const auto distance = [](const std::vector<double>& a, const std::vector<double>& b) {
        double sum = 0;
        for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
        return std::sqrt(sum);
    };
    const auto a = final_state(40), b = final_state(80), c = final_state(160), d = final_state(320);
    // Each halving of the step divides the error by 2^4 up to higher orders.
    BOOST_TEST(std::abs(std::log2(distance(a, b) / distance(b, c)) - 4) < 0.3);
    BOOST_TEST(std::abs(std::log2(distance(b, c) / distance(c, d)) - 4) < 0.15);
}

BOOST_AUTO_TEST_CASE(lorentz_frequencies_synchronise_at_twice_their_width) {
    // Complete graph, width 0.5: K_c = 1; above it r = sqrt(1 - K_c / K). Below it r fluctuates
    // about sqrt(pi / 4 / nodes) = 0.06, amplified towards K_c by 1 / (1 - K / K_c) = 2.
    // Frequencies are the quantiles, so only the phases are random; 200 of them resolve the law to
    // a few per cent.
    const int64_t nodes = 200;
    std::vector<double> quantiles;
    for (int64_t i = 0; i < nodes; ++i)
        quantiles.push_back(0.5 * std::tan(pi * ((static_cast<double>(i) + 0.5) / nodes - 0.5)));
    const auto order = [&](double coupling) {
        return mean_order(
            test_session().call("simulate.kuramoto", {{"graph", complete(nodes)},
                                                      {"frequencies", Tensor::vector(quantiles)},
                                                      {"normalisation", "nodes"},
                                                      {"coupling", coupling},
                                                      {"step", 0.05},
                                                      {"steps", 800},
                                                      {"record_every", 10},
                                                      {"runs", 2},
                                                      {"seed", 8}}));
    };
    BOOST_TEST(order(0.5) < 0.2);
    for (const double coupling : {2.0, 3.0}) {
        BOOST_TEST_CONTEXT("coupling " << coupling) {
            BOOST_TEST(std::abs(order(coupling) - std::sqrt(1 - 1 / coupling)) < 0.05);
        }
    }
}

BOOST_AUTO_TEST_CASE(drawn_frequencies_follow_their_laws) {
    const auto drawn = [](const char* law) {
        const Map result = test_session().call("simulate.kuramoto", {{"graph", directed(20000, {})},
                                                                     {"distribution", law},
                                                                     {"centre", 2.0},
                                                                     {"width", 0.5},
                                                                     {"steps", 0},
                                                                     {"seed", 6}});
        const auto v = result.at("frequencies").as<Tensor>().values<double>();
        return std::vector<double>(v.begin(), v.end());
    };
    // Share within one width of the centre: exact 0.6827, 1, 0.5; standard error below 0.0036.
    const auto inside = [&](const char* law) {
        int64_t count = 0;
        for (const double x : drawn(law)) count += std::abs(x - 2) <= 0.5;
        return static_cast<double>(count) / 20000;
    };
    BOOST_TEST(std::abs(inside("normal") - 0.682689) < 4 * 0.0033);
    BOOST_TEST(inside("uniform") == 1.0);
    BOOST_TEST(std::abs(inside("lorentz") - 0.5) < 4 * 0.0036);
    BOOST_TEST(inside("equal") == 1.0);
}

BOOST_AUTO_TEST_CASE(noise_alone_is_diffusion) {
    // Uncoupled, equal frequencies: phases spread as noise^2 t; t = 1, variance 0.09.
    const int64_t nodes = 4000;
    const Map result =
        test_session().call("simulate.kuramoto", {{"graph", directed(nodes, {})},
                                                  {"initial", Tensor(DType::float64, {nodes, 1})},
                                                  {"distribution", "equal"},
                                                  {"noise", 0.3},
                                                  {"step", 0.1},
                                                  {"steps", 10},
                                                  {"record_every", 10},
                                                  {"seed", 5}});
    double mean = 0, square = 0;
    for (const double x : result.at("trajectories").as<Tensor>().row(0).row(1).values<double>())
        mean += x, square += x * x;
    mean /= static_cast<double>(nodes), square /= static_cast<double>(nodes);
    BOOST_TEST(std::abs(mean) < 4 * 0.3 / std::sqrt(4000.0));
    BOOST_TEST(std::abs(square - 0.09) < 4 * 0.09 * std::sqrt(2 / 4000.0));
}

BOOST_AUTO_TEST_CASE(velocity_is_the_derivative_and_edges_point_at_the_receiver) {
    const Map result = test_session().call(
        "simulate.kuramoto", {{"graph", weighted(3, {{0, 1, 2.0}, {2, 1, 0.5}})},
                              {"frequencies", Tensor::vector(std::vector<double>{1.0, -0.5, 0.25})},
                              {"initial", column({0.3, 1.0, -2.0})},
                              {"coupling", 0.4},
                              {"features", "sine_cosine_velocity"},
                              {"steps", 0}});
    const auto x = result.at("trajectories").as<Tensor>().values<double>();
    BOOST_TEST(std::abs(x[0] - std::sin(0.3)) < 1e-15);
    BOOST_TEST(std::abs(x[1] - std::cos(0.3)) < 1e-15);
    BOOST_TEST(x[2] == 1.0); // nobody influences node 0
    const double expected = -0.5 + 0.4 * (2 * std::sin(0.3 - 1) + 0.5 * std::sin(-2.0 - 1));
    BOOST_TEST(std::abs(x[5] - expected) < 1e-14);
    BOOST_TEST(x[8] == 0.25);
}

BOOST_AUTO_TEST_SUITE_END()
