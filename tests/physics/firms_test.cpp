// SPDX-License-Identifier: MIT
// Firms without noise follow the law of growth: against quadrature, the closed form and numbers
// from the sources.
#include "plugins/firm_tables.hpp"

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace espalier;
namespace tt = boost::test_tools;

namespace {

struct Region {
    const char* name;
    double income_exponent, income_constant, liabilities_exponent, liabilities_constant;
    double time_exponent; // printed by the authors' get_parameter
    double end;           // largest ln A to start at
};
const Region regions[] = {
    {"United States", 0.85355, -0.21337, 0.99903, -0.72036, 6.78555, 27},
    {"China", 0.82964, 0.08216, 1.09433, -2.77081, 6.08685, 24},
    {"Europe", 0.87161, -0.72629, 1.07656, -2.37819, 8.26323, 24},
};

// d ln A / dt as the paper writes it.
double rate(const Region& r, double size) {
    const double c = std::exp(r.income_constant), l = std::exp(r.liabilities_constant);
    return c * std::exp((r.income_exponent - 1) * size) /
           (1 - l * r.liabilities_exponent * std::exp((r.liabilities_exponent - 1) * size));
}

// f(A), years up to a constant, as the paper writes it.
double closed_form(const Region& r, double size) {
    const double a = std::exp(size), c = std::exp(r.income_constant),
                 l = std::exp(r.liabilities_constant), slow = 1 - r.income_exponent;
    return std::pow(a, slow) *
           (1 - slow * l * r.liabilities_exponent * std::pow(a, r.liabilities_exponent - 1) /
                    (r.liabilities_exponent - r.income_exponent)) /
           (slow * c);
}

// One firm on the law and nothing else.
Map quiet(const Region& r, double start, int64_t years) {
    return simulated_firms({{"firms", 1},
                            {"years", years},
                            {"income_exponent", r.income_exponent},
                            {"income_log_constant", r.income_constant},
                            {"liabilities_exponent", r.liabilities_exponent},
                            {"liabilities_log_constant", r.liabilities_constant},
                            {"start_mean", start},
                            {"start_deviation", 0.0},
                            {"start_min", 0.0},
                            {"start_max", 60.0},
                            {"volatility", 0.0},
                            {"volatility_min", 0.0},
                            {"deviation_width", 0.0},
                            {"offset_deviation", 0.0},
                            {"loss_probability", 0.0}},
                           1);
}

} // namespace

BOOST_AUTO_TEST_SUITE(law_of_growth)

BOOST_AUTO_TEST_CASE(forty_years_agree_with_quadrature_and_closed_form) {
    using Quadrature = boost::math::quadrature::gauss_kronrod<double, 61>;
    for (const Region& r : regions)
        for (double start = std::log(1e5); start < r.end; start += 3)
            BOOST_TEST_CONTEXT(r.name << ", ln A = " << start) {
                const Value panel = quiet(r, start, 41).at("panel");
                const double end = std::log(cell(panel, "assets", 40));
                const double years = Quadrature::integrate(
                    [&](double size) { return 1 / rate(r, size); }, start, end, 10, 1e-14);
                BOOST_TEST(years == 40.0, tt::tolerance(1e-10));
                // The closed form cancels: f is up to 1000 years, known to 1e-13 of itself.
                BOOST_TEST(closed_form(r, end) - closed_form(r, start) == 40.0,
                           tt::tolerance(1e-10));
            }
}

BOOST_AUTO_TEST_CASE(growth_rates_of_the_united_states) {
    // d ln A / dt, percent a year; table of the sources, four digits.
    const double sizes[] = {1e6, 1e8, 1e10}, rates[] = {0.2053, 0.1042, 0.0528};
    for (int k = 0; k < 3; ++k)
        BOOST_TEST(std::abs(rate(regions[0], std::log(sizes[k])) - rates[k]) < 1e-4);
}

BOOST_AUTO_TEST_CASE(time_exponents_are_those_of_the_authors) {
    for (const Region& r : regions) {
        Map settings{{"firms", 50},
                     {"years", 5},
                     {"income_exponent", r.income_exponent},
                     {"income_log_constant", r.income_constant},
                     {"liabilities_exponent", r.liabilities_exponent},
                     {"liabilities_log_constant", r.liabilities_constant},
                     {"start_max", 24.0},
                     {"volatility", 0.0},
                     {"volatility_min", 0.0},
                     {"deviation_width", 0.0},
                     {"offset_deviation", 0.0},
                     {"loss_probability", 0.0}};
        const Map world = simulated_firms(settings, 1);
        const Value growth =
            test_session().call("learn.growth_law", {{"panel", world.at("panel")}}).at("growth");
        // The exponents are given to 5e-6, which is 5e-6 / (1 - b_I)^2 of this.
        BOOST_TEST(std::abs(cell(growth, "time_exponent") - r.time_exponent) < 4e-4);
        BOOST_TEST(cell(growth, "deviation") < 1e-12); // nothing is left beside the law
        if (r.liabilities_exponent > 1)
            BOOST_TEST(cell(growth, "singular_log_size") ==
                           (r.liabilities_constant + std::log(r.liabilities_exponent)) /
                               (1 - r.liabilities_exponent),
                       tt::tolerance(1e-6));
    }
}

BOOST_AUTO_TEST_CASE(without_debt_size_is_a_power_of_time) {
    const Region r{"no debt", 0.8, 0, 1, -700, 5, 20};
    const Value panel = quiet(r, 0, 30).at("panel");
    // A^0.2 grows by 0.2 a year.
    for (int64_t t = 0; t < 30; ++t)
        BOOST_TEST(cell(panel, "assets", t) == std::pow(1 + 0.2 * static_cast<double>(t), 5),
                   tt::tolerance(1e-6));
}

BOOST_AUTO_TEST_CASE(variables_scale_and_lives_end_as_asked) {
    const Map world = simulated_firms({{"firms", 4000},
                                       {"years", 40},
                                       {"exit_rate", 0.05},
                                       {"start_deviation", 0.0},
                                       {"loss_probability", 0.25},
                                       {"absent", 0.1}},
                                      9);
    const Table& panel = world.at("panel").as<Table>();
    const double rows = static_cast<double>(panel.rows);
    // A life of 40 years at most, left with 5 % a year: sum of 0.95^k.
    const double mean = (1 - std::pow(0.95, 40)) / 0.05, deviation = 11;
    BOOST_TEST(std::abs(rows / 4000 - mean) < 4 * deviation / std::sqrt(4000));
    double absent = 0, losses = 0, seen = 0;
    for (int64_t r = 0; r < panel.rows; ++r) {
        absent += std::isnan(cell(world.at("panel"), "revenue", r));
        const double income = cell(world.at("panel"), "net_income", r);
        if (std::isnan(income)) continue;
        ++seen, losses += income < 0;
    }
    BOOST_TEST(std::abs(absent / rows - 0.1) < 4 * std::sqrt(0.09 / rows));
    BOOST_TEST(std::abs(losses / seen - 0.25) < 4 * std::sqrt(0.1875 / seen));
}

BOOST_AUTO_TEST_SUITE_END()
