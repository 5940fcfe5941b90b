// SPDX-License-Identifier: MIT
// Autoregressions: least squares on a variable's own past, and the lasso on all variables' pasts.
#include "training.hpp"

#include <Eigen/Dense>

#include <algorithm>

namespace espalier::firms {

namespace {

constexpr std::size_t enough_rows = 40000;

std::size_t at(int64_t i) { return static_cast<std::size_t>(i); }

using Features = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Features features_of(const Task& task, const Forecaster& f, const History& history,
                     std::span<const int64_t> rows) {
    Features x(static_cast<Eigen::Index>(rows.size()), f.shape.inputs());
    task.parallel_for(static_cast<int64_t>(rows.size()), 256, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i)
            f.write_features(history, rows[at(i)], x.data() + i * f.shape.inputs());
    });
    return x;
}

// Second moments of the features, a constant last, and of them with a target.
struct Moments {
    Eigen::MatrixXd xx;
    Eigen::VectorXd xy;
    double rows = 0;
};

struct Problem {
    const Features& x;
    Eigen::VectorXd y; // NaN: not seen
};

Moments moments_of(const Problem& p) {
    const Eigen::Index width = p.x.cols() + 1;
    Moments m{Eigen::MatrixXd::Zero(width, width), Eigen::VectorXd::Zero(width), 0};
    constexpr Eigen::Index block = 256;
    Eigen::MatrixXd part(block, width);
    Eigen::VectorXd wanted(block);
    Eigen::Index filled = 0;
    const auto add = [&] {
        if (filled == 0) return; // Eigen divides by the length of what is summed over
        const auto some = part.topRows(filled);
        m.xx.selfadjointView<Eigen::Lower>().rankUpdate(some.transpose());
        m.xy.noalias() += some.transpose() * wanted.head(filled);
        filled = 0;
    };
    for (Eigen::Index i = 0; i < p.y.size(); ++i) {
        if (std::isnan(p.y[i])) continue;
        part.row(filled).head(width - 1) = p.x.row(i).cast<double>();
        part(filled, width - 1) = 1;
        wanted[filled] = p.y[i];
        m.rows += 1;
        if (++filled == block) add();
    }
    add();
    m.xx = m.xx.selfadjointView<Eigen::Lower>();
    return m;
}

// Minimises |y - X b|^2 / 2 + penalty |b| by coordinate descent from b; the constant is free.
void descend(const Moments& m, double penalty, Eigen::VectorXd& b) {
    Eigen::VectorXd slope = m.xy - m.xx * b;
    for (int round = 0; round < 500; ++round) {
        double moved = 0;
        for (Eigen::Index k = 0; k < b.size(); ++k) {
            const double own = m.xx(k, k);
            if (!(own > 0)) continue;
            const double pull = slope[k] + own * b[k];
            const double limit = k + 1 == b.size() ? 0 : penalty;
            const double now =
                std::abs(pull) <= limit ? 0 : (pull - std::copysign(limit, pull)) / own;
            const double step = now - b[k];
            if (step == 0) continue;
            slope -= step * m.xx.col(k);
            b[k] = now;
            moved = std::max(moved, std::abs(step) * std::sqrt(own / m.rows));
        }
        if (moved < 1e-5) return;
    }
}

double error_of(const Problem& p, const Eigen::VectorXd& b) {
    const Eigen::VectorXf slopes = b.head(p.x.cols()).cast<float>();
    const Eigen::VectorXf guess = p.x * slopes;
    double sum = 0, count = 0;
    for (Eigen::Index i = 0; i < p.y.size(); ++i) {
        if (std::isnan(p.y[i])) continue;
        sum += std::abs(p.y[i] - static_cast<double>(guess[i]) - b[b.size() - 1]), count += 1;
    }
    return count > 0 ? sum / count : 0;
}

Eigen::VectorXd sparsest_good(const Moments& m, const Problem& held_out) {
    Eigen::VectorXd b = Eigen::VectorXd::Zero(m.xy.size());
    b[b.size() - 1] = m.xy[b.size() - 1] / m.rows;
    double greatest = 0;
    const Eigen::VectorXd slope = m.xy - m.xx * b;
    for (Eigen::Index k = 0; k + 1 < b.size(); ++k)
        greatest = std::max(greatest, std::abs(slope[k]));
    Eigen::VectorXd best = b;
    double least = error_of(held_out, b);
    constexpr int penalties = 12;
    for (int k = 1; k <= penalties; ++k) {
        descend(m, greatest * std::pow(10.0, -k / 3.0), b);
        if (const double error = error_of(held_out, b); error < least) least = error, best = b;
    }
    return best;
}

// A trace of a ridge keeps features that never vary from mattering.
Eigen::VectorXd least_squares(const Moments& m, Eigen::Index first, Eigen::Index count) {
    const Eigen::Index last = m.xy.size() - 1;
    std::vector<Eigen::Index> own;
    for (Eigen::Index k = first; k < first + count; ++k) own.push_back(k);
    own.push_back(last);
    Eigen::MatrixXd xx = m.xx(own, own);
    for (Eigen::Index k = 0; k + 1 < xx.rows(); ++k) xx(k, k) += 1e-6 * m.rows;
    const Eigen::VectorXd found = xx.ldlt().solve(m.xy(own));
    Eigen::VectorXd b = Eigen::VectorXd::Zero(last + 1);
    for (std::size_t k = 0; k < own.size(); ++k) b[own[k]] = found[static_cast<Eigen::Index>(k)];
    return b;
}

} // namespace

void fit_lines(const Task& task, Forecaster& f, const History& history,
               std::span<const int64_t> rows, std::span<const int64_t> held_out) {
    const std::vector<int64_t> some = spread(rows, enough_rows),
                               others = spread(held_out, enough_rows);
    const Features x = features_of(task, f, history, some);
    const Features x_others = features_of(task, f, history, others);
    const auto weight = f.network->line_weights(), bias = f.network->line_constants();
    task.parallel_for(f.outputs(), 1, [&](int64_t begin, int64_t end) {
        for (int64_t k = begin; k < end; ++k) {
            if (!f.forecasts(k)) continue;
            const int64_t v = k / f.outlook.horizon_count(), h = k % f.outlook.horizon_count();
            const auto wanted = [&](const std::vector<int64_t>& from) {
                Eigen::VectorXd y(static_cast<Eigen::Index>(from.size()));
                for (std::size_t i = 0; i < from.size(); ++i)
                    y[static_cast<Eigen::Index>(i)] =
                        (f.residual(history, from[i], v, h) - f.centre[at(k)]) / f.scale[at(k)];
                return y;
            };
            const Moments m = moments_of({x, wanted(some)});
            const Eigen::VectorXd b =
                f.shape.kind == "var" ? sparsest_good(m, {x_others, wanted(others)})
                                      : least_squares(m, v * f.shape.features, f.shape.features);
            for (Index i = 0; i < weight.rows; ++i) weight(i, k) = static_cast<float>(b[i]);
            bias(0, k) = static_cast<float>(b[b.size() - 1]);
            task.check_cancelled();
        }
    });
}

} // namespace espalier::firms
