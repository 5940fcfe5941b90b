// SPDX-License-Identifier: MIT
// NPY, the file of one array (NumPy enhancement proposal 1): read from any source, written as
// NumPy writes it.
#pragma once

#include "files/reading.hpp"
#include "values/tensor.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace espalier::files {

// What an NPY header says. Element types that Espalier lacks but that fit into one it has
// (uint16, uint32, uint64) are read as that.
struct NpyHeader {
    char kind = 'f'; // 'b', 'i', 'u', 'f'
    std::size_t width = 8;
    bool swapped = false; // big-endian
    bool fortran_order = false;
    Shape shape;
    uint64_t elements = 0, data_bytes = 0;
    uint64_t data_offset = 0; // where the data begins, in bytes

    std::string type() const; // "uint16"
};

NpyHeader read_npy_header(Source&);

// Reads exactly one array and the end of the source. Non-finite numbers are kept.
Tensor read_npy(Source&);
// Everything before the data: little-endian, C order, data aligned to 64 bytes.
std::string npy_header(DType, const Shape&);

// Throws Failure with count and position when a number is not finite.
void require_finite(const Tensor&, const std::string& name);

} // namespace espalier::files
