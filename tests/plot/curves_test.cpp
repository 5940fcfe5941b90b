// SPDX-License-Identifier: MIT
// Plots of columns and of data become the curves that a reader would draw by hand.
#include "plot/picture.hpp"

#include "values/failure.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>

namespace espalier::plot {

namespace {

Column numbers(const std::vector<double>& values) { return Tensor::vector(values); }
Column texts(Texts values) { return std::make_shared<const Texts>(std::move(values)); }

// Two sizes, two couplings, three seeds; the last task failed.
Table results() {
    Table table;
    std::vector<double> nodes, coupling, seed, auc;
    Texts state;
    for (const double n : {10, 20})
        for (const double k : {0.5, 1.0})
            for (const double s : {1, 2, 3}) {
                nodes.push_back(n), coupling.push_back(k), seed.push_back(s);
                auc.push_back(n / 100 + k + (s - 2) * 0.1);
                state.emplace_back("done");
            }
    state.back() = "failed";
    table.add("nodes", numbers(nodes));
    table.add("coupling", numbers(coupling));
    table.add("seed", numbers(seed));
    table.add("auc", numbers(auc));
    table.add("state", texts(state));
    return table;
}

Picture drawn(const Map& plot, const Table& table) {
    const Source source{table, [](int64_t, const std::string&) { return Value(); },
                        [](int64_t row, const std::string&) {
                            return std::pair(std::vector<double>{1, 2, 3},
                                             std::vector<double>{3, 2, static_cast<double>(row)});
                        }};
    return picture_of(plot, &source);
}

std::string refusal(const Map& plot) {
    const Table table = results();
    try {
        drawn(plot, table);
    } catch (const Failure& failure) {
        return failure.what();
    }
    return "";
}

} // namespace

BOOST_AUTO_TEST_CASE(a_line_is_the_mean_over_seeds_with_a_band_of_one_standard_error) {
    const Table table = results();
    const Picture p = drawn(
        {{"plot", "line"}, {"x", "nodes"}, {"y", "auc"}, {"by", "coupling"}, {"band", "seed"}},
        table);
    BOOST_REQUIRE_EQUAL(p.curves.size(), 2u);
    BOOST_TEST(p.curves[0].name == "coupling = 0.5");
    BOOST_TEST(p.curves[0].x == (std::vector<double>{10, 20}), boost::test_tools::per_element());
    BOOST_TEST(p.curves[0].y[0] == 0.6, boost::test_tools::tolerance(1e-12));
    BOOST_TEST(p.curves[0].high[0] - p.curves[0].y[0] == 0.1 / std::sqrt(3),
               boost::test_tools::tolerance(1e-12));
    // The task that failed does not count: two values are left.
    BOOST_TEST(p.curves[1].y[1] == 1.15, boost::test_tools::tolerance(1e-12));
    BOOST_TEST(p.x.label == "nodes");
    BOOST_TEST(p.y.label == "auc");
}

BOOST_AUTO_TEST_CASE(the_band_can_be_the_deviation_or_the_range) {
    const Table table = results();
    Map plot{{"plot", "line"},
             {"x", "nodes"},
             {"y", "auc"},
             {"by", "coupling"},
             {"spread", "deviation"}};
    BOOST_TEST(drawn(plot, table).curves[0].low[0] == 0.5, boost::test_tools::tolerance(1e-12));
    plot["spread"] = "range";
    BOOST_TEST(drawn(plot, table).curves[0].high[0] == 0.7, boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(where_selects_tasks) {
    const Table table = results();
    const Picture p = drawn({{"plot", "scatter"},
                             {"x", "seed"},
                             {"y", "auc"},
                             {"where", Map{{"nodes", 10}, {"coupling", List{0.5, 2.0}}}}},
                            table);
    BOOST_REQUIRE_EQUAL(p.curves.size(), 1u);
    BOOST_TEST(p.curves[0].y.size() == 3u);
}

BOOST_AUTO_TEST_CASE(a_metric_is_a_curve_a_task_or_a_mean) {
    const Table table = results();
    const Picture each = drawn({{"plot", "line"}, {"metric", "loss"}}, table);
    BOOST_TEST(each.curves.size() == 11u);
    BOOST_TEST(each.curves[4].name == "task 5");
    const Picture mean =
        drawn({{"plot", "line"}, {"metric", "loss"}, {"band", "seed"}, {"by", "nodes"}}, table);
    BOOST_REQUIRE_EQUAL(mean.curves.size(), 2u);
    BOOST_TEST(mean.curves[0].y[2] == 2.5); // rows 0 to 5
}

BOOST_AUTO_TEST_CASE(a_wrong_field_or_column_is_named_with_the_nearest_right_one) {
    BOOST_TEST(refusal({{"plot", "line"}, {"x", "nodes"}, {"y", "auk"}}) ==
               "esp.plot.line: 'y' names the column 'auk', which the results have not, did you "
               "mean 'auc'?");
    BOOST_TEST(refusal({{"plot", "line"}, {"x", "nodes"}, {"ys", "auc"}}) ==
               "esp.plot.line: unknown field 'ys', did you mean 'y'?");
    BOOST_TEST(refusal({{"plot", "lines"}}) == "esp.plot has no 'lines', did you mean 'line'?");
    BOOST_TEST(refusal({{"plot", "line"}, {"x", List{1, 2}}, {"y", List{1, 2, 3}}}) ==
               "esp.plot.line: 'y' has 3 values, 'x' has 2");
    BOOST_TEST(refusal({{"plot", "line"}, {"x", "nodes"}, {"y", "auc"}, {"x_range", List{3, 1}}}) ==
               "esp.plot.line: 'x_range' must be { low, high }");
}

BOOST_AUTO_TEST_CASE(curves_may_have_an_x_of_their_own) {
    const Map fit{{"name", "fit"}, {"x", List{0, 10}}, {"y", List{1, 2}}};
    const Map seen{
        {"name", "seen"}, {"x", List{1, 2, 3}}, {"y", List{1, 2, 3}}, {"mark", "points"}};
    const Picture p = picture_of({{"plot", "line"}, {"curves", List{fit, seen}}});
    BOOST_REQUIRE_EQUAL(p.curves.size(), 2u);
    BOOST_TEST(p.curves[0].name == "fit");
    BOOST_TEST((p.curves[1].mark == Mark::points));
    BOOST_TEST(p.curves[1].x.size() == 3u);
    BOOST_TEST(
        refusal({{"plot", "line"}, {"curves", List{Map{{"y", List{1}}, {"mark", "dots"}}}}}) ==
        "esp.plot.line: 'curves' has the mark 'dots', which is neither line nor points");
}

BOOST_AUTO_TEST_CASE(a_histogram_counts_every_finite_value_once) {
    const List values{0, 0.1, 0.9, 1.0, 2.0, 3.0, 4.0, NAN};
    const Picture counts = picture_of({{"plot", "histogram"}, {"values", values}, {"bins", 4}});
    BOOST_REQUIRE_EQUAL(counts.curves.size(), 1u);
    BOOST_TEST(counts.curves[0].x == (std::vector<double>{0, 1, 2, 3, 4}),
               boost::test_tools::per_element());
    BOOST_TEST(counts.curves[0].y == (std::vector<double>{3, 1, 1, 2}),
               boost::test_tools::per_element());
    const Picture density =
        picture_of({{"plot", "histogram"}, {"values", values}, {"bins", 4}, {"density", true}});
    double area = 0;
    for (const double height : density.curves[0].y) area += height;
    BOOST_TEST(area == 1.0, boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(a_box_shows_quartiles_whiskers_and_outliers) {
    List values;
    for (int i = 1; i <= 9; ++i) values.emplace_back(i);
    values.emplace_back(100);
    values.emplace_back(5);
    const Picture p = picture_of({{"plot", "box"}, {"y", Map{{"a", values}}}});
    const auto& s = p.curves.at(0).spreads.at(0);
    BOOST_TEST(p.curves[0].y[0] == 5);
    BOOST_TEST(s.lower == 3.5);
    BOOST_TEST(s.upper == 7.5);
    BOOST_TEST(s.least == 1);
    BOOST_TEST(s.most == 9);
    BOOST_TEST(s.outliers == std::vector<double>{100}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_violin_is_widest_where_most_values_are) {
    const Table table = results();
    const Picture p = drawn({{"plot", "violin"}, {"y", "auc"}, {"by", "coupling"}}, table);
    BOOST_TEST(p.x.categories == (Texts{"0.5", "1"}), boost::test_tools::per_element());
    const auto& outline = p.curves.at(0).outlines.at(1);
    const auto widest =
        std::max_element(outline.width.begin(), outline.width.end()) - outline.width.begin();
    BOOST_TEST(outline.at[static_cast<std::size_t>(widest)] == 1.15,
               boost::test_tools::tolerance(0.1));
}

BOOST_AUTO_TEST_CASE(trajectories_are_curves_of_nodes) {
    const Tensor states =
        Tensor::vector(std::vector<double>{0, 10, 1, 11, 2, 12}).reshape({1, 3, 2, 1});
    const Picture p = picture_of({{"plot", "trajectory"}, {"values", states}, {"nodes", List{2}}});
    BOOST_REQUIRE_EQUAL(p.curves.size(), 1u);
    BOOST_TEST(p.curves[0].name == "node 2");
    BOOST_TEST(p.curves[0].y == (std::vector<double>{10, 11, 12}),
               boost::test_tools::per_element());
    const Picture phase =
        picture_of({{"plot", "phase_portrait"}, {"values", states.reshape({3, 2})}});
    BOOST_TEST(phase.curves[0].x == (std::vector<double>{0, 1, 2}),
               boost::test_tools::per_element());
}

} // namespace espalier::plot
