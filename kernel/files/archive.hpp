// SPDX-License-Identifier: MIT
// NPZ: a zip file of arrays. One that Espalier wrote also holds espalier.json, which says what
// value the arrays make up.
#pragma once

#include "files/files.hpp"

#include <filesystem>

namespace espalier::files {

// With espalier.json the value that was saved; otherwise a map of tensors by name.
Value load_archive(const std::filesystem::path&, const LoadOptions&, LoadReport&);
void save_archive(const std::filesystem::path&, const Value&, const SaveOptions&);

} // namespace espalier::files
