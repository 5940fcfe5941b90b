// SPDX-License-Identifier: MIT
// Where the program's own libraries are.
#include "files/own_library.hpp"

namespace espalier::files {

std::filesystem::path own_library(std::string_view name) {
    const auto above = std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path();
    const auto below = [&](const std::filesystem::path& folder) {
        return folder / "lib/espalier" / name;
    };
    const auto higher = below(above.parent_path());
    return std::filesystem::exists(higher) ? higher : below(above);
}

} // namespace espalier::files
