// SPDX-License-Identifier: MIT
// A multilayer perceptron as data and as something that can be trained: what learn.mlp makes, every
// pruner reads and makes smaller, and every analysis of a pruned model looks into.
#pragma once

#include "espalier/numerics/data_parallel.hpp"
#include "espalier/numerics/layers.hpp"

#include <espalier/task.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace espalier::numerics {

enum class Loss { cross_entropy, squared, absolute };
// "cross_entropy", "squared", "absolute"; otherwise std::invalid_argument.
Loss loss_from(std::string_view name);
const char* name_of(Loss loss) noexcept;

// One layer: activation(x weights + biases), weights inputs x outputs.
struct PerceptronLayer {
    Index inputs = 0, outputs = 0;
    std::vector<float> weights, biases;
    std::vector<std::uint8_t> mask; // 1: kept, 0: pruned (its weight is 0); empty: all kept

    bool kept(Index input, Index output) const noexcept {
        return mask.empty() || mask[static_cast<std::size_t>(input * outputs + output)] != 0;
    }
    float weight(Index input, Index output) const noexcept {
        return weights[static_cast<std::size_t>(input * outputs + output)];
    }
    Index kept_count() const noexcept;
};

// The model that a port carries as: settings "kind" = "mlp", "activation" (of the hidden layers),
// "loss", "input_scale", "layers"; tensors "weight_1" float32 [inputs, outputs], "bias_1" float32
// [outputs], perhaps "mask_1" uint8 [inputs, outputs], and so on for each layer.
struct Perceptron {
    std::vector<PerceptronLayer> layers;
    Activation activation = Activation::relu;
    Loss loss = Loss::cross_entropy;
    double input_scale = 1; // inputs are multiplied by it

    Index inputs() const noexcept { return layers.front().inputs; }
    Index outputs() const noexcept { return layers.back().outputs; }
    Index weights() const noexcept; // in all layers, biases not counted
    Index kept() const noexcept;    // of them
};

// Throws Invalid at the port when the model is of another kind or does not hold together.
Perceptron read_perceptron(const Task& task, const char* port);
void write_perceptron(const Bundle& to, const Perceptron& model);
// New weights, each layer at a place of its own; biases are uniform in +-1/sqrt(inputs), or 0
// unless the initialiser is kaiming_uniform.
Perceptron new_perceptron(std::span<const Index> sizes, const Key& key,
                          Initialiser initialiser = Initialiser::kaiming_uniform);

// Marks as pruned every connection that lies on no path from an input to an output. What units
// without inputs send is constant and goes into the biases behind them: the function stays the
// same. The number of connections that were removed.
Index remove_dead_ends(Perceptron& model);

// The units that are on some path (all inputs and outputs that are used; outputs always), and the
// same function on these alone.
struct CompactPerceptron {
    Perceptron model;
    std::vector<std::vector<std::int32_t>> units; // of each level, inputs first: places before
};
CompactPerceptron compact(const Perceptron& model); // after remove_dead_ends
// The weights of the compact model put back into the places that they came from.
void expand(const CompactPerceptron& small, Perceptron& model);

// The perceptron as parameters on tapes. Pruned weights are zero and stay zero when
// `mask_gradients` is called between backward and the optimiser's step.
class PerceptronNetwork {
public:
    explicit PerceptronNetwork(const Perceptron& model);

    // x: rows x inputs, already scaled.
    Variable<float> operator()(Variable<float> x) const;
    Parameters<float>& parameters() noexcept { return parameters_; }
    MatrixView<float> weights(std::size_t layer) noexcept {
        return parameters_.value(2 * static_cast<Index>(layer));
    }
    MatrixView<float> biases(std::size_t layer) noexcept {
        return parameters_.value(2 * static_cast<Index>(layer) + 1);
    }
    std::size_t layers() const noexcept {
        return static_cast<std::size_t>(parameters_.count()) / 2;
    }
    void mask_gradients(const Perceptron& model) noexcept;
    // Copies its numbers into a model of the same shape.
    void store(Perceptron& model) const;
    // Takes them from one.
    void take(const Perceptron& model);

private:
    mutable Parameters<float> parameters_; // handles into it are not const
    Activation activation_;
};

} // namespace espalier::numerics
