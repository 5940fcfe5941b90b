// SPDX-License-Identifier: MIT
// Dense layers and stacks of them. Layers are handles into a set of parameters: cheap to copy.
#pragma once

#include "espalier/numerics/activations.hpp"
#include "espalier/numerics/initialisers.hpp"
#include "espalier/numerics/matrix_operations.hpp"
#include "espalier/numerics/parameters.hpp"

#include <span>
#include <string>
#include <vector>

namespace espalier::numerics {

// activation(X W + b). Parameters "name.weight" (inputs x outputs) and "name.bias" (1 x outputs);
// each is drawn at a place of its own, by its number in the set.
template <class Real> class Dense {
public:
    Dense() = default;
    Dense(Parameters<Real>& parameters, const std::string& name, Index inputs, Index outputs,
          Activation activation, const Key& key,
          Initialiser initialiser = Initialiser::kaiming_uniform);

    Variable<Real> operator()(Variable<Real> x) const {
        return affine(x, x.tape->use(weight_), x.tape->use(bias_), activation_);
    }
    Parameter<Real> weight() const noexcept { return weight_; }
    Parameter<Real> bias() const noexcept { return bias_; }
    Activation activation() const noexcept { return activation_; }

private:
    Parameter<Real> weight_, bias_;
    Activation activation_ = Activation::none;
};

struct MultilayerSettings {
    Activation hidden = Activation::relu, output = Activation::none;
    Initialiser initialiser = Initialiser::kaiming_uniform;
};

// Dense layers "name.0", "name.1", ... of sizes[0] inputs, sizes[1], ..., sizes.back() outputs.
template <class Real> class MultilayerPerceptron {
public:
    MultilayerPerceptron() = default;
    // At least two sizes, otherwise std::invalid_argument.
    MultilayerPerceptron(Parameters<Real>& parameters, const std::string& name,
                         std::span<const Index> sizes, const Key& key,
                         const MultilayerSettings& settings = {});
    MultilayerPerceptron(Parameters<Real>& parameters, const std::string& name,
                         std::initializer_list<Index> sizes, const Key& key,
                         const MultilayerSettings& settings = {})
        : MultilayerPerceptron(parameters, name, std::span<const Index>(sizes.begin(), sizes.end()),
                               key, settings) {}

    Variable<Real> operator()(Variable<Real> x) const {
        for (const Dense<Real>& layer : layers_) x = layer(x);
        return x;
    }
    const std::vector<Dense<Real>>& layers() const noexcept { return layers_; }

private:
    std::vector<Dense<Real>> layers_;
};

} // namespace espalier::numerics
