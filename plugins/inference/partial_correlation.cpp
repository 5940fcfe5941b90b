// SPDX-License-Identifier: MIT
// A network from the correlation of every pair of nodes given all others.
#include "observations.hpp"

#include <cmath>

namespace espalier::inference {
namespace {

struct PartialCorrelation {
    double ridge = 0;

    static void describe(Schema<PartialCorrelation>& s) {
        s.learner("partial_correlation", "Network from partial correlation, all other nodes given")
            .doc(
                R"(With P the inverse of the correlation matrix of all variables at the same time plus
`ridge` times the identity, the score of the edge between i and j is

    | P_ij | / sqrt(P_ii P_jj)

the absolute correlation that is left when the linear influence of all others is taken out. It is
symmetric. When the matrix cannot be inverted (fewer observations than variables, or variables that
depend on each other) the pseudo-inverse is used; a positive ridge is better then. With several features
the greatest over all pairs of features counts. A score in 0..1, not a calibrated probability.)")
            .reference("doi:10.1007/BF02288367")
            .example(
                R"(local found = esp.learn.partial_correlation { trajectories = maps.trajectories }
print(found.edge_probability))");
        describe_trajectories(s);
        s.param("ridge", &PartialCorrelation::ridge)
            .range(0, 1e6)
            .doc("Added to each variable's variance, which is 1.");
        describe_edge_probability(s, "Absolute partial correlation, symmetric.");
    }

    void run(const Task& task) const {
        const Observations observations(task);
        Matrix x = observations.rows(0, 0);
        standardise(x);
        if (x.rows() <= x.cols() && ridge == 0)
            task.warn("there are " + std::to_string(x.rows()) + " observations of " +
                      std::to_string(x.cols()) + " variables: a ridge above 0 is advisable");
        Eigen::MatrixXd inverse = moments(task, x, x);
        inverse.diagonal().array() += ridge;
        inverse = pseudo_inverse(inverse);
        const Eigen::VectorXd scale =
            inverse.diagonal().unaryExpr([](double p) { return p > 0 ? 1 / std::sqrt(p) : 0.0; });
        write_scores(task, observations, scale.asDiagonal() * inverse * scale.asDiagonal());
    }
};

} // namespace
} // namespace espalier::inference

ESPALIER_COMPONENT(partial_correlation, espalier::inference::PartialCorrelation)
