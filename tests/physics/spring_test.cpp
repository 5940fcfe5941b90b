// SPDX-License-Identifier: MIT
// Springs: the harmonic oscillator, conserved energy and momentum, order of the method, walls.
#include "plugins/networks_for_tests.hpp"
#include "plugins/session.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace espalier;

namespace {

struct State {
    std::vector<double> x; // node after node: x, y, vx, vy
    double operator()(std::size_t node, std::size_t feature) const { return x[node * 4 + feature]; }
};

State state(const Map& result, int64_t time) {
    const Tensor row = result.at("trajectories").as<Tensor>().row(0).row(time);
    const auto v = row.values<double>();
    return {{v.begin(), v.end()}};
}

double energy(const State& s, const Graph& graph, double stiffness, double length) {
    double sum = 0;
    for (std::size_t v = 0; v < s.x.size() / 4; ++v)
        sum += (s(v, 2) * s(v, 2) + s(v, 3) * s(v, 3)) / 2;
    for (const Edge& e : edges_of(graph)) {
        const auto i = static_cast<std::size_t>(e.from), j = static_cast<std::size_t>(e.to);
        const double stretch = std::hypot(s(i, 0) - s(j, 0), s(i, 1) - s(j, 1)) - length;
        sum += stiffness * e.weight * stretch * stretch / 2;
    }
    return sum;
}

} // namespace

BOOST_AUTO_TEST_SUITE(spring)

BOOST_AUTO_TEST_CASE(two_masses_swing_with_the_reduced_mass) {
    // Separation along x: omega^2 = 2 k / m. After a whole period everything is back.
    const double k = 0.8, m = 1.3, omega = std::sqrt(2 * k / m);
    const auto distance_after = [&](int64_t steps) {
        const double period = 2 * 3.14159265358979323846 / omega;
        const Map result = test_session().call(
            "simulate.spring",
            {{"graph", complete(2)},
             {"initial", Tensor::of({2, 4}, std::vector<double>{0.7, 0, 0, 0.2, -0.7, 0, 0, -0.2})},
             {"stiffness", k},
             {"mass", m},
             {"step", period / static_cast<double>(steps)},
             {"steps", steps},
             {"record_every", steps}});
        const State first = state(result, 0), last = state(result, 1);
        double sum = 0;
        for (std::size_t i = 0; i < 8; ++i) sum += std::pow(first.x[i] - last.x[i], 2);
        return std::sqrt(sum);
    };
    BOOST_TEST(distance_after(2000) < 1e-5);
    // Second order: halving the step divides the error by 4.
    BOOST_TEST(std::abs(std::log2(distance_after(500) / distance_after(1000)) - 2) < 0.02);
}

BOOST_AUTO_TEST_CASE(energy_stays_bounded_and_momentum_constant) {
    // A hexagon of springs, at rest when `length` is its side, and all nodes a little in motion.
    const Graph graph =
        weighted(6, {{0, 1, 1}, {1, 2, 2}, {2, 3, 0.5}, {3, 4, 1}, {4, 5, 1.5}, {5, 0, 1}}, false);
    std::vector<double> start;
    for (int v = 0; v < 6; ++v) {
        const double angle = 1.0471975511965976 * v;
        start.insert(start.end(), {std::cos(angle), std::sin(angle), 0.1 * std::cos(2.5 * v),
                                   0.1 * std::sin(4.0 * v)});
    }
    for (const double length : {0.0, 1.0}) {
        const Map result =
            test_session().call("simulate.spring", {{"graph", graph},
                                                    {"initial", Tensor::of({6, 4}, start)},
                                                    {"stiffness", 1.0},
                                                    {"length", length},
                                                    {"step", 0.01},
                                                    {"steps", 100000},
                                                    {"record_every", 1000}});
        const State first = state(result, 0);
        const double before = energy(first, graph, 1.0, length);
        double worst = 0, momentum = 0;
        for (int64_t time = 1; time <= 100; ++time) {
            const State now = state(result, time);
            worst = std::max(worst, std::abs(energy(now, graph, 1.0, length) / before - 1));
            for (const std::size_t feature : {2u, 3u}) {
                double change = 0;
                for (std::size_t v = 0; v < 6; ++v) change += now(v, feature) - first(v, feature);
                momentum = std::max(momentum, std::abs(change));
            }
        }
        // A symplectic method's energy error stays of the order of (step omega)^2, here below
        // 1e-4 * 6 (omega^2 <= twice the greatest sum of weights at a node). Rounding adds below
        // 1e-12.
        BOOST_TEST(worst < 6e-4);
        BOOST_TEST(momentum < 1e-11);
    }
}

BOOST_AUTO_TEST_CASE(walls_turn_particles_back_without_loss) {
    const Map result = test_session().call(
        "simulate.spring",
        {{"graph", directed(2, {})},
         {"initial",
          Tensor::of({2, 4}, std::vector<double>{0.5, 0, 0.3, -0.7, -0.9, 0.2, -2.5, 0})},
         {"box", 1.0},
         {"step", 0.1},
         {"steps", 100}});
    for (int64_t time = 0; time <= 100; ++time) {
        const State s = state(result, time);
        const double t = 0.1 * static_cast<double>(time);
        // Free flight between walls at -1 and 1, folded.
        const auto folded = [](double x) {
            const double along = std::fmod(std::fmod(x + 1, 4) + 4, 4);
            return (along > 2 ? 4 - along : along) - 1;
        };
        BOOST_TEST_REQUIRE(std::abs(s(0, 0) - folded(0.5 + 0.3 * t)) < 1e-12);
        BOOST_TEST_REQUIRE(std::abs(s(0, 1) - folded(-0.7 * t)) < 1e-12);
        BOOST_TEST_REQUIRE(std::abs(s(1, 0) - folded(-0.9 - 2.5 * t)) < 1e-11);
        BOOST_TEST_REQUIRE(std::abs(s(1, 2)) == 2.5);
        BOOST_TEST_REQUIRE(std::abs(s(0, 3)) == 0.7);
    }
}

BOOST_AUTO_TEST_CASE(a_directed_edge_pulls_its_receiver_only) {
    const Map result = test_session().call(
        "simulate.spring",
        {{"graph", directed(2, {{0, 1}})},
         {"initial", Tensor::of({2, 4}, std::vector<double>{0, 0, 0, 0, 1, 0, 0, 0})},
         {"stiffness", 1.0},
         {"step", 0.001},
         {"steps", 1000},
         {"record_every", 1000}});
    const State s = state(result, 1);
    BOOST_TEST(s(0, 0) == 0.0);
    BOOST_TEST(std::abs(s(1, 0) - std::cos(1.0)) < 1e-6); // unit mass on a unit spring
    BOOST_TEST(std::abs(s(1, 2) + std::sin(1.0)) < 1e-6);
}

BOOST_AUTO_TEST_CASE(starts_follow_their_distributions) {
    const Map result = test_session().call("simulate.spring", {{"graph", directed(10000, {})},
                                                               {"spread", 0.5},
                                                               {"speed", 0.7},
                                                               {"steps", 0},
                                                               {"seed", 4}});
    const State s = state(result, 0);
    double square = 0, drift = 0;
    for (std::size_t v = 0; v < 10000; ++v) {
        BOOST_TEST_REQUIRE(std::abs(std::hypot(s(v, 2), s(v, 3)) - 0.7) < 1e-14);
        square += s(v, 0) * s(v, 0) + s(v, 1) * s(v, 1), drift += s(v, 2);
    }
    BOOST_TEST(std::abs(square / 20000 - 0.25) < 4 * 0.25 * std::sqrt(2.0 / 20000));
    BOOST_TEST(std::abs(drift / 10000) < 4 * 0.7 / std::sqrt(2 * 10000.0));
}

BOOST_AUTO_TEST_SUITE_END()
