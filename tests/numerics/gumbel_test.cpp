// SPDX-License-Identifier: MIT
// The samples are of the distributions they claim, at any temperature.
#include "espalier/numerics/numerics.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <numeric>
#include <vector>

using namespace espalier::numerics;

namespace {

constexpr Index draws = 200000;

// |share - p| within four standard errors of a share of `draws`.
void check_share(double share, double p) {
    BOOST_TEST_CONTEXT("share " << share << ", probability " << p)
    BOOST_TEST(std::abs(share - p) <= 4 * std::sqrt(p * (1 - p) / draws));
}

template <class Real> void check_categories(Real temperature) {
    const std::vector<Real> logits = {Real(0.5), Real(-1), Real(1.2), Real(-3)};
    Tape<Real> tape;
    tape.record(false);
    const auto one = tape.constant({logits.data(), 1, 4});
    const auto p = softmax(one);
    const auto many = tape.constant(draws, 1, 1) * one;
    const auto sample = gumbel_softmax(many, temperature, {{11, 12}, 5}, Sample::hard);
    const auto shares = column_sums(sample);
    for (Index c = 0; c < 4; ++c)
        check_share(static_cast<double>(shares.value()(0, c)) / draws,
                    static_cast<double>(p.value()(0, c)));
    for (Index r = 0; r < draws; ++r) {
        const Real* row = sample.value().row(r);
        if (std::accumulate(row, row + 4, Real(0)) != 1) BOOST_FAIL("a row is not one-hot");
    }
    // The relaxed sample has its maximum at the same place.
    const auto soft = gumbel_softmax(many, temperature, {{11, 12}, 5});
    for (Index r = 0; r < 1000; ++r) {
        const Real* y = soft.value().row(r);
        const Index greatest = std::max_element(y, y + 4) - y;
        BOOST_TEST(sample.value()(r, greatest) == 1);
        BOOST_TEST(std::abs(std::accumulate(y, y + 4, Real(0)) - 1) < Real(1e-5));
    }
}

template <class Real> void check_bits(Real temperature) {
    for (const Real logit : {Real(-2), Real(0), Real(0.7)}) {
        Tape<Real> tape;
        const auto sample = gumbel_sigmoid(tape.constant(draws, 1, logit), temperature,
                                           {{13, 14}, 6}, Sample::hard);
        check_share(static_cast<double>(mean(sample).scalar()),
                    1 / (1 + std::exp(-static_cast<double>(logit))));
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(gumbel)

BOOST_AUTO_TEST_CASE(hard_samples_have_the_softmax_of_the_logits) {
    check_categories<float>(0.5f);
    check_categories<double>(10);
}

BOOST_AUTO_TEST_CASE(binary_samples_have_the_sigmoid_of_the_logit) {
    check_bits<float>(0.5f);
    check_bits<double>(10);
}

BOOST_AUTO_TEST_CASE(noise_has_the_moments_of_its_distribution) {
    std::vector<double> x(static_cast<std::size_t>(draws));
    const auto check = [&](double mean, double variance, double kurtosis) {
        double sum = 0, squares = 0;
        for (const double v : x) sum += v, squares += (v - mean) * (v - mean);
        BOOST_TEST(std::abs(sum / draws - mean) < 4 * std::sqrt(variance / draws));
        BOOST_TEST(std::abs(squares / draws - variance) <
                   4 * variance * std::sqrt((kurtosis - 1) / draws));
    };
    constexpr double pi = 3.14159265358979323846;
    fill_gumbel(std::span<double>(x), {{1, 1}});
    check(0.57721566490153286, pi * pi / 6, 5.4);
    fill_logistic(std::span<double>(x), {{1, 2}});
    check(0, pi * pi / 3, 4.2);
    fill_normal(std::span<double>(x), {{1, 3}});
    check(0, 1, 3);
    fill_uniform(std::span<double>(x), {{1, 4}});
    check(0.5, 1.0 / 12, 1.8);
}

BOOST_AUTO_TEST_CASE(dropout_keeps_the_mean) {
    Tape<double> tape;
    const auto y = dropout(tape.constant(draws, 1, 1), 0.25, {{2, 2}});
    Index zeros = 0;
    for (Index i = 0; i < draws; ++i) {
        const double v = y.value().data[i];
        BOOST_REQUIRE((v == 0 || v == 1 / 0.75));
        zeros += v == 0;
    }
    check_share(static_cast<double>(zeros) / draws, 0.25);
}

BOOST_AUTO_TEST_CASE(a_place_gives_its_noise_again_and_another_place_other_noise) {
    const auto at = [](const Place& place) {
        std::vector<float> x(1001);
        fill_gumbel(std::span<float>(x), place);
        return x;
    };
    BOOST_TEST((at({{1, 2}, 3, 4, 5}) == at({{1, 2}, 3, 4, 5})));
    for (const Place& other :
         {Place{{2, 2}, 3, 4, 5}, Place{{1, 3}, 3, 4, 5}, Place{{1, 2}, 4, 4, 5},
          Place{{1, 2}, 3, 5, 5}, Place{{1, 2}, 3, 4, 6}})
        BOOST_TEST((at(other) != at({{1, 2}, 3, 4, 5})));
}

BOOST_AUTO_TEST_SUITE_END()
