// SPDX-License-Identifier: MIT
// Correlation, partial correlation, mutual information and Granger causality: hand-computed cases,
// a brute-force fit, calibrated p-values, and networks that each can and cannot find.
#include "plugins/networks_for_tests.hpp"
#include "plugins/session.hpp"

#include <Eigen/Dense>
#include <boost/test/unit_test.hpp>
#include <espalier/random.hpp>

#include <cmath>

using namespace espalier;
namespace tt = boost::test_tools;

namespace {

// [time, node] from its columns.
Tensor series(const std::vector<std::vector<double>>& columns) {
    std::vector<double> values;
    for (std::size_t t = 0; t < columns[0].size(); ++t)
        for (const auto& column : columns) values.push_back(column[t]);
    return Tensor::of(
        {static_cast<int64_t>(columns[0].size()), static_cast<int64_t>(columns.size())}, values);
}

Tensor scores(const char* learner, const Tensor& trajectories, Map more = {}) {
    more["trajectories"] = trajectories;
    return test_session().call(learner, more).at("edge_probability").as<Tensor>();
}

double at(const Tensor& matrix, int64_t i, int64_t j) {
    return matrix.number(i * matrix.shape()[1] + j);
}

// x(t) = A x(t - 1) + noise, A_ji = strength for an edge i -> j.
Tensor autoregression(const Graph& graph, double strength, int64_t times, uint32_t seed) {
    const int64_t nodes = graph.nodes();
    const Tensor matrix = graph.adjacency();
    Random random(Key{seed, 77}, 0);
    Tensor x(DType::float64, {times, nodes});
    const auto values = x.writable_values<double>();
    for (int64_t t = 0; t < times; ++t)
        for (int64_t j = 0; j < nodes; ++j) {
            double next = random.normal();
            for (int64_t i = 0; t > 0 && i < nodes; ++i)
                next += strength * at(matrix, i, j) *
                        values[static_cast<std::size_t>((t - 1) * nodes + i)];
            values[static_cast<std::size_t>(t * nodes + j)] = next;
        }
    return x;
}

double auc(const Graph& truth, const Tensor& estimate) {
    return test_session()
        .call("analyze.edge_recovery", {{"truth", truth}, {"estimate", estimate}})
        .at("auc")
        .as<double>();
}

// Residual sum of squares of y on the columns of x and a constant.
double residual(const Eigen::MatrixXd& x, const Eigen::VectorXd& y) {
    Eigen::MatrixXd full(x.rows(), x.cols() + 1);
    full << x, Eigen::VectorXd::Ones(x.rows());
    const Eigen::VectorXd b = full.colPivHouseholderQr().solve(y);
    return (y - full * b).squaredNorm();
}

} // namespace

BOOST_AUTO_TEST_SUITE(baselines)

BOOST_AUTO_TEST_CASE(correlation_by_hand) {
    const Tensor s =
        scores("learn.correlation", series({{1, 2, 3}, {1, 3, 2}, {3, 2, 1}, {5, 5, 5}}));
    BOOST_TEST(at(s, 0, 1) == 0.5, tt::tolerance(1e-12));
    BOOST_TEST(at(s, 1, 0) == 0.5, tt::tolerance(1e-12));
    BOOST_TEST(at(s, 0, 2) == 1.0, tt::tolerance(1e-12));
    BOOST_TEST(at(s, 1, 2) == 0.5, tt::tolerance(1e-12));
    for (int64_t i = 0; i < 4; ++i) BOOST_TEST(at(s, i, i) == 0.0);
    for (int64_t i = 0; i < 3; ++i) BOOST_TEST(at(s, i, 3) == 0.0); // a node that stands still
}

BOOST_AUTO_TEST_CASE(a_lag_shows_the_direction) {
    // Node 1 repeats node 0 a step later.
    const std::vector<double> x{0.3, -1.2, 0.8, 0.1, -0.5, 1.7, -0.9, 0.4};
    std::vector<double> later(x.begin(), x.end() - 1);
    later.insert(later.begin(), 0);
    const Tensor s = scores("learn.correlation", series({x, later}), {{"lag", 1}});
    BOOST_TEST(at(s, 0, 1) == 1.0, tt::tolerance(1e-12));
    BOOST_TEST(at(s, 1, 0) < 0.9);
}

BOOST_AUTO_TEST_CASE(partial_correlation_by_its_formula) {
    const Tensor data = series({{1, 2, 3, 4, 5, 7}, {2, 1, 4, 3, 6, 5}, {1, 0, 2, 5, 3, 3}});
    const Tensor r = scores("learn.correlation", data);
    const Tensor p = scores("learn.partial_correlation", data);
    for (const auto& [i, j, k] : {std::array<int64_t, 3>{0, 1, 2}, std::array<int64_t, 3>{0, 2, 1},
                                  std::array<int64_t, 3>{1, 2, 0}}) {
        // All correlations of these columns are positive, so the absolute values are the values.
        const double expected =
            (at(r, i, j) - at(r, i, k) * at(r, j, k)) /
            std::sqrt((1 - at(r, i, k) * at(r, i, k)) * (1 - at(r, j, k) * at(r, j, k)));
        BOOST_TEST(at(p, i, j) == std::abs(expected), tt::tolerance(1e-10));
        BOOST_TEST(at(p, j, i) == at(p, i, j), tt::tolerance(1e-12));
    }
}

BOOST_AUTO_TEST_CASE(partial_correlation_sees_through_a_common_cause) {
    // 0 drives 1 and 2 at once: 1 and 2 correlate, but not given 0. n = 4000: standard error 0.016.
    Random random(Key{5, 6}, 0);
    std::vector<std::vector<double>> x(3);
    for (int t = 0; t < 4000; ++t) {
        x[0].push_back(random.normal());
        x[1].push_back(x[0].back() + 0.5 * random.normal());
        x[2].push_back(x[0].back() + 0.5 * random.normal());
    }
    BOOST_TEST(at(scores("learn.correlation", series(x)), 1, 2) > 0.7);
    BOOST_TEST(at(scores("learn.partial_correlation", series(x)), 1, 2) < 5 * 0.016);
    BOOST_TEST(at(scores("learn.partial_correlation", series(x)), 0, 1) > 0.5);
    // Doubled columns cannot be inverted; the pseudo-inverse and the ridge still answer.
    x.push_back(x[1]);
    for (const double ridge : {0.0, 0.01}) {
        const Tensor p = scores("learn.partial_correlation", series(x), {{"ridge", ridge}});
        BOOST_TEST((at(p, 0, 2) > 0.3 && at(p, 0, 2) <= 1));
    }
}

BOOST_AUTO_TEST_CASE(mutual_information_by_hand) {
    // Pairs (a, b): 00 x3, 01 x1, 10 x1, 11 x3 of 8.
    const Tensor s = scores("learn.mutual_information",
                            series({{0, 0, 0, 0, 1, 1, 1, 1},
                                    {0, 0, 0, 1, 0, 1, 1, 1},
                                    {7, 7, 7, 7, -2, -2, -2, -2},
                                    {0, 1, 0, 1, 0, 1, 0, 1}}),
                            {{"bins", 2}});
    const double shared = 2 * 0.375 * std::log(0.375 / 0.25) + 2 * 0.125 * std::log(0.125 / 0.25);
    BOOST_TEST(at(s, 0, 1) == shared / std::log(2), tt::tolerance(1e-12));
    BOOST_TEST(at(s, 0, 2) == 1.0, tt::tolerance(1e-12)); // one determines the other
    BOOST_TEST(at(s, 0, 3) < 1e-12);                      // independent
    BOOST_TEST(at(s, 2, 2) == 0.0);
}

BOOST_AUTO_TEST_CASE(mutual_information_sees_what_correlation_cannot) {
    Random random(Key{8, 9}, 0);
    std::vector<double> x, square;
    for (int t = 0; t < 5000; ++t) {
        x.push_back(random.normal());
        square.push_back(x.back() * x.back());
    }
    BOOST_TEST(at(scores("learn.correlation", series({x, square})), 0, 1) < 0.15);
    BOOST_TEST(at(scores("learn.mutual_information", series({x, square})), 0, 1) > 0.3);
}

BOOST_AUTO_TEST_CASE(granger_equals_two_fits) {
    const int64_t times = 60, nodes = 3;
    const Tensor data = autoregression(directed(3, {{0, 1}, {1, 2}}), 0.6, times, 3);
    for (const int64_t order : {1, 2}) {
        const Map found =
            test_session().call("learn.granger", {{"trajectories", data}, {"order", order}});
        const int64_t count = times - order;
        Eigen::MatrixXd past(count, nodes * order), now(count, nodes);
        for (int64_t t = 0; t < count; ++t)
            for (int64_t v = 0; v < nodes; ++v) {
                now(t, v) = at(data, t + order, v);
                for (int64_t lag = 1; lag <= order; ++lag)
                    past(t, v * order + lag - 1) = at(data, t + order - lag, v);
            }
        for (int64_t i = 0; i < nodes; ++i)
            for (int64_t j = 0; j < nodes; ++j) {
                if (i == j) continue;
                Eigen::MatrixXd without(count, (nodes - 1) * order);
                for (int64_t v = 0, column = 0; v < nodes; ++v)
                    if (v != i) {
                        without.middleCols(column, order) = past.middleCols(v * order, order);
                        column += order;
                    }
                const double full = residual(past, now.col(j)),
                             less = residual(without, now.col(j));
                const double freedom = static_cast<double>(count - nodes * order - 1);
                const double f = (less - full) / static_cast<double>(order) / (full / freedom);
                BOOST_TEST(at(found.at("statistic").as<Tensor>(), i, j) == f, tt::tolerance(1e-8));
                BOOST_TEST(at(found.at("edge_probability").as<Tensor>(), i, j) ==
                               (less - full) / less,
                           tt::tolerance(1e-8));
            }
    }
}

BOOST_AUTO_TEST_CASE(granger_p_values_are_uniform_without_influence) {
    const int64_t nodes = 20;
    const Tensor noise = autoregression(directed(nodes, {}), 0, 300, 21);
    const Tensor p =
        test_session().call("learn.granger", {{"trajectories", noise}}).at("p_value").as<Tensor>();
    int64_t low = 0;
    for (int64_t i = 0; i < nodes; ++i)
        for (int64_t j = 0; j < nodes; ++j) low += i != j && at(p, i, j) < 0.1;
    BOOST_TEST(std::abs(static_cast<double>(low) - 38) < 4 * std::sqrt(380 * 0.1 * 0.9));
}

BOOST_AUTO_TEST_CASE(granger_finds_directed_networks_that_correlation_blurs) {
    const Graph net = directed(8, {{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 5}, {0, 6}, {6, 7}, {7, 2}});
    const Tensor data = autoregression(net, 0.5, 3000, 4);
    BOOST_TEST(auc(net, scores("learn.granger", data)) == 1.0);
    BOOST_TEST(auc(net, scores("learn.correlation", data, {{"lag", 1}})) > 0.8);
    BOOST_TEST(auc(net, scores("learn.correlation", data)) < 0.95); // symmetric and indirect
}

BOOST_AUTO_TEST_CASE(every_shape_of_series_is_the_same_series) {
    const Tensor two = autoregression(ring_of(5), 0.3, 40, 6);
    const Tensor three = two.reshape({1, 40, 5}), four = two.reshape({1, 40, 5, 1});
    for (const char* learner : {"learn.correlation", "learn.partial_correlation",
                                "learn.mutual_information", "learn.granger"}) {
        BOOST_TEST(scores(learner, two).same_as(scores(learner, three)));
        BOOST_TEST(scores(learner, two).same_as(scores(learner, four)));
    }
}

BOOST_AUTO_TEST_CASE(no_pair_spans_two_runs) {
    // Node 1 repeats node 0 a step later within each run; runs begin with a 9 that nobody sent.
    const Tensor runs = Tensor::of({2, 4, 2}, std::vector<double>{1, 9, 2, 1, 4, 2, 3, 4,   // run 0
                                                                  5, 9, 0, 5, 2, 0, 8, 2}); // run 1
    BOOST_TEST(at(scores("learn.correlation", runs, {{"lag", 1}}), 0, 1) == 1.0,
               tt::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(several_features_count_by_their_strongest_pair) {
    // Features (a, b): node 1's b equals node 0's a; all else alternates independently.
    const Tensor x = Tensor::of(
        {1, 4, 2, 2}, std::vector<double>{0, 0, 0, 0, 0, 1, 1, 0, 1, 0, 1, 1, 1, 1, 0, 1});
    BOOST_TEST(at(scores("learn.correlation", x), 0, 1) == 1.0, tt::tolerance(1e-12));
    BOOST_TEST(scores("learn.correlation", x).shape()[0] == 2);
}

BOOST_AUTO_TEST_CASE(threads_change_no_bit) {
    const Tensor data = autoregression(tangle(40), 0.1, 500, 2);
    for (const char* learner : {"learn.correlation", "learn.partial_correlation",
                                "learn.mutual_information", "learn.granger"}) {
        const Digest one = digest_at(1, learner, {{"trajectories", data}});
        BOOST_TEST((one == digest_at(2, learner, {{"trajectories", data}})));
        BOOST_TEST((one == digest_at(8, learner, {{"trajectories", data}})));
    }
}

BOOST_AUTO_TEST_CASE(messages) {
    const Tensor tiny = Tensor::of({3, 2}, std::vector<double>{1, 2, 3, 4, 5, 7});
    BOOST_TEST(
        refusal_of("learn.correlation", {{"trajectories", tiny}, {"lag", 2}}) ==
        "learn.correlation: 'trajectories': must hold at least 2 pairs of times 2 apart, holds 1 "
        "(1 runs of 3 times)");
    BOOST_TEST(
        refusal_of("learn.granger", {{"trajectories", tiny}}) ==
        "learn.granger: 'trajectories': must give more observations than a node has coefficients "
        "(3), gives 2: add runs or times, or lower order");
    BOOST_TEST(refusal_of("learn.mutual_information",
                          {{"trajectories", Tensor::of({2, 1}, std::vector<double>{1, 2})}}) ==
               "learn.mutual_information: 'trajectories': must hold at least 2 nodes, holds 1");
}

BOOST_AUTO_TEST_SUITE_END()
