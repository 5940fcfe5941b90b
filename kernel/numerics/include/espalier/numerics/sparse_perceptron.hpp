// SPDX-License-Identifier: MIT
// A pruned perceptron as compressed rows: only what was kept is stored and visited.
#pragma once

#include "espalier/numerics/perceptron.hpp"

#include <vector>

namespace espalier::numerics {

class SparsePerceptron {
public:
    // Dead ends are taken out, units without a path too.
    explicit SparsePerceptron(const Perceptron& model);

    // Outputs of the last layer, rows x outputs. Reads only the inputs that are used.
    void apply(MatrixView<const float> inputs, float* outputs) const;
    Index connections() const noexcept;

private:
    struct Connection {
        std::int32_t from; // a unit of the layer before, or an input
        float weight;
    };
    // Units with equally many connections: the loop over these needs no guess.
    struct Run {
        Index units, length;
    };
    struct Layer {
        std::vector<Run> runs;
        std::vector<Connection> connections;
        std::vector<float> biases;
    };
    void apply(const float* input, float* output, float* memory) const;

    std::vector<Layer> layers_;
    std::vector<std::int32_t> places_; // of the last layer's units among the outputs
    Activation activation_ = Activation::relu;
    Index outputs_ = 0, widest_ = 0;
};

} // namespace espalier::numerics
