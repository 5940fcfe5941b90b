// SPDX-License-Identifier: MIT
// A network and its dynamics from time series, by a network generator and a message-passing learner
// trained in turns.
#include "forecast.hpp"
#include "training.hpp"

#include <espalier/plugin.hpp>

#include <algorithm>

namespace espalier::reconstruction {
namespace {

struct Ggn : Recipe {
    std::string state = "auto", target = "auto";
    int64_t hidden = 64;
    double held_out = 0.1;

    static void describe(Schema<Ggn>& s);
    static void describe_training(Schema<Ggn>& s);
    void check() const;

    struct State;
    State begin(const Task& task) const;
    bool advance(const Task& task, State& state) const;
    void finish(const Task& task, const State& state) const;
};

// The data, which follow from the input, and the training, of which checkpoints are made.
struct Ggn::State {
    State(const Ggn& ggn, const Task& task);
    template <class Keep> void keep(Keep& keep) { keep("training", training); }

    Series series;
    Split split;
    PairList training_pairs, held_out_pairs;
    StateCode code;
    Transitions<float> data, unseen;
    Training training;
};

enum Stream : uint64_t { split_stream = 100 };

void Ggn::describe(Schema<Ggn>& s) {
    s.learner("ggn", "Network and dynamics from time series: Gumbel graph network")
        .doc(R"(Two parts are trained in turns on pairs of successive states x(t), x(t + 1).

The **network generator** holds a logit for each ordered pair of nodes; a sample of the network is
A_ij = sigmoid((logit + L) / temperature) with logistic noise L, the Gumbel-softmax of {edge, none}. The
**learner** is one step of message passing shared by all nodes (j: sender, i: receiver):

    e_ij = relu(W2 relu(U x_j + V x_i + b1) + b2)
    m_i  = sum_j A_ij e_ij
    h_i  = relu(W4 relu(W3 m_i + V3 x_i + b3) + b4)
    y_i  = X5 x_i + H5 h_i + b5

y is the next state (or its change, `target`), standardised, with half the squared error as loss; for discrete
states the logits of the next class, with the cross-entropy. An epoch is `learner_steps` steps of Adam on the
learner, each sample of a batch with its own hard network, then `generator_batches` batches in which the learner is
fixed and soft samples of the network descend, `samples` times on the same edge features. At last the learner is
refined on the most likely network.

Beyond the published model (arXiv:1812.11482): V3, standardised states, a sparse start (`degree`), a warm-up of
the learner, and row centring: while the network is unknown the mean slope of a receiver's entries is taken out,
so that entries compete instead of all rising while messages are still too weak; it fades by 70 % of the epochs.

It assumes that the state of a node and of its senders determines its next state, the same law at every node, and
that inputs act through a sum: it cannot tell apart inputs that play different roles. Pairs with a missing value
(NaN) are left out. A tenth of the data (`held_out`) judges the forecast: whole runs when there are five or more,
else the end of each.)")
        .reference("doi:10.1007/s41109-019-0194-4")
        .example(R"(local maps = esp.simulate.coupled_map_lattice {
  graph = ring.graph, runs = 50, steps = 100, growth = 3.6, coupling = 0.2, seed = 1 }
local ggn = esp.learn.ggn { trajectories = maps.trajectories, seed = 1 }
print(ggn.edge_probability, ggn.forecast))");
    s.random().isa_bits();
    s.input_tensor<double>("trajectories", "run,time,node,feature|run,time,node|time,node",
                           "Time series at equal intervals; NaN: missing.")
        .allow_missing();
    s.param("state", &Ggn::state)
        .choices({"auto", "continuous", "discrete"})
        .doc("Kind of state; auto: discrete when all values are whole numbers 0 to 7 of one "
             "feature.");
    s.param("target", &Ggn::target)
        .choices({"auto", "state", "change"})
        .doc("What is predicted of numbers; auto: the change when it varies less than the state.");
    s.param("self_loops", static_cast<bool Ggn::*>(&Recipe::self_loops))
        .doc("Whether a node may be its own sender (else the diagonal is 0).");
    s.param("hidden", &Ggn::hidden).range(16, 1024).doc("Width of the layers; a multiple of 16.");
    s.param("held_out", &Ggn::held_out)
        .range(0, 0.9)
        .doc("Share of the data that judges the forecast.");
    describe_training(s);
    s.output_tensor<double>("edge_probability", "node,node",
                            "Probability of each edge; row: sender, column: receiver.");
    s.output_model("model", "The dynamics and the network, for predict.ggn.");
    s.output_table("curves", "epoch, learner_loss, generator_loss, held_out_loss, expected_edges, "
                             "undecided (0.1 < p < 0.9), temperature, learning_rate; with "
                             "refining a last row, where what does not apply is 0.");
    s.output_table("forecast",
                   "horizon, error, persistence, starts: on held-out states, root mean square in "
                   "units of the standard deviation, or share of nodes that are wrong.");
    s.output_table("calibration",
                   "nominal, observed, count: on held-out pairs, shares inside normal intervals, "
                   "or predicted probabilities of classes and how often they came true.");
    s.output_integer("skipped_pairs", "Pairs of states left out for missing values.");
}

void Ggn::describe_training(Schema<Ggn>& s) {
    const auto param = [&s]<class V>(const char* name, V Recipe::*member) {
        V Ggn::*own = member;
        return s.param(name, own);
    };
    param("epochs", &Recipe::epochs).range(1, 100000).doc("Turns of learner and generator.");
    param("warm_up", &Recipe::warm_up)
        .range(0, 1e6)
        .doc("Steps of the learner before the first epoch.");
    param("learner_steps", &Recipe::learner_steps)
        .range(1, 1e6)
        .doc("Steps of the learner in an epoch.");
    param("batch", &Recipe::batch).range(1, 65536).doc("Pairs of states in a learner's step.");
    param("generator_batches", &Recipe::generator_batches)
        .range(1, 1e6)
        .doc("Batches of the generator in an epoch.");
    param("generator_batch", &Recipe::generator_batch)
        .range(1, 65536)
        .doc("Pairs of states in a generator's batch.");
    param("samples", &Recipe::samples)
        .range(1, 1000)
        .doc("Steps of the generator on one batch, each with new samples of the network.");
    param("refine_steps", &Recipe::refine_steps)
        .range(0, 1e6)
        .doc("Steps of the learner on the most likely network at the end.");
    param("learning_rate", &Recipe::learning_rate)
        .above(0)
        .max(1)
        .doc("Adam's rate for the learner at the start.");
    param("final_learning_rate", &Recipe::final_learning_rate)
        .above(0)
        .max(1)
        .doc("The same at the last epoch, approached geometrically.");
    param("generator_rate", &Recipe::generator_rate)
        .above(0)
        .max(10)
        .doc("Adam's rate for the logits.");
    param("temperature", &Recipe::temperature)
        .above(0)
        .max(1000)
        .doc("Of soft samples at the start.");
    param("final_temperature", &Recipe::final_temperature)
        .above(0)
        .max(1000)
        .doc("The same at the last epoch, approached geometrically.");
    param("sparsity", &Recipe::sparsity)
        .range(0, 10)
        .doc("Added to the generator's loss of a node for each expected sender, in shares of that "
             "loss.");
    param("degree", &Recipe::degree)
        .above(0)
        .max(65536)
        .doc("Expected senders of a node at the start; at most half of all.");
    param("centring", &Recipe::centring)
        .range(0, 1)
        .doc("Share of a row's mean slope that is taken out at the start.");
}

void Ggn::check() const {
    if (hidden % 16 != 0)
        throw Invalid("hidden", "must be a multiple of 16, such as " +
                                    std::to_string((hidden + 15) / 16 * 16) + ", is " +
                                    std::to_string(hidden));
}

int64_t skipped_in(const PairList& a, const PairList& b) { return a.skipped + b.skipped; }

StateCode checked_code(const Ggn& ggn, const Task& task, const Series& series,
                       const PairList& training_pairs, const PairList& held_out_pairs) {
    constexpr std::size_t fewest_pairs = 10;
    const int64_t skipped = skipped_in(training_pairs, held_out_pairs);
    if (training_pairs.pairs.size() < fewest_pairs)
        throw Invalid(
            "trajectories",
            "has " + std::to_string(training_pairs.pairs.size()) +
                " pairs of successive states to learn from" +
                (skipped ? " (" + std::to_string(skipped) + " were left out for missing values)"
                         : "") +
                ": at least " + std::to_string(fewest_pairs) + " are needed");
    if (skipped)
        task.warn(std::to_string(skipped) + " of " +
                  std::to_string(skipped + static_cast<int64_t>(training_pairs.pairs.size() +
                                                                held_out_pairs.pairs.size())) +
                  " pairs of states were left out for missing values");
    const StateCode code = code_of(series, training_pairs, ggn.state, ggn.target);
    if (code.classes)
        for (const auto& [run, time] : held_out_pairs.pairs)
            for (Index k = 0; k < 2 * series.nodes(); ++k) {
                const double v = series.frame(run, time)[k];
                if (!(v >= 0 && v < static_cast<double>(code.classes)) || v != std::floor(v))
                    throw Invalid("held_out", "held-out data hold the state " + std::to_string(v) +
                                                  ", which the rest never shows: set it to 0");
            }
    return code;
}

Ggn::State::State(const Ggn& ggn, const Task& task)
    : series(task, "trajectories"),
      split(split_series(series, ggn.held_out, task.key(split_stream))),
      training_pairs(complete_pairs(series, split.training)),
      held_out_pairs(complete_pairs(series, split.held_out)),
      code(checked_code(ggn, task, series, training_pairs, held_out_pairs)),
      data(encode(series, training_pairs, code)), unseen(encode(series, held_out_pairs, code)),
      training(ggn,
               Shape{series.nodes(), code.inputs(), code.inputs(), static_cast<Index>(ggn.hidden),
                     code.classes},
               data, unseen, task) {}

Ggn::State Ggn::begin(const Task& task) const { return State(*this, task); }

bool Ggn::advance(const Task& task, State& state) const {
    return state.training.advance(TaskParallel(task));
}

template <class Rows, class Value>
void column(const Bundle& table, const char* name, const Rows& rows, Value&& value) {
    using Element = std::decay_t<decltype(value(rows.front()))>;
    Element* to = table.output<Element>(name, {static_cast<int64_t>(rows.size())}).data();
    for (const auto& row : rows) *to++ = value(row);
}

void write_curves(const Bundle& table, const std::vector<Epoch>& epochs) {
    const auto number = table.output<int64_t>("epoch", {static_cast<int64_t>(epochs.size())});
    for (int64_t k = 0; k < number.size(); ++k) number(k) = k + 1;
    column(table, "learner_loss", epochs, [](const Epoch& e) { return e.learner_loss; });
    column(table, "generator_loss", epochs, [](const Epoch& e) { return e.generator_loss; });
    column(table, "held_out_loss", epochs, [](const Epoch& e) { return e.validation_loss; });
    column(table, "expected_edges", epochs, [](const Epoch& e) { return e.expected_edges; });
    column(table, "undecided", epochs, [](const Epoch& e) { return e.undecided; });
    column(table, "temperature", epochs, [](const Epoch& e) { return e.temperature; });
    column(table, "learning_rate", epochs, [](const Epoch& e) { return e.learning_rate; });
}

void Ggn::finish(const Task& task, const State& state) const {
    const auto& [series, split, training_pairs, held_out_pairs, code, data, unseen, training] =
        state;
    training.check();
    const TaskParallel parallel(task);
    task.output_value("skipped_pairs", skipped_in(training_pairs, held_out_pairs));
    const Index n = series.nodes();
    std::vector<double> probability(static_cast<std::size_t>(n * n));
    for (Index i = 0; i < n; ++i)
        for (Index j = 0; j < n; ++j) probability[j * n + i] = training.belief().probability(i, j);
    std::copy(probability.begin(), probability.end(),
              task.output<double>("edge_probability", {n, n}).data());
    write_model(task.output_model("model"), code, training.network(), probability);
    write_curves(task.output_table("curves"), training.curves());

    const Dynamics dynamics{code, training.network(), training.belief().likely()};
    const auto errors =
        horizon_errors(parallel, dynamics, series, split.held_out, {1, 2, 3, 5, 10, 20, 50});
    const Bundle forecast = task.output_table("forecast");
    column(forecast, "horizon", errors, [](const auto& e) { return int64_t{e.steps}; });
    column(forecast, "error", errors, [](const auto& e) { return e.error; });
    column(forecast, "persistence", errors, [](const auto& e) { return e.persistence; });
    column(forecast, "starts", errors, [](const auto& e) { return int64_t{e.starts}; });
    const auto shares = reliability(dynamics, series, held_out_pairs);
    const Bundle calibration = task.output_table("calibration");
    column(calibration, "nominal", shares, [](const auto& r) { return r.nominal; });
    column(calibration, "observed", shares, [](const auto& r) { return r.observed; });
    column(calibration, "count", shares, [](const auto& r) { return int64_t{r.count}; });
}

} // namespace
} // namespace espalier::reconstruction

ESPALIER_COMPONENT(ggn, espalier::reconstruction::Ggn)
