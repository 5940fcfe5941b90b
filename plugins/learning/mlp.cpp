// SPDX-License-Identifier: MIT
// A multilayer perceptron learned from samples.
#include <espalier/numerics/fitting.hpp>
#include <espalier/plugin.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace espalier::learning {
namespace {

using namespace numerics;

struct Epoch {
    double loss = 0;
    Score held_out, test;
    double learning_rate = 0;
};

struct Mlp {
    std::vector<int64_t> hidden{300, 100};
    std::string activation = "relu", loss = "cross_entropy", optimiser = "adam";
    std::string schedule = "cosine", initialiser = "kaiming_uniform";
    int64_t epochs = 10, batch = 128, patience = 0, warm_up = 0, decay_epochs = 1;
    double learning_rate = 1e-3, final_learning_rate = 0, decay = 0.1;
    double momentum = 0.9, weight_decay = 0, held_out = 0, input_scale = 1;
    bool fresh_values = false;

    static void describe(Schema<Mlp>& s);
    static void describe_training(Schema<Mlp>& s);
    void check() const;
    void run(const Task& task) const;

private:
    Perceptron start(const Task& task, const Samples& samples) const;
    FitSettings settings(Index steps_an_epoch) const;
    static void report(const Task& task, const std::vector<Epoch>& curves);
};

enum Stream : uint64_t { initial_values, order_of_samples, split };

void Mlp::describe(Schema<Mlp>& s) {
    s.learner("mlp", "Multilayer perceptron from samples: classes or numbers")
        .doc(
            R"(Layers h = f(x W + b) with f the `activation`, the last one without it. The loss is the cross-entropy
of softmax(outputs) with the class of each sample, or the mean of (output - target)^2 (squared) or
|output - target| (absolute). A batch is a run of samples in an order drawn anew each epoch.

With `start` a model is learned further; connections that it has lost stay lost. With `held_out` and `patience`
the learning stops when the held-out loss has not fallen for so many epochs, and the best epoch is kept.

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
    s.output_table("curves", "epoch, loss (mean over the batches of the epoch), held_out_loss, "
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
        .doc("Share of the samples that is not learned from but judged each epoch.");
    s.param("patience", &Mlp::patience)
        .range(0, 1e6)
        .doc("Epochs without a lower held-out loss after which it stops; 0: it does not.");
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

void Mlp::run(const Task& task) const {
    const Loss kind = loss_from(loss);
    const Samples samples = read_samples(task, kind, 0);
    Perceptron model = start(task, samples);
    const bool tested = task.has("test_inputs");
    const Samples test = tested ? read_samples(task, kind, model.outputs(), "test_") : Samples{};
    if (tested && test.inputs.cols != model.inputs())
        throw Invalid("test_inputs", "has " + std::to_string(test.inputs.cols) +
                                         " features, wanted " + std::to_string(model.inputs()));

    std::vector<std::int32_t> rows(static_cast<std::size_t>(samples.rows()));
    std::iota(rows.begin(), rows.end(), 0);
    Random(task.key(split), 0).shuffle(rows);
    const auto cut = static_cast<std::ptrdiff_t>(held_out * static_cast<double>(rows.size()));
    const std::vector<std::int32_t> unseen(rows.begin(), rows.begin() + cut);
    rows.erase(rows.begin(), rows.begin() + cut);
    if (held_out > 0 && unseen.empty())
        throw Invalid("held_out",
                      "leaves no sample to judge: there are " + std::to_string(samples.rows()));

    write_perceptron(task.output_model("initial"), model);
    PerceptronNetwork network(model);
    Batches batches(samples, batch, task.key(order_of_samples), model.input_scale, rows);
    Fitting fitting(task, network, model, batches, settings(batches.per_epoch()));
    std::vector<Epoch> curves;
    double least = unbounded;
    int64_t best = 0;
    for (int64_t e = 1; e <= epochs; ++e) {
        task.progress(static_cast<double>(e - 1) / static_cast<double>(epochs), "learning");
        Epoch epoch;
        epoch.learning_rate = fitting.learning_rate();
        epoch.loss = fitting.epoch();
        if (cut > 0)
            epoch.held_out = score(task, network, kind, samples, model.input_scale, unseen);
        if (tested) epoch.test = score(task, network, kind, test, model.input_scale);
        task.metric("loss", e, epoch.loss);
        if (cut > 0) task.metric("held_out_loss", e, epoch.held_out.loss);
        if (tested && kind == Loss::cross_entropy)
            task.metric("test_accuracy", e, epoch.test.accuracy);
        curves.push_back(epoch);
        if (patience == 0) continue;
        if (epoch.held_out.loss < least)
            least = epoch.held_out.loss, best = e, network.store(model);
        else if (e - best >= patience)
            break;
    }
    if (patience > 0 && best > 0)
        network.take(model);
    else
        network.store(model);
    const Score last = score(task, network, kind, tested ? test : samples, model.input_scale);
    write_perceptron(task.output_model("model"), model);
    task.output_value("accuracy", last.accuracy);
    task.output_value("loss", last.loss);
    report(task, curves);
}

void Mlp::report(const Task& task, const std::vector<Epoch>& curves) {
    const Bundle table = task.output_table("curves");
    const auto rows = static_cast<int64_t>(curves.size());
    const auto number = table.output<int64_t>("epoch", {rows});
    const auto column = [&](const char* name, auto&& value) {
        const auto to = table.output<double>(name, {rows});
        for (int64_t i = 0; i < rows; ++i) to(i) = value(curves[static_cast<std::size_t>(i)]);
    };
    for (int64_t i = 0; i < rows; ++i) number(i) = i + 1;
    column("loss", [](const Epoch& e) { return e.loss; });
    column("held_out_loss", [](const Epoch& e) { return e.held_out.loss; });
    column("held_out_accuracy", [](const Epoch& e) { return e.held_out.accuracy; });
    column("test_loss", [](const Epoch& e) { return e.test.loss; });
    column("test_accuracy", [](const Epoch& e) { return e.test.accuracy; });
    column("learning_rate", [](const Epoch& e) { return e.learning_rate; });
}

} // namespace
} // namespace espalier::learning

ESPALIER_COMPONENT(mlp, espalier::learning::Mlp)
