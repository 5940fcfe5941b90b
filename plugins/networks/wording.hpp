// SPDX-License-Identifier: MIT
// Numbers as messages show them.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>

namespace espalier::networks {

inline std::string number(int64_t value) { return std::to_string(value); }

// The shortest of at most 15 digits: 0.1, 4950, 1e+12.
inline std::string number(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.15g", value);
    return text;
}

} // namespace espalier::networks
