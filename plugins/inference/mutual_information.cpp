// SPDX-License-Identifier: MIT
// A network from the mutual information of every pair of nodes, by counting in bins.
#include "observations.hpp"

#include <algorithm>
#include <cmath>

namespace espalier::inference {
namespace {

struct MutualInformation {
    int64_t lag = 0, bins = 0;

    static void describe(Schema<MutualInformation>& s) {
        s.learner("mutual_information", "Network from pairwise mutual information")
            .doc(
                R"(Each variable is cut into bins that hold equally many observations (equal values share a
bin, so discrete states stay what they are), and from the shares p of the bins and pairs of bins

    I_ij = sum p(a, b) log( p(a, b) / (p(a) p(b)) ),    score = I_ij / sqrt(H_i H_j)

with a the bin of x_i(t), b that of x_j(t + lag), and H the entropy of each: 0 for independent nodes, 1
when one determines the other and is determined by it. `bins` = 0 takes the cube root of the number of
observations, at least 2 and at most 16. With several features the greatest over all pairs of features
counts. Finite data give a positive bias of about (bins - 1)^2 / (2 observations), alike for all pairs. A
score in 0..1, not a calibrated probability.)")
            .reference("doi:10.1002/j.1538-7305.1948.tb01338.x")
            .example(R"(local found = esp.learn.mutual_information {
  trajectories = maps.trajectories, lag = 1, bins = 8 }
print(found.edge_probability))");
        describe_trajectories(s);
        s.param("lag", &MutualInformation::lag)
            .range(0, 1e6)
            .doc("Records from the sender's value to the receiver's.");
        s.param("bins", &MutualInformation::bins)
            .range(0, 256)
            .doc("Bins of each variable; 0: chosen from the number of observations.");
        describe_edge_probability(s,
                                  "Normalised mutual information; row: sender, column: receiver.");
    }

    void run(const Task& task) const;
};

// The bin of each observation of each variable, variable after variable, and each one's entropy.
struct Binned {
    std::size_t observations, bins;
    std::vector<uint16_t> code;
    std::vector<double> entropy;

    const uint16_t* of(int64_t variable) const {
        return code.data() + static_cast<std::size_t>(variable) * observations;
    }
};

// -sum p log p of counts.
double entropy_of(const std::vector<int64_t>& counts, std::size_t total) {
    double sum = 0;
    for (const int64_t n : counts)
        if (n > 0) {
            const double p = static_cast<double>(n) / static_cast<double>(total);
            sum -= p * std::log(p);
        }
    return sum;
}

Binned binned(const Task& task, const Matrix& rows, std::size_t bins) {
    const auto count = static_cast<std::size_t>(rows.rows());
    Binned b{count, bins, {}, {}};
    b.code.resize(count * static_cast<std::size_t>(rows.cols()));
    b.entropy.resize(static_cast<std::size_t>(rows.cols()));
    task.parallel_for(rows.cols(), 1, [&](int64_t begin, int64_t end) {
        for (int64_t variable = begin; variable < end; ++variable) {
            std::vector<double> sorted(count);
            for (std::size_t k = 0; k < count; ++k)
                sorted[k] = rows(static_cast<Eigen::Index>(k), variable);
            std::sort(sorted.begin(), sorted.end());
            std::vector<double> edges; // the least value of each bin but the first
            for (std::size_t k = 1; k < bins; ++k) {
                const double edge = sorted[k * count / bins];
                if (edge > (edges.empty() ? sorted.front() : edges.back())) edges.push_back(edge);
            }
            std::vector<int64_t> counts(bins, 0);
            uint16_t* code = b.code.data() + static_cast<std::size_t>(variable) * count;
            for (std::size_t k = 0; k < count; ++k) {
                const double x = rows(static_cast<Eigen::Index>(k), variable);
                code[k] = static_cast<uint16_t>(std::upper_bound(edges.begin(), edges.end(), x) -
                                                edges.begin());
                ++counts[code[k]];
            }
            b.entropy[static_cast<std::size_t>(variable)] = entropy_of(counts, count);
        }
    });
    return b;
}

void MutualInformation::run(const Task& task) const {
    const Observations observations(task);
    const Matrix before = observations.rows(lag, 0), after = observations.rows(lag, lag);
    const double root = std::cbrt(static_cast<double>(before.rows()));
    const auto cells =
        static_cast<std::size_t>(bins == 0 ? std::clamp<int64_t>(static_cast<int64_t>(root), 2, 16)
                                           : std::max<int64_t>(bins, 2));
    const Binned sender = binned(task, before, cells), receiver = binned(task, after, cells);
    const int64_t variables = observations.variables();
    Matrix score = Matrix::Zero(variables, variables);
    task.parallel_for(variables, 1, [&](int64_t begin, int64_t end) {
        std::vector<int64_t> counts(cells * cells);
        for (int64_t i = begin; i < end; ++i)
            for (int64_t j = 0; j < variables; ++j) {
                const double from = sender.entropy[static_cast<std::size_t>(i)],
                             to = receiver.entropy[static_cast<std::size_t>(j)];
                if (!(from > 0 && to > 0)) continue;
                std::fill(counts.begin(), counts.end(), 0);
                const uint16_t *a = sender.of(i), *b = receiver.of(j);
                for (std::size_t k = 0; k < sender.observations; ++k) ++counts[a[k] * cells + b[k]];
                const double shared = from + to - entropy_of(counts, sender.observations);
                score(i, j) = std::max(0.0, shared) / std::sqrt(from * to);
                if (j % 16 == 0) task.check_cancelled();
            }
    });
    write_scores(task, observations, score);
}

} // namespace
} // namespace espalier::inference

ESPALIER_COMPONENT(mutual_information, espalier::inference::MutualInformation)
