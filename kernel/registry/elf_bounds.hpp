// SPDX-License-Identifier: MIT
// A look at a plugin file without running it: the loader would die on a file that was cut short.
#pragma once

#include <filesystem>
#include <string>

namespace espalier {

// What is wrong with the file as a shared library for this machine; empty when nothing is.
std::string elf_problem(const std::filesystem::path& file);

} // namespace espalier
