// SPDX-License-Identifier: MIT
// The simulators' own sine and cosine against the library's in extended precision.
#include "circle.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>

using namespace espalier::dynamics;

namespace {

// Spacing of the numbers at |x|.
template <class Real> double spacing(Real x) {
    x = std::abs(x);
    return static_cast<double>(std::nextafter(x, std::numeric_limits<Real>::infinity()) - x);
}

// The greatest error of either function over `count` angles spread over [-reach, reach], in units
// of the last place of the result, or of 1.
template <class Real> double worst(double reach, bool of_one = false, int count = 400000) {
    double worst = 0;
    const auto look = [&](Real found, long double exact) {
        const double error = static_cast<double>(std::abs(found - exact));
        worst = std::max(worst, error / spacing(of_one ? Real(1) : static_cast<Real>(exact)));
    };
    for (int k = 0; k <= count; ++k) {
        // Steps of an irrational share, so that mantissas are spread too.
        const double place = std::fmod(k * 0.6180339887498949, 1.0);
        const Real angle = static_cast<Real>(reach * (2 * place - 1));
        Real sine, cosine;
        sine_cosine(angle, sine, cosine);
        look(sine, std::sin(static_cast<long double>(angle)));
        look(cosine, std::cos(static_cast<long double>(angle)));
    }
    return worst;
}

} // namespace

BOOST_AUTO_TEST_SUITE(circle)

BOOST_AUTO_TEST_CASE(errors_stay_below_two_units_in_the_last_place) {
    for (const double reach : {0.8, 3.2, 20.0, 100.0}) {
        BOOST_TEST_CONTEXT("angles up to " << reach) {
            BOOST_TEST(worst<double>(reach) < 2.0);
            if (reach <= 20) BOOST_TEST(worst<float>(reach) < 2.0);
        }
    }
    BOOST_TEST(worst<double>(1e6, true) < 2.0);
    BOOST_TEST(worst<float>(1e4, true) < 2.0);
}

BOOST_AUTO_TEST_CASE(quarter_turns_have_the_right_signs) {
    const double quarter = 1.5707963267948966;
    const double sines[] = {0, 1, 0, -1}, cosines[] = {1, 0, -1, 0};
    for (int k = -8; k <= 8; ++k) {
        double sine, cosine;
        sine_cosine(k * quarter, sine, cosine);
        BOOST_TEST(std::abs(sine - sines[(k + 8) % 4]) < 1e-14);
        BOOST_TEST(std::abs(cosine - cosines[(k + 8) % 4]) < 1e-14);
    }
    double sine, cosine;
    sine_cosine(0.0, sine, cosine);
    BOOST_TEST(sine == 0.0);
    BOOST_TEST(cosine == 1.0);
}

BOOST_AUTO_TEST_CASE(no_number_gives_no_number) {
    for (const double angle :
         {std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
        double sine, cosine;
        sine_cosine(angle, sine, cosine);
        BOOST_TEST(!std::isfinite(sine));
        BOOST_TEST(!std::isfinite(cosine));
    }
}

BOOST_AUTO_TEST_CASE(wrapping_keeps_what_is_in_range_and_brings_back_the_rest) {
    for (const double angle : {-3.14, -1.0, 0.0, 2.5, 3.14}) BOOST_TEST(wrapped(angle) == angle);
    BOOST_TEST(std::abs(wrapped(7.0) - (7.0 - 6.283185307179586)) < 1e-15);
    BOOST_TEST(std::abs(wrapped(-7.0) + (7.0 - 6.283185307179586)) < 1e-15);
}

BOOST_AUTO_TEST_SUITE_END()
