// SPDX-License-Identifier: MIT
// How well scores tell the edges of the unknown part of a network.
#include "pair_scores.hpp"
#include "ranking.hpp"

namespace espalier::completion {
namespace {

struct Completion {
    int64_t hidden = 0;

    static void describe(Schema<Completion>& s);
    void run(const Task& task) const;
};

void Completion::describe(Schema<Completion>& s) {
    s.analyzer("completion", "How well scores tell the edges of a network that were not observed")
        .doc(
            R"(The last `hidden` nodes of the truth were not observed. Pairs of two nodes of which one at least is hidden are
judged: all of them (`auc`), one of a known and a hidden node (`known_unknown_auc`), two hidden ones
(`unknown_unknown_auc`). AUC is the probability that an edge scores above a pair without one, a tie counting one half
(Mann and Whitney); average precision is the sum over the distinct scores, from the highest down, of (gain in
recall) x precision. Where one class is empty both are NaN.

Hidden nodes have no names. With `matching` (of analyze.graph_matching) node i of the truth stands for node
matching[i] of the scores; that matching has seen the truth, so compare with the same for a random embedding.)")
        .reference("arXiv:2204.11852")
        .example(
            R"(local e = esp.analyze.completion { truth = seen.truth, embedding = cgin.embedding, hidden = seen.hidden,
  matching = match.matching }
print(("AUC %.3f"):format(e.known_unknown_auc)))");
    s.input_graph("truth", "The whole network; undirected.");
    PairScores::declare(s);
    s.input_tensor<int64_t>("matching", "node", "The node of the scores for each of the truth.")
        .optional();
    s.param("hidden", &Completion::hidden)
        .required()
        .min(1)
        .doc("Nodes that were not observed: the last ones.");
    s.output_real("auc", "Of all pairs with a hidden node.");
    s.output_real("average_precision", "Of the same.");
    s.output_real("known_unknown_auc", "Of pairs of a known and a hidden node.");
    s.output_real("known_unknown_average_precision", "Of the same.");
    s.output_real("unknown_unknown_auc", "Of pairs of hidden nodes.");
    s.output_real("unknown_unknown_average_precision", "Of the same.");
    s.output_integer("edges", "Edges with a hidden node.");
    s.output_integer("pairs", "Pairs that were judged.");
}

std::vector<int64_t> read_matching(const Task& task, int64_t nodes) {
    std::vector<int64_t> matching(static_cast<std::size_t>(nodes));
    for (int64_t i = 0; i < nodes; ++i) matching[static_cast<std::size_t>(i)] = i;
    if (!task.has("matching")) return matching;
    const auto given = task.tensor<int64_t>("matching");
    std::vector<bool> taken(matching.size());
    for (int64_t i = 0; i < nodes; ++i) {
        const int64_t to = given(i);
        if (to < 0 || to >= nodes || taken[static_cast<std::size_t>(to)])
            throw Invalid("matching", "must hold each node once, holds " + std::to_string(to) +
                                          " at " + std::to_string(i));
        taken[static_cast<std::size_t>(to)] = true;
        matching[static_cast<std::size_t>(i)] = to;
    }
    return matching;
}

void Completion::run(const Task& task) const {
    const GraphView truth = task.graph("truth");
    if (truth.directed) throw Invalid("truth", "must be undirected, is directed");
    if (hidden > truth.nodes)
        throw Invalid("hidden",
                      "must not exceed the nodes of the truth, " + std::to_string(truth.nodes));
    const PairScores scores(task);
    const std::vector<int64_t> matching = read_matching(task, truth.nodes);
    const int64_t known = truth.nodes - hidden;
    std::vector<Scored> across, within;
    for (int64_t j = known; j < truth.nodes; ++j) {
        auto row = truth.neighbours(j).begin();
        for (int64_t i = 0; i < j; ++i) {
            while (row != truth.neighbours(j).end() && *row < i) ++row;
            const bool edge = row != truth.neighbours(j).end() && *row == i;
            (i < known ? across : within)
                .push_back({scores(matching[static_cast<std::size_t>(i)],
                                   matching[static_cast<std::size_t>(j)]),
                            edge});
        }
    }
    std::vector<Scored> all = across;
    all.insert(all.end(), within.begin(), within.end());
    const auto write = [&](const std::string& kind, std::vector<Scored> pairs) {
        const Ranking r = rank(std::move(pairs));
        const bool judged = r.edges > 0 && r.others > 0;
        constexpr double none = std::numeric_limits<double>::quiet_NaN();
        task.output_value((kind + "auc").c_str(), judged ? r.auc : none);
        task.output_value((kind + "average_precision").c_str(),
                          judged ? r.average_precision : none);
        return r;
    };
    write("known_unknown_", std::move(across));
    write("unknown_unknown_", std::move(within));
    const Ranking whole = write("", std::move(all));
    task.output_value("edges", static_cast<int64_t>(whole.edges));
    task.output_value("pairs", static_cast<int64_t>(whole.edges + whole.others));
}

} // namespace
} // namespace espalier::completion

ESPALIER_COMPONENT(completion, espalier::completion::Completion)
