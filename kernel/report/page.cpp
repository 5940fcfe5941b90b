// SPDX-License-Identifier: MIT
// A page that trusts nothing in the document.
#include "report/page.hpp"

#include "values/digest.hpp"
#include "values/failure.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>

namespace espalier::report {

namespace {

std::string content_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in)
        throw Failure(
            Exit::plugin,
            fmt::format("{}: is missing: the page of reports was not built", file.string()),
            "install nodejs and npm, then configure and build again (./bootstrap does "
            "both)\n'espalier report --json' and 'espalier show' need no page");
    return {std::istreambuf_iterator<char>(in), {}};
}

std::string base64(const Digest& digest) {
    constexpr std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i < digest.bytes.size(); i += 3) {
        const auto byte = [&](std::size_t k) {
            return k < digest.bytes.size() ? uint32_t{digest.bytes[k]} : 0;
        };
        const uint32_t three = byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2);
        for (std::size_t k = 0; k < 4; ++k)
            out += i + k > digest.bytes.size() ? '=' : digits[three >> (18 - 6 * k) & 63];
    }
    return out;
}

std::string source_of(std::string_view content) {
    return fmt::format("'sha256-{}'",
                       base64(Hasher().add(content.data(), content.size()).digest()));
}

// Inside a <script> of JSON: < > & only stand in texts, where \u003c is the same.
std::string safe_json(std::string_view json) {
    std::string out;
    out.reserve(json.size() + json.size() / 16);
    for (std::size_t i = 0; i < json.size(); ++i) {
        const char c = json[i];
        if (c == '<' || c == '>' || c == '&')
            out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        else if (json.substr(i, 3) == "\xe2\x80\xa8" || json.substr(i, 3) == "\xe2\x80\xa9") {
            out += json[i + 2] == '\xa8' ? "\\u2028" : "\\u2029";
            i += 2;
        } else
            out += c;
    }
    return out;
}

std::string safe_text(std::string_view text) {
    std::string out;
    for (const char c : text)
        if (c == '<' || c == '>' || c == '&' || c == '"' || c == '\'')
            out += fmt::format("&#{};", static_cast<int>(c));
        else
            out += c;
    return out;
}

void refuse_end(std::string_view part, std::string_view end) {
    if (part.find(end) != part.npos)
        throw Failure(Exit::bug, fmt::format("the page of reports holds '{}'", end));
}

} // namespace

PageParts page_parts(const std::filesystem::path& folder) {
    return {content_of(folder / "page.js"), content_of(folder / "page.css")};
}

std::string page_of(std::string_view title, std::string_view document, const PageParts& parts) {
    refuse_end(parts.script, "</script");
    refuse_end(parts.script, "<!--");
    refuse_end(parts.style, "</style");
    return fmt::format(
        R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data: blob:; style-src {}; script-src {}; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>{}</title>
<style>{}</style>
</head>
<body>
<noscript>This report is drawn by a script within this file; no other file is loaded.</noscript>
<script type="application/json" id="document">{}</script>
<script>{}</script>
</body>
</html>
)",
        source_of(parts.style), source_of(parts.script), safe_text(title), parts.style,
        safe_json(document), parts.script);
}

} // namespace espalier::report
