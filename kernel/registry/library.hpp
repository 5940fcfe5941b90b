// SPDX-License-Identifier: MIT
// One plugin file opened for good: never unloaded, and the arithmetic of the program left as it
// was.
#pragma once

#include "espalier/abi.h"

#include <filesystem>
#include <string>

namespace espalier {

struct Opened {
    const esp_plugin* manifest = nullptr;
    std::string refused;             // why there is no manifest, without the file's name
    bool arithmetic_changed = false; // by its start-up code; it has been put back
};

// How a refusal begins that is the loader's: another time, with other libraries, it may not be one.
inline constexpr char cannot_load[] = "cannot be loaded: ";

// Bounds of the file are looked at before any of its code runs. All symbols are resolved now, none
// is shared.
Opened open_plugin(const std::filesystem::path& file);

// The folder of the running program.
std::filesystem::path program_folder();

} // namespace espalier
