// SPDX-License-Identifier: MIT
// Pruning in rounds: learn, drop the smallest, go back to the first values, learn again.
#include "scores.hpp"

#include <espalier/keep_column.hpp>

#include <cmath>

namespace espalier::pruning {
namespace {

using namespace numerics;

struct IterativeMagnitude : FineTuning {
    double density = 0.1, share = 0.2, learning_rate = 1e-3;
    int64_t round_epochs = 5;
    std::string scope = "global", rewind = "initial";

    static void describe(Schema<IterativeMagnitude>& s);

    struct State;
    State begin(const Task& task) const;
    bool advance(const Task& task, State& state) const; // an epoch
    void finish(const Task& task, State& state) const;
};

struct Round {
    int64_t kept;
    double density, accuracy; // as it begins
};

struct IterativeMagnitude::State {
    State(const IterativeMagnitude& pruner, const Task& task);
    bool last() const { return static_cast<int64_t>(begun.size()) == rounds; }
    void begin_round();
    void begin_learning();
    template <class Keep> void keep(Keep& keep);

    const IterativeMagnitude& pruner;
    Task task;
    Problem problem;
    Perceptron first;  // where weights go back to
    Perceptron ticket; // pruned, with the values that the round's learning begins from
    double density;    // as the pruner begins
    int64_t rounds;
    std::vector<Round> begun;
    std::unique_ptr<PrunedFitting> learning;
};

void IterativeMagnitude::describe(Schema<IterativeMagnitude>& s) {
    s.pruner("iterative_magnitude", "Lottery tickets: prune by magnitude in rounds, with rewinding")
        .doc(
            R"(The model given has been learned. In each round the connections of smallest |weight| are dropped, `share` of those
left (a little less, so that the last round ends at `density`); the others go back to their values in `initial`
(rewind = initial) or stay as they are (rewind = none), and are learned for `round_epochs`. After the last round
they are learned for `fine_tune_epochs`.

`ticket` is the last mask with the values that the last learning began from: learn.mlp with start = ticket learns
it under other settings, and with fresh_values = true it is the control of the paper, the same mask with new values.)")
        .reference("arXiv:1803.03635")
        .example(
            R"(local found = esp.prune.iterative_magnitude { model = net.model, initial = net.initial,
  inputs = mnist.train_images, targets = mnist.train_labels, density = 0.2, seed = 1 }
print(found.accuracy, found.rounds))");
    s.random().isa_bits();
    describe_problem(s);
    s.input_model("initial", "The model before it was learned; needed to rewind.").optional();
    s.param("density", &IterativeMagnitude::density)
        .above(0)
        .max(1)
        .doc("Share of the weights to keep at last.");
    s.param("share", &IterativeMagnitude::share)
        .above(0)
        .below(1)
        .doc("Share of the weights left that a round drops at most.");
    s.param("round_epochs", &IterativeMagnitude::round_epochs)
        .range(0, 1e6)
        .doc("Epochs of learning after each round but the last.");
    s.param("learning_rate", &IterativeMagnitude::learning_rate)
        .above(0)
        .max(10)
        .log_scale()
        .doc("Adam's rate at the start of a round; it falls to 0 as a cosine.");
    s.param("scope", &IterativeMagnitude::scope)
        .choices({"global", "layer"})
        .doc("Whether layers compete, or each keeps the same share.");
    s.param("rewind", &IterativeMagnitude::rewind)
        .choices({"initial", "none"})
        .doc("Where weights begin after a round.");
    describe_fine_tuning(s);
    describe_result(s);
    s.output_model("ticket", "The mask with the values that the last learning began from.");
    s.output_table("rounds", "round, kept, density, accuracy (of the test samples, or of all), as "
                             "the round begins.");
}

IterativeMagnitude::State::State(const IterativeMagnitude& p, const Task& t)
    : pruner(p), task(t), problem(t) {
    ticket = problem.model;
    if (p.rewind == "initial" && !t.has("initial"))
        throw Invalid("initial", "is needed to rewind: give learn.mlp's, or rewind = none");
    if (p.rewind == "initial") first = read_perceptron(t, "initial");
    const auto same_shape = [](const PerceptronLayer& a, const PerceptronLayer& b) {
        return a.inputs == b.inputs && a.outputs == b.outputs;
    };
    if (p.rewind == "initial" &&
        !std::equal(first.layers.begin(), first.layers.end(), ticket.layers.begin(),
                    ticket.layers.end(), same_shape))
        throw Invalid("initial", "has other layers than the model");
    density = static_cast<double>(ticket.kept()) / static_cast<double>(ticket.weights());
    rounds =
        std::max<int64_t>(1, static_cast<int64_t>(std::ceil(
                                 std::log(p.density / density) / std::log(1 - p.share) - 1e-9)));
}

// Judges what has been learned, drops the smallest of it, and goes back to the first values.
void IterativeMagnitude::State::begin_round() {
    Perceptron model = learning ? learning->model() : problem.model;
    const auto weights = static_cast<double>(model.weights());
    const Samples& judged = problem.tested ? problem.test : problem.samples;
    const Score found =
        score(task, PerceptronNetwork(model), model.loss, judged, model.input_scale);
    begun.push_back({model.kept(), static_cast<double>(model.kept()) / weights, found.accuracy});
    const double done = static_cast<double>(begun.size()) / static_cast<double>(rounds);
    const double target =
        last() ? pruner.density : density * std::pow(pruner.density / density, done);
    Scores scores = magnitudes(model);
    if (pruner.scope == "layer") scores = shares_of_layers(std::move(scores));
    keep_highest(model, scores, count_of(target, model.weights()));
    remove_dead_ends(model);
    if (pruner.rewind == "initial")
        for (std::size_t k = 0; k < model.layers.size(); ++k) {
            PerceptronLayer& layer = model.layers[k];
            for (std::size_t i = 0; i < layer.weights.size(); ++i)
                layer.weights[i] = layer.mask[i] ? first.layers[k].weights[i] : 0;
            layer.biases = first.layers[k].biases;
        }
    ticket = std::move(model);
    begin_learning();
}

void IterativeMagnitude::State::begin_learning() {
    if (last()) {
        learning = pruner.begin_tuning(task, ticket, problem.samples, 0);
        return;
    }
    FineTuning round = pruner;
    round.fine_tune_epochs = pruner.round_epochs, round.fine_tune_rate = pruner.learning_rate;
    learning = round.begin_tuning(task, ticket, problem.samples, begun.size());
}

template <class Keep> void IterativeMagnitude::State::keep(Keep& keep) {
    const auto column = [&](const char* name, auto member) {
        keep_column(keep, name, begun, member);
    };
    column("kept", &Round::kept), column("density", &Round::density);
    column("accuracy", &Round::accuracy);
    if (begun.empty()) return;
    for (std::size_t k = 0; k < ticket.layers.size(); ++k) {
        PerceptronLayer& layer = ticket.layers[k];
        const std::string number = std::to_string(k);
        keep("weights " + number, layer.weights), keep("biases " + number, layer.biases);
        keep("mask " + number, layer.mask);
    }
    if (Keep::loading) begin_learning();
    keep("learning", *learning);
}

IterativeMagnitude::State IterativeMagnitude::begin(const Task& task) const {
    return State(*this, task);
}

bool IterativeMagnitude::advance(const Task& task, State& state) const {
    const double inside = state.learning ? state.learning->share() : 0;
    task.progress((static_cast<double>(state.begun.size()) + inside) /
                      static_cast<double>(state.rounds + 1),
                  "rounds");
    if (state.learning && state.learning->advance()) return true;
    if (state.last()) return false;
    state.begin_round();
    return true;
}

void IterativeMagnitude::finish(const Task& task, State& state) const {
    const Bundle table = task.output_table("rounds");
    const auto number = table.output<int64_t>("round", {state.rounds});
    const auto kept = table.output<int64_t>("kept", {state.rounds});
    const auto densities = table.output<double>("density", {state.rounds});
    const auto accuracy = table.output<double>("accuracy", {state.rounds});
    for (int64_t k = 0; k < state.rounds; ++k) {
        const Round& round = state.begun[static_cast<std::size_t>(k)];
        number(k) = k + 1, kept(k) = round.kept;
        densities(k) = round.density, accuracy(k) = round.accuracy;
    }
    write_perceptron(task.output_model("ticket"), state.ticket);
    report(task, state.problem, state.learning->model());
}

} // namespace
} // namespace espalier::pruning

ESPALIER_COMPONENT(iterative_magnitude, espalier::pruning::IterativeMagnitude)
