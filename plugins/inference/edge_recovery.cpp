// SPDX-License-Identifier: MIT
// How well scores of edges agree with a known network.
#include <espalier/plugin.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace espalier::inference {
namespace {

struct EdgeRecovery {
    double threshold = 0.5;
    bool ignore_diagonal = true;

    static void describe(Schema<EdgeRecovery>& s);
    void run(const Task& task) const;
};

// One entry of the matrix that is judged.
struct Entry {
    double score;
    bool edge;
};

struct Confusion {
    int64_t true_positives = 0, false_positives = 0, edges = 0, others = 0;

    double rate() const { return share(true_positives, edges); }
    double false_rate() const { return share(false_positives, others); }
    double precision() const { return share(true_positives, true_positives + false_positives); }
    int64_t wrong() const { return edges - true_positives + false_positives; }
    double accuracy() const { return 1 - share(wrong(), edges + others); }
    double f1() const {
        return share(2 * true_positives, edges + true_positives + false_positives);
    }
    static double share(int64_t part, int64_t whole) {
        return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0;
    }
};

struct Curves {
    double auc = 0, average_precision = 0;
    double best_threshold = 0;
    Confusion best;
};

// Goes through the entries from the highest score down; equal scores are one step. The area under
// the receiver operating characteristic is that of Mann and Whitney: a tie counts one half.
Curves curves_of(std::vector<Entry> entries, Confusion none) {
    std::sort(entries.begin(), entries.end(),
              [](const Entry& a, const Entry& b) { return a.score > b.score; });
    Curves c;
    c.best = none;
    double best_gain = -1;
    Confusion now = none;
    for (std::size_t k = 0; k < entries.size();) {
        const Confusion before = now;
        const double score = entries[k].score;
        for (; k < entries.size() && entries[k].score == score; ++k)
            ++(entries[k].edge ? now.true_positives : now.false_positives);
        c.auc += (now.false_rate() - before.false_rate()) * (now.rate() + before.rate()) / 2;
        c.average_precision += (now.rate() - before.rate()) * now.precision();
        if (now.rate() - now.false_rate() > best_gain) {
            best_gain = now.rate() - now.false_rate();
            c.best_threshold = score, c.best = now;
        }
    }
    return c;
}

// truth[i * nodes + j]: is there an edge i -> j?
std::vector<bool> true_edges(const Task& task, int64_t nodes) {
    if (task.has("truth") == task.has("adjacency"))
        throw Invalid("truth", task.has("truth") ? "and adjacency are both given: leave out one"
                                                 : "is not given, nor is adjacency: give one");
    std::vector<bool> truth(static_cast<std::size_t>(nodes * nodes));
    if (task.has("truth")) {
        const GraphView graph = task.graph("truth");
        for (int64_t i = 0; i < nodes; ++i)
            for (const int32_t j : graph.neighbours(i))
                truth[static_cast<std::size_t>(i * nodes + j)] = true;
        return truth;
    }
    const View<const double> matrix = task.tensor<double>("adjacency");
    for (std::size_t k = 0; k < truth.size(); ++k) truth[k] = matrix.data()[k] != 0;
    return truth;
}

void EdgeRecovery::describe(Schema<EdgeRecovery>& s) {
    s.analyzer("edge_recovery", "How well scores of edges agree with a known network")
        .doc(
            R"(Every ordered pair of nodes (i, j) is one entry: an edge or not in the truth (adjacency[i][j]
is not 0: i influences j), a score in the estimate. In an undirected truth both entries of a pair are
edges. The diagonal is left out unless `ignore_diagonal` is false.

- `auc`: area under the receiver operating characteristic, the probability that an edge scores higher than
  a pair that is none, a tie counting one half (Mann and Whitney).
- `average_precision`: sum over the distinct scores, from the highest down, of (gain in true positive
  rate) x (precision).
- At `threshold` (score >= threshold is an edge): `true_positive_rate`, `false_positive_rate`, `precision`,
  `f1`, `accuracy`, `wrong` (entries that are wrong).
- `best_threshold`: the score at which true positive rate minus false positive rate is greatest (Youden),
  with `best_accuracy` and `best_wrong` there.)")
        .reference("doi:10.1016/j.patrec.2005.10.010")
        .example(R"(local eval = esp.analyze.edge_recovery {
  truth = ring.graph, estimate = found.edge_probability }
print(("AUC %.4f  TPR %.3f  FPR %.3f"):format(
  eval.auc, eval.true_positive_rate, eval.false_positive_rate)))");
    s.input_graph("truth", "The true network; or give `adjacency`.").optional();
    s.input_tensor("adjacency", "node,node", "The true network as a matrix; row: sender.")
        .optional();
    s.input_tensor("estimate", "node,node", "A score for each entry; row: sender.");
    s.param("threshold", &EdgeRecovery::threshold).doc("Scores from here on count as edges.");
    s.param("ignore_diagonal", &EdgeRecovery::ignore_diagonal)
        .doc("Whether influence of a node on itself is left out.");
    s.output_real("auc", "Area under the receiver operating characteristic.");
    s.output_real("average_precision", "Mean precision over the edges found.");
    s.output_real("true_positive_rate", "Share of the edges that were found (recall).");
    s.output_real("false_positive_rate", "Share of the other entries that were called edges.");
    s.output_real("precision",
                  "Share of true edges among those called edges; 0 when there are none.");
    s.output_real("f1", "Harmonic mean of precision and recall.");
    s.output_real("accuracy", "Share of entries that are right.");
    s.output_integer("wrong", "Entries that are wrong.");
    s.output_integer("edges", "Entries that are edges in the truth.");
    s.output_integer("entries", "Entries that were compared.");
    s.output_real("best_threshold", "Threshold with the greatest difference of the two rates.");
    s.output_real("best_accuracy", "Accuracy at best_threshold.");
    s.output_integer("best_wrong", "Wrong entries at best_threshold.");
}

void EdgeRecovery::run(const Task& task) const {
    const View<const double> estimate = task.tensor<double>("estimate");
    const int64_t nodes = estimate.axis(0);
    const std::vector<bool> truth = true_edges(task, nodes);
    std::vector<Entry> entries;
    Confusion none, at;
    for (int64_t i = 0; i < nodes; ++i)
        for (int64_t j = 0; j < nodes; ++j) {
            if (ignore_diagonal && i == j) continue;
            const bool edge = truth[static_cast<std::size_t>(i * nodes + j)];
            const double score = estimate(i, j);
            entries.push_back({score, edge});
            ++(edge ? none.edges : none.others);
            if (score >= threshold) ++(edge ? at.true_positives : at.false_positives);
        }
    if (none.edges == 0 || none.others == 0)
        throw Invalid(task.has("truth") ? "truth" : "adjacency",
                      none.edges == 0 ? "has no edge: rates and AUC are not defined"
                                      : "has every edge: rates and AUC are not defined");
    at.edges = none.edges, at.others = none.others;
    const Curves curves = curves_of(std::move(entries), none);
    task.output_value("auc", curves.auc);
    task.output_value("average_precision", curves.average_precision);
    task.output_value("true_positive_rate", at.rate());
    task.output_value("false_positive_rate", at.false_rate());
    task.output_value("precision", at.precision());
    task.output_value("f1", at.f1());
    task.output_value("accuracy", at.accuracy());
    task.output_value("wrong", at.wrong());
    task.output_value("edges", none.edges);
    task.output_value("entries", none.edges + none.others);
    task.output_value("best_threshold", curves.best_threshold);
    task.output_value("best_accuracy", curves.best.accuracy());
    task.output_value("best_wrong", curves.best.wrong());
}

} // namespace
} // namespace espalier::inference

ESPALIER_COMPONENT(edge_recovery, espalier::inference::EdgeRecovery)
