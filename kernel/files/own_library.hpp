// SPDX-License-Identifier: MIT
// Libraries of ours that are opened when they are first needed, so that all other starts do without
// what they bring.
#pragma once

#include <filesystem>
#include <string_view>

namespace espalier::files {

// lib/espalier/NAME of the build or of the installation, seen from the program in bin, or in
// bin/tests and bin/bench.
std::filesystem::path own_library(std::string_view name);

} // namespace espalier::files
