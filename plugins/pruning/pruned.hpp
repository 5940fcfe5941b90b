// SPDX-License-Identifier: MIT
// What every pruner has: the same inputs, the same parameters of fine-tuning, the same outputs.
#pragma once

#include <espalier/numerics/fitting.hpp>
#include <espalier/plugin.hpp>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace espalier::pruning {

using numerics::Index;
using numerics::Perceptron;
using numerics::PerceptronLayer;
using numerics::Samples;

// A model and the samples that say which of its connections matter.
struct Problem {
    Perceptron model;
    Samples samples, test;
    bool tested = false;

    Problem() = default;
    // Throws Invalid when they do not fit together.
    explicit Problem(const Task& task);
};

template <class T> void describe_problem(Schema<T>& s) {
    s.input_model("model", "The perceptron to prune: of learn.mlp, or another pruner's.");
    s.template input_tensor<float>(
        "inputs", "sample,feature|sample,row,column|sample,channel,row,column",
        "Samples, one along the first axis, as the model was learned on.");
    s.template input_tensor<float>("targets", "sample|sample,output",
                                   "Their classes 0, 1, ..., or numbers.");
    s.template input_tensor<float>("test_inputs",
                                   "test,feature|test,row,column|test,channel,row,column",
                                   "Samples that are only judged.")
        .optional();
    s.template input_tensor<float>("test_targets", "test|test,output", "Their classes or numbers.")
        .optional();
}

template <class T> void describe_result(Schema<T>& s) {
    s.output_model("model", "The same kind of model with masks; its dead ends are taken out.");
    s.output_table("layers", "layer, weights, kept, density, inputs_used, outputs_used.");
    s.output_integer("kept", "Connections that lie on a path from an input to an output.");
    s.output_real("density", "Their share of all weights of the model.");
    s.output_real("accuracy", "Share of the test samples whose class is right (without test "
                              "samples: of all); 0 for numbers.");
    s.output_real("loss", "Mean loss of the same samples.");
}

// Fine-tuning with the mask held, parameters of a pruner: inherit, and describe.
struct FineTuning {
    int64_t fine_tune_epochs = 20, batch = 128;
    double fine_tune_rate = 2e-3;

    numerics::FitSettings settings(Index samples) const;
    // To be advanced epoch by epoch; the samples must outlive it.
    std::unique_ptr<numerics::PrunedFitting>
    begin_tuning(const Task& task, Perceptron model, const Samples& samples, uint64_t stream) const;
    // At once.
    void apply(const Task& task, Perceptron& model, const Samples& samples, uint64_t stream,
               double begun) const;
};

template <class T> void describe_fine_tuning(Schema<T>& s) {
    const auto param = [&s]<class V>(const char* name, V FineTuning::*member) {
        V T::*own = member;
        return s.param(name, own);
    };
    param("fine_tune_epochs", &FineTuning::fine_tune_epochs)
        .range(0, 1e6)
        .doc("Epochs of learning after pruning, with the mask held.");
    param("fine_tune_rate", &FineTuning::fine_tune_rate)
        .above(0)
        .max(100)
        .log_scale()
        .doc("Adam's rate at their start; it falls to 0 as a cosine.");
    param("batch", &FineTuning::batch).range(1, 1 << 20).doc("Samples in a step.");
}

// Marks as kept the connections with the highest scores (one a weight, layer after layer; a layer
// without scores is left as it is), as many as leave at most `wanted` on a path from an input to an
// output. Ties go to the earlier one; a score of -infinity is never kept.
void keep_highest(Perceptron& model, const std::vector<std::vector<float>>& scores, Index wanted);
// As many as the density allows, at least one.
Index count_of(double density, Index weights) noexcept;

// All outputs of describe_result; `model` has had its dead ends removed.
void report(const Task& task, const Problem& problem, const Perceptron& model);

} // namespace espalier::pruning
