// SPDX-License-Identifier: MIT
// Where the program is, and what lies beside it: scripts and benchmarks.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace espalier::app {

std::filesystem::path program_file();

// ESPALIER_SCRIPTS, or the installation's share/espalier/scripts, or `scripts` of the source tree
// that the program was built in, or of the current folder.
std::optional<std::filesystem::path> scripts_folder();
// scripts/lib of the same; empty when there is none.
std::filesystem::path library_folder();
// scripts/papers/*.lua: names in order. Throws Failure (Exit::missing_input) when there is no
// folder.
std::vector<std::string> paper_names();
std::filesystem::path paper_file(const std::string& name); // throws Failure with the nearest name

// share/espalier/report of the installation or of the build: page.js and page.css.
std::filesystem::path report_folder();

// Executables bench/bench_NAME beside the program.
std::filesystem::path bench_folder();
std::vector<std::string> bench_names();

// A path as it should be printed: relative to the current folder when it lies under it.
std::string shown(const std::filesystem::path&);

} // namespace espalier::app
