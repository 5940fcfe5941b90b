// SPDX-License-Identifier: MIT
// Packing what is alive into compressed rows, and running samples through them one by one.
#include "espalier/numerics/sparse_perceptron.hpp"

#include "slopes.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <type_traits>

namespace espalier::numerics {

SparsePerceptron::SparsePerceptron(const Perceptron& model) : activation_(model.activation) {
    if (model.layers.empty()) return;
    Perceptron alive = model;
    remove_dead_ends(alive);
    const CompactPerceptron small = compact(alive);
    outputs_ = model.outputs();
    // The first layer reads the sample itself, wherever the input stands.
    std::vector<std::int32_t> place_before = small.units[0];
    for (std::size_t k = 0; k < small.model.layers.size(); ++k) {
        const PerceptronLayer& from = small.model.layers[k];
        const float scale = k == 0 ? static_cast<float>(model.input_scale) : 1.0f;
        std::vector<Index> lengths;
        for (Index j = 0; j < from.outputs; ++j) {
            lengths.push_back(0);
            for (Index i = 0; i < from.inputs; ++i) lengths.back() += from.kept(i, j);
        }
        std::vector<std::int32_t> order(lengths.size());
        std::iota(order.begin(), order.end(), 0);
        const auto length_of = [&](std::int32_t unit) {
            return lengths[static_cast<std::size_t>(unit)];
        };
        std::stable_sort(order.begin(), order.end(), [&](std::int32_t a, std::int32_t b) {
            return length_of(a) < length_of(b);
        });
        Layer layer;
        std::vector<std::int32_t> place(order.size());
        for (const std::int32_t j : order) {
            place[static_cast<std::size_t>(j)] = static_cast<std::int32_t>(layer.biases.size());
            layer.biases.push_back(from.biases[static_cast<std::size_t>(j)]);
            if (layer.runs.empty() || layer.runs.back().length != length_of(j))
                layer.runs.push_back({0, length_of(j)});
            ++layer.runs.back().units;
            for (Index i = 0; i < from.inputs; ++i)
                if (from.kept(i, j))
                    layer.connections.push_back(
                        {place_before[static_cast<std::size_t>(i)], from.weight(i, j) * scale});
        }
        widest_ = std::max(widest_, from.outputs);
        layers_.push_back(std::move(layer));
        place_before = std::move(place);
        if (k + 1 == small.model.layers.size()) places_ = std::move(order);
    }
}

Index SparsePerceptron::connections() const noexcept {
    std::size_t sum = 0;
    for (const Layer& layer : layers_) sum += layer.connections.size();
    return static_cast<Index>(sum);
}

namespace {

struct Identity {
    static float value(float x) { return x; }
};

// What the units of a run send; `known` is their number of connections where it is not 0.
template <int known, class Function, class Run, class Connection>
const Connection* send(const Run& run, const Connection* c, const float* from, const float* biases,
                       float* to) {
    const Index length = known ? known : run.length;
    for (Index j = 0; j < run.units; ++j, c += length) {
        float sum = biases[j];
        for (Index e = 0; e < length; ++e) sum += c[e].weight * from[c[e].from];
        to[j] = Function::value(sum);
    }
    return c;
}

template <class Function, class Layer>
void send_all(const Layer& layer, const float* from, float* to) {
    const auto* c = layer.connections.data();
    const float* biases = layer.biases.data();
    for (const auto& run : layer.runs) {
        const auto go = [&]<int known>(std::integral_constant<int, known>) {
            c = send<known, Function>(run, c, from, biases, to);
        };
        switch (run.length) {
        case 1: go(std::integral_constant<int, 1>{}); break;
        case 2: go(std::integral_constant<int, 2>{}); break;
        case 3: go(std::integral_constant<int, 3>{}); break;
        case 4: go(std::integral_constant<int, 4>{}); break;
        case 5: go(std::integral_constant<int, 5>{}); break;
        case 6: go(std::integral_constant<int, 6>{}); break;
        default: go(std::integral_constant<int, 0>{});
        }
        biases += run.units, to += run.units;
    }
}

} // namespace

void SparsePerceptron::apply(const float* input, float* output, float* memory) const {
    const float* from = input;
    float *to = memory, *next = memory + widest_;
    for (std::size_t k = 0; k < layers_.size(); ++k) {
        if (k + 1 == layers_.size() || activation_ == Activation::none)
            send_all<Identity>(layers_[k], from, to);
        else if (activation_ == Activation::silu)
            send_all<Silu>(layers_[k], from, to);
        else
            with_activation(activation_, [&](auto function) {
                send_all<decltype(function)>(layers_[k], from, to);
            });
        from = to;
        std::swap(to, next);
    }
    for (std::size_t j = 0; j < places_.size(); ++j) output[places_[j]] = from[j];
}

void SparsePerceptron::apply(MatrixView<const float> inputs, float* outputs) const {
    constexpr Index few = 1024; // units for which the stack is enough
    std::array<float, 2 * few> small;
    std::vector<float> large(static_cast<std::size_t>(widest_ > few ? 2 * widest_ : 0));
    float* const memory = widest_ > few ? large.data() : small.data();
    for (Index r = 0; r < inputs.rows; ++r) apply(inputs.row(r), outputs + r * outputs_, memory);
}

} // namespace espalier::numerics
