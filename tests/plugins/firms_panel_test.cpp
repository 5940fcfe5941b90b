// SPDX-License-Identifier: MIT
// What a panel may look like: gaps, repeated rows, sizes that are none, columns of text, and the
// messages for what it may not.
#include "plugins/firm_tables.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace espalier;
namespace tt = boost::test_tools;

namespace {

const double gap = std::nan("");

// Four firms, three years each; revenue is 2 A^0.5 exactly.
struct Rows {
    std::vector<double> firm, year, assets, revenue;

    Rows() {
        for (int f = 1; f <= 4; ++f)
            for (int t = 0; t < 3; ++t) add(f, 2000 + t, std::pow(10.0, f) * (1 + 0.3 * t));
    }
    void add(double f, double y, double a) {
        firm.push_back(f), year.push_back(y), assets.push_back(a);
        revenue.push_back(2 * std::sqrt(std::abs(a)));
    }
    Table table() const {
        return table_of({{"firm", numbers(firm)},
                         {"year", numbers(year)},
                         {"assets", numbers(assets)},
                         {"revenue", numbers(revenue)}});
    }
};

Map scaling(const Table& panel, Map more = {}) {
    more["panel"] = panel;
    return test_session().call("analyze.scaling", more);
}
std::string refusal(const Table& panel, Map more = {}) {
    more["panel"] = panel;
    return refusal_of("analyze.scaling", more);
}
bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}
void check_says(const std::string& message, std::string_view part) {
    BOOST_TEST(has(message, part), message << " lacks: " << part);
}

} // namespace

BOOST_AUTO_TEST_SUITE(panels)

BOOST_AUTO_TEST_CASE(an_exact_law_is_found_exactly) {
    const Value laws = scaling(Rows().table()).at("laws");
    BOOST_TEST(laws.as<Table>().rows == 1);
    BOOST_TEST(cell(laws, "exponent") == 0.5, tt::tolerance(1e-12));
    BOOST_TEST(cell(laws, "log_constant") == std::log(2), tt::tolerance(1e-12));
    BOOST_TEST(cell(laws, "exponent_error") < 1e-12);
    BOOST_TEST(cell(laws, "explained") == 1.0, tt::tolerance(1e-12));
    BOOST_TEST(cell(laws, "count") == 12);
    BOOST_TEST(text_cell(laws, "verdict") == "sublinear");
}

BOOST_AUTO_TEST_CASE(rows_may_come_in_any_order_and_firms_may_have_names) {
    const Rows rows;
    Rows other;
    Texts names;
    for (std::size_t i = 0; i < rows.firm.size(); ++i) {
        const std::size_t from = (i * 5 + 3) % rows.firm.size();
        other.year[i] = rows.year[from], other.assets[i] = rows.assets[from];
        other.revenue[i] = rows.revenue[from];
        names.push_back("firm number " + std::to_string(rows.firm[from]));
    }
    const Table named = table_of({{"company", texts(names)},
                                  {"year", numbers(other.year)},
                                  {"assets", numbers(other.assets)},
                                  {"revenue", numbers(other.revenue)}});
    const Value a = scaling(rows.table()).at("laws");
    const Value b = scaling(named, {{"firm", "company"}}).at("laws");
    BOOST_TEST(cell(a, "count") == cell(b, "count"));
    BOOST_TEST(cell(a, "firms") == cell(b, "firms"));
    BOOST_TEST(cell(a, "exponent") == cell(b, "exponent"), tt::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(missing_and_negative_values_are_left_out_not_guessed) {
    Rows rows;
    rows.add(5, 2000, -1e6), rows.add(5, 2001, 0), rows.add(5, 2002, gap);
    rows.add(6, 2000, 1e5); // a firm of one year
    rows.revenue[0] = gap;
    const Value laws = scaling(rows.table()).at("laws");
    BOOST_TEST(cell(laws, "count") == 12); // 12 - 1 + 1
    BOOST_TEST(cell(laws, "exponent") == 0.5, tt::tolerance(1e-12));
    rows.revenue[1] = -5; // a loss has a law of its own
    BOOST_TEST(cell(scaling(rows.table()).at("laws"), "count") == 11);
}

BOOST_AUTO_TEST_CASE(a_row_given_twice_counts_once) {
    Rows rows;
    const double before = cell(scaling(rows.table()).at("laws"), "count");
    rows.add(2, 2001, rows.assets[4]);
    BOOST_TEST(cell(scaling(rows.table()).at("laws"), "count") == before);
    rows.assets.back() += 1;
    BOOST_TEST(refusal(rows.table()) ==
               "analyze.scaling: 'panel': rows 5 and 13 are both firm 2 in the year 2001, but "
               "differ in column 'assets'");
}

BOOST_AUTO_TEST_CASE(columns_of_text_are_left_out_or_refused_by_name) {
    const Rows rows;
    Table table = rows.table();
    table.add("note", texts(Texts(rows.firm.size(), "n/a")));
    BOOST_TEST(scaling(table).at("laws").as<Table>().rows == 1);
    check_says(refusal(table, {{"variables", List{"note"}}}),
               "column 'note' holds texts, wanted numbers");
    check_says(refusal(table, {{"year", "note"}}), "column 'note' holds texts, wanted years");
    check_says(refusal(table, {{"size", "note"}}), "column 'note' holds texts, wanted numbers");
}

BOOST_AUTO_TEST_CASE(wrong_panels_are_refused_by_name) {
    const Rows rows;
    check_says(refusal(rows.table(), {{"size", "capital"}}),
               "has no column 'capital' (parameter 'size'): its columns are firm, year, assets, "
               "revenue");
    check_says(refusal(rows.table(), {{"variables", List{"profit"}}}), "has no column 'profit'");
    check_says(refusal(rows.table(), {{"variables", List{"year"}}}),
               "names the column 'year', which holds the firms or the years");
    Rows half = rows;
    half.year[2] = 2001.5;
    check_says(refusal(half.table()), "column 'year', row 3: 2001.5");
    half.year[2] = gap;
    check_says(refusal(half.table()), "column 'year', row 3: is missing, wanted a whole number");
    Rows far = rows;
    far.year[2] = 20020;
    check_says(refusal(far.table()), "firm 1 spans the years 2000 to 20020: more than 1000");
    Rows endless = rows;
    endless.revenue[3] = INFINITY;
    check_says(refusal(endless.table()), "column 'revenue', row 4 is infinite");
    check_says(refusal(table_of({{"firm", numbers({})},
                                 {"year", numbers({})},
                                 {"assets", numbers({})},
                                 {"revenue", numbers({})}})),
               "has no rows");
    const Table lonely = table_of({{"firm", numbers({1, 1, 1})},
                                   {"year", numbers({1, 2, 3})},
                                   {"assets", numbers({1, 2, 3})},
                                   {"revenue", numbers({1, 2, 3})}});
    check_says(refusal(lonely), "no variable has ten rows of three firms");
}

BOOST_AUTO_TEST_CASE(a_firm_is_in_one_sector) {
    Table table = Rows().table();
    table.add("sector", texts({"a", "a", "b", "a", "a", "a", "b", "b", "b", "b", "b", "b"}));
    check_says(refusal_of("learn.growth_law", {{"panel", table}, {"sector", "sector"}}),
               "firm 1 is in the sectors a and b: a firm has one");
}

BOOST_AUTO_TEST_CASE(gaps_between_years_are_no_growth) {
    // A firm that skips 2001: one pair of successive years fewer than the others have.
    Rows rows;
    for (int t = 3; t < 8; ++t)
        for (int f = 1; f <= 4; ++f) rows.add(f, 2000 + t, std::pow(10.0, f) * (1 + 0.29 * t));
    const Map all{{"panel", rows.table()}};
    const double whole = cell(test_session().call("learn.growth_law", all).at("growth"), "count");
    rows.assets[1] = gap;
    const double less = cell(
        test_session().call("learn.growth_law", {{"panel", rows.table()}}).at("growth"), "count");
    BOOST_TEST(whole == 28);
    BOOST_TEST(less == 26);
}

BOOST_AUTO_TEST_CASE(money_is_deflated_and_heads_are_not) {
    Rows rows;
    const auto deflate = [&](const Table& prices, Map more = {}) {
        more["panel"] = rows.table(), more["prices"] = prices;
        if (!more.contains("base_year")) more["base_year"] = 2001;
        return more;
    };
    const Table prices =
        table_of({{"year", numbers({2000, 2001, 2002})}, {"index", numbers({50, 100, 125})}});
    const Value real = test_session()
                           .call("analyze.deflate", deflate(prices, {{"keep", List{"revenue"}}}))
                           .at("panel");
    for (int64_t r = 0; r < 12; ++r) {
        const auto at = static_cast<std::size_t>(r);
        const double factor = r % 3 == 0 ? 2 : r % 3 == 1 ? 1 : 0.8;
        BOOST_TEST(cell(real, "assets", r) == factor * rows.assets[at], tt::tolerance(1e-12));
        BOOST_TEST(cell(real, "revenue", r) == rows.revenue[at]);
        BOOST_TEST(cell(real, "year", r) == rows.year[at]);
    }
    const auto says = [&](const Map& call, std::string_view part) {
        check_says(refusal_of("analyze.deflate", call), part);
    };
    says(deflate(prices, {{"base_year", 1999}}), "'prices': lacks the year 1999");
    says(deflate(prices, {{"keep", List{"heads"}}}), "'heads' is not among the panel's variables");
    says(deflate(table_of({{"year", numbers({2000})}, {"index", numbers({-1})}})),
         "row 1: the index must be > 0");
    says(deflate(table_of({{"year", numbers({2000})}, {"cpi", numbers({1})}})),
         "has no column 'index'");
}

BOOST_AUTO_TEST_CASE(what_a_simulated_panel_may_be) {
    const auto refused = [](Map settings) {
        settings["seed"] = 1;
        return refusal_of("simulate.firms", settings);
    };
    check_says(refused({{"exponents", List{1.0}}}), "has 1 numbers for 3 variables");
    check_says(refused({{"variables", List{"a", "a", "b"}}}), "'a' is the name of another column");
    check_says(refused({{"variables", List{"year", "a", "b"}}}),
               "'year' is the name of another column");
    check_says(refused({{"entry_years", 31}}), "must be at most years = 30, is 31");
    check_says(refused({{"start_min", 30.0}}), "must be at most start_max");
    // Liabilities above assets: the law of growth ends.
    check_says(refused({{"liabilities_exponent", 1.09433},
                        {"liabilities_log_constant", -2.77081},
                        {"start_mean", 28.0},
                        {"start_max", 28.5}}),
               "outgrows the law of growth after the year");
    // Where width rises without bound as firms shrink, some shrink to nothing.
    check_says(
        refused({{"volatility", 5.0}, {"volatility_max", 100.0}, {"volatility_exponent", 1.0}}),
        "leaves the range of numbers after the year");
}

BOOST_AUTO_TEST_CASE(threads_change_no_bit) {
    const Map settings{
        {"firms", 300},   {"years", 12},  {"entry_years", 5},        {"exit_rate", 0.1},
        {"absent", 0.05}, {"sectors", 3}, {"sector_deviation", 0.2}, {"feedback", 0.1},
        {"seed", 5}};
    const Digest one = digest_at(1, "simulate.firms", settings);
    BOOST_TEST((one == digest_at(2, "simulate.firms", settings)));
    BOOST_TEST((one == digest_at(8, "simulate.firms", settings)));
    const Value panel = test_session().call("simulate.firms", settings).at("panel");
    for (const char* component : {"analyze.scaling", "analyze.growth_rates", "learn.growth_law"}) {
        const Digest serial = digest_at(1, component, {{"panel", panel}});
        BOOST_TEST((serial == digest_at(2, component, {{"panel", panel}})));
        BOOST_TEST((serial == digest_at(8, component, {{"panel", panel}})));
    }
}

BOOST_AUTO_TEST_SUITE_END()
