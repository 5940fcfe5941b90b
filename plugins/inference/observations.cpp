// SPDX-License-Identifier: MIT
// Reading trajectories, standardising, second moments, pseudo-inverse.
#include "observations.hpp"

#include <Eigen/Eigenvalues>

#include <algorithm>
#include <cmath>

namespace espalier::inference {

Observations::Observations(const Task& task) {
    const View<const double> given = task.tensor<double>("trajectories");
    data_ = given.data();
    const std::size_t axes = given.axes();
    const std::size_t first = axes == 2 ? 0 : 1;
    if (axes > 2) runs_ = given.axis(0);
    times_ = given.axis(first), nodes_ = given.axis(first + 1);
    if (axes == 4) features_ = given.axis(3);
    if (nodes_ < 2)
        throw Invalid("trajectories",
                      "must hold at least 2 nodes, holds " + std::to_string(nodes_));
    if (features_ < 1) throw Invalid("trajectories", "must hold at least 1 feature, holds 0");
}

int64_t Observations::pairs(int64_t lag) const {
    const int64_t count = times_ > lag ? runs_ * (times_ - lag) : 0;
    if (count < 2)
        throw Invalid("trajectories", "must hold at least 2 pairs of times " + std::to_string(lag) +
                                          " apart, holds " + std::to_string(count) + " (" +
                                          std::to_string(runs_) + " runs of " +
                                          std::to_string(times_) + " times)");
    return count;
}

Matrix Observations::rows(int64_t lag, int64_t offset) const {
    const int64_t columns = variables(), kept = times_ - lag;
    Matrix rows(pairs(lag), columns);
    for (int64_t run = 0; run < runs_; ++run)
        std::copy_n(data_ + (run * times_ + offset) * columns, kept * columns,
                    rows.data() + run * kept * columns);
    return rows;
}

void standardise(Matrix& columns) {
    const auto count = static_cast<double>(columns.rows());
    Eigen::RowVectorXd mean = Eigen::RowVectorXd::Zero(columns.cols()), square = mean;
    for (Eigen::Index r = 0; r < columns.rows(); ++r) mean += columns.row(r);
    mean /= count;
    columns.rowwise() -= mean;
    for (Eigen::Index r = 0; r < columns.rows(); ++r) square += columns.row(r).cwiseAbs2();
    for (Eigen::Index c = 0; c < columns.cols(); ++c) {
        const double deviation = std::sqrt(square(c) / count);
        // What rounding of the mean leaves of a constant column is no variation.
        const bool varies = deviation > 1e-13 * std::abs(mean(c));
        columns.col(c) *= varies ? 1 / deviation : 0;
    }
}

Matrix moments(const Task& task, const Matrix& left, const Matrix& right) {
    constexpr Eigen::Index rows_at_once = 128;
    constexpr int64_t columns_at_once = 32;
    Matrix product = Matrix::Zero(left.cols(), right.cols());
    task.parallel_for(right.cols(), columns_at_once, [&](int64_t begin, int64_t end) {
        Eigen::MatrixXd part = Eigen::MatrixXd::Zero(left.cols(), end - begin);
        for (Eigen::Index r = 0; r < left.rows(); r += rows_at_once) {
            const Eigen::Index count = std::min(rows_at_once, left.rows() - r);
            part.noalias() +=
                left.middleRows(r, count).transpose() * right.block(r, begin, count, end - begin);
            if (r / rows_at_once % 64 == 0) task.check_cancelled();
        }
        product.middleCols(begin, end - begin) = part / static_cast<double>(left.rows());
    });
    return product;
}

Eigen::MatrixXd pseudo_inverse(const Eigen::MatrixXd& symmetric) {
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> parts(symmetric);
    const Eigen::VectorXd& values = parts.eigenvalues();
    const double least = values.cwiseAbs().maxCoeff() * static_cast<double>(values.size()) * 1e-14;
    const Eigen::VectorXd inverse =
        values.unaryExpr([least](double x) { return x > least ? 1 / x : 0.0; });
    return parts.eigenvectors() * inverse.asDiagonal() * parts.eigenvectors().transpose();
}

void write_scores(const Task& task, const Observations& o, const Matrix& value) {
    const int64_t nodes = o.nodes(), features = o.features();
    const View<double> score = task.output<double>("edge_probability", {nodes, nodes});
    for (int64_t i = 0; i < nodes; ++i)
        for (int64_t j = 0; j < nodes; ++j)
            if (i != j)
                score(i, j) =
                    std::min(1.0, value.block(i * features, j * features, features, features)
                                      .cwiseAbs()
                                      .maxCoeff());
}

} // namespace espalier::inference
