// SPDX-License-Identifier: MIT
// IDX, the file of one array in which MNIST is published: read from any source.
#pragma once

#include "files/reading.hpp"
#include "values/tensor.hpp"

namespace espalier::files {

// Reads exactly one array and the end of the source. Element types: uint8, int8, int16, int32,
// float32, float64; big-endian, as the format has it. Non-finite numbers are kept. Throws Failure
// (Exit::bad_data) with the byte; never allocates more than the source can fill.
Tensor read_idx(Source&);

} // namespace espalier::files
