// SPDX-License-Identifier: MIT
// Text files: places in them, and numbers read and written without a locale.
#pragma once

#include "files/reading.hpp"
#include "values/utf8.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace espalier::files {

inline constexpr std::size_t deepest = 256; // levels of lists, maps or elements in a text

// The whole text of a file, which the caller keeps: UTF-8 without a byte order mark or NUL.
struct TextFile {
    std::string name;
    std::string_view text;

    const char* begin() const noexcept { return text.data(); }
    const char* end() const noexcept { return text.data() + text.size(); }
    int64_t line_of(const char* place) const noexcept; // from 1
    // "data.csv:3:14: MESSAGE": line and column (in bytes) of a place in the text, from 1.
    Failure at(const char* place, const std::string& message, std::string hint = {}) const;
};

// Throws Failure when it is not UTF-8, or holds a NUL.
TextFile as_text(std::string name, std::string_view bytes);

enum class Parsed { yes, no, out_of_range };
// The whole text is a number: an optional sign and digits; or also a fraction and an exponent,
// "inf" or "infinity" in any case (not "nan").
Parsed parse_integer(std::string_view, int64_t& number) noexcept;
Parsed parse_real(std::string_view, double& number) noexcept;

// Shortest text that reads back to the same bits, always with a point or an exponent; "nan", "inf".
void append_real(std::string& out, double);
void append_real(std::string& out, float);
void append_integer(std::string& out, int64_t);

std::string_view trimmed(std::string_view) noexcept; // without spaces and tabs around it
bool same_ignoring_case(std::string_view, std::string_view lower_case) noexcept;
std::string in_quotes(std::string_view); // 'text', shortened, control characters as \x1b

} // namespace espalier::files
