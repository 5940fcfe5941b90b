// SPDX-License-Identifier: MIT
// edge_recovery on cases small enough to count by hand.
#include "plugins/networks_for_tests.hpp"
#include "plugins/session.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace espalier;

namespace {

Tensor square(std::vector<double> values) {
    const auto side = static_cast<int64_t>(std::sqrt(static_cast<double>(values.size())) + 0.5);
    return Tensor::of({side, side}, values);
}

double real(const Map& result, const char* name) { return result.at(name).as<double>(); }
int64_t whole(const Map& result, const char* name) { return result.at(name).as<int64_t>(); }

Map judge(Map arguments) { return test_session().call("analyze.edge_recovery", arguments); }

} // namespace

BOOST_AUTO_TEST_SUITE(edge_recovery)

BOOST_AUTO_TEST_CASE(six_entries_counted_by_hand) {
    // Edges 0->1 (0.9), 1->2 (0.4); others 0->2 (0.6), 1->0 (0.3), 2->0 (0.2), 2->1 (0.1).
    const Map r = judge({{"truth", directed(3, {{0, 1}, {1, 2}})},
                         {"estimate", square({1, 0.9, 0.6, 0.3, 1, 0.4, 0.2, 0.1, 1})}});
    BOOST_TEST(real(r, "auc") == 7.0 / 8, boost::test_tools::tolerance(1e-15)); // 7 of 2 x 4 pairs
    BOOST_TEST(real(r, "average_precision") == 0.5 * 1 + 0.5 * (2.0 / 3),
               boost::test_tools::tolerance(1e-15));
    BOOST_TEST(real(r, "true_positive_rate") == 0.5);
    BOOST_TEST(real(r, "false_positive_rate") == 0.25);
    BOOST_TEST(real(r, "precision") == 0.5);
    BOOST_TEST(real(r, "f1") == 0.5);
    BOOST_TEST(real(r, "accuracy") == 4.0 / 6, boost::test_tools::tolerance(1e-15));
    BOOST_TEST(whole(r, "wrong") == 2);
    BOOST_TEST(whole(r, "edges") == 2);
    BOOST_TEST(whole(r, "entries") == 6);
    BOOST_TEST(real(r, "best_threshold") == 0.4); // 1 - 1/4 beats 1/2 - 0
    BOOST_TEST(whole(r, "best_wrong") == 1);
}

BOOST_AUTO_TEST_CASE(ties_count_one_half) {
    const Graph truth = directed(3, {{0, 1}, {1, 2}});
    const Map all = judge({{"truth", truth}, {"estimate", square(std::vector<double>(9, 0.5))}});
    BOOST_TEST(real(all, "auc") == 0.5);
    BOOST_TEST(real(all, "average_precision") == 2.0 / 6, boost::test_tools::tolerance(1e-15));
    BOOST_TEST(real(all, "true_positive_rate") == 1.0); // 0.5 >= threshold
    // Edges 0.7, 0.4; others 0.7, 0.4, 0.1, 0.1: wins 0.5 + 3, and 0.5 + 2 of 8.
    const Map some =
        judge({{"truth", truth}, {"estimate", square({0, 0.7, 0.7, 0.4, 0, 0.4, 0.1, 0.1, 0})}});
    BOOST_TEST(real(some, "auc") == 6.0 / 8, boost::test_tools::tolerance(1e-15));
    // The order of nodes has no part in it.
    const Map turned = judge({{"truth", directed(3, {{2, 1}, {1, 0}})},
                              {"estimate", square({0, 0.1, 0.1, 0.4, 0, 0.4, 0.7, 0.7, 0})}});
    BOOST_TEST(real(turned, "auc") == real(some, "auc"));
    BOOST_TEST(real(turned, "average_precision") == real(some, "average_precision"));
}

BOOST_AUTO_TEST_CASE(perfect_inverted_and_undirected) {
    const Graph ring = ring_of(6);
    const Tensor exact = ring.adjacency();
    const Map right = judge({{"truth", ring}, {"estimate", exact}});
    BOOST_TEST(real(right, "auc") == 1.0);
    BOOST_TEST(real(right, "average_precision") == 1.0);
    BOOST_TEST(whole(right, "wrong") == 0);
    BOOST_TEST(whole(right, "edges") == 12); // both entries of each of 6 edges
    std::vector<double> inverted;
    for (const double x : exact.values<double>()) inverted.push_back(1 - x);
    const Map wrong = judge({{"truth", ring}, {"estimate", square(inverted)}});
    BOOST_TEST(real(wrong, "auc") == 0.0);
    BOOST_TEST(whole(wrong, "wrong") == 30);
    // The same truth as a matrix, of any type.
    const Map again =
        judge({{"adjacency", exact.as(DType::uint8)}, {"estimate", square(inverted)}});
    BOOST_TEST((digest_of(Value(again)) == digest_of(Value(wrong))));
}

BOOST_AUTO_TEST_CASE(the_diagonal_counts_when_asked) {
    const Tensor truth = square({1, 0, 0, 0}), estimate = square({0.8, 0.9, 0.1, 0.2});
    const Map r = judge({{"adjacency", truth}, {"estimate", estimate}, {"ignore_diagonal", false}});
    BOOST_TEST(whole(r, "entries") == 4);
    BOOST_TEST(real(r, "auc") == 2.0 / 3, boost::test_tools::tolerance(1e-15));
    BOOST_TEST(whole(r, "wrong") == 1);
}

BOOST_AUTO_TEST_CASE(messages) {
    const Tensor estimate = square(std::vector<double>(9, 0.5));
    const Graph truth = directed(3, {{0, 1}});
    const char* name = "analyze.edge_recovery";
    BOOST_TEST(refusal_of(name, {{"estimate", estimate}}) ==
               "analyze.edge_recovery: 'truth': is not given, nor is adjacency: give one");
    BOOST_TEST(
        refusal_of(name, {{"estimate", estimate}, {"truth", truth}, {"adjacency", estimate}}) ==
        "analyze.edge_recovery: 'truth': and adjacency are both given: leave out one");
    BOOST_TEST(refusal_of(name, {{"estimate", estimate}, {"truth", ring_of(4)}})
                   .find("input 'estimate' has 3 along axis 'node', input 'truth' has 4") !=
               std::string::npos);
    BOOST_TEST(refusal_of(name, {{"estimate", estimate}, {"truth", directed(3, {})}}) ==
               "analyze.edge_recovery: 'truth': has no edge: rates and AUC are not defined");
    BOOST_TEST(refusal_of(name, {{"estimate", estimate}, {"truth", complete(3)}}) ==
               "analyze.edge_recovery: 'truth': has every edge: rates and AUC are not defined");
}

BOOST_AUTO_TEST_SUITE_END()
