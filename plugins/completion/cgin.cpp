// SPDX-License-Identifier: MIT
// Completion of a network some nodes of which were not observed: a graph auto-encoder that draws
// the unknown part anew as it learns.
#include "structure.hpp"
#include "training.hpp"

#include <espalier/plugin.hpp>

#include <algorithm>
#include <cmath>

namespace espalier::completion {
namespace {

struct Cgin {
    int64_t hidden = 0, width = 64, layers = 3;
    std::string encoder = "gin", features = "identity", activation = "none";
    std::string weights = "published";
    int64_t epochs = 15000, resample = 200, negatives = 0, patience = 0;
    double learning_rate = 1e-4, final_learning_rate = 1e-4, weight_decay = 1e-5, held_out = 0;
    double sharpness = 1;
    bool symmetric = false, diagonal = true, normalise = false;

    static void describe(Schema<Cgin>& s);
    static void describe_training(Schema<Cgin>& s);
    void check() const;

    struct State {
        State(const Cgin& cgin, const Task& task)
            : training(cgin.recipe(), cgin.checked(task), static_cast<Index>(cgin.hidden), task) {}
        template <class Keep> void keep(Keep& keep) { keep("training", training); }
        Training training;
    };
    State begin(const Task& task) const { return State(*this, task); }
    bool advance(const Task& task, State& state) const { return state.training.advance(task); }
    void finish(const Task& task, State& state) const;

private:
    Recipe recipe() const;
    GraphView checked(const Task& task) const;
};

void Cgin::describe(Schema<Cgin>& s) {
    s.learner("cgin", "Network completion: missing nodes and links from what was observed")
        .doc(
            R"(The last `hidden` nodes of the graph exist but none of their edges was seen; of the others, the known ones, all
pairs were. A graph neural network embeds every node from a free vector of its own and from messages,

    gin:  h_i <- W (h_i + sum_j h_j) + b              gcn:  h <- W D^-1/2 (I + A) D^-1/2 h + b
    sage: h_i <- W mean_j h_j + V h_i + b             gat:  h_i <- sum_j a_ij (W h_j + b), a by attention

z = [h_0, ..., h_layers] W + b, and the probability of a pair is sigmoid(z_i . z_j). The loss is the weighted
log-likelihood of the pairs of known nodes; Adam descends on all of them at once. At first the unknown nodes hear
nobody. Every `resample` epochs the unknown part is drawn from the present probabilities, scaled so that its
expected density is that of the known part, and messages go over the completed network from then on.

With `features` other than identity a node also has its degree, that of its neighbours and the probabilities that a
random walk is back after 2, 3 and 4 steps (arXiv:2110.07875), in the completed network, standardised.

Unknown nodes have no names: before comparing with a truth, match them (analyze.graph_matching).

The published model (arXiv:2204.11852) has no activation in its encoder, weighs classes by their inverse shares
upside down, counts the diagonal as pairs without an edge and draws (i, j) and (j, i) by themselves: `activation`,
`weights`, `diagonal`, `symmetric`. With `held_out` > 0 a share of the known edges, and as many pairs without one, is
taken out of messages and loss; their AUC is in the curves, and `patience` watches it.

An epoch takes time in proportion to (known nodes)^2, or to edges x `negatives`; the draws, to the number of
unknown pairs; memory, to nodes x width.)")
        .reference("arXiv:2204.11852")
        .example(
            R"(local ring = esp.generate.watts_strogatz { nodes = 300, neighbours = 6, rewiring = 0.1, seed = 1 }
local seen = esp.sample.hidden_nodes { graph = ring.graph, fraction = 0.2, seed = 1 }
local cgin = esp.learn.cgin { graph = seen.observed, hidden = seen.hidden, epochs = 1500, seed = 1 }
local match = esp.analyze.graph_matching { graph = seen.truth, embedding = cgin.embedding, seeds = seen.known }
print(esp.analyze.completion { truth = seen.truth, embedding = cgin.embedding, hidden = seen.hidden,
  matching = match.matching }.known_unknown_auc))");
    s.random().isa_bits();
    s.input_graph("graph", "What was observed; undirected. Its last `hidden` nodes have no edges.");
    s.param("hidden", &Cgin::hidden).min(0).doc("Nodes that were not observed: the last ones.");
    s.param("encoder", &Cgin::encoder)
        .choices({"gin", "gcn", "sage", "gat"})
        .doc("Kind of messages.");
    s.param("features", &Cgin::features)
        .choices({"identity", "structure", "both"})
        .doc("What the encoder hears of a node: a free vector; its degree, that of its neighbours "
             "and the shares of walks that return after 2 to 4 steps, anew after each draw; both.");
    s.param("layers", &Cgin::layers).range(0, 16).doc("Rounds of messages.");
    s.param("width", &Cgin::width)
        .range(16, 1024)
        .doc("Of hidden states and embedding; a multiple of 16.");
    s.param("activation", &Cgin::activation)
        .choices({"none", "relu", "leaky_relu", "tanh", "sigmoid", "softplus", "silu"})
        .doc("After each round of messages but the last.");
    s.param("normalise", &Cgin::normalise)
        .doc("Whether the rows of each round of messages are brought to mean 0 and variance 1.");
    describe_training(s);
    s.output_tensor<float>("embedding", "node,feature", "z of each node.");
    s.output_model("model", "Settings and parameters of the encoder.");
    s.output_table("curves",
                   "epoch, loss, held_out_auc (0 without held_out), sampled (entries of the "
                   "unknown part drawn last), every 50 epochs.");
    s.output_real("expected_entries",
                  "Entries of the unknown part at the density of the known one.");
}

void Cgin::describe_training(Schema<Cgin>& s) {
    s.param("epochs", &Cgin::epochs).range(1, 1e7).doc("Steps of Adam.");
    s.param("resample", &Cgin::resample)
        .range(0, 1e7)
        .doc("Epochs between draws of the unknown part; 0: it stays empty.");
    s.param("symmetric", &Cgin::symmetric)
        .doc("Whether a pair is drawn once, both ways; else each way by itself.");
    s.param("sharpness", &Cgin::sharpness)
        .above(0)
        .max(100)
        .doc("Pairs are drawn in proportion to this power of their probability.");
    s.param("weights", &Cgin::weights)
        .choices({"published", "balanced", "plain"})
        .doc("Of pairs in the loss: edges n0/n1 and others n1/n0 (n1: twice the edges, n0: known "
             "nodes squared); both classes one half; all the same.");
    s.param("diagonal", &Cgin::diagonal)
        .doc("Whether a node with itself counts as a pair without an edge.");
    s.param("negatives", &Cgin::negatives)
        .range(0, 1e6)
        .doc("Pairs without an edge drawn for each edge and epoch; 0: all pairs are counted.");
    s.param("learning_rate", &Cgin::learning_rate).above(0).max(1).log_scale().doc("Of Adam.");
    s.param("final_learning_rate", &Cgin::final_learning_rate)
        .range(0, 1)
        .doc("At the last epoch; in between half a cosine.");
    s.param("weight_decay", &Cgin::weight_decay)
        .range(0, 1)
        .doc("Times the parameter, added to its gradient.");
    s.param("held_out", &Cgin::held_out)
        .min(0)
        .max(0.5)
        .doc("Share of the known edges that is held out to judge the epochs.");
    s.param("patience", &Cgin::patience)
        .range(0, 1e7)
        .doc("Epochs without a better held-out AUC after which it stops, and the best embedding is "
             "kept; 0: it does not.");
}

void Cgin::check() const {
    if (width % 16 != 0)
        throw Invalid("width", "must be a multiple of 16, such as " +
                                   std::to_string((width + 15) / 16 * 16) + ", is " +
                                   std::to_string(width));
    if (patience > 0 && held_out == 0)
        throw Invalid("patience", "needs held_out > 0: it watches the held-out pairs");
    if (final_learning_rate > learning_rate)
        throw Invalid("final_learning_rate", "must not be above learning_rate");
    if (diagonal && negatives > 0)
        throw Invalid("diagonal", "must be false with negatives: drawn pairs are of two nodes");
}

Recipe Cgin::recipe() const {
    constexpr std::array<const char*, 4> kinds{"gin", "gcn", "sage", "gat"};
    const auto kind = std::find(kinds.begin(), kinds.end(), encoder) - kinds.begin();
    Recipe r;
    r.encoder = {static_cast<Messages>(kind),
                 layers,
                 width,
                 numerics::activation_from(activation),
                 normalise,
                 features != "structure",
                 features == "identity" ? 0 : structural_features};
    r.loss = {weights == "published"  ? PairWeights::published
              : weights == "balanced" ? PairWeights::balanced
                                      : PairWeights::plain,
              diagonal, negatives};
    r.hidden_part = {symmetric, sharpness};
    r.epochs = epochs, r.resample = resample, r.patience = patience;
    r.learning_rate = learning_rate, r.final_rate = final_learning_rate;
    r.weight_decay = weight_decay, r.held_out = held_out;
    return r;
}

GraphView Cgin::checked(const Task& task) const {
    const GraphView graph = task.graph("graph");
    if (graph.directed) throw Invalid("graph", "must be undirected, is directed");
    if (hidden > graph.nodes - 2)
        throw Invalid("hidden", "leaves fewer than two known nodes: the graph has " +
                                    std::to_string(graph.nodes));
    return graph;
}

void Cgin::finish(const Task& task, State& state) const {
    Training& training = state.training;
    const auto& embedding = training.embedding();
    for (const float v : embedding)
        if (!std::isfinite(v))
            throw Diverged("embedding", "left the finite range: lower learning_rate");
    const auto rows = static_cast<int64_t>(embedding.size()) / width;
    std::copy(embedding.begin(), embedding.end(),
              task.output<float>("embedding", {rows, width}).data());
    const Bundle model = task.output_model("model");
    model.set("kind", "cgin"), model.set("encoder", encoder), model.set("activation", activation);
    model.set("features", features);
    model.set("layers", layers), model.set("width", width), model.set("hidden", hidden);
    training.parameters().visit([&](const std::string& name, Index r, Index c, const float* data) {
        std::copy_n(data, r * c, model.output<float>(name.c_str(), {r, c}).data());
    });
    const auto& curves = training.curves();
    const Bundle table = task.output_table("curves");
    const auto column = [&]<class V>(const char* name, V Progress::*member) {
        auto* to = table.output<V>(name, {static_cast<int64_t>(curves.size())}).data();
        for (const Progress& p : curves) *to++ = p.*member;
    };
    column("epoch", &Progress::epoch), column("loss", &Progress::loss);
    column("held_out_auc", &Progress::held_out_auc), column("sampled", &Progress::sampled);
    task.output_value("expected_entries", training.expected());
}

} // namespace
} // namespace espalier::completion

ESPALIER_COMPONENT(cgin, espalier::completion::Cgin)
