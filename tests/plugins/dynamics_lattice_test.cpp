// SPDX-License-Identifier: MIT
// The coupled map lattice against a plain loop, bit for bit.
#include "plugins/networks_for_tests.hpp"
#include "plugins/session.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace espalier;

namespace {

constexpr double growth = 3.7;

Tensor states(const Map& result) { return result.at("trajectories").as<Tensor>(); }

// What the lattice does, one node after the other over a dense matrix: weight[j][i] acts on i.
template <class Real>
std::vector<Real> plain_steps(const Graph& graph, std::vector<Real> x, double coupling, int steps) {
    const auto nodes = static_cast<std::size_t>(graph.nodes());
    const Tensor matrix = graph.adjacency();
    const auto weight = matrix.values<double>();
    const auto f = [](Real v) { return static_cast<Real>(growth) * v * (Real(1) - v); };
    const Real own = Real(1) - static_cast<Real>(coupling);
    for (int step = 0; step < steps; ++step) {
        std::vector<Real> next(nodes);
        for (std::size_t i = 0; i < nodes; ++i) {
            double strength = 0;
            Real sum = 0;
            for (std::size_t j = 0; j < nodes; ++j) {
                const double w = weight[j * nodes + i];
                if (w == 0) continue;
                strength += w;
                sum += static_cast<Real>(w) * f(x[j]);
            }
            next[i] = strength > 0 ? own * f(x[i]) + static_cast<Real>(coupling / strength) * sum
                                   : f(x[i]);
        }
        x = next;
    }
    return x;
}

template <class Real> void compare_with_plain_loop(const Graph& graph, const char* precision) {
    const double coupling = 0.3;
    const Tensor all =
        states(test_session().call("simulate.coupled_map_lattice", {{"graph", graph},
                                                                    {"coupling", coupling},
                                                                    {"growth", growth},
                                                                    {"steps", 20},
                                                                    {"runs", 2},
                                                                    {"record_every", 10},
                                                                    {"precision", precision},
                                                                    {"seed", 4}}));
    BOOST_TEST_REQUIRE((all.shape() == Shape{2, 3, graph.nodes(), 1}));
    for (int64_t run = 0; run < 2; ++run)
        for (int64_t time = 0; time < 2; ++time) {
            const auto from = all.row(run).row(time).values<Real>();
            const auto to = all.row(run).row(time + 1).values<Real>();
            const auto expected =
                plain_steps(graph, std::vector<Real>(from.begin(), from.end()), coupling, 10);
            BOOST_TEST(std::equal(to.begin(), to.end(), expected.begin()));
        }
}

} // namespace

BOOST_AUTO_TEST_SUITE(coupled_map_lattice)

BOOST_AUTO_TEST_CASE(equals_a_plain_loop_on_every_kind_of_network) {
    const Graph lonely = directed(5, {{0, 1}, {2, 1}, {1, 3}}); // nodes 0, 2, 4 have no input
    const Graph heavy = weighted(4, {{0, 1, 0.5}, {2, 1, 2}, {1, 3, 1}, {3, 0, 0.25}});
    // Rings of 300 are walked without indices, but for the nodes at the seam.
    for (const Graph& graph :
         {lonely, heavy, tangle(200), ring_of(300), ring_of(300, 4), complete(9)}) {
        compare_with_plain_loop<double>(graph, "float64");
        compare_with_plain_loop<float>(graph, "float32");
    }
}

BOOST_AUTO_TEST_CASE(without_coupling_every_node_is_a_logistic_map) {
    const Tensor x =
        states(test_session().call("simulate.coupled_map_lattice", {{"graph", ring_of(100)},
                                                                    {"coupling", 0.0},
                                                                    {"growth", 3.9},
                                                                    {"steps", 200},
                                                                    {"seed", 1}}));
    const auto values = x.values<double>();
    for (std::size_t i = 0; i < 100; ++i) {
        double y = values[i];
        BOOST_TEST_REQUIRE((y >= 0 && y < 1));
        for (std::size_t t = 1; t <= 200; ++t) {
            y = 3.9 * y * (1 - y);
            BOOST_TEST_REQUIRE(values[t * 100 + i] == y);
        }
    }
}

BOOST_AUTO_TEST_CASE(equal_states_stay_equal) {
    const Tensor x =
        states(test_session().call("simulate.coupled_map_lattice",
                                   {{"graph", complete(8)},
                                    {"initial", Tensor::of({8, 1}, std::vector<double>(8, 0.3))},
                                    {"coupling", 0.4},
                                    {"growth", 3.8},
                                    {"steps", 50}}));
    const auto values = x.values<double>();
    double logistic = 0.3;
    for (std::size_t t = 0; t <= 50; ++t) {
        for (std::size_t i = 1; i < 8; ++i) BOOST_TEST_REQUIRE(values[t * 8 + i] == values[t * 8]);
        // The coupling rounds a little; errors grow by less than a factor of 4 a step.
        if (t < 20) BOOST_TEST(std::abs(values[t * 8] - logistic) < 1e-15 * std::pow(4.0, t));
        logistic = 3.8 * logistic * (1 - logistic);
    }
}

BOOST_AUTO_TEST_CASE(strong_coupling_synchronises_chaos) {
    // On a complete graph differences from the mean shrink by |1 - s n/(n-1)| exp(lambda) a step,
    // lambda = 0.43 being the Lyapunov exponent at r = 3.8: 0.5 * 1.54 < 1, 0.9 * 1.54 > 1.
    const auto spread = [](double factor) {
        const Tensor x = states(
            test_session().call("simulate.coupled_map_lattice", {{"graph", complete(10)},
                                                                 {"coupling", (1 - factor) * 0.9},
                                                                 {"growth", 3.8},
                                                                 {"steps", 1000},
                                                                 {"record_every", 1000},
                                                                 {"seed", 3}}));
        const auto last = x.row(0).row(1).values<double>();
        const auto [low, high] = std::minmax_element(last.begin(), last.end());
        return *high - *low;
    };
    BOOST_TEST(spread(0.5) < 1e-12);
    BOOST_TEST(spread(0.9) > 1e-3);
}

BOOST_AUTO_TEST_CASE(influence_goes_along_the_edge) {
    const auto initial = [](double sender) {
        return Tensor::of({2, 1}, std::vector<double>{sender, 0.4});
    };
    const auto step = [&](double sender) {
        const Tensor x = states(
            test_session().call("simulate.coupled_map_lattice", {{"graph", directed(2, {{0, 1}})},
                                                                 {"initial", initial(sender)},
                                                                 {"coupling", 0.25},
                                                                 {"growth", 4.0},
                                                                 {"steps", 1}}));
        return std::pair(x.number(2), x.number(3));
    };
    BOOST_TEST(step(0.5).first == 1.0);                            // no input: its own map
    BOOST_TEST(step(0.5).second == 0.75 * (4 * 0.4 * 0.6) + 0.25); // f(0.5) = 1
    BOOST_TEST(step(0.0).second == 0.75 * (4 * 0.4 * 0.6));
}

BOOST_AUTO_TEST_CASE(more_runs_change_no_earlier_run) {
    const Map settings{{"graph", tangle(30)}, {"steps", 5}, {"seed", 9}};
    Map few = settings, many = settings;
    few["runs"] = 2, many["runs"] = 70;
    const Tensor a = states(test_session().call("simulate.coupled_map_lattice", few));
    const Tensor b = states(test_session().call("simulate.coupled_map_lattice", many));
    BOOST_TEST(a.same_as(b.rows(0, 2)));
    BOOST_TEST(!b.row(0).same_as(b.row(1)));
}

BOOST_AUTO_TEST_SUITE_END()
