// SPDX-License-Identifier: MIT
// Estimators of the laws on many panels whose laws are known: unbiased, with honest errors.
#include "plugins/firm_tables.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <map>

using namespace espalier;
namespace tt = boost::test_tools;

namespace {

// (estimate - truth) / error over many panels.
struct Scores {
    double sum = 0, squares = 0;
    int64_t count = 0, covered = 0;
    void add(double estimate, double truth, double error) {
        const double z = (estimate - truth) / error;
        sum += z, squares += z * z, ++count;
        covered += std::abs(z) < 1.96;
    }
};

// Errors of 4 standard deviations: of a mean, and of a count of intervals that cover, 95 % of them
// wanted; the errors are themselves estimated, so 93 % are taken for right.
void check_scores(const std::string& name, const Scores& s) {
    BOOST_TEST_CONTEXT(name) {
        const double n = static_cast<double>(s.count);
        BOOST_TEST(std::abs(s.sum / n) < 4 / std::sqrt(n));
        BOOST_TEST(static_cast<double>(s.covered) > 0.93 * n - 4 * std::sqrt(n * 0.95 * 0.05));
        BOOST_TEST(std::sqrt(s.squares / n) < 1.1 + 4 / std::sqrt(2 * n));
        BOOST_TEST(std::sqrt(s.squares / n) > 0.9 - 4 / std::sqrt(2 * n));
    }
}

const Map pure_laws{{"firms", 200},
                    {"years", 12},
                    {"start_min", 12.0},
                    {"volatility_min", 0.0},
                    {"volatility_max", 2.0}};

} // namespace

BOOST_AUTO_TEST_SUITE(estimators)

BOOST_AUTO_TEST_CASE(every_law_is_recovered_within_its_errors) {
    const std::map<std::string, std::pair<double, double>> truth{
        {"liabilities gain", {0.99903, -0.72036}}, {"net_income gain", {0.85355, -0.21337}},
        {"net_income loss", {0.54752, 6.22169}},   {"revenue gain", {0.91057, 1.22195}},
        {"cost gain", {0.85470, 1.84153}},         {"employees gain", {0.73726, -7.95527}}};
    std::map<std::string, Scores> scores;
    constexpr int64_t panels = 60;
    for (int64_t seed = 1; seed <= panels; ++seed) {
        const Map world = simulated_firms(pure_laws, seed);
        const Map law = test_session().call(
            "learn.growth_law", {{"panel", world.at("panel")}, {"reference_size", 1e8}});
        const Value& laws = law.at("laws");
        BOOST_TEST_REQUIRE(laws.as<Table>().rows == static_cast<int64_t>(truth.size()));
        for (int64_t r = 0; r < laws.as<Table>().rows; ++r) {
            const std::string name =
                text_cell(laws, "variable", r) + " " + text_cell(laws, "branch", r);
            const auto [exponent, constant] = truth.at(name);
            scores[name + " exponent"].add(cell(laws, "exponent", r), exponent,
                                           cell(laws, "exponent_error", r));
            scores[name + " constant"].add(cell(laws, "log_constant", r), constant,
                                           cell(laws, "log_constant_error", r));
        }
        const Value& growth = law.at("growth");
        scores["width"].add(cell(growth, "volatility"), 0.25, cell(growth, "volatility_error"));
        scores["width exponent"].add(cell(growth, "volatility_exponent"), 0.15,
                                     cell(growth, "volatility_exponent_error"));
        const Value& d = law.at("deviations");
        for (int64_t r = 0; r < d.as<Table>().rows; ++r) {
            scores["persistence"].add(cell(d, "persistence", r), 0.8,
                                      cell(d, "persistence_error", r));
            scores["deviation width"].add(cell(d, "width", r), 0.15, cell(d, "width_error", r));
        }
        const Value binned =
            test_session().call("analyze.scaling", {{"panel", world.at("panel")}}).at("laws");
        scores["binned"].add(cell(binned, "binned_exponent", 3), 0.91057,
                             cell(binned, "binned_error", 3));
    }
    BOOST_TEST(scores.size() == 17u);
    for (const auto& [name, s] : scores) check_scores(name, s);
}

BOOST_AUTO_TEST_CASE(a_power_law_of_growth_is_found_from_growth_alone) {
    Scores exponents;
    for (int64_t seed = 1; seed <= 40; ++seed) {
        Map settings = pure_laws;
        settings["liabilities_log_constant"] = -700.0; // no debt: dA/dt = c A^0.85355
        const Map world = simulated_firms(settings, seed);
        const Value growth =
            test_session()
                .call("learn.growth_law", {{"panel", world.at("panel")}, {"law", "direct"}})
                .at("growth");
        exponents.add(cell(growth, "exponent"), 0.85355, cell(growth, "exponent_error"));
    }
    check_scores("exponent", exponents);
}

BOOST_AUTO_TEST_CASE(errors_allow_for_what_the_years_of_a_firm_share) {
    // Firms whose whole history is one number each: 30 years add nothing to one.
    const auto error_of = [](int years) {
        std::vector<double> firm, year, assets, revenue;
        for (int f = 0; f < 40; ++f)
            for (int t = 0; t < years; ++t) {
                firm.push_back(f), year.push_back(t), assets.push_back(std::exp(0.25 * f));
                revenue.push_back(std::exp(0.2 * f + std::sin(12.9898 * f)));
            }
        const Value laws =
            test_session()
                .call("analyze.scaling", {{"panel", table_of({
                                                        {"firm", numbers(firm)},
                                                        {"year", numbers(year)},
                                                        {"assets", numbers(assets)},
                                                        {"revenue", numbers(revenue)},
                                                    })}})
                .at("laws");
        return cell(laws, "exponent_error");
    };
    BOOST_TEST(error_of(30) == error_of(1), tt::tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(sectors_have_laws_of_their_own) {
    Map settings = pure_laws;
    settings["sectors"] = 3, settings["sector_deviation"] = 1.0, settings["firms"] = 600;
    const Map world = simulated_firms(settings, 3);
    const Value found =
        test_session()
            .call("learn.growth_law", {{"panel", world.at("panel")}, {"sector", "sector"}})
            .at("laws");
    const Value& truth = world.at("laws");
    for (int64_t r = 0; r < truth.as<Table>().rows; ++r) {
        if (text_cell(truth, "variable", r) != "revenue") continue;
        const auto name = std::to_string(static_cast<int>(cell(truth, "sector", r)));
        const int64_t at = row_where(found, "sector", name, "variable", "revenue");
        BOOST_TEST_REQUIRE(at >= 0);
        BOOST_TEST(std::abs(cell(found, "log_constant", at) - cell(truth, "log_constant", r)) <
                   4 * cell(found, "log_constant_error", at));
    }
}

BOOST_AUTO_TEST_CASE(a_tent_is_told_from_a_bell) {
    Map settings = pure_laws;
    settings["firms"] = 1000;
    const Map world = simulated_firms(settings, 2);
    const Map tent = test_session().call("analyze.growth_rates", {{"panel", world.at("panel")}});
    BOOST_TEST(tent.at("lead").as<double>() > 0.04); // 0.072 for Laplace in the limit
    BOOST_TEST(std::abs(tent.at("kurtosis").as<double>() - 6) < 1);
    // The density beside it is one of the growth rates that were seen.
    const Value& d = tent.at("distribution");
    double mass = 0, away = 0;
    for (int64_t r = 0; r < d.as<Table>().rows; ++r) {
        mass += cell(d, "density", r) * 0.25;
        away += std::abs(cell(d, "density", r) - cell(d, "laplace", r)) * 0.25;
    }
    BOOST_TEST(mass > 0.99);
    BOOST_TEST(away < 0.08); // 64 bins of 11000 rates: 0.04 by chance
}

BOOST_AUTO_TEST_CASE(widths_fall_with_size_as_the_power_says) {
    const Map world = simulated_firms(pure_laws, 4);
    const Map rates =
        test_session().call("analyze.growth_rates", {{"panel", world.at("panel")}, {"bins", 5}});
    const Value& widths = rates.at("widths");
    for (int64_t r = 0; r < 5; ++r) {
        const double expected = 0.25 * std::exp(-0.15 * (cell(widths, "size", r) - std::log(1e8)));
        // Within a class the width varies: 5 % beside the error.
        BOOST_TEST(std::abs(cell(widths, "width", r) - expected) <
                   4 * cell(widths, "width_error", r) + 0.05 * expected);
    }
}

BOOST_AUTO_TEST_CASE(accounts_that_are_not_there_are_asked_for) {
    const Map world = simulated_firms(pure_laws, 2);
    const auto says = [&](Map more, std::string_view part) {
        more["panel"] = world.at("panel");
        const std::string message = refusal_of("learn.growth_law", more);
        BOOST_TEST(message.find(part) != std::string::npos, message);
    };
    says({{"law", "accounting"}, {"income", "profit"}}, "parameter 'income': the law of accounting "
                                                        "needs the column 'profit'");
    says({{"law", "accounting"}, {"variables", List{"net_income", "cost"}}},
         "needs the column 'liabilities'");
}

BOOST_AUTO_TEST_SUITE_END()
