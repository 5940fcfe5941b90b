// SPDX-License-Identifier: MIT
// The functions against the C library's in double (and long double), over their whole range.
#include "espalier/numerics/transcendental.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>

using namespace espalier::numerics;

namespace {

// Greatest error over [low, high] in units in the last place of the exact result.
template <class Real, class Function, class Exact>
double worst(Real low, Real high, Function function, Exact exact) {
    double most = 0;
    constexpr int points = 200001;
    for (int i = 0; i < points; ++i) {
        const Real x = low + (high - low) * static_cast<Real>(i) / Real(points - 1);
        const long double wanted = exact(static_cast<long double>(x));
        const Real rounded = static_cast<Real>(wanted);
        const Real up = std::nextafter(std::abs(rounded), std::numeric_limits<Real>::infinity());
        const long double unit = static_cast<long double>(up) - std::abs(rounded);
        const long double error = std::abs(static_cast<long double>(function(x)) - wanted);
        most = std::max(most, static_cast<double>(error / unit));
    }
    return most;
}

template <class Real> void check_accuracy() {
    using std::exp, std::log, std::tanh, std::log1p;
    const Real range = sizeof(Real) == 4 ? Real(86) : Real(700);
    const auto sigmoid = [](long double x) { return 1 / (1 + exp(-x)); };
    const auto softplus = [](long double x) { return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x)); };
    const auto natural = [](long double x) { return log(x); };
    BOOST_TEST(worst(
                   -range, range, [](Real x) { return fast_exp(x); },
                   [](long double x) { return exp(x); }) < 3);
    BOOST_TEST(worst(
                   Real(-1), Real(1), [](Real x) { return fast_exp(x); },
                   [](long double x) { return exp(x); }) < 3);
    BOOST_TEST(worst(
                   Real(1e-3), Real(3), [](Real x) { return fast_log(x); }, natural) < 3);
    BOOST_TEST(worst(
                   Real(1), Real(1e9), [](Real x) { return fast_log(x); }, natural) < 3);
    BOOST_TEST(worst(
                   Real(-12), Real(12), [](Real x) { return fast_tanh(x); },
                   [](long double x) { return tanh(x); }) < 4);
    BOOST_TEST(worst(
                   Real(-1e-3), Real(1e-3), [](Real x) { return fast_tanh(x); },
                   [](long double x) { return tanh(x); }) < 4);
    BOOST_TEST(worst(
                   -range, range, [](Real x) { return fast_sigmoid(x); }, sigmoid) < 4);
    BOOST_TEST(worst(
                   -range, range, [](Real x) { return fast_softplus(x); }, softplus) < 5);
}

template <class Real> void check_limits() {
    constexpr Real infinity = std::numeric_limits<Real>::infinity();
    constexpr Real nan = std::numeric_limits<Real>::quiet_NaN();
    constexpr Real tiny = std::numeric_limits<Real>::denorm_min();
    BOOST_TEST(fast_exp(Real(0)) == 1);
    BOOST_TEST(fast_exp(infinity) == infinity);
    BOOST_TEST(fast_exp(Real(1000)) == infinity);
    BOOST_TEST(fast_exp(-infinity) == 0);
    BOOST_TEST(fast_exp(Real(-1000)) == 0);
    BOOST_TEST(fast_log(Real(1)) == 0);
    BOOST_TEST(fast_log(Real(0)) == -infinity);
    BOOST_TEST(fast_log(infinity) == infinity);
    BOOST_TEST(std::isnan(fast_log(Real(-1))));
    BOOST_TEST(std::abs(fast_log(tiny) / std::log(tiny) - 1) < 1e-6);
    BOOST_TEST(fast_tanh(infinity) == 1);
    BOOST_TEST(fast_tanh(-infinity) == -1);
    BOOST_TEST(fast_tanh(Real(0)) == 0);
    BOOST_TEST(fast_sigmoid(-infinity) == 0);
    BOOST_TEST(fast_sigmoid(infinity) == 1);
    BOOST_TEST(fast_softplus(infinity) == infinity);
    BOOST_TEST(fast_softplus(-infinity) == 0);
    for (const Real y : {fast_exp(nan), fast_log(nan), fast_tanh(nan), fast_sigmoid(nan)})
        BOOST_TEST(std::isnan(y));
}

} // namespace

BOOST_AUTO_TEST_SUITE(transcendental)

BOOST_AUTO_TEST_CASE(within_a_few_units_in_the_last_place) {
    check_accuracy<float>();
    check_accuracy<double>();
}

BOOST_AUTO_TEST_CASE(infinities_zeros_and_nan) {
    check_limits<float>();
    check_limits<double>();
}

BOOST_AUTO_TEST_SUITE_END()
