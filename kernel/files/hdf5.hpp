// SPDX-License-Identifier: MIT
// HDF5: groups as maps, datasets as tensors.
#pragma once

#include "files/files.hpp"
#include "values/value.hpp"

#include <cstdint>
#include <string>

namespace espalier::files {

// A map of tensors, of numbers (datasets without axes) and of maps (groups); the tensor itself
// where the file holds one dataset "value". What is no number, and links to other files, is left
// out with a note. Throws Failure, with Exit::plugin where the program was built without libhdf5.
Value read_hdf5(const std::filesystem::path&, const LoadOptions&, LoadReport&);

// The bytes of a file that holds a tensor, as "value", or a map of tensors, numbers and maps.
std::string hdf5_of(const Value&, const std::string& file);

} // namespace espalier::files
