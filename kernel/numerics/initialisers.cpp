// SPDX-License-Identifier: MIT
// Initial values of parameters.
#include "espalier/numerics/initialisers.hpp"

#include "espalier/numerics/loops.hpp"

#include <cmath>

namespace espalier::numerics {

template <class Real>
void fill_uniform(MatrixView<Real> out, std::type_identity_t<Real> low,
                  std::type_identity_t<Real> high, const Place& place) {
    fill_uniform(std::span<Real>(out.data, static_cast<std::size_t>(out.size())), place);
    for_each_index(out.size(), [=, x = out.data](Index i) { x[i] = low + (high - low) * x[i]; });
}

template <class Real>
void initialise(MatrixView<Real> out, Initialiser initialiser, Index fan_in, Index fan_out,
                const Place& place) {
    double bound = 0;
    switch (initialiser) {
    case Initialiser::kaiming_uniform: bound = 1 / std::sqrt(static_cast<double>(fan_in)); break;
    case Initialiser::xavier_uniform:
        bound = std::sqrt(6 / static_cast<double>(fan_in + fan_out));
        break;
    case Initialiser::zeros: break;
    }
    fill_uniform(out, static_cast<Real>(-bound), static_cast<Real>(bound), place);
}

#define ESPALIER_INITIALISERS(Real)                                                                \
    template void fill_uniform(MatrixView<Real>, Real, Real, const Place&);                        \
    template void initialise(MatrixView<Real>, Initialiser, Index, Index, const Place&);
ESPALIER_INITIALISERS(float)
ESPALIER_INITIALISERS(double)

} // namespace espalier::numerics
