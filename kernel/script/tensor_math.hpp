// SPDX-License-Identifier: MIT
// Arithmetic on whole tensors for scripts: element by element, along an axis, joined, multiplied.
//
// Element types: booleans and integers compute as int64 (wrapping, as in Lua); division and power
// give real numbers; float32 stays float32 beside float32 and beside plain numbers; anything else
// is float64. Sums run in a fixed order. All throw Failure.
#pragma once

#include "values/tensor.hpp"

#include <optional>
#include <vector>

namespace espalier::script {

enum class Op { add, subtract, multiply, divide, power };
enum class Comparison { lt, le, gt, ge, eq, ne };
enum class Reduction { sum, mean, std, min, max, argmin, argmax, all, any };

// A tensor without axes that came from a plain number yields to the other's element type.
Tensor number_tensor(int64_t);
Tensor number_tensor(double);

// Equal shapes, or one of them without axes.
Tensor combine(Op, const Tensor&, const Tensor&);
Tensor compare(Comparison, const Tensor&, const Tensor&); // bool
bool equal(const Tensor&, const Tensor&) noexcept;        // shape and numbers

// Over all elements (no axes left), or over one axis. std divides by n. argmin and argmax count
// from 1. NaN wins min and max. Throws when there is nothing to take the extreme or mean of.
Tensor reduce(Reduction, const Tensor&, std::optional<std::size_t> axis);

Tensor negate(const Tensor&);
Tensor absolute(const Tensor&);
Tensor apply(double (*)(double), const Tensor&); // float32 stays, the rest gives float64

Tensor concat(const std::vector<Tensor>&, std::size_t axis); // along an axis that they have
Tensor stack(const std::vector<Tensor>&, std::size_t axis);  // along a new one
Tensor dot(const Tensor&, const Tensor&); // vectors and matrices: the last axis with the first

} // namespace espalier::script
