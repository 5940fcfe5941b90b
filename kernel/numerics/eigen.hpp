// SPDX-License-Identifier: MIT
// Eigen as numerics uses it. Its blocking must not depend on the caches of the machine, or the bits
// would; so they are pinned when a shared object is loaded, before any product.
#pragma once

#ifndef EIGEN_DONT_PARALLELIZE
#error "compile with EIGEN_DONT_PARALLELIZE: threads belong above the products"
#endif

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#include <Eigen/Core>
#pragma GCC diagnostic pop

namespace espalier::numerics {

// A typical core's share, in bytes.
inline constexpr std::ptrdiff_t level1_cache = 32 << 10;
inline constexpr std::ptrdiff_t level2_cache = 1 << 20;
inline constexpr std::ptrdiff_t level3_cache = 4 << 20;

} // namespace espalier::numerics
