// SPDX-License-Identifier: MIT
// Time series as matrices for statistics over pairs of nodes.
#pragma once

#include <espalier/plugin.hpp>

#include <Eigen/Core>

#include <string>
#include <vector>

namespace espalier::inference {

// Rows are observations, columns variables.
using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// The input `trajectories`: [run, time, node, feature], [run, time, node] or [time, node]. A node's
// features are neighbouring variables: variable = node * features + feature.
class Observations {
public:
    explicit Observations(const Task& task);

    int64_t runs() const noexcept { return runs_; }
    int64_t times() const noexcept { return times_; }
    int64_t nodes() const noexcept { return nodes_; }
    int64_t features() const noexcept { return features_; }
    int64_t variables() const noexcept { return nodes_ * features_; }

    // How many pairs (t, t + lag) lie within runs; throws Invalid when there are fewer than two.
    int64_t pairs(int64_t lag) const;
    // All variables at times offset .. times - lag + offset - 1 of each run, run after run: row k
    // with offset 0 is `lag` steps before row k with offset `lag`.
    Matrix rows(int64_t lag, int64_t offset) const;

private:
    int64_t runs_ = 1, times_ = 0, nodes_ = 0, features_ = 1;
    const double* data_ = nullptr;
};

template <class T> void describe_trajectories(Schema<T>& s) {
    s.input_tensor("trajectories", "run,time,node,feature|run,time,node|time,node",
                   "Time series; runs are pooled, and no pair of times spans two runs.");
}
template <class T> void describe_edge_probability(Schema<T>& s, const char* doc) {
    s.template output_tensor<double>("edge_probability", "node,node", doc);
}

// Every column to mean 0 and variance 1; a column that does not vary becomes 0.
void standardise(Matrix& columns);

// left' right / rows, in blocks of fixed size, so that neither threads nor caches change a bit.
Matrix moments(const Task& task, const Matrix& left, const Matrix& right);

// Inverse of a symmetric positive semi-definite matrix; directions without variance are left out.
Eigen::MatrixXd pseudo_inverse(const Eigen::MatrixXd& symmetric);

// Score of the pair of nodes (i, j): the greatest |value(a, b)| over the variables a of i and b of
// j; 0 on the diagonal, at most 1.
void write_scores(const Task& task, const Observations& observations, const Matrix& value);

} // namespace espalier::inference
