// SPDX-License-Identifier: MIT
// Pruning by gradient descent: weights and the gates that keep them in one optimisation.
#include "gate_training.hpp"

namespace espalier::pruning {
namespace {

using namespace numerics;

struct Gumbel : GateRecipe, FineTuning {
    std::string gates = "weights", constraint_kind = "budget";

    static void describe(Schema<Gumbel>& s);
    static void describe_gates(Schema<Gumbel>& s);
    void check() const;
    GateRecipe recipe() const;

    struct State;
    State begin(const Task& task) const;
    bool advance(const Task& task, State& state) const;
    void finish(const Task& task, const State& state) const;
};

enum Stream : uint64_t { fine_tuning };

// What is fine-tuned follows from the gates, which are kept to the end.
struct Gumbel::State {
    State(const Gumbel& gumbel, const Task& task)
        : gumbel(gumbel), task(task), problem(task), gates(task, problem, gumbel.recipe()) {}
    void begin_tuning() {
        tuning =
            gumbel.FineTuning::begin_tuning(task, gates.pruned(), problem.samples, fine_tuning);
    }
    template <class Keep> void keep(Keep& keep) {
        keep("gates", gates);
        bool tunes = tuning != nullptr;
        keep("tunes", tunes);
        if (tunes && Keep::loading) begin_tuning();
        if (tunes) keep("tuning", *tuning);
    }

    const Gumbel& gumbel;
    Task task;
    Problem problem;
    GateTraining gates;
    std::unique_ptr<PrunedFitting> tuning;
};

void Gumbel::describe(Schema<Gumbel>& s) {
    s.pruner("gumbel", "Weights and topology in one descent: Gumbel-softmax gates")
        .doc(
            R"(Every connection has a weight and a gate; the gate is drawn from {keep, prune} at each step by the Gumbel-softmax
of two logits, which act through their difference l alone:

    g = 1 if l - c + s L > 0, else 0,   L logistic noise,   y = x (W g) + b

so P(keep) = sigmoid((l - c) / s). Backwards g is taken for sigmoid((l - c + s L) / temperature) (straight
through). Weights and gates descend together, by Adam. `constraint` says what makes gates close:

- penalty: `penalty` * |density - mean P(keep)| is added to the loss, c = 0 (the published system, with the mean
  taken in expectation instead of from a second sample).
- budget: c, the same for all gates, is moved so that the expected number of open gates follows a schedule from
  `initial_density` to `density` during the share `anneal` of the epochs; gates compete.

The noise s falls geometrically to `final_noise`, so that what is trained at last is what is kept. Then the most
likely gates are kept: at budget as many as leave density * weights connections on a path from an input to an output
(dead ends are not counted; what they send is folded into biases), at penalty those with P(keep) > 1/2; and the
weights are fine-tuned with the mask held. Inputs that never vary are closed from the start.)")
        .reference("arXiv:2311.12526")
        .example(
            R"(local small = esp.prune.gumbel { model = net.model, inputs = mnist.train_images, targets = mnist.train_labels,
  test_inputs = mnist.test_images, test_targets = mnist.test_labels, density = 0.0015, seed = 1 }
print(small.kept, small.accuracy, small.layers))");
    s.random().isa_bits();
    describe_problem(s);
    describe_gates(s);
    describe_fine_tuning(s);
    describe_result(s);
    s.output_table("curves",
                   "epoch, loss, density (expected), decided (share of the gates with P(keep) "
                   "outside 0.1 to 0.9), temperature, noise.");
}

void Gumbel::describe_gates(Schema<Gumbel>& s) {
    const auto param = [&s]<class V>(const char* name, V GateRecipe::*member) {
        V Gumbel::*own = member;
        return s.param(name, own);
    };
    param("density", &GateRecipe::density)
        .range(0, 1)
        .doc("Share of the weights (of the gates, when units have them) to be kept.");
    s.param("gates", &Gumbel::gates)
        .choices({"weights", "units", "inputs", "neurons"})
        .doc("What has a gate: every weight; every input and hidden unit; inputs; hidden units.");
    s.param("constraint", &Gumbel::constraint_kind)
        .choices({"budget", "penalty"})
        .doc("What makes gates close.");
    param("epochs", &GateRecipe::epochs).range(1, 1e6).doc("Epochs with gates.");
    param("learning_rate", &GateRecipe::learning_rate)
        .above(0)
        .max(10)
        .log_scale()
        .doc("Adam's rate for the weights at the start.");
    param("final_learning_rate", &GateRecipe::final_learning_rate)
        .above(0)
        .max(10)
        .log_scale()
        .doc("The same at the end, approached geometrically.");
    param("gate_rate", &GateRecipe::gate_rate)
        .above(0)
        .max(10)
        .log_scale()
        .doc("Adam's rate for the logits.");
    param("penalty", &GateRecipe::penalty)
        .range(0, 1e6)
        .doc("Weight of |density - mean P(keep)| (penalty).");
    param("initial_density", &GateRecipe::initial_density)
        .above(0)
        .below(1)
        .doc("P(keep) at the start.");
    param("anneal", &GateRecipe::anneal)
        .above(0)
        .max(1)
        .doc("Share of the epochs in which the density falls (budget).");
    param("temperature", &GateRecipe::temperature)
        .above(0)
        .max(1000)
        .doc("Of the gradient at the start.");
    param("final_temperature", &GateRecipe::final_temperature)
        .above(0)
        .max(1000)
        .doc("The same at the end, approached geometrically.");
    param("noise", &GateRecipe::noise)
        .above(0)
        .max(10)
        .doc("Factor s of the noise at the start; 1 is the published system.");
    param("final_noise", &GateRecipe::final_noise)
        .above(0)
        .max(10)
        .doc("The same at the end, approached geometrically.");
    param("gate_spread", &GateRecipe::gate_spread)
        .range(0, 10)
        .advanced()
        .doc("Standard deviation of the first logits.");
}

void Gumbel::check() const {
    if (constraint_kind == "budget" && density == 0)
        throw Invalid("density", "must be above 0 with constraint = budget");
    if (constraint_kind == "budget" && density > initial_density)
        throw Invalid("density", "must not be above initial_density");
}

GateRecipe Gumbel::recipe() const {
    GateRecipe recipe = *this;
    recipe.batch = FineTuning::batch;
    recipe.gated = gates == "weights"  ? Gated::weights
                   : gates == "units"  ? Gated::units
                   : gates == "inputs" ? Gated::inputs
                                       : Gated::neurons;
    recipe.constraint = constraint_kind == "budget" ? Constraint::budget : Constraint::penalty;
    return recipe;
}

Gumbel::State Gumbel::begin(const Task& task) const { return State(*this, task); }

bool Gumbel::advance(const Task& task, State& state) const {
    const double gated =
        static_cast<double>(epochs) / static_cast<double>(epochs + fine_tune_epochs);
    if (!state.tuning) {
        task.progress(gated * state.gates.share(), "weights and gates");
        if (state.gates.advance()) return true;
        state.begin_tuning();
    }
    task.progress(gated + (1 - gated) * state.tuning->share(), "fine-tuning");
    return state.tuning->advance();
}

void Gumbel::finish(const Task& task, const State& state) const {
    report(task, state.problem, state.tuning->model());
    const Bundle table = task.output_table("curves");
    const auto& curves = state.gates.curves();
    const auto rows = static_cast<int64_t>(curves.size());
    const auto number = table.output<int64_t>("epoch", {rows});
    for (int64_t i = 0; i < rows; ++i) number(i) = i + 1;
    const auto column = [&](const char* name, double GateEpoch::*member) {
        const auto to = table.output<double>(name, {rows});
        for (int64_t i = 0; i < rows; ++i) to(i) = curves[static_cast<std::size_t>(i)].*member;
    };
    column("loss", &GateEpoch::loss);
    column("density", &GateEpoch::density);
    column("decided", &GateEpoch::decided);
    column("temperature", &GateEpoch::temperature);
    column("noise", &GateEpoch::noise);
}

} // namespace
} // namespace espalier::pruning

ESPALIER_COMPONENT(gumbel, espalier::pruning::Gumbel)
