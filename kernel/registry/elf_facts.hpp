// SPDX-License-Identifier: MIT
// What a shared library says about itself, read from the file: none of its code runs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace espalier {

// The manifest's first words, as ESPALIER_PLUGIN leaves them in the file (abi.h, ESP_NOTE).
struct PluginNote {
    uint32_t abi_major = 0, abi_minor = 0;
    std::string id, version, license;
};

struct ElfFacts {
    std::vector<std::string> needed, run_paths, exported; // names as the file has them, $ORIGIN too
    bool executable_stack = false, writable_code = false;
    bool stray_relocation = false; // one writes, or points, outside of the library
    std::optional<PluginNote> note;
};

// elf_problem must be empty first. What lies outside the file is left out.
ElfFacts elf_facts(const std::filesystem::path& file);

} // namespace espalier
