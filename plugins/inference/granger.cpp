// SPDX-License-Identifier: MIT
// A network from conditional Granger causality: does i's past help to predict j, all other pasts
// given?
#include "observations.hpp"

#include <boost/math/distributions/fisher_f.hpp>

#include <cmath>

namespace espalier::inference {
namespace {

struct Granger {
    int64_t order = 1;

    static void describe(Schema<Granger>& s) {
        s.learner("granger",
                  "Network from conditional Granger causality of a vector autoregression")
            .doc(R"(A vector autoregression is fitted by least squares,

    x_j(t) = c_j + sum_{l=1..order} sum_i A_l,ij x_i(t - l) + e_j(t)

and i influences j in the sense of Granger when leaving out all of i's past makes the residual sum of
squares grow from RSS to RSS_without, the other nodes' pasts remaining. With n observations, k
coefficients and q of them left out

    F = ((RSS_without - RSS) / q) / (RSS / (n - k)),    score = (RSS_without - RSS) / RSS_without

The score is the partial R^2, in 0..1 and not a calibrated probability; `p_value` is that of F under the
hypothesis of no influence with normal errors. All tests come from one fit: the growth is
b' (S_qq)^-1 b, with b the coefficients left out and S the inverse second moments of the regressors. With
several features a node's features are left out together, and a receiver's sums of squares, each in units
of its feature's variance, are added; F has then that many times the degrees of freedom, which holds for
independent features. It assumes linear dynamics, stationary and seen at the right interval.)")
            .reference("doi:10.2307/1912791")
            .example(
                R"(local found = esp.learn.granger { trajectories = maps.trajectories, order = 1 }
print(found.edge_probability, found.p_value))");
        describe_trajectories(s);
        s.param("order", &Granger::order).range(1, 1000).doc("Records of the past that are used.");
        describe_edge_probability(s, "Partial R^2; row: sender, column: receiver.");
        s.output_tensor<double>("statistic", "node,node", "F of the test; 0 on the diagonal.");
        s.output_tensor<double>("p_value", "node,node",
                                "Probability of such an F without influence; 1 on the diagonal.");
    }

    void run(const Task& task) const;
};

// All variables at lags 1 .. order side by side: column = node * (features * order) + ..., so that
// a sender's columns are neighbours.
Matrix pasts(const Observations& o, int64_t order) {
    const int64_t features = o.features(), width = features * order;
    Matrix all(o.pairs(order), o.nodes() * width);
    for (int64_t lag = 1; lag <= order; ++lag) {
        const Matrix at_lag = o.rows(order, order - lag);
        for (int64_t node = 0; node < o.nodes(); ++node)
            all.middleCols(node * width + (lag - 1) * features, features) =
                at_lag.middleCols(node * features, features);
    }
    return all;
}

// Sum of squares of what the fit leaves of each column of y.
Eigen::VectorXd residuals(const Task& task, const Matrix& x, const Matrix& y,
                          const Eigen::MatrixXd& coefficients) {
    constexpr int64_t rows_at_once = 128;
    return task.parallel_reduce(
        y.rows(), rows_at_once, Eigen::VectorXd(Eigen::VectorXd::Zero(y.cols())),
        [&](int64_t begin, int64_t end) -> Eigen::VectorXd {
            const Matrix left =
                y.middleRows(begin, end - begin) - x.middleRows(begin, end - begin) * coefficients;
            return left.colwise().squaredNorm().transpose();
        },
        [](Eigen::VectorXd sum, const Eigen::VectorXd& part) -> Eigen::VectorXd {
            return sum + part;
        });
}

void Granger::run(const Task& task) const {
    const Observations o(task);
    const int64_t nodes = o.nodes(), features = o.features(), width = features * order;
    Matrix x = pasts(o, order), y = o.rows(order, order);
    const int64_t freedom = x.rows() - x.cols() - 1;
    if (freedom < 1)
        throw Invalid("trajectories", "must give more observations than a node has coefficients (" +
                                          std::to_string(x.cols() + 1) + "), gives " +
                                          std::to_string(x.rows()) +
                                          ": add runs or times, or lower order");
    standardise(x), standardise(y);
    const auto count = static_cast<double>(x.rows());
    const Eigen::MatrixXd spread = pseudo_inverse(moments(task, x, x));
    const Eigen::MatrixXd coefficients = spread * Eigen::MatrixXd(moments(task, x, y));
    const Eigen::VectorXd rss = residuals(task, x, y, coefficients);

    const View<double> score = task.output<double>("edge_probability", {nodes, nodes}),
                       statistic = task.output<double>("statistic", {nodes, nodes}),
                       p_value = task.output<double>("p_value", {nodes, nodes});
    const auto df1 = static_cast<double>(width * features),
               df2 = static_cast<double>(freedom * features);
    const boost::math::fisher_f law(df1, df2);
    for (int64_t i = 0; i < nodes; ++i) {
        const Eigen::MatrixXd weight =
            pseudo_inverse(spread.block(i * width, i * width, width, width));
        for (int64_t j = 0; j < nodes; ++j) {
            p_value(i, j) = 1;
            if (i == j) continue;
            const Eigen::MatrixXd b = coefficients.block(i * width, j * features, width, features);
            const double growth = std::max(0.0, count * (b.transpose() * weight * b).trace());
            // Below the rounding of the fit nothing can be said to be left.
            const double left = std::max(rss.segment(j * features, features).sum(), 1e-20 * count);
            score(i, j) = growth / (growth + left);
            statistic(i, j) = (growth / df1) / (left / df2);
            p_value(i, j) = boost::math::cdf(boost::math::complement(law, statistic(i, j)));
        }
    }
}

} // namespace
} // namespace espalier::inference

ESPALIER_COMPONENT(granger, espalier::inference::Granger)
