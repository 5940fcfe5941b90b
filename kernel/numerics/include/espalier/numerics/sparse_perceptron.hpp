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
    // Rows are the units of a layer, columns the units before it.
    struct Rows {
        std::vector<std::int32_t> offsets, columns;
        std::vector<float> weights, biases;
    };
    std::vector<Rows> layers_;
    Activation activation_ = Activation::relu;
    Index outputs_ = 0, widest_ = 0;
};

} // namespace espalier::numerics
