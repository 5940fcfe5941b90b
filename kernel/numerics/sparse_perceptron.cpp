// SPDX-License-Identifier: MIT
// Packing what is alive into compressed rows, and running samples through them one by one.
#include "espalier/numerics/sparse_perceptron.hpp"

#include "espalier/numerics/loops.hpp"
#include "slopes.hpp"

#include <algorithm>

namespace espalier::numerics {

SparsePerceptron::SparsePerceptron(const Perceptron& model) : activation_(model.activation) {
    if (model.layers.empty()) return;
    Perceptron alive = model;
    remove_dead_ends(alive);
    const CompactPerceptron small = compact(alive);
    outputs_ = model.outputs();
    for (std::size_t k = 0; k < small.model.layers.size(); ++k) {
        const PerceptronLayer& layer = small.model.layers[k];
        const float scale = k == 0 ? static_cast<float>(model.input_scale) : 1.0f;
        Rows rows;
        rows.biases = layer.biases;
        rows.offsets.push_back(0);
        for (Index j = 0; j < layer.outputs; ++j) {
            for (Index i = 0; i < layer.inputs; ++i) {
                if (!layer.kept(i, j)) continue;
                // The first layer reads the sample itself, wherever the input stands.
                rows.columns.push_back(k == 0 ? small.units[0][static_cast<std::size_t>(i)]
                                              : static_cast<std::int32_t>(i));
                rows.weights.push_back(layer.weight(i, j) * scale);
            }
            rows.offsets.push_back(static_cast<std::int32_t>(rows.columns.size()));
        }
        widest_ = std::max(widest_, layer.outputs);
        layers_.push_back(std::move(rows));
    }
}

Index SparsePerceptron::connections() const noexcept {
    std::size_t sum = 0;
    for (const Rows& rows : layers_) sum += rows.columns.size();
    return static_cast<Index>(sum);
}

void SparsePerceptron::apply(MatrixView<const float> inputs, float* outputs) const {
    std::vector<float> memory(static_cast<std::size_t>(2 * widest_));
    for (Index r = 0; r < inputs.rows; ++r) {
        const float* from = inputs.row(r);
        float *to = memory.data(), *next = memory.data() + widest_;
        for (std::size_t k = 0; k < layers_.size(); ++k) {
            const Rows& rows = layers_[k];
            if (k + 1 == layers_.size()) to = outputs + r * outputs_;
            const auto units = static_cast<Index>(rows.biases.size());
            for (std::size_t j = 0; j < rows.biases.size(); ++j) {
                float sum = rows.biases[j];
                for (auto e = static_cast<std::size_t>(rows.offsets[j]);
                     e < static_cast<std::size_t>(rows.offsets[j + 1]); ++e)
                    sum += rows.weights[e] * from[rows.columns[e]];
                to[j] = sum;
            }
            if (k + 1 < layers_.size()) {
                if (activation_ == Activation::silu)
                    for_each_index(units, [=](Index i) { to[i] = Silu::value(to[i]); });
                with_activation(activation_, [&](auto function) {
                    for_each_index(units, [=](Index i) { to[i] = function.value(to[i]); });
                });
            }
            from = to;
            std::swap(to, next);
        }
    }
}

} // namespace espalier::numerics
