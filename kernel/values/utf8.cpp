// SPDX-License-Identifier: MIT
// Well-formed UTF-8.
#include "values/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace espalier {

namespace {

// Length of the well-formed sequence at p (RFC 3629), or 0.
std::size_t sequence_length(const unsigned char* p, std::size_t left) noexcept {
    const auto more = [&](std::size_t i) { return i < left && (p[i] & 0xC0U) == 0x80U; };
    if (p[0] < 0x80) return 1;
    if (p[0] >= 0xC2 && p[0] < 0xE0) return more(1) ? 2 : 0;
    if (p[0] >= 0xE0 && p[0] < 0xF0) {
        if (!more(1) || !more(2)) return 0;
        if (p[0] == 0xE0 && p[1] < 0xA0) return 0;  // longer than needed
        if (p[0] == 0xED && p[1] >= 0xA0) return 0; // half of a surrogate pair
        return 3;
    }
    if (p[0] >= 0xF0 && p[0] < 0xF5) {
        if (!more(1) || !more(2) || !more(3)) return 0;
        if (p[0] == 0xF0 && p[1] < 0x90) return 0;
        if (p[0] == 0xF4 && p[1] >= 0x90) return 0; // beyond U+10FFFF
        return 4;
    }
    return 0;
}

} // namespace

const char* first_bad_byte(std::string_view text) noexcept {
    const char* p = text.data();
    const char* const end = p + text.size();
    while (p != end) {
        uint64_t eight = 0;
        if (end - p >= 8) {
            std::memcpy(&eight, p, 8);
            if ((eight & 0x8080808080808080U) == 0) {
                p += 8;
                continue;
            }
        }
        const std::size_t length = sequence_length(reinterpret_cast<const unsigned char*>(p),
                                                   static_cast<std::size_t>(end - p));
        if (length == 0) return p;
        p += length;
    }
    return end;
}

bool is_utf8(std::string_view text) noexcept {
    return first_bad_byte(text) == text.data() + text.size();
}

} // namespace espalier
