// SPDX-License-Identifier: MIT
// A network from the correlation of every pair of nodes, at once or with a lag.
#include "observations.hpp"

namespace espalier::inference {
namespace {

struct Correlation {
    int64_t lag = 0;

    static void describe(Schema<Correlation>& s) {
        s.learner("correlation", "Network from pairwise correlation")
            .doc(R"(The score of the edge i -> j is the absolute correlation of Pearson

    | cov(x_i(t), x_j(t + lag)) | / (sd x_i  sd x_j)

over all times and runs. With lag 0 it is symmetric; with a lag the sender's past is compared with the
receiver's present. With several features the greatest over all pairs of features counts. It sees
linear, direct and indirect dependence alike, and is 0 for a node that does not vary. A score in 0..1,
not a calibrated probability.)")
            .reference("doi:10.1098/rspl.1895.0041")
            .example(
                R"(local found = esp.learn.correlation { trajectories = maps.trajectories, lag = 1 }
print(esp.analyze.edge_recovery { truth = ring.graph, estimate = found.edge_probability }.auc))");
        describe_trajectories(s);
        s.param("lag", &Correlation::lag)
            .range(0, 1e6)
            .doc("Records from the sender's value to the receiver's.");
        describe_edge_probability(s, "Absolute correlation; row: sender, column: receiver.");
    }

    void run(const Task& task) const {
        const Observations observations(task);
        Matrix before = observations.rows(lag, 0);
        standardise(before);
        if (lag == 0) return write_scores(task, observations, moments(task, before, before));
        Matrix after = observations.rows(lag, lag);
        standardise(after);
        write_scores(task, observations, moments(task, before, after));
    }
};

} // namespace
} // namespace espalier::inference

ESPALIER_COMPONENT(correlation, espalier::inference::Correlation)
