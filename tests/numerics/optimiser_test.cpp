// SPDX-License-Identifier: MIT
// First steps of the optimisers by hand, schedules, clipping, and moments that fade without
// becoming denormal.
#include "espalier/numerics/numerics.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>
#include <vector>

using namespace espalier::numerics;

namespace {

// One parameter of two numbers, 1 and -2; give() sets its gradient.
template <class Real> struct Pair {
    Pair() { value()[0] = 1, value()[1] = -2; }
    Real* value() { return parameters.value(0).data; }
    void give(Real first, Real second) {
        Real* g = parameters.gradients().data(0);
        g[0] = first, g[1] = second;
        *parameters.gradients().flag(0) = 1;
    }
    Parameters<Real> parameters;
    Parameter<Real> parameter = parameters.add("p", 1, 2);
};

template <class Real> auto near(double x) {
    return boost::test_tools::tolerance(static_cast<Real>(x));
}

template <class Real> void check_adam(bool decoupled, Real tolerance) {
    Pair<Real> p;
    Adam<Real> adam(p.parameters,
                    {.learning_rate = 0.1, .weight_decay = 0.5, .decoupled = decoupled});
    double x[2] = {1, -2}, m[2] = {}, v[2] = {};
    for (int t = 1; t <= 3; ++t) {
        const double g[2] = {0.5 * t, -1.0 / t};
        p.give(static_cast<Real>(g[0]), static_cast<Real>(g[1]));
        adam.step();
        for (int i = 0; i < 2; ++i) {
            const double pull = decoupled ? g[i] : g[i] + 0.5 * x[i];
            if (decoupled) x[i] -= 0.1 * 0.5 * x[i];
            m[i] = 0.9 * m[i] + 0.1 * pull;
            v[i] = 0.999 * v[i] + 0.001 * pull * pull;
            x[i] -= 0.1 * (m[i] / (1 - std::pow(0.9, t))) /
                    (std::sqrt(v[i] / (1 - std::pow(0.999, t))) + 1e-8);
            BOOST_TEST(p.value()[i] == static_cast<Real>(x[i]),
                       boost::test_tools::tolerance(tolerance));
        }
    }
    BOOST_TEST(adam.steps() == 3);
}

} // namespace

BOOST_AUTO_TEST_SUITE(optimisers)

BOOST_AUTO_TEST_CASE(adam_moves_by_the_rate_at_first) {
    Pair<double> p;
    Adam<double> adam(p.parameters, {.learning_rate = 0.1});
    p.give(3, -0.01);
    adam.step();
    BOOST_TEST(p.value()[0] == 0.9, near<double>(1e-7)); // m / sqrt(v) = sign(g)
    BOOST_TEST(p.value()[1] == -1.9, near<double>(1e-6));
}

BOOST_AUTO_TEST_CASE(adam_and_adamw_as_their_papers_say) {
    for (const bool decoupled : {false, true}) {
        check_adam<double>(decoupled, 1e-12);
        check_adam<float>(decoupled, 1e-5f);
    }
}

BOOST_AUTO_TEST_CASE(gradient_descent_by_hand) {
    Pair<double> plain, heavy, nesterov;
    GradientDescent<double> a(plain.parameters, {.learning_rate = 0.1});
    GradientDescent<double> b(heavy.parameters, {.learning_rate = 0.1, .momentum = 0.5});
    GradientDescent<double> c(nesterov.parameters,
                              {.learning_rate = 0.1, .momentum = 0.5, .nesterov = true});
    for (int t = 0; t < 2; ++t) {
        for (auto* p : {&plain, &heavy, &nesterov}) p->give(1, 2);
        a.step(), b.step(), c.step();
    }
    BOOST_TEST(plain.value()[0] == 1 - 0.1 * 2, near<double>(1e-14));
    BOOST_TEST(heavy.value()[0] == 1 - 0.1 * (1 + 1.5), near<double>(1e-14));
    BOOST_TEST(nesterov.value()[0] == 1 - 0.1 * (1.5 + (1 + 0.5 * 1.5)), near<double>(1e-14));
}

BOOST_AUTO_TEST_CASE(without_a_gradient_nothing_moves) {
    Pair<double> p;
    Adam<double> adam(p.parameters, {.learning_rate = 0.1, .weight_decay = 0.1});
    p.give(1, 1);
    adam.step();
    const double after = p.value()[0];
    adam.step();
    BOOST_TEST(p.value()[0] == after);
}

BOOST_AUTO_TEST_CASE(moments_fade_to_zero_and_never_become_denormal) {
    Pair<float> p;
    Adam<float> adam(p.parameters, {.beta2 = 0.9});
    p.give(1, 1e-20f);
    adam.step();
    bool denormal = false;
    for (int t = 0; t < 3000; ++t) {
        p.give(0, 1e-20f);
        adam.step();
        for (const float x : {adam.first_moment()[0], adam.second_moment()[0],
                              adam.first_moment()[1], adam.second_moment()[1]})
            denormal = denormal || std::fpclassify(x) == FP_SUBNORMAL;
    }
    BOOST_TEST(!denormal);
    BOOST_TEST(adam.first_moment()[0] == 0);
    BOOST_TEST(adam.second_moment()[0] == 0);
}

BOOST_AUTO_TEST_CASE(clipping) {
    Pair<double> p;
    p.give(3, -4);
    BOOST_TEST(clip_gradient_norm(p.parameters, 1.0) == 5, near<double>(1e-14));
    BOOST_TEST(p.parameter.gradient()(0, 0) == 0.6, near<double>(1e-14));
    BOOST_TEST(p.parameter.gradient()(0, 1) == -0.8, near<double>(1e-14));
    BOOST_TEST(clip_gradient_norm(p.parameters, 2.0) == 1, near<double>(1e-14));
    BOOST_TEST(p.parameter.gradient()(0, 0) == 0.6, near<double>(1e-14)); // short enough: kept
    clip_gradient_value(p.parameters, 0.7);
    BOOST_TEST(p.parameter.gradient()(0, 0) == 0.6, near<double>(1e-14));
    BOOST_TEST(p.parameter.gradient()(0, 1) == -0.7);
}

BOOST_AUTO_TEST_CASE(schedules) {
    using Form = Schedule::Form;
    const Schedule constant{.initial = 0.5};
    BOOST_TEST(constant.rate(1000) == 0.5);
    const Schedule step{.form = Form::step, .initial = 1, .factor = 0.5, .period = 10};
    BOOST_TEST(step.rate(9) == 1);
    BOOST_TEST(step.rate(10) == 0.5);
    BOOST_TEST(step.rate(29) == 0.25);
    const Schedule fading{.form = Form::exponential, .initial = 2, .factor = 0.9};
    BOOST_TEST(fading.rate(3) == 2 * 0.729, near<double>(1e-14));
    const Schedule cosine{
        .form = Form::cosine, .initial = 1, .final_rate = 0.2, .period = 100, .warm_up = 4};
    BOOST_TEST(cosine.rate(0) == 0.25, near<double>(1e-14));
    BOOST_TEST(cosine.rate(50) == 0.6, near<double>(1e-14));
    BOOST_TEST(cosine.rate(100) == 0.2, near<double>(1e-14));
    BOOST_TEST(cosine.rate(5000) == 0.2, near<double>(1e-14));
}

BOOST_AUTO_TEST_CASE(initial_values_have_their_bounds) {
    std::vector<double> x(300 * 100);
    const MatrixView<double> m(x.data(), 300, 100);
    const auto check = [&](Initialiser initialiser, double bound) {
        initialise(m, initialiser, 300, 100, {{4, 4}});
        double largest = 0, squares = 0;
        for (const double v : x) largest = std::max(largest, std::abs(v)), squares += v * v;
        const double n = static_cast<double>(x.size()), variance = bound * bound / 3;
        BOOST_TEST(largest <= bound);
        BOOST_TEST(largest > bound * (1 - 20 / n)); // missed with probability exp(-20)
        BOOST_TEST(std::abs(squares / n - variance) < 4 * variance * std::sqrt(0.8 / n));
    };
    check(Initialiser::kaiming_uniform, 1 / std::sqrt(300));
    check(Initialiser::xavier_uniform, std::sqrt(6.0 / 400));
    initialise(m, Initialiser::zeros, 300, 100, {});
    for (const double v : x) BOOST_REQUIRE(v == 0);
}

BOOST_AUTO_TEST_SUITE_END()
