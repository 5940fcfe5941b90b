// SPDX-License-Identifier: MIT
// Activation functions, by function and by name, and softmax over the columns of each row.
#pragma once

#include "espalier/numerics/tape.hpp"

#include <string_view>

namespace espalier::numerics {

enum class Activation { none, relu, leaky_relu, tanh, sigmoid, softplus, silu };

inline constexpr double leaky_slope = 0.01;

// "none", "relu", "leaky_relu", "tanh", "sigmoid", "softplus", "silu"; otherwise std::invalid_argument.
Activation activation_from(std::string_view name);
std::string_view name_of(Activation activation) noexcept;

template <class Real> Variable<Real> activate(Activation activation, Variable<Real> x);

// Slope 0 at 0.
template <class Real> Variable<Real> relu(Variable<Real> x);
template <class Real>
Variable<Real> leaky_relu(Variable<Real> x, std::type_identity_t<Real> slope = Real(leaky_slope));
template <class Real> Variable<Real> tanh(Variable<Real> x);
template <class Real> Variable<Real> sigmoid(Variable<Real> x);
// log(1 + exp(x))
template <class Real> Variable<Real> softplus(Variable<Real> x);
// x sigmoid(x)
template <class Real> Variable<Real> silu(Variable<Real> x);

template <class Real> Variable<Real> softmax(Variable<Real> x);
template <class Real> Variable<Real> log_softmax(Variable<Real> x);

} // namespace espalier::numerics
