// SPDX-License-Identifier: MIT
// A look at the tags of an XML text before a parser sees it; texts that are safe in one.
#include "files/graphml.hpp"

#include <fmt/format.h>

#include <utility>

namespace espalier::files {

namespace {

// The end of what begins at `from`, behind `closing`.
std::size_t skip(const TextFile& file, std::size_t from, std::string_view closing,
                 const char* what) {
    const std::size_t end = file.text.find(closing, from);
    if (end == std::string_view::npos)
        throw file.at(file.begin() + from,
                      fmt::format("the {} that opens here is never closed", what));
    return end + closing.size();
}

// The end of a tag: a > outside quotes.
std::size_t skip_tag(const TextFile& file, std::size_t from) {
    const std::string_view text = file.text;
    std::size_t i = from;
    while ((i = text.find_first_of("\"'>", i)) != std::string_view::npos && text[i] != '>') {
        i = text.find(text[i], i + 1);
        if (i == std::string_view::npos) break;
        ++i;
    }
    if (i == std::string_view::npos)
        throw file.at(file.begin() + from, "the tag that opens here is never closed");
    return i + 1;
}

} // namespace

void check_xml(const TextFile& file) {
    const std::string_view text = file.text;
    int depth = 0; // below 0 where more is closed than opened, which the parser refuses
    for (std::size_t i = text.find('<'); i != std::string_view::npos; i = text.find('<', i)) {
        const std::string_view rest = text.substr(i);
        if (rest.starts_with("<!--"))
            i = skip(file, i, "-->", "comment");
        else if (rest.starts_with("<![CDATA["))
            i = skip(file, i, "]]>", "CDATA section");
        else if (rest.starts_with("<?"))
            i = skip(file, i, "?>", "processing instruction");
        else if (rest.starts_with("<!"))
            throw file.at(file.begin() + i, "a DOCTYPE or an entity, which no data file needs",
                          "remove the declaration");
        else {
            const std::size_t end = skip_tag(file, i);
            if (rest.starts_with("</"))
                --depth;
            else if (text[end - 2] != '/' && std::cmp_greater(++depth, deepest))
                throw file.at(file.begin() + i, fmt::format("more than {} levels", deepest));
            i = end;
        }
    }
}

void append_xml(std::string& out, std::string_view text, const std::string& file) {
    if (!is_utf8(text))
        throw Failure(Exit::bad_data,
                      fmt::format("{}: the text {} is not UTF-8", file, in_quotes(text)));
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else if (c == '"')
            out += "&quot;";
        else if (c == '\t' || c == '\n' || c == '\r')
            out += fmt::format("&#{};", byte);
        else if (byte < 0x20)
            throw Failure(Exit::bad_data,
                          fmt::format("{}: XML cannot hold the control character in {}", file,
                                      in_quotes(text)),
                          "save it as .npz");
        else
            out += c;
    }
}

} // namespace espalier::files
