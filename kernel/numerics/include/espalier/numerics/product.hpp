// SPDX-License-Identifier: MIT
// Dense matrix products: Eigen's blocked kernel with fixed blocking, own kernels for small shapes.
#pragma once

#include "espalier/numerics/arena.hpp"
#include "espalier/numerics/matrix.hpp"

#include <type_traits>

namespace espalier::numerics {

enum class Write { set, add };

// C = A B or C += A B; A is m x k, B k x n, C m x n. Scratch memory comes from the arena, nothing
// is allocated otherwise. The bits depend on the shapes and the instruction set alone.
template <class Real>
void product(Arena& arena, MatrixView<Real> c, std::type_identity_t<MatrixView<const Real>> a,
             std::type_identity_t<MatrixView<const Real>> b, Write write = Write::set);
// C = A^T B, with A stored k x m.
template <class Real>
void product_of_transposed(Arena& arena, MatrixView<Real> c,
                           std::type_identity_t<MatrixView<const Real>> a,
                           std::type_identity_t<MatrixView<const Real>> b,
                           Write write = Write::set);
// C = A B^T, with B stored n x k.
template <class Real>
void product_by_transposed(Arena& arena, MatrixView<Real> c,
                           std::type_identity_t<MatrixView<const Real>> a,
                           std::type_identity_t<MatrixView<const Real>> b,
                           Write write = Write::set);

} // namespace espalier::numerics
