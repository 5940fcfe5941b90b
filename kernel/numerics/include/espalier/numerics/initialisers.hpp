// SPDX-License-Identifier: MIT
// Initial values of parameters, from counter-based streams.
#pragma once

#include "espalier/numerics/matrix.hpp"
#include "espalier/numerics/noise.hpp"

namespace espalier::numerics {

enum class Initialiser {
    kaiming_uniform, // U(-b, b), b = 1 / sqrt(fan_in): what PyTorch gives a linear layer
    xavier_uniform,  // b = sqrt(6 / (fan_in + fan_out)), Glorot and Bengio 2010
    zeros
};

// Uniform in (low, high).
template <class Real>
void fill_uniform(MatrixView<Real> out, std::type_identity_t<Real> low,
                  std::type_identity_t<Real> high, const Place& place);
template <class Real>
void initialise(MatrixView<Real> out, Initialiser initialiser, Index fan_in, Index fan_out,
                const Place& place);

} // namespace espalier::numerics
