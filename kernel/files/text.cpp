// SPDX-License-Identifier: MIT
// Places and numbers of text files.
#include "files/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace espalier::files {

namespace {

bool digit(char c) noexcept { return c >= '0' && c <= '9'; }

// sign? (digits (. digits?)? | . digits) ((e|E) sign? digits)?
bool is_decimal(std::string_view t) noexcept {
    std::size_t i = 0, whole = 0, fraction = 0, exponent = 0;
    const auto sign = [&] { i += i < t.size() && (t[i] == '+' || t[i] == '-'); };
    const auto digits = [&](std::size_t& count) {
        for (; i < t.size() && digit(t[i]); ++i) ++count;
    };
    sign();
    digits(whole);
    if (i < t.size() && t[i] == '.') {
        ++i;
        digits(fraction);
    }
    if (whole + fraction == 0) return false;
    if (i == t.size()) return true;
    if (t[i] != 'e' && t[i] != 'E') return false;
    ++i;
    sign();
    digits(exponent);
    return exponent > 0 && i == t.size();
}

template <class Number> void append_shortest(std::string& out, Number x) {
    if (std::isnan(x)) {
        out += "nan";
        return;
    }
    std::array<char, 32> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), x).ptr;
    const std::string_view text(digits.data(), static_cast<std::size_t>(end - digits.data()));
    out += text;
    if (text.find_first_not_of("-0123456789") == std::string_view::npos) out += ".0";
}

} // namespace

int64_t TextFile::line_of(const char* place) const noexcept {
    return 1 + std::count(begin(), place, '\n');
}

Failure TextFile::at(const char* place, const std::string& message, std::string hint) const {
    const std::string_view before(begin(), static_cast<std::size_t>(place - begin()));
    const std::size_t newline = before.rfind('\n');
    const std::size_t column =
        newline == std::string_view::npos ? before.size() : before.size() - newline - 1;
    return {Exit::bad_data, fmt::format("{}:{}:{}: {}", name, line_of(place), column + 1, message),
            std::move(hint)};
}

TextFile as_text(std::string name, std::string_view bytes) {
    if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF"))
        throw Failure(Exit::bad_data, fmt::format("{}: byte 0: UTF-16 text", name),
                      "save it as UTF-8");
    if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
    TextFile file{std::move(name), bytes};
    if (const char* bad = first_bad_byte(bytes); bad != file.end())
        throw file.at(bad,
                      fmt::format("byte 0x{:02x} is not UTF-8", static_cast<unsigned char>(*bad)),
                      "save it as UTF-8");
    if (const auto nul = bytes.find('\0'); nul != std::string_view::npos)
        throw file.at(bytes.data() + nul, "a NUL byte: not a text file");
    return file;
}

Parsed parse_integer(std::string_view text, int64_t& number) noexcept {
    if (text.size() > 1 && text[0] == '+' && digit(text[1])) text.remove_prefix(1);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (end != text.data() + text.size() || error == std::errc::invalid_argument) return Parsed::no;
    return error == std::errc() ? Parsed::yes : Parsed::out_of_range;
}

Parsed parse_real(std::string_view text, double& number) noexcept {
    if (!is_decimal(text)) {
        const bool negative = text.starts_with('-');
        if (negative || text.starts_with('+')) text.remove_prefix(1);
        if (!same_ignoring_case(text, "inf") && !same_ignoring_case(text, "infinity"))
            return Parsed::no;
        number = negative ? -HUGE_VAL : HUGE_VAL;
        return Parsed::yes;
    }
    if (text.starts_with('+')) text.remove_prefix(1);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() ? Parsed::yes : Parsed::out_of_range;
}

void append_real(std::string& out, double x) { append_shortest(out, x); }
void append_real(std::string& out, float x) { append_shortest(out, x); }

void append_integer(std::string& out, int64_t x) {
    std::array<char, 24> digits;
    out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), x).ptr);
}

std::string_view trimmed(std::string_view text) noexcept {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

bool same_ignoring_case(std::string_view text, std::string_view lower_case) noexcept {
    return std::equal(text.begin(), text.end(), lower_case.begin(), lower_case.end(),
                      [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
}

std::string in_quotes(std::string_view text) {
    constexpr std::size_t shown = 40;
    std::string out = "'";
    std::size_t cut = std::min(text.size(), shown);
    while (cut < text.size() && cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U)
        --cut; // not inside a character
    for (const char c : text.substr(0, cut)) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
            out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
        else
            out += c;
    }
    return out + (cut < text.size() ? "...'" : "'");
}

} // namespace espalier::files
