// SPDX-License-Identifier: MIT
// A multilayer perceptron learned from samples.
#include <espalier/keep_column.hpp>
#include <espalier/numerics/fitting.hpp>
#include <espalier/plugin.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace espalier::learning {
namespace {

using namespace numerics;

struct Judgement { // a row of the curves
    int64_t step = 0;
    double loss = 0, learning_rate = 0; // since the last one; of its first step
    double held_out_loss = 0, held_out_accuracy = 0, test_loss = 0, test_accuracy = 0;
};

struct Mlp {
    std::vector<int64_t> hidden{300, 100};
    std::string activation = "relu", loss = "cross_entropy", optimiser = "adam";
    std::string schedule = "cosine", initialiser = "kaiming_uniform";
    int64_t epochs = 10, batch = 128, patience = 0, warm_up = 0, decay_epochs = 1, judge_every = 0;
    double learning_rate = 1e-3, final_learning_rate = 0, decay = 0.1;
    double momentum = 0.9, weight_decay = 0, held_out = 0, input_scale = 1;
    bool fresh_values = false;

    static void describe(Schema<Mlp>& s);
    static void describe_training(Schema<Mlp>& s);
    void check() const;

    struct State;
    State begin(const Task& task) const;
    bool advance(const Task& task, State& state) const; // to the next judgement
    void finish(const Task& task, State& state) const;

private:
    Perceptron start(const Task& task, const Samples& samples) const;
    FitSettings settings(Index steps_an_epoch) const;
    static void report(const Task& task, const std::vector<Judgement>& curves);
};

enum Stream : uint64_t { initial_values, order_of_samples, split };

// Rows that are judged but not learned from, and the others.
struct Division {
    Division(const Task& task, Index samples, double held_out);
    std::vector<std::int32_t> held_out, learned;
};

struct Mlp::State {
    State(const Mlp& mlp, const Task& task);
    template <class Keep> void keep(Keep& keep);

    Samples samples;
    Perceptron initial, best; // best: by held-out loss, with patience
    Samples test;
    Division rows;
    PerceptronNetwork network;
    Batches batches;
    Fitting fitting;
    std::vector<Judgement> curves;
    double least = unbounded;
    int64_t best_at = 0; // its row of the curves, from 1
    bool stopped = false;
};

void Mlp::describe(Schema<Mlp>& s) {
    s.learner("mlp", "Multilayer perceptron from samples: classes or numbers")
        .doc(
            R"(Layers h = f(x W + b) with f the `activation`, the last one without it. The loss is the cross-entropy
of softmax(outputs) with the class of each sample, or the mean of (output - target)^2 (squared) or
|output - target| (absolute). A batch is a run of samples in an order drawn anew each epoch.

With `start` a model is learned further; connections that it has lost stay lost. With `held_out` and `patience`
the learning stops when the held-out loss has not fallen for so many judgements (epochs, unless `judge_every` is
given), and the best is kept.

The model holds the settings kind = "mlp", activation, loss, input_scale, layers, and for each layer k the
tensors weight_k [inputs, outputs], bias_k [outputs], and when it is pruned mask_k [inputs, outputs] of zeros and
ones. Whatever has these is a model to predict.mlp, to every pruner and to every analysis.)")
        .reference("doi:10.1038/323533a0")
        .example(R"(local mnist = esp.data "mnist"
local net = esp.learn.mlp { inputs = mnist.train_images, targets = mnist.train_labels, input_scale = 1 / 255,
  test_inputs = mnist.test_images, test_targets = mnist.test_labels, seed = 1 }
print(net.accuracy, net.curves))");
    s.random().isa_bits();
    s.input_tensor<float>("inputs", "sample,feature|sample,row,column|sample,channel,row,column",
                          "One sample along the first axis; the others are flattened.");
    s.input_tensor<float>("targets", "sample|sample,output",
                          "Classes 0, 1, ... (cross_entropy), or numbers.");
    s.input_tensor<float>("test_inputs", "test,feature|test,row,column|test,channel,row,column",
                          "Samples that are only judged.")
        .optional();
    s.input_tensor<float>("test_targets", "test|test,output", "Their classes or numbers.")
        .optional();
    s.input_model("start", "A model to go on from; otherwise a new one.").optional();
    s.param("hidden", &Mlp::hidden).range(1, 1e6).doc("Units of each hidden layer.");
    s.param("activation", &Mlp::activation)
        .choices({"none", "relu", "leaky_relu", "tanh", "sigmoid", "softplus", "silu"})
        .doc("Of the hidden layers.");
    s.param("loss", &Mlp::loss)
        .choices({"cross_entropy", "squared", "absolute"})
        .doc("cross_entropy for classes, the others for numbers.");
    s.param("input_scale", &Mlp::input_scale)
        .above(0)
        .doc("Inputs are multiplied by it: 1/255 for bytes; with `start` that of the model.");
    s.param("initialiser", &Mlp::initialiser)
        .choices({"kaiming_uniform", "xavier_uniform"})
        .doc(
            "First weights: uniform in +-1/sqrt(inputs), or in +-sqrt(6 / (inputs + outputs)) with "
            "biases 0.");
    s.param("fresh_values", &Mlp::fresh_values)
        .doc("Whether the weights of `start` are drawn anew, its mask kept.");
    describe_training(s);
    s.output_model("model", "For predict.mlp, the pruners, and `start`.");
    s.output_model("initial",
                   "The model before the first step: lottery tickets are rewound to it.");
    s.output_table("curves",
                   "epoch (or judgement), step, loss (mean over its batches), held_out_loss, "
                   "held_out_accuracy, test_loss, test_accuracy, learning_rate; 0 where "
                   "there are no such samples.");
    s.output_real("accuracy", "Share of the test samples whose class is right (without test "
                              "samples: of all); 0 for numbers.");
    s.output_real("loss", "Mean loss of the same samples.");
}

void Mlp::describe_training(Schema<Mlp>& s) {
    s.param("epochs", &Mlp::epochs).range(0, 1e6).doc("Times that each sample is seen.");
    s.param("batch", &Mlp::batch).range(1, 1 << 20).doc("Samples in a step.");
    s.param("optimiser", &Mlp::optimiser)
        .choices({"adam", "sgd"})
        .doc("Adam (decoupled weight decay), or gradient descent with momentum.");
    s.param("learning_rate", &Mlp::learning_rate)
        .above(0)
        .max(100)
        .log_scale()
        .doc("At the start.");
    s.param("schedule", &Mlp::schedule)
        .choices({"constant", "cosine", "step", "exponential"})
        .doc("Of the learning rate: cosine falls to final_learning_rate at the last step; step "
             "and exponential multiply it by `decay` every `decay_epochs`.");
    s.param("final_learning_rate", &Mlp::final_learning_rate)
        .range(0, 100)
        .doc("Where cosine ends.");
    s.param("decay", &Mlp::decay).above(0).max(1).doc("Factor of step and exponential.");
    s.param("decay_epochs", &Mlp::decay_epochs).range(1, 1e6).doc("Epochs from factor to factor.");
    s.param("warm_up", &Mlp::warm_up)
        .range(0, 1e9)
        .doc("Steps in which the rate rises from 0 to where it should be.");
    s.param("momentum", &Mlp::momentum).min(0).below(1).doc("Of sgd.");
    s.param("weight_decay", &Mlp::weight_decay)
        .range(0, 10)
        .doc("Pull of weights and biases to 0: in the gradient for sgd, decoupled for adam.");
    s.param("held_out", &Mlp::held_out)
        .min(0)
        .below(1)
        .doc("Share of the samples that is not learned from but judged.");
    s.param("judge_every", &Mlp::judge_every)
        .range(0, 1e9)
        .doc("Steps from one judgement, a row of the curves, to the next; 0: an epoch.");
    s.param("patience", &Mlp::patience)
        .range(0, 1e6)
        .doc("Judgements without a lower held-out loss after which it stops; 0: it does not.");
}

void Mlp::check() const {
    if (patience > 0 && held_out == 0)
        throw Invalid("patience", "needs held_out > 0: it watches the held-out loss");
    if (final_learning_rate > learning_rate)
        throw Invalid("final_learning_rate", "must not be above learning_rate");
}

// New values as new_perceptron draws them, where the model is not pruned.
void draw_anew(Perceptron& model, const Key& key, Initialiser initialiser) {
    std::vector<Index> sizes{model.inputs()};
    for (const PerceptronLayer& layer : model.layers) sizes.push_back(layer.outputs);
    Perceptron drawn = new_perceptron(sizes, key, initialiser);
    for (std::size_t k = 0; k < model.layers.size(); ++k) {
        PerceptronLayer& layer = model.layers[k];
        layer.biases = drawn.layers[k].biases;
        for (std::size_t i = 0; i < layer.weights.size(); ++i)
            layer.weights[i] = layer.mask.empty() || layer.mask[i] ? drawn.layers[k].weights[i] : 0;
    }
}

Perceptron Mlp::start(const Task& task, const Samples& samples) const {
    const Initialiser first = initialiser == "xavier_uniform" ? Initialiser::xavier_uniform
                                                              : Initialiser::kaiming_uniform;
    Perceptron model;
    if (task.has("start")) {
        model = read_perceptron(task, "start");
        if (model.inputs() != samples.inputs.cols)
            throw Invalid("inputs", "has " + std::to_string(samples.inputs.cols) +
                                        " features, the model " + std::to_string(model.inputs()) +
                                        " inputs");
        if (outputs_of(samples, loss_from(loss)) > model.outputs())
            throw Invalid("targets", "has more classes or columns than the model outputs");
        if (fresh_values) draw_anew(model, task.key(initial_values), first);
    } else {
        if (fresh_values) throw Invalid("fresh_values", "needs `start`: without it all are new");
        std::vector<Index> sizes{samples.inputs.cols};
        sizes.insert(sizes.end(), hidden.begin(), hidden.end());
        sizes.push_back(outputs_of(samples, loss_from(loss)));
        model = new_perceptron(sizes, task.key(initial_values), first);
        model.activation = activation_from(activation);
        model.input_scale = input_scale;
    }
    model.loss = loss_from(loss);
    return model;
}

FitSettings Mlp::settings(Index steps_an_epoch) const {
    FitSettings fit;
    fit.adam = optimiser == "adam";
    fit.momentum = momentum, fit.weight_decay = weight_decay, fit.epochs = epochs;
    fit.schedule.initial = learning_rate, fit.schedule.warm_up = warm_up;
    fit.schedule.factor = decay;
    fit.schedule.period = decay_epochs * steps_an_epoch;
    if (schedule == "cosine") {
        fit.schedule.form = Schedule::Form::cosine;
        fit.schedule.final_rate = final_learning_rate;
        fit.schedule.period = std::max<int64_t>(1, epochs * steps_an_epoch);
    } else if (schedule == "step")
        fit.schedule.form = Schedule::Form::step;
    else if (schedule == "exponential") {
        fit.schedule.form = Schedule::Form::exponential;
        fit.schedule.factor = std::pow(decay, 1 / static_cast<double>(fit.schedule.period));
    } else
        fit.schedule.form = Schedule::Form::constant;
    return fit;
}

Division::Division(const Task& task, Index samples, double share)
    : learned(static_cast<std::size_t>(samples)) {
    std::iota(learned.begin(), learned.end(), 0);
    Random(task.key(split), 0).shuffle(learned);
    const auto cut =
        learned.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(learned.size()));
    held_out.assign(learned.begin(), cut);
    learned.erase(learned.begin(), cut);
    if (share > 0 && held_out.empty())
        throw Invalid("held_out",
                      "leaves no sample to judge: there are " + std::to_string(samples));
}

Samples read_test(const Task& task, const Perceptron& model) {
    if (!task.has("test_inputs")) return {};
    Samples test = read_samples(task, model.loss, model.outputs(), "test_");
    if (test.inputs.cols != model.inputs())
        throw Invalid("test_inputs", "has " + std::to_string(test.inputs.cols) +
                                         " features, wanted " + std::to_string(model.inputs()));
    return test;
}

Mlp::State::State(const Mlp& mlp, const Task& task)
    : samples(read_samples(task, loss_from(mlp.loss), 0)), initial(mlp.start(task, samples)),
      best(initial), test(read_test(task, initial)), rows(task, samples.rows(), mlp.held_out),
      network(initial),
      batches(samples, mlp.batch, task.key(order_of_samples), initial.input_scale, rows.learned),
      fitting(task, network, initial, batches, mlp.settings(batches.per_epoch())) {}

template <class Keep> void Mlp::State::keep(Keep& keep) {
    keep("fitting", fitting);
    keep("least", least), keep("best_at", best_at), keep("stopped", stopped);
    for (std::size_t k = 0; best_at > 0 && k < best.layers.size(); ++k) {
        keep("best weights " + std::to_string(k), best.layers[k].weights);
        keep("best biases " + std::to_string(k), best.layers[k].biases);
    }
    const auto column = [&](const char* name, auto member) {
        keep_column(keep, name, curves, member);
    };
    column("step", &Judgement::step), column("loss", &Judgement::loss);
    column("learning_rate", &Judgement::learning_rate);
    column("held_out_loss", &Judgement::held_out_loss);
    column("held_out_accuracy", &Judgement::held_out_accuracy);
    column("test_loss", &Judgement::test_loss), column("test_accuracy", &Judgement::test_accuracy);
}

Mlp::State Mlp::begin(const Task& task) const { return State(*this, task); }

bool Mlp::advance(const Task& task, State& state) const {
    const Index per_epoch = state.batches.per_epoch();
    const int64_t all = epochs * per_epoch, done = state.fitting.steps();
    if (done >= all || state.stopped) return false;
    task.progress(static_cast<double>(done) / static_cast<double>(all), "learning");
    Judgement found;
    found.learning_rate = state.fitting.learning_rate();
    found.loss =
        state.fitting.advance(std::min(judge_every > 0 ? judge_every : per_epoch, all - done));
    found.step = state.fitting.steps();
    const Perceptron& model = state.initial;
    const int64_t at = judge_every > 0 ? found.step : found.step / per_epoch;
    task.metric("loss", at, found.loss);
    if (!state.rows.held_out.empty()) {
        const Score s = score(task, state.network, model.loss, state.samples, model.input_scale,
                              state.rows.held_out);
        found.held_out_loss = s.loss, found.held_out_accuracy = s.accuracy;
        task.metric("held_out_loss", at, s.loss);
    }
    if (state.test.rows() > 0) {
        const Score s = score(task, state.network, model.loss, state.test, model.input_scale);
        found.test_loss = s.loss, found.test_accuracy = s.accuracy;
        if (model.loss == Loss::cross_entropy) task.metric("test_accuracy", at, s.accuracy);
    }
    state.curves.push_back(found);
    if (patience == 0) return true;
    const auto row = static_cast<int64_t>(state.curves.size());
    if (found.held_out_loss < state.least) {
        state.least = found.held_out_loss, state.best_at = row;
        state.network.store(state.best);
    } else
        state.stopped = row - state.best_at >= patience;
    return true;
}

void Mlp::finish(const Task& task, State& state) const {
    if (state.best_at > 0)
        state.network.take(state.best);
    else
        state.network.store(state.best);
    const Perceptron& model = state.best;
    const Score last = score(task, state.network, model.loss,
                             state.test.rows() > 0 ? state.test : state.samples, model.input_scale);
    write_perceptron(task.output_model("initial"), state.initial);
    write_perceptron(task.output_model("model"), model);
    task.output_value("accuracy", last.accuracy);
    task.output_value("loss", last.loss);
    report(task, state.curves);
}

void Mlp::report(const Task& task, const std::vector<Judgement>& curves) {
    const Bundle table = task.output_table("curves");
    const auto rows = static_cast<int64_t>(curves.size());
    const auto number = table.output<int64_t>("epoch", {rows});
    const auto step = table.output<int64_t>("step", {rows});
    for (int64_t i = 0; i < rows; ++i)
        number(i) = i + 1, step(i) = curves[static_cast<std::size_t>(i)].step;
    const auto column = [&](const char* name, double Judgement::*member) {
        const auto to = table.output<double>(name, {rows});
        for (int64_t i = 0; i < rows; ++i) to(i) = curves[static_cast<std::size_t>(i)].*member;
    };
    column("loss", &Judgement::loss);
    column("held_out_loss", &Judgement::held_out_loss);
    column("held_out_accuracy", &Judgement::held_out_accuracy);
    column("test_loss", &Judgement::test_loss);
    column("test_accuracy", &Judgement::test_accuracy);
    column("learning_rate", &Judgement::learning_rate);
}

} // namespace
} // namespace espalier::learning

ESPALIER_COMPONENT(mlp, espalier::learning::Mlp)
