// SPDX-License-Identifier: MIT
// Gates: gradients against differences where they are smooth, and against the expectation where
// they are straight through.
#include "espalier/numerics/numerics.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <vector>

using namespace espalier::numerics;

namespace {

// sum(c * effective) of one draw, its weights and logits, and the gradients of both.
struct Draw {
    Index rows, cols, gates;
    std::vector<double> weights, logits, effective, soft, coefficients, gradient, logit_gradient;

    Draw(Index r, Index c, bool by_row)
        : rows(r), cols(c), gates(by_row ? 1 : c), weights(size()), logits(count()),
          effective(size()), soft(count()), coefficients(size()), gradient(size()),
          logit_gradient(count()) {
        fill_uniform(MatrixView<double>(weights.data(), rows, cols), -2, 2, {{1, 1}, 1});
        fill_uniform(MatrixView<double>(logits.data(), rows, gates), -2, 2, {{1, 1}, 2});
        fill_uniform(MatrixView<double>(coefficients.data(), rows, cols), -1, 1, {{1, 1}, 3});
    }
    std::size_t size() const { return static_cast<std::size_t>(rows * cols); }
    std::size_t count() const { return static_cast<std::size_t>(rows * gates); }
    MatrixView<double> view(std::vector<double>& x) {
        return {x.data(), rows, static_cast<Index>(x.size()) / rows};
    }
    double loss(const GateLaw& law, const Place& place, Sample sample) {
        draw_gates(view(effective), view(soft), view(weights), view(logits), law, place, sample);
        double sum = 0;
        for (std::size_t i = 0; i < size(); ++i) sum += coefficients[i] * effective[i];
        return sum;
    }
    void differentiate(const GateLaw& law, const Place& place, Sample sample) {
        loss(law, place, sample);
        gate_gradients<double>(view(gradient), view(logit_gradient), view(coefficients),
                               view(weights), view(soft), law, sample);
    }
};

void compare(Draw& draw, std::vector<double>& values, const std::vector<double>& gradients,
             const GateLaw& law) {
    constexpr double h = 1e-6;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double kept = values[i];
        values[i] = kept + h;
        const double above = draw.loss(law, {{3, 4}, 5}, Sample::soft);
        values[i] = kept - h;
        const double below = draw.loss(law, {{3, 4}, 5}, Sample::soft);
        values[i] = kept;
        BOOST_TEST(std::abs((above - below) / (2 * h) - gradients[i]) < 1e-8);
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(gates)

BOOST_AUTO_TEST_CASE(relaxed_gates_have_the_gradient_of_differences) {
    for (const bool by_row : {false, true})
        for (const GateLaw& law : {GateLaw{3, 1, 0}, GateLaw{0.7, 1, 0.4}, GateLaw{1, 0, -0.3}}) {
            Draw draw(5, 7, by_row);
            draw.differentiate(law, {{3, 4}, 5}, Sample::soft);
            const auto weights = draw.gradient, logits = draw.logit_gradient;
            compare(draw, draw.weights, weights, law);
            compare(draw, draw.logits, logits, law);
        }
}

BOOST_AUTO_TEST_CASE(a_hard_gate_is_zero_or_one_and_open_as_often_as_its_probability) {
    constexpr Index n = 200000;
    for (const double logit : {-3.0, 0.0, 1.5}) {
        std::vector<float> weights(n, 2), logits(n, static_cast<float>(logit)), effective(n),
            soft(n);
        draw_gates<float>({effective.data(), 1, n}, {soft.data(), 1, n}, {weights.data(), 1, n},
                          {logits.data(), 1, n}, {3, 1, 0.5}, {{5, 6}, 7});
        double open = 0;
        for (const float e : effective) {
            BOOST_REQUIRE((e == 0 || e == 2));
            open += e == 2;
        }
        const double p = 1 / (1 + std::exp(0.5 - logit));
        BOOST_TEST(std::abs(open / n - p) < 4 * std::sqrt(p * (1 - p) / n));
        const double mean = sum_of_gates<float>(logits, 0.5, 1).sum / n;
        BOOST_TEST(std::abs(mean - p) < 1e-5);
    }
}

BOOST_AUTO_TEST_CASE(the_noise_of_gates_is_logistic) {
    constexpr Index n = 400000;
    std::vector<float> weights(n, 1), logits(n, 0), effective(n), soft(n);
    draw_gates<float>({effective.data(), 1, n}, {soft.data(), 1, n}, {weights.data(), 1, n},
                      {logits.data(), 1, n}, {1, 1, 0}, {{5, 6}, 7});
    // With logit 0 and temperature 1 the relaxed gate is the uniform number itself.
    for (const double share : {1e-4, 0.01, 0.25, 0.5, 0.9, 0.9999}) {
        double below = 0;
        for (const float y : soft) below += static_cast<double>(y) < share;
        BOOST_TEST(std::abs(below / n - share) < 4 * std::sqrt(share * (1 - share) / n));
    }
}

// Two weights, loss (w1 g1 + w2 g2 - t)^2. The straight-through estimate replaces dE[loss]/dl by
// the mean of dloss/dg * dsoft/dl: with dloss/dg_i = 2 w_i (w1 g1 + w2 g2 - t) that mean is a sum
// over the four states of the gates, each with the mean slope of the relaxed gate in that state.
BOOST_AUTO_TEST_CASE(straight_through_gradients_have_their_expectation) {
    constexpr double t = 0.5, temperature = 0.8;
    const double w[2] = {1.5, -0.7}, l[2] = {0.6, -0.4};
    // Mean slope of the relaxed gate given that it is open or closed, by quadrature over u.
    double slope[2][2] = {}, share[2][2] = {};
    constexpr int cells = 200000;
    for (int k = 0; k < 2; ++k)
        for (int c = 0; c < cells; ++c) {
            const double u = (c + 0.5) / cells, x = l[k] + std::log(u / (1 - u));
            const double y = 1 / (1 + std::exp(-x / temperature));
            slope[k][x > 0] += y * (1 - y) / temperature / cells;
            share[k][x > 0] += 1.0 / cells;
        }
    double expected[2] = {};
    for (int a = 0; a < 2; ++a)
        for (int b = 0; b < 2; ++b) {
            const double error = w[0] * a + w[1] * b - t;
            expected[0] += 2 * error * w[0] * slope[0][a] * share[1][b];
            expected[1] += 2 * error * w[1] * slope[1][b] * share[0][a];
        }
    constexpr int draws = 200000;
    double sum[2] = {}, squares[2] = {};
    Draw draw(1, 2, false);
    draw.weights.assign(w, w + 2), draw.logits.assign(l, l + 2);
    for (std::uint32_t s = 0; s < draws; ++s) {
        const Place place{{8, 9}, s};
        draw.coefficients = {1, 1};
        const double error = draw.loss({temperature, 1, 0}, place, Sample::hard) - t;
        draw.coefficients = {2 * error, 2 * error};
        draw.differentiate({temperature, 1, 0}, place, Sample::hard);
        for (int k = 0; k < 2; ++k) {
            const double g = draw.logit_gradient[static_cast<std::size_t>(k)];
            sum[k] += g, squares[k] += g * g;
        }
    }
    for (int k = 0; k < 2; ++k) {
        const double mean = sum[k] / draws;
        const double error = std::sqrt((squares[k] / draws - mean * mean) / draws);
        BOOST_TEST_CONTEXT("mean " << mean << ", expected " << expected[k] << " +- " << error)
        BOOST_TEST(std::abs(mean - expected[k]) < 4 * error);
    }
}

// What two passes, the gradients and then Adam, do to weights and logits.
BOOST_AUTO_TEST_CASE(one_pass_through_gates_is_the_gradients_and_two_steps_of_adam) {
    const GateLaw law{1.3, 0.8, 0.2};
    const auto value = [](Parameters<double>& set, Index i) { return set.value(i).data; };
    for (const double closing : {0.0, 0.3}) {
        Draw draw(9, 31, false);
        const Index n = 9 * 31;
        Parameters<double> learned; // weights and logits, as two passes leave them
        learned.add("weights", 9, 31), learned.add("logits", 9, 31);
        std::copy_n(draw.weights.data(), n, value(learned, 0));
        std::copy_n(draw.logits.data(), n, value(learned, 1));
        Adam<double> adam(learned, {.learning_rate = 0.02});
        std::vector<double> moments[4];
        for (auto& m : moments) m.assign(draw.size(), 0);
        for (std::uint32_t step = 1; step <= 3; ++step) {
            draw.differentiate(law, {{6, 7}, step}, Sample::hard);
            for (Index i = 0; i < n; ++i) {
                const auto k = static_cast<std::size_t>(i);
                const double p = 1 / (1 + std::exp(-draw.logits[k]));
                learned.gradients().data(learned.offset(0))[i] = draw.gradient[k];
                learned.gradients().data(learned.offset(1))[i] =
                    draw.logit_gradient[k] + closing * p * (1 - p);
            }
            *learned.gradients().flag(0) = *learned.gradients().flag(1) = 1;
            adam.step();
            const auto part = [&](std::vector<double>& values, int at) {
                return Descent<double>{values.data(), moments[at].data(), moments[at + 1].data(),
                                       adam.arithmetic()};
            };
            const GateLaw next = {2, .5, 1};
            const Place place = {{6, 7}, step + 1};
            std::vector<double> effective(draw.size()), soft(draw.soft), wanted(draw.size());
            descend_and_draw<double>(n, part(draw.weights, 0), part(draw.logits, 2),
                                     draw.coefficients.data(), effective.data(), soft.data(), law,
                                     closing, next, place);
            const auto whole = [](std::vector<double>& values) {
                return MatrixView<double>(values.data(), 9, 31);
            };
            draw_gates<double>(whole(wanted), whole(draw.soft), whole(draw.weights),
                               whole(draw.logits), next, place);
            BOOST_TEST(soft == draw.soft, boost::test_tools::per_element());
            BOOST_TEST(effective == wanted, boost::test_tools::per_element());
            for (std::size_t k = 0; k < draw.size(); ++k) {
                BOOST_REQUIRE(std::abs(draw.weights[k] - value(learned, 0)[k]) < 1e-13);
                BOOST_REQUIRE(std::abs(draw.logits[k] - value(learned, 1)[k]) < 1e-13);
            }
        }
    }
}

// Blocks that run side by side are those that Random123 gives one by one.
BOOST_AUTO_TEST_CASE(uniform_numbers_are_the_words_of_their_place) {
    for (const std::size_t count : {1u, 63u, 64u, 65u, 200u, 1027u}) {
        std::vector<float> found(count);
        fill_uniform(std::span<float>(found), {{0xfffffff0u, 7}, 0xffffffffu, 2, 3});
        for (std::size_t block = 0; 4 * block < count; ++block) {
            const auto words = r123::Philox4x32()(
                {{static_cast<std::uint32_t>(block), 0xffffffffu, 2, 3}}, {{0xfffffff0u, 7}});
            for (std::size_t w = 0; w < 4 && 4 * block + w < count; ++w)
                BOOST_REQUIRE(found[4 * block + w] ==
                              (static_cast<float>(words[w] >> 9) + 0.5f) * 0x1p-23f);
        }
    }
}

// The two logits of the paper act through their difference alone, with the same law.
BOOST_AUTO_TEST_CASE(one_logit_is_the_difference_of_two) {
    constexpr Index n = 100000;
    const double keep = 0.3, prune = -0.5, temperature = 3;
    std::vector<double> pair(2 * n), weights(n, 1), logits(n, keep - prune), effective(n), soft(n);
    for (Index i = 0; i < n; ++i) pair[2 * i] = keep, pair[2 * i + 1] = prune;
    Tape<double> tape;
    const auto sample =
        gumbel_softmax(tape.constant({pair.data(), n, 2}), temperature, {{2, 3}, 1}, Sample::hard);
    draw_gates<double>({effective.data(), 1, n}, {soft.data(), 1, n}, {weights.data(), 1, n},
                       {logits.data(), 1, n}, {temperature, 1, 0}, {{2, 3}, 2});
    double kept = 0, open = 0, relaxed = 0, mean_soft = 0;
    const auto loose =
        gumbel_softmax(tape.constant({pair.data(), n, 2}), temperature, {{2, 3}, 1}, Sample::soft);
    for (Index i = 0; i < n; ++i) {
        kept += sample.value()(i, 0), open += effective[static_cast<std::size_t>(i)];
        relaxed += loose.value()(i, 0), mean_soft += soft[static_cast<std::size_t>(i)];
    }
    BOOST_TEST(std::abs(kept - open) < 4 * std::sqrt(2 * n * 0.25));
    BOOST_TEST(std::abs(relaxed - mean_soft) < 4 * std::sqrt(2 * n * 0.04));
}

BOOST_AUTO_TEST_SUITE_END()
