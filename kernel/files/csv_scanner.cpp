// SPDX-License-Identifier: MIT
// One pass over the text, no copies.
#include "files/csv_scanner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace espalier::files {

namespace {

constexpr std::size_t cells_limit = std::size_t{1} << 18;
constexpr std::ptrdiff_t row_limit = std::ptrdiff_t{1} << 26; // bytes

} // namespace

std::string Cell::plain() const {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        out += text[i];
        if (doubled && text[i] == '"') ++i;
    }
    return out;
}

bool CsvScanner::skip_lines() {
    const char* const end = file_.end();
    while (at_ != end) {
        if (*at_ == '\n')
            ++at_;
        else if (*at_ == '\r' && at_ + 1 != end && at_[1] == '\n')
            at_ += 2;
        else if (comment_ && *at_ == *comment_)
            at_ = std::find(at_, end, '\n');
        else
            return true;
    }
    return false;
}

Cell CsvScanner::quoted_cell() {
    const char* const open = at_++;
    const char* const begin = at_;
    bool doubled = false;
    while (true) {
        const auto left = static_cast<std::size_t>(file_.end() - at_);
        const void* quote = left ? std::memchr(at_, '"', left) : nullptr;
        if (!quote) throw file_.at(open, "the quote that opens here is never closed");
        at_ = static_cast<const char*>(quote) + 1;
        if (at_ == file_.end() || *at_ != '"') break;
        doubled = true;
        ++at_;
    }
    const Cell cell{{begin, static_cast<std::size_t>(at_ - 1 - begin)}, true, doubled};
    if (at_ != file_.end() && *at_ != separator_ && *at_ != '\n' && *at_ != '\r')
        throw file_.at(at_, "text follows the closing quote", "write a quote inside quotes twice");
    return cell;
}

Cell CsvScanner::plain_cell() {
    const char* const begin = at_;
    const char* const end = file_.end();
    const char separator = separator_;
    while (at_ != end && *at_ != separator && *at_ != '\n' && *at_ != '\r') ++at_;
    return {{begin, static_cast<std::size_t>(at_ - begin)}, false, false};
}

bool CsvScanner::next(std::vector<Cell>& cells) {
    cells.clear();
    if (!skip_lines()) return false;
    row_ = at_;
    const char* const end = file_.end();
    while (true) {
        cells.push_back(at_ != end && *at_ == '"' ? quoted_cell() : plain_cell());
        if (cells.size() > cells_limit)
            throw file_.at(row_, fmt::format("a row of more than {} cells", cells_limit));
        if (at_ - row_ > row_limit)
            throw file_.at(row_, fmt::format("a row of more than {} bytes", row_limit));
        if (at_ == end) return true;
        const char stop = *at_++;
        if (stop == '\n') return true;
        if (stop == '\r') {
            if (at_ == end || *at_ != '\n')
                throw file_.at(at_ - 1, "a carriage return without a line feed",
                               "save it with line ends LF or CR LF");
            ++at_;
            return true;
        }
    }
}

} // namespace espalier::files
