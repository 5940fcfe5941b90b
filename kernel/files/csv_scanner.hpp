// SPDX-License-Identifier: MIT
// The rows and cells of a CSV text (RFC 4180, any separator).
#pragma once

#include "files/text.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace espalier::files {

struct Cell {
    std::string_view text; // between the quotes when quoted
    bool quoted = false;
    bool doubled = false; // "" stands for a quote in it

    std::string plain() const; // as it is meant
};

class CsvScanner {
public:
    CsvScanner(const TextFile& file, char separator, std::optional<char> comment)
        : file_(file), at_(file.begin()), separator_(separator), comment_(comment) {}

    // The cells of the next row; false at the end. Empty lines and comments are skipped; quoted
    // cells may hold separators and line ends. The cells point into the text.
    bool next(std::vector<Cell>& cells);
    const char* row() const noexcept { return row_; } // where the row began

private:
    Cell quoted_cell();
    Cell plain_cell();
    bool skip_lines();

    const TextFile& file_;
    const char* at_;
    const char* row_ = nullptr;
    char separator_;
    std::optional<char> comment_;
};

} // namespace espalier::files
