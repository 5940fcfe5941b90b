// SPDX-License-Identifier: MIT
// What libespalier_hdf5.so gives: arrays of HDF5 files. It is opened when the first such file is
// read or written, and not built where libhdf5 is missing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace espalier::files {

struct Hdf5Array {
    std::string path; // "group/name"
    uint8_t dtype;    // a DType
    std::vector<int64_t> shape;
    std::vector<char> bytes; // row-major
};

// Each returns what went wrong, empty when nothing did: no exception leaves the library.
struct Hdf5Library {
    // At most `limit` bytes of numbers; left_out: datasets of other things.
    std::string (*read)(const char* file, uint64_t limit, std::vector<Hdf5Array>& arrays,
                        std::vector<std::string>& left_out);
    // The bytes of a file; equal arrays give equal bytes.
    std::string (*write)(const std::vector<Hdf5Array>& arrays, std::string& image);
};

inline constexpr const char* hdf5_library = "libespalier_hdf5.so";
inline constexpr const char* hdf5_symbol = "espalier_hdf5";

} // namespace espalier::files
