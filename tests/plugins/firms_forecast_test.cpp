// SPDX-License-Identifier: MIT
// Forecasts of firms: exact where the law is all there is, better than the law only where there is
// something to learn, with intervals that hold what they say.
#include "plugins/firm_tables.hpp"

#include <boost/test/unit_test.hpp>
#include <espalier/random.hpp>

#include <cmath>

using namespace espalier;
namespace tt = boost::test_tools;

namespace {

Map quick(const Value& panel, Map more = {}) {
    Map settings{
        {"panel", panel}, {"horizons", List{1, 3}}, {"steps", 300},           {"hidden", 32},
        {"layers", 1},    {"batch", 256},           {"learning_rate", 0.005}, {"seed", 1}};
    for (auto& [name, value] : more) settings[name] = value;
    return settings;
}
Map learn(const Value& panel, Map more = {}) {
    return test_session().call("learn.company_growth", quick(panel, std::move(more)));
}
// The row of `all` at a horizon of analyze.company_growth.
double score(const Value& model, const Value& panel, const char* column, double horizon,
             const Value* rival = nullptr) {
    Map settings{{"model", model}, {"panel", panel}, {"seed", 1}, {"resamples", 20}};
    if (rival) settings["rival"] = *rival;
    const Value errors = test_session().call("analyze.company_growth", settings).at("errors");
    for (int64_t r = 0; r < errors.as<Table>().rows; ++r)
        if (text_cell(errors, "variable", r) == "all" && cell(errors, "horizon", r) == horizon)
            return cell(errors, column, r);
    BOOST_FAIL("no row");
    return 0;
}
Value forecasts(const Value& model, const Value& panel, Map more = {}) {
    more["model"] = model, more["panel"] = panel;
    return test_session().call("predict.company_growth", more).at("forecasts");
}

const Map quiet{{"firms", 40},
                {"years", 12},
                {"volatility", 0.0},
                {"volatility_min", 0.0},
                {"deviation_width", 0.0},
                {"offset_deviation", 0.0},
                {"loss_probability", 0.0}};

void check_refused(const Value& panel, Map more, std::string_view part) {
    const std::string message = refusal_of("learn.company_growth", quick(panel, std::move(more)));
    BOOST_TEST(message.find(part) != std::string::npos, message << " lacks: " << part);
}

} // namespace

BOOST_AUTO_TEST_SUITE(forecasts_of_firms)

BOOST_AUTO_TEST_CASE(without_noise_the_law_is_the_future) {
    const Value panel = simulated_firms(quiet, 1).at("panel");
    const Value model =
        learn(panel, {{"trend", "growth_law"}, {"fluctuation", "none"}}).at("model");
    // The growth that is expected is kept as float32.
    BOOST_TEST(score(model, panel, "error", 1) < 1e-7);
    BOOST_TEST(score(model, panel, "error", 3) < 1e-6);
    BOOST_TEST(score(model, panel, "persistence", 3) > 0.1);
}

BOOST_AUTO_TEST_CASE(a_straight_trend_goes_straight_on) {
    // ln A grows by 0.1 a year and revenue shrinks by 0.05.
    std::vector<double> firm, year, assets, revenue;
    for (int f = 0; f < 12; ++f)
        for (int t = 0; t < 9; ++t) {
            firm.push_back(f), year.push_back(2000 + t);
            assets.push_back(std::exp(f + 0.1 * t)), revenue.push_back(std::exp(5 - 0.05 * t));
        }
    const Table panel = table_of({{"firm", numbers(firm)},
                                  {"year", numbers(year)},
                                  {"assets", numbers(assets)},
                                  {"revenue", numbers(revenue)}});
    const Value model = learn(panel, {{"trend", "linear"}, {"fluctuation", "none"}}).at("model");
    const Value future = forecasts(model, panel);
    BOOST_TEST(future.as<Table>().rows == 12 * 2 * 2);
    for (int64_t r = 0; r < future.as<Table>().rows; ++r) {
        const double horizon = cell(future, "horizon", r), f = cell(future, "firm", r);
        const double expected = text_cell(future, "variable", r) == "assets"
                                    ? std::exp(f + 0.1 * (8 + horizon))
                                    : std::exp(5 - 0.05 * (8 + horizon));
        BOOST_TEST(cell(future, "forecast", r) == expected, tt::tolerance(1e-9));
        BOOST_TEST(cell(future, "year", r) == 2008);
    }
    const Value still =
        learn(panel, {{"trend", "persistence"}, {"fluctuation", "none"}}).at("model");
    BOOST_TEST(cell(forecasts(still, panel), "forecast") == std::exp(0.8), tt::tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(straight_lines_find_an_autoregression) {
    // The change of ln A is 0.5 of the one before and uniform noise of 0.2; revenue leads it by a
    // year. Best possible mean |error| of ln A: 0.1 from its own past, less from revenue's.
    std::vector<double> firm, year, assets, revenue;
    Random random(Key{1, 2}, 0);
    for (int f = 0; f < 200; ++f) {
        double size = 10 + f * 0.01, change = 0;
        for (int t = 0; t < 20; ++t) {
            const double next = 0.4 * (random.uniform() - 0.5);
            firm.push_back(f), year.push_back(t), assets.push_back(std::exp(size));
            revenue.push_back(std::exp(next)); // the noise of the year to come
            change = 0.5 * change + next, size += change;
        }
    }
    const Table panel = table_of({{"firm", numbers(firm)},
                                  {"year", numbers(year)},
                                  {"assets", numbers(assets)},
                                  {"revenue", numbers(revenue)}});
    const auto error = [&](const char* fluctuation) {
        const Map found = learn(panel, {{"trend", "persistence"},
                                        {"fluctuation", fluctuation},
                                        {"targets", List{"assets"}},
                                        {"horizons", List{1}}});
        return cell(found.at("errors"), "error");
    };
    // 40 firms x 19 years: the error of a mean of |uniform| is 0.002.
    BOOST_TEST(std::abs(error("ar") - 0.1) < 0.01);
    BOOST_TEST(error("var") < 0.01);
}

BOOST_AUTO_TEST_CASE(straight_lines_are_fitted_to_whole_blocks_of_rows) {
    // 16 firms that are learned from, 16 times each: one block of 256 rows and nothing left.
    const Value panel = simulated_firms({{"firms", 20}, {"years", 17}}, 1).at("panel");
    const Value errors =
        learn(panel, {{"fluctuation", "var"}, {"horizons", List{1}}, {"held_out", 0.2}})
            .at("errors");
    BOOST_TEST(std::isfinite(cell(errors, "error", 0)));
}

BOOST_AUTO_TEST_CASE(the_hybrid_gains_only_where_there_is_structure) {
    const auto gain = [](Map world) {
        world["firms"] = 500, world["years"] = 20;
        const Value panel = simulated_firms(world, 1).at("panel");
        const Value fresh = simulated_firms(world, 2).at("panel");
        const Value law = learn(panel, {{"fluctuation", "none"}}).at("model");
        const Value hybrid = learn(panel).at("model");
        return score(hybrid, fresh, "rival_ratio", 1, &law);
    };
    BOOST_TEST(gain({{"feedback", 0.3}}) < 0.95);
    BOOST_TEST(gain({{"feedback", 0.0}, {"persistence", 1.0}, {"loss_probability", 0.0}}) > 0.99);
}

BOOST_AUTO_TEST_CASE(intervals_hold_what_they_say_on_firms_never_seen) {
    const Value panel = simulated_firms({{"firms", 600}, {"years", 15}}, 1).at("panel");
    const Value fresh = simulated_firms({{"firms", 400}, {"years", 15}}, 2).at("panel");
    const Value model = learn(panel).at("model");
    for (const double horizon : {1.0, 3.0}) {
        const double covered = score(model, fresh, "covered", horizon);
        BOOST_TEST((covered > 0.76 && covered < 0.84), covered);
    }
    const Value future = forecasts(model, fresh);
    const Value narrow = forecasts(model, fresh, {{"coverage", 0.5}});
    for (int64_t r = 0; r < future.as<Table>().rows; ++r) {
        BOOST_TEST_REQUIRE(cell(future, "lower", r) < cell(future, "upper", r));
        BOOST_TEST_REQUIRE(cell(narrow, "upper", r) - cell(narrow, "lower", r) <
                           cell(future, "upper", r) - cell(future, "lower", r));
        if (text_cell(future, "variable", r) == "assets")
            BOOST_TEST_REQUIRE(cell(future, "forecast", r) ==
                                   std::exp(cell(future, "trend", r) + cell(future, "learned", r)),
                               tt::tolerance(1e-9));
    }
}

BOOST_AUTO_TEST_CASE(what_leads_growth_is_found_important) {
    Map world{{"firms", 500}, {"years", 20}, {"feedback", 0.5}, {"loss_probability", 0.0}};
    const Value panel = simulated_firms(world, 1).at("panel");
    const Value importance =
        learn(panel, {{"targets", List{"assets"}}, {"horizons", List{1}}}).at("importance");
    const auto of = [&](const char* name) {
        return cell(importance, "increase", row_where(importance, "variable", name));
    };
    for (const char* idle : {"liabilities", "cost", "employees"}) {
        BOOST_TEST(of("net_income") > 3 * of(idle));
        BOOST_TEST(of("revenue") > 3 * of(idle));
    }
}

BOOST_AUTO_TEST_CASE(values_that_are_missing_are_marked_and_forecast_when_they_can_be) {
    Map world{{"firms", 200}, {"years", 8}, {"absent", 0.2}, {"entry_years", 8}};
    const Value panel = simulated_firms(world, 1).at("panel"); // some firms have one year
    const Value model = learn(panel).at("model");
    std::vector<double> firm{7, 8, 8}, year{2000, 2000, 2001}, assets{1e8, 1e7, 2e7},
        gap{NAN, NAN, NAN}, revenue{1e7, 5e6, NAN};
    const Table own = table_of({{"firm", numbers(firm)},
                                {"year", numbers(year)},
                                {"assets", numbers(assets)},
                                {"liabilities", numbers(gap)},
                                {"net_income", numbers({1e6, -1e6, 2e5})},
                                {"revenue", numbers(revenue)},
                                {"cost", numbers({-5, 0, 1e6})},
                                {"employees", numbers(gap)}});
    const Value future = forecasts(model, own);
    // Each firm: assets, net income, revenue; and the cost of the one where it was seen above 0.
    BOOST_TEST(future.as<Table>().rows == 2 * 7);
    BOOST_TEST(row_where(future, "variable", "liabilities") == -1);
    for (int64_t r = 0; r < future.as<Table>().rows; ++r)
        BOOST_TEST(std::isfinite(cell(future, "forecast", r)));
}

BOOST_AUTO_TEST_CASE(threads_change_no_bit) {
    const Value panel =
        simulated_firms({{"firms", 120}, {"years", 12}, {"absent", 0.05}}, 1).at("panel");
    for (const char* fluctuation : {"mlp", "attention", "var", "ar"}) {
        const Map call = quick(panel, {{"fluctuation", fluctuation}, {"steps", 20}});
        BOOST_TEST_CONTEXT(fluctuation) {
            const Digest one = digest_at(1, "learn.company_growth", call);
            BOOST_TEST((one == digest_at(2, "learn.company_growth", call)));
            BOOST_TEST((one == digest_at(8, "learn.company_growth", call)));
        }
    }
    const Value model = learn(panel, {{"steps", 20}}).at("model");
    for (const char* component : {"predict.company_growth", "analyze.company_growth"}) {
        Map call{{"model", model}, {"panel", panel}};
        if (component[0] == 'a') call["seed"] = 1;
        const Digest one = digest_at(1, component, call);
        BOOST_TEST((one == digest_at(2, component, call)));
        BOOST_TEST((one == digest_at(8, component, call)));
    }
}

BOOST_AUTO_TEST_CASE(what_cannot_be_forecast_is_said) {
    const Value panel = simulated_firms(quiet, 1).at("panel");
    check_refused(panel, {{"horizons", List{}}}, "'horizons': is empty");
    check_refused(panel, {{"horizons", List{3, 1}}}, "must be ascending whole numbers");
    check_refused(panel, {{"horizons", List{1, 12}}},
                  "fewer than 10 targets are seen 12 years after an origin");
    check_refused(panel, {{"targets", List{"profit"}}}, "'profit' is not among the panel's");
    check_refused(panel, {{"history", 6}}, "must be at most window = 5");
    check_refused(panel, {{"trend", "none"}, {"fluctuation", "none"}}, "nothing forecasts");
    check_refused(panel, {{"fluctuation", "attention"}, {"hidden", 30}},
                  "must be a multiple of heads = 4, is 30");
    check_refused(simulated_firms({{"firms", 5}}, 1).at("panel"), {},
                  "has 5 firms: at least 10 are needed");
    const Value model = learn(panel, {{"fluctuation", "none"}}).at("model");
    const Table other =
        table_of({{"firm", numbers({1})}, {"year", numbers({1})}, {"capital", numbers({1})}});
    const std::string message =
        refusal_of("predict.company_growth", {{"model", model}, {"panel", other}});
    BOOST_TEST(message.find("has no column 'assets'") != std::string::npos, message);
}

BOOST_AUTO_TEST_SUITE_END()
