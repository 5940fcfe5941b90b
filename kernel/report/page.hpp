// SPDX-License-Identifier: MIT
// The page of a report: one HTML file that shows a document and loads nothing.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace espalier::report {

// What the page is made of, besides the document: bundled when Espalier is built.
struct PageParts {
    std::string script, style;
};
// page.js and page.css of the folder. Throws Failure (Exit::plugin) that says how to get them.
PageParts page_parts(const std::filesystem::path& folder);

// The document stands in the page as JSON in which no '<', '>' or '&' is left; its policy allows
// this script and this style alone, by their SHA-256, and no address but data: and blob: pictures.
// Throws Failure (Exit::bug) when a part holds what would end its element.
std::string page_of(std::string_view title, std::string_view document, const PageParts&);

} // namespace espalier::report
