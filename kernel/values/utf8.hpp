// SPDX-License-Identifier: MIT
// Well-formed UTF-8 (RFC 3629).
#pragma once

#include <string_view>

namespace espalier {

const char* first_bad_byte(std::string_view) noexcept; // that is no UTF-8, or the end
bool is_utf8(std::string_view) noexcept;

} // namespace espalier
