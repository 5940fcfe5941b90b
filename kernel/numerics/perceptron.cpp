// SPDX-License-Identifier: MIT
// Perceptrons read, written, initialised, and as parameters.
#include "espalier/numerics/perceptron.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <stdexcept>

namespace espalier::numerics {

namespace {

constexpr std::array<const char*, 3> loss_names{"cross_entropy", "squared", "absolute"};

std::string part(const char* name, std::size_t layer) {
    return std::string(name) + "_" + std::to_string(layer + 1);
}

std::string shape_of(std::span<const std::int64_t> shape) {
    std::string text = "[";
    for (const std::int64_t n : shape) text += (text.size() > 1 ? ", " : "") + std::to_string(n);
    return text + "]";
}

// Float or double: a user's own weights are often double.
std::vector<float> numbers(const Bundle& model, const char* port, const std::string& name) {
    std::vector<float> to;
    try {
        const auto from = model.tensor<float>(name.c_str());
        to.assign(from.begin(), from.end());
    } catch (const Invalid&) {
        const auto from = model.tensor<double>(name.c_str());
        to.reserve(static_cast<std::size_t>(from.size()));
        for (const double x : from) to.push_back(static_cast<float>(x));
    }
    for (const float x : to)
        if (!std::isfinite(x))
            throw Invalid(port, "'" + name + "' holds a number that is not finite");
    return to;
}

std::vector<std::int64_t> shape_in(const Bundle& model, const std::string& name) {
    const auto copy = [](std::span<const std::int64_t> s) {
        return std::vector<std::int64_t>(s.begin(), s.end());
    };
    try {
        return copy(model.tensor<float>(name.c_str()).shape());
    } catch (const Invalid&) {
        return copy(model.tensor<double>(name.c_str()).shape());
    }
}

std::vector<std::uint8_t> mask_in(const Bundle& model, const char* port, const std::string& name,
                                  const PerceptronLayer& layer) {
    const auto from = model.tensor<std::uint8_t>(name.c_str());
    if (from.size() != layer.inputs * layer.outputs)
        throw Invalid(port, "'" + name + "' has shape " + shape_of(from.shape()) + ", wanted [" +
                                std::to_string(layer.inputs) + ", " +
                                std::to_string(layer.outputs) + "]");
    return {from.begin(), from.end()};
}

PerceptronLayer read_layer(const Bundle& model, const char* port, std::size_t i, Index inputs) {
    const std::string weight = part("weight", i), bias = part("bias", i), mask = part("mask", i);
    const auto shape = shape_in(model, weight);
    if (shape.size() != 2 || shape[0] < 1 || shape[1] < 1)
        throw Invalid(port, "'" + weight + "' has shape " + shape_of(shape) +
                                ", wanted [inputs, outputs]");
    PerceptronLayer layer;
    layer.inputs = shape[0], layer.outputs = shape[1];
    if (inputs != 0 && layer.inputs != inputs)
        throw Invalid(port, "'" + weight + "' has " + std::to_string(layer.inputs) +
                                " rows, but the layer before has " + std::to_string(inputs) +
                                " outputs");
    layer.weights = numbers(model, port, weight);
    layer.biases = numbers(model, port, bias);
    if (static_cast<Index>(layer.biases.size()) != layer.outputs)
        throw Invalid(port, "'" + bias + "' holds " + std::to_string(layer.biases.size()) +
                                " numbers, wanted " + std::to_string(layer.outputs));
    if (model.has(mask.c_str())) {
        layer.mask = mask_in(model, port, mask, layer);
        for (std::size_t k = 0; k < layer.mask.size(); ++k)
            if (!layer.mask[k]) layer.weights[k] = 0;
    }
    return layer;
}

// A script's 1 is an integer.
double number(const Bundle& model, const char* setting) {
    try {
        return model.real(setting);
    } catch (const Invalid&) {
        return static_cast<double>(model.integer(setting));
    }
}

} // namespace

Loss loss_from(std::string_view name) {
    for (std::size_t i = 0; i < loss_names.size(); ++i)
        if (loss_names[i] == name) return static_cast<Loss>(i);
    throw std::invalid_argument("unknown loss '" + std::string(name) +
                                "'; there are cross_entropy, squared, absolute");
}

const char* name_of(Loss loss) noexcept { return loss_names[static_cast<std::size_t>(loss)]; }

Index PerceptronLayer::kept_count() const noexcept {
    if (mask.empty()) return inputs * outputs;
    return static_cast<Index>(
        std::count_if(mask.begin(), mask.end(), [](auto m) { return m != 0; }));
}

Index Perceptron::weights() const noexcept {
    Index sum = 0;
    for (const auto& layer : layers) sum += layer.inputs * layer.outputs;
    return sum;
}

Index Perceptron::kept() const noexcept {
    Index sum = 0;
    for (const auto& layer : layers) sum += layer.kept_count();
    return sum;
}

Perceptron read_perceptron(const Task& task, const char* port) {
    const Bundle from = task.model(port);
    if (!from.has("kind") || from.text("kind") != "mlp")
        throw Invalid(port, "is not a multilayer perceptron (learn.mlp makes them)");
    Perceptron model;
    try {
        model.activation = activation_from(from.text("activation"));
        model.loss = loss_from(from.text("loss"));
    } catch (const std::invalid_argument& wrong) {
        throw Invalid(port, wrong.what());
    }
    model.input_scale = number(from, "input_scale");
    const std::int64_t layers = from.integer("layers");
    if (layers < 1 || layers > 1000) throw Invalid(port, "'layers' must be in 1..1000");
    for (std::size_t i = 0; i < static_cast<std::size_t>(layers); ++i)
        model.layers.push_back(read_layer(from, port, i, i ? model.layers.back().outputs : 0));
    return model;
}

void write_perceptron(const Bundle& to, const Perceptron& model) {
    to.set("kind", "mlp");
    to.set("activation", std::string(name_of(model.activation)));
    to.set("loss", name_of(model.loss));
    to.set("input_scale", model.input_scale);
    to.set("layers", static_cast<std::int64_t>(model.layers.size()));
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
        const PerceptronLayer& layer = model.layers[i];
        const std::string weight = part("weight", i), bias = part("bias", i),
                          mask = part("mask", i);
        std::copy(layer.weights.begin(), layer.weights.end(),
                  to.output<float>(weight.c_str(), {layer.inputs, layer.outputs}).data());
        std::copy(layer.biases.begin(), layer.biases.end(),
                  to.output<float>(bias.c_str(), {layer.outputs}).data());
        if (!layer.mask.empty())
            std::copy(layer.mask.begin(), layer.mask.end(),
                      to.output<std::uint8_t>(mask.c_str(), {layer.inputs, layer.outputs}).data());
    }
}

Perceptron new_perceptron(std::span<const Index> sizes, const Key& key, Initialiser initialiser) {
    Perceptron model;
    std::uint32_t place = 0;
    for (std::size_t i = 0; i + 1 < sizes.size(); ++i) {
        PerceptronLayer layer;
        layer.inputs = sizes[i], layer.outputs = sizes[i + 1];
        layer.weights.resize(static_cast<std::size_t>(layer.inputs * layer.outputs));
        layer.biases.resize(static_cast<std::size_t>(layer.outputs));
        initialise(MatrixView<float>(layer.weights.data(), layer.inputs, layer.outputs),
                   initialiser, layer.inputs, layer.outputs, {key, place++});
        initialise(MatrixView<float>(layer.biases.data(), 1, layer.outputs),
                   initialiser == Initialiser::kaiming_uniform ? initialiser : Initialiser::zeros,
                   layer.inputs, layer.outputs, {key, place++});
        model.layers.push_back(std::move(layer));
    }
    return model;
}

PerceptronNetwork::PerceptronNetwork(const Perceptron& model) : activation_(model.activation) {
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
        parameters_.add(part("weight", i), model.layers[i].inputs, model.layers[i].outputs);
        parameters_.add(part("bias", i), 1, model.layers[i].outputs);
    }
    take(model);
}

Variable<float> PerceptronNetwork::operator()(Variable<float> x) const {
    Tape<float>& tape = *x.tape;
    for (Index i = 0; i < parameters_.count(); i += 2)
        x = affine(x, tape.use(parameters_[i]), tape.use(parameters_[i + 1]),
                   i + 2 < parameters_.count() ? activation_ : Activation::none);
    return x;
}

void PerceptronNetwork::mask_gradients(const Perceptron& model) noexcept {
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
        const auto& mask = model.layers[i].mask;
        float* const g =
            parameters_.gradients().data(parameters_.offset(2 * static_cast<Index>(i)));
        for (std::size_t k = 0; k < mask.size(); ++k) g[k] = mask[k] ? g[k] : 0.0f;
    }
}

void PerceptronNetwork::store(Perceptron& model) const {
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
        const auto weights = parameters_.value(2 * static_cast<Index>(i));
        const auto biases = parameters_.value(2 * static_cast<Index>(i) + 1);
        std::copy_n(weights.data, weights.size(), model.layers[i].weights.data());
        std::copy_n(biases.data, biases.size(), model.layers[i].biases.data());
    }
}

void PerceptronNetwork::take(const Perceptron& model) {
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
        std::copy(model.layers[i].weights.begin(), model.layers[i].weights.end(), weights(i).data);
        std::copy(model.layers[i].biases.begin(), model.layers[i].biases.end(), biases(i).data);
    }
}

} // namespace espalier::numerics
