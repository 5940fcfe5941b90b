// SPDX-License-Identifier: MIT
// What a plugin file is looked at for before it is opened: in a process of its own, once for each
// content.
#pragma once

#include "espalier/abi.h"

#include <filesystem>
#include <memory>
#include <string>

namespace espalier {

// Throws Failure (Exit::permissions) when others can write into the folder or put another in its
// place. A folder that is not there is safe.
void must_be_safe(const std::filesystem::path& folder);

// What is wrong with a manifest; empty when nothing is. Fields past its size are not read.
std::string manifest_problem(const esp_plugin&);

// Why a file must not be opened; empty when it can be. In this order: who can write it; the bounds
// of the file; the ABI in its note; the verdict of an earlier look at the same content; a look: the
// library is opened and its manifest checked by a process that may crash or hang.
class Scan {
public:
    Scan();  // reads the verdicts of the user's cache; damaged ones count for nothing
    ~Scan(); // writes them when there are new ones; in silence, where they cannot be
    Scan(const Scan&) = delete;
    Scan& operator=(const Scan&) = delete;

    std::string refusal(const std::filesystem::path& file);

private:
    struct State;
    std::unique_ptr<State> state_;
};

// espalier/plugins-1.0 in XDG_CACHE_HOME or ~/.cache; empty without a home.
std::filesystem::path verdicts_file();

} // namespace espalier
