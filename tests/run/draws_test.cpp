// SPDX-License-Identifier: MIT
// Random, Latin and Sobol points: their distributions, their strata, and that they stay.
#include "plans.hpp"

#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>

using namespace espalier;
using namespace espalier::test;

namespace {

std::vector<double> column(const std::vector<RunTask>& tasks, const std::string& name) {
    std::vector<double> values;
    for (const RunTask& task : tasks) values.push_back(*task.point.at(name).number());
    return values;
}

std::vector<double> draws(const char* kind, const std::string& name, const Value& from,
                          int64_t count, int64_t run_seed = 1) {
    return column(tasks_of(experiment(drawn(kind, {{name, from}}, count)), {}, run_seed), name);
}

// Kolmogorov's statistic, which exceeds 2.23 once in 10^4 samples: 2 exp(-2 * 2.23^2).
template <class Share> double distance(std::vector<double> values, Share share) {
    std::sort(values.begin(), values.end());
    const auto n = static_cast<double>(values.size());
    double most = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double below = share(values[i]), at = static_cast<double>(i);
        most = std::max({most, below - at / n, (at + 1) / n - below});
    }
    return most * std::sqrt(n);
}

} // namespace

BOOST_AUTO_TEST_CASE(distributions) {
    constexpr int64_t n = 20'000;
    BOOST_TEST(distance(draws("random", "coupling", between("uniform", -2, 3), n),
                        [](double x) { return (x + 2) / 5; }) < 2.23);
    BOOST_TEST(distance(draws("random", "coupling", between("log_uniform", 1e-3, 10), n),
                        [](double x) { return std::log(x / 1e-3) / std::log(1e4); }) < 2.23);
    const Value normal = Map{{"kind", "normal"}, {"mean", 1}, {"deviation", 2}};
    const boost::math::normal_distribution<double> law(1, 2);
    BOOST_TEST(distance(draws("random", "coupling", normal, n),
                        [&](double x) { return boost::math::cdf(law, x); }) < 2.23);
    // Temperatures are positive: the normal is cut off there.
    const double below = boost::math::cdf(law, 0.0);
    const auto temperatures = draws("random", "temperature", normal, n);
    BOOST_TEST(temperatures.size() == static_cast<std::size_t>(n)); // none piles up at the end
    BOOST_TEST(*std::min_element(temperatures.begin(), temperatures.end()) > 0);
    BOOST_TEST(distance(temperatures, [&](double x) {
                   return (boost::math::cdf(law, x) - below) / (1 - below);
               }) < 2.23);
}

BOOST_AUTO_TEST_CASE(whole_numbers_and_choices_are_equally_likely) {
    // Distinct couplings keep the draws apart: equal points would be one task.
    constexpr int64_t n = 10'000;
    const auto tasks = tasks_of(experiment(drawn("random",
                                                 {{"nodes", between("uniform", 3, 12)},
                                                  {"mode", List{"linear", "cubic", "linear"}},
                                                  {"coupling", between("uniform", 0, 1)}},
                                                 n)));
    BOOST_REQUIRE(tasks.size() == static_cast<std::size_t>(n));
    std::map<int64_t, double> seen;
    double cubic = 0;
    for (const RunTask& task : tasks) {
        seen[task.point.at("nodes").as<int64_t>()] += 1;
        cubic += task.point.at("mode").as<std::string>() == "cubic";
    }
    BOOST_REQUIRE(seen.size() == 10u);
    BOOST_TEST(seen.begin()->first == 3);
    double squares = 0;
    for (const auto& entry : seen) squares += std::pow(entry.second - n / 10.0, 2) / (n / 10.0);
    BOOST_TEST(squares < boost::math::quantile(boost::math::chi_squared(9), 1 - 1e-4));
    BOOST_TEST(std::abs(cubic - n / 3.0) < 4 * std::sqrt(n * 2 / 9.0));
}

BOOST_AUTO_TEST_CASE(draws_stay_when_a_sweep_grows) {
    const Value uniform = between("uniform", 0, 1);
    for (const char* kind : {"random", "sobol"}) {
        const auto few = draws(kind, "coupling", uniform, 10);
        const auto more = draws(kind, "coupling", uniform, 100);
        BOOST_TEST(std::equal(few.begin(), few.end(), more.begin()));
        BOOST_TEST(draws(kind, "coupling", uniform, 10, 2) != few); // another run's seed
    }
    const auto beside = column(tasks_of(experiment(drawn("random",
                                                         {{"coupling", uniform},
                                                          {"temperature", between("uniform", 1, 2)},
                                                          {"nodes", between("uniform", 1, 9)}},
                                                         10))),
                               "coupling");
    BOOST_TEST(beside == draws("random", "coupling", uniform, 10));
    // Axes of one distribution are independent: |r| sqrt(n) exceeds 4 once in 16,000.
    constexpr int64_t n = 5000;
    const auto pairs =
        tasks_of(experiment(drawn("random", {{"coupling", uniform}, {"temperature", uniform}}, n)));
    const auto a = column(pairs, "coupling"), b = column(pairs, "temperature");
    double product = 0;
    for (std::size_t i = 0; i < a.size(); ++i) product += (a[i] - 0.5) * (b[i] - 0.5) * 12;
    BOOST_TEST(std::abs(product) / std::sqrt(static_cast<double>(n)) < 4);
}

BOOST_AUTO_TEST_CASE(a_latin_hypercube_meets_every_stratum_once) {
    constexpr int64_t n = 97;
    const auto tasks = tasks_of(experiment(drawn(
        "latin_hypercube",
        {{"coupling", between("uniform", 2, 5)}, {"temperature", between("log_uniform", 0.1, 10)}},
        n)));
    BOOST_REQUIRE(tasks.size() == static_cast<std::size_t>(n));
    std::vector<int> linear(n), factors(n);
    int together = 0;
    for (const RunTask& task : tasks) {
        const double x = (*task.point.at("coupling").number() - 2) / 3;
        const double y = std::log(*task.point.at("temperature").number() / 0.1) / std::log(100);
        ++linear[static_cast<std::size_t>(x * n)], ++factors[static_cast<std::size_t>(y * n)];
        together += static_cast<int>(x * n) == static_cast<int>(y * n);
    }
    BOOST_TEST((std::all_of(linear.begin(), linear.end(), [](int k) { return k == 1; })));
    BOOST_TEST((std::all_of(factors.begin(), factors.end(), [](int k) { return k == 1; })));
    BOOST_TEST(together < 10); // fixed points of a random permutation: Poisson(1), 10^-7
}

BOOST_AUTO_TEST_CASE(sobol_points_are_those_of_the_table) {
    // new-joe-kuo-6.21201, the first ten points of three dimensions.
    constexpr double table[10][3] = {{0, 0, 0},
                                     {0.5, 0.5, 0.5},
                                     {0.75, 0.25, 0.25},
                                     {0.25, 0.75, 0.75},
                                     {0.375, 0.375, 0.625},
                                     {0.875, 0.875, 0.125},
                                     {0.625, 0.125, 0.875},
                                     {0.125, 0.625, 0.375},
                                     {0.1875, 0.3125, 0.9375},
                                     {0.6875, 0.8125, 0.4375}};
    const Value uniform = between("uniform", 0, 1);
    Experiment e = experiment();
    e.parameters.all = {parameter("a", 0.0), parameter("b", 0.0), parameter("c", 0.0)};
    e.sweep = drawn("sobol", {{"a", uniform}, {"b", uniform}, {"c", uniform}}, 1024);
    const auto tasks = tasks_of(e);
    BOOST_REQUIRE(tasks.size() == 1024u);
    const auto word = [&](std::size_t i, const char* axis) {
        return static_cast<uint32_t>(*tasks[i].point.at(axis).number() * 0x1p32);
    };
    // The digital shift is the first point, which is the origin without it.
    for (std::size_t i = 0; i < 10; ++i)
        for (std::size_t d = 0; d < 3; ++d) {
            const char* axis = d == 0 ? "a" : d == 1 ? "b" : "c";
            BOOST_TEST((word(i, axis) ^ word(0, axis)) * 0x1p-32 == table[i][d]);
        }
    // A net: every box of 2^-k by 2^-(10 - k) holds one of the 1024 points.
    for (int k = 0; k <= 10; ++k) {
        std::vector<int> boxes(1024);
        for (std::size_t i = 0; i < tasks.size(); ++i) {
            const uint64_t x = k == 0 ? 0 : word(i, "a") >> (32 - k);
            const uint64_t y = k == 10 ? 0 : word(i, "b") >> (22 + k);
            ++boxes[x << (10 - k) | y];
        }
        BOOST_TEST((std::all_of(boxes.begin(), boxes.end(), [](int n) { return n == 1; })));
    }
}
