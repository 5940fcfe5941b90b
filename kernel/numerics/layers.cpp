// SPDX-License-Identifier: MIT
// Making dense layers.
#include "espalier/numerics/layers.hpp"

#include "espalier/numerics/loops.hpp"
#include "for_reals.hpp"

#include <stdexcept>

namespace espalier::numerics {

template <class Real>
Dense<Real>::Dense(Parameters<Real>& parameters, const std::string& name, Index inputs,
                   Index outputs, Activation activation, const Key& key, Initialiser initialiser)
    : weight_(parameters.add(name + ".weight", inputs, outputs)),
      bias_(parameters.add(name + ".bias", 1, outputs)), activation_(activation) {
    const auto place = [&](Parameter<Real> p) {
        return Place{key, static_cast<std::uint32_t>(p.index)};
    };
    initialise(weight_.value(), initialiser, inputs, outputs, place(weight_));
    if (initialiser == Initialiser::kaiming_uniform)
        initialise(bias_.value(), initialiser, inputs, outputs, place(bias_));
}

template <class Real>
MultilayerPerceptron<Real>::MultilayerPerceptron(Parameters<Real>& parameters,
                                                 const std::string& name,
                                                 std::span<const Index> sizes, const Key& key,
                                                 const MultilayerSettings& settings) {
    if (sizes.size() < 2)
        throw std::invalid_argument("'" + name + "' needs the sizes of its input and its output");
    for (std::size_t i = 0; i + 1 < sizes.size(); ++i)
        layers_.emplace_back(parameters, name + "." + std::to_string(i), sizes[i], sizes[i + 1],
                             i + 2 < sizes.size() ? settings.hidden : settings.output, key,
                             settings.initialiser);
}

ESPALIER_FOR_REALS(class Dense)
ESPALIER_FOR_REALS(class MultilayerPerceptron)

} // namespace espalier::numerics
