// SPDX-License-Identifier: MIT
// What of a pruned perceptron is alive: dead ends taken out, live units packed together.
#include "espalier/numerics/perceptron.hpp"
#include "espalier/numerics/transcendental.hpp"

#include "slopes.hpp"
#include "unary.hpp"

#include <algorithm>

namespace espalier::numerics {

namespace {

float activated(Activation activation, float x) {
    if (activation == Activation::silu) return Silu::value(x);
    with_activation(activation, [&](auto function) { x = function.value(x); });
    return x;
}

using Alive = std::vector<std::vector<bool>>; // of each level of units, inputs first

// Units with a kept connection from a unit that is reached from an input.
Alive reached_from_inputs(const Perceptron& model) {
    Alive alive{std::vector<bool>(static_cast<std::size_t>(model.inputs()), true)};
    for (const PerceptronLayer& layer : model.layers) {
        std::vector<bool> next(static_cast<std::size_t>(layer.outputs), false);
        for (Index i = 0; i < layer.inputs; ++i)
            for (Index j = 0; alive.back()[static_cast<std::size_t>(i)] && j < layer.outputs; ++j)
                if (layer.kept(i, j)) next[static_cast<std::size_t>(j)] = true;
        alive.push_back(std::move(next));
    }
    return alive;
}

// Units with a kept connection to a unit that leads to an output.
Alive leading_to_outputs(const Perceptron& model) {
    Alive alive(model.layers.size() + 1);
    alive.back().assign(static_cast<std::size_t>(model.outputs()), true);
    for (std::size_t k = model.layers.size(); k-- > 0;) {
        const PerceptronLayer& layer = model.layers[k];
        alive[k].assign(static_cast<std::size_t>(layer.inputs), false);
        for (Index i = 0; i < layer.inputs; ++i)
            for (Index j = 0; j < layer.outputs; ++j)
                if (layer.kept(i, j) && alive[k + 1][static_cast<std::size_t>(j)])
                    alive[k][static_cast<std::size_t>(i)] = true;
    }
    return alive;
}

// What unit i of a level sends is constant: its share goes into the biases of the layer behind.
void fold(Perceptron& model, std::size_t level, Index unit) {
    PerceptronLayer& layer = model.layers[level];
    const float bias = model.layers[level - 1].biases[static_cast<std::size_t>(unit)];
    const float sent = activated(model.activation, bias);
    for (Index j = 0; j < layer.outputs; ++j)
        if (layer.kept(unit, j))
            layer.biases[static_cast<std::size_t>(j)] += sent * layer.weight(unit, j);
}

} // namespace

Index remove_dead_ends(Perceptron& model) {
    const Index before = model.kept();
    const Alive reached = reached_from_inputs(model), leading = leading_to_outputs(model);
    for (std::size_t k = 0; k < model.layers.size(); ++k) {
        PerceptronLayer& layer = model.layers[k];
        for (Index i = 0; i < layer.inputs; ++i)
            if (!reached[k][static_cast<std::size_t>(i)]) fold(model, k, i);
        if (layer.mask.empty()) layer.mask.assign(layer.weights.size(), 1);
        for (Index i = 0; i < layer.inputs; ++i)
            for (Index j = 0; j < layer.outputs; ++j)
                if (!reached[k][static_cast<std::size_t>(i)] ||
                    !leading[k + 1][static_cast<std::size_t>(j)]) {
                    layer.mask[static_cast<std::size_t>(i * layer.outputs + j)] = 0;
                    layer.weights[static_cast<std::size_t>(i * layer.outputs + j)] = 0;
                }
    }
    return before - model.kept();
}

CompactPerceptron compact(const Perceptron& model) {
    CompactPerceptron small;
    const Alive reached = reached_from_inputs(model), leading = leading_to_outputs(model);
    for (std::size_t level = 0; level <= model.layers.size(); ++level) {
        std::vector<std::int32_t> units;
        for (std::size_t i = 0; i < reached[level].size(); ++i)
            if ((reached[level][i] && leading[level][i]) || level == model.layers.size())
                units.push_back(static_cast<std::int32_t>(i));
        if (units.empty()) units.push_back(0); // nothing is left: a unit without connections
        small.units.push_back(std::move(units));
    }
    small.model.activation = model.activation, small.model.loss = model.loss;
    small.model.input_scale = model.input_scale;
    for (std::size_t k = 0; k < model.layers.size(); ++k) {
        const PerceptronLayer& from = model.layers[k];
        PerceptronLayer to;
        to.inputs = static_cast<Index>(small.units[k].size());
        to.outputs = static_cast<Index>(small.units[k + 1].size());
        for (const std::int32_t i : small.units[k])
            for (const std::int32_t j : small.units[k + 1]) {
                to.weights.push_back(from.kept(i, j) ? from.weight(i, j) : 0.0f);
                to.mask.push_back(from.kept(i, j));
            }
        for (const std::int32_t j : small.units[k + 1])
            to.biases.push_back(from.biases[static_cast<std::size_t>(j)]);
        small.model.layers.push_back(std::move(to));
    }
    return small;
}

void expand(const CompactPerceptron& small, Perceptron& model) {
    for (std::size_t k = 0; k < model.layers.size(); ++k) {
        PerceptronLayer& to = model.layers[k];
        const PerceptronLayer& from = small.model.layers[k];
        const auto &rows = small.units[k], &columns = small.units[k + 1];
        for (std::size_t j = 0; j < columns.size(); ++j) {
            to.biases[static_cast<std::size_t>(columns[j])] = from.biases[j];
            for (std::size_t i = 0; i < rows.size(); ++i)
                if (from.kept(static_cast<Index>(i), static_cast<Index>(j)))
                    to.weights[static_cast<std::size_t>(rows[i] * to.outputs + columns[j])] =
                        from.weights[i * columns.size() + j];
        }
    }
}

} // namespace espalier::numerics
