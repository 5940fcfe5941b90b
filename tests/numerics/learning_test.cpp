// SPDX-License-Identifier: MIT
// Small things are learned: exclusive or, a smooth curve, and a matrix seen through its products.
#include "espalier/numerics/numerics.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <vector>

using namespace espalier::numerics;

namespace {

template <class Real> void learn_exclusive_or(std::uint32_t seed) {
    const std::vector<Real> x = {0, 0, 0, 1, 1, 0, 1, 1};
    const std::vector<std::int32_t> labels = {0, 1, 1, 0};
    Parameters<Real> parameters;
    const MultilayerPerceptron<Real> model(parameters, "xor", {2, 8, 2}, {seed, 1},
                                           {.hidden = Activation::tanh});
    Adam<Real> adam(parameters, {.learning_rate = 0.05});
    Tape<Real> tape;
    Real loss = 1;
    for (int t = 0; t < 500; ++t) {
        tape.clear();
        const auto cost = cross_entropy(model(tape.constant({x.data(), 4, 2})), labels);
        tape.backward(cost);
        adam.step();
        loss = cost.scalar();
    }
    BOOST_TEST(loss < Real(0.05)); // a linear model cannot get below log 2
}

template <class Optimise> double fit_curve(Optimise optimise) {
    constexpr Index points = 64;
    std::vector<double> x(points), y(points);
    for (Index i = 0; i < points; ++i) {
        const double t = 2.0 * static_cast<double>(i) / (points - 1) - 1;
        x[static_cast<std::size_t>(i)] = t;
        y[static_cast<std::size_t>(i)] = std::sin(3 * t);
    }
    Parameters<double> parameters;
    const MultilayerPerceptron<double> model(parameters, "curve", {1, 32, 1}, {3, 3},
                                             {.hidden = Activation::tanh});
    Tape<double> tape;
    double loss = 1;
    optimise(parameters, [&] {
        tape.clear();
        const auto cost = l2_loss(model(tape.constant({x.data(), points, 1})),
                                  tape.constant({y.data(), points, 1}));
        tape.backward(cost);
        loss = cost.scalar();
    });
    return loss;
}

} // namespace

BOOST_AUTO_TEST_SUITE(learning)

BOOST_AUTO_TEST_CASE(exclusive_or) {
    for (const std::uint32_t seed : {1u, 2u, 3u}) {
        learn_exclusive_or<float>(seed);
        learn_exclusive_or<double>(seed);
    }
}

// The curve has variance 0.5; a straight line leaves 0.06.
BOOST_AUTO_TEST_CASE(a_curve_with_each_optimiser) {
    const double with_adam = fit_curve([](Parameters<double>& parameters, auto differentiate) {
        Adam<double> adam(parameters);
        const Schedule schedule{
            .form = Schedule::Form::cosine, .initial = 0.02, .period = 1000, .warm_up = 20};
        for (int t = 0; t < 1000; ++t) {
            differentiate();
            clip_gradient_norm(parameters, 1.0);
            adam.set_learning_rate(schedule.rate(t));
            adam.step();
        }
    });
    const double with_descent = fit_curve([](Parameters<double>& parameters, auto differentiate) {
        GradientDescent<double> descent(parameters,
                                        {.learning_rate = 0.05, .momentum = 0.9, .nesterov = true});
        for (int t = 0; t < 2000; ++t) differentiate(), descent.step();
    });
    BOOST_TEST(with_adam < 1e-3);
    BOOST_TEST(with_descent < 1e-2);
}

// Which of the edges exist is learned through hard samples with straight-through gradients.
BOOST_AUTO_TEST_CASE(an_adjacency_through_straight_through_samples) {
    constexpr Index nodes = 6, states = 64;
    std::vector<double> adjacency(nodes * nodes), x(states * nodes);
    for (std::size_t i = 0; i < adjacency.size(); ++i) adjacency[i] = i * 7 % 5 < 2 ? 1 : 0;
    fill_normal(std::span<double>(x), {{8, 8}});
    Parameters<double> parameters;
    const Parameter<double> logits = parameters.add("logits", nodes, nodes);
    Adam<double> adam(parameters, {.learning_rate = 0.1});
    Tape<double> tape;
    for (std::uint32_t t = 0; t < 300; ++t) {
        tape.clear();
        const auto input = tape.constant({x.data(), states, nodes});
        const auto wanted = matmul(input, tape.constant({adjacency.data(), nodes, nodes}));
        const auto edges = gumbel_sigmoid(tape.use(logits), 0.5, {{9, 9}, t}, Sample::hard);
        tape.backward(l2_loss(matmul(input, edges), wanted));
        adam.step();
    }
    for (std::size_t i = 0; i < adjacency.size(); ++i)
        BOOST_TEST((logits.value().data[i] > 0) == (adjacency[i] > 0.5));
}

BOOST_AUTO_TEST_SUITE_END()
