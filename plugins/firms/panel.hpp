// SPDX-License-Identifier: MIT
// A panel of firms: read from a table with a row for each firm and year, put in order, gaps filled.
#pragma once

#include <espalier/plugin.hpp>

#include <cmath>
#include <limits>
#include <span>
#include <string>
#include <vector>

namespace espalier::firms {

inline constexpr double missing = std::numeric_limits<double>::quiet_NaN();

// Which columns of a table mean what: parameters that every component here shares.
struct PanelColumns {
    std::string firm = "firm", year = "year", sector, size = "assets";
    std::vector<std::string> variables;
};

// Rows of one firm follow each other, a row for each year from its first to its last; years that
// the table lacks hold missing values (NaN).
class Panel {
public:
    // Throws Invalid, naming the port, column and row, on: a column that is not there or of the
    // wrong kind, years that are no whole numbers, two different rows of one firm and year, an
    // infinite value. Sizes that are not positive become missing; equal rows become one. Both are
    // told with task.warn().
    Panel(const Task& task, const char* port, const PanelColumns& columns);

    int64_t firms() const noexcept { return static_cast<int64_t>(first_.size()) - 1; }
    int64_t rows() const noexcept { return first_.back(); }
    // Rows first(firm) .. first(firm + 1) - 1 are the years of a firm.
    int64_t first(int64_t firm) const noexcept { return first_[at(firm)]; }
    int64_t year(int64_t firm, int64_t row) const noexcept {
        return first_year_[at(firm)] + row - first(firm);
    }
    // The first variable is the size.
    const std::vector<std::string>& variables() const noexcept { return variables_; }
    int64_t width() const noexcept { return static_cast<int64_t>(variables_.size()); }
    double value(int64_t row, int64_t variable) const noexcept {
        return values_[at(row * width() + variable)];
    }
    double& value(int64_t row, int64_t variable) noexcept {
        return values_[at(row * width() + variable)];
    }
    std::span<const double> row(int64_t row) const noexcept {
        return {values_.data() + row * width(), variables_.size()};
    }
    // Natural logarithm of the size, NaN where it is missing.
    double log_size(int64_t row) const noexcept { return std::log(value(row, 0)); }

    int64_t sectors() const noexcept { return static_cast<int64_t>(sector_names_.size()); }
    int32_t sector(int64_t firm) const noexcept { return sector_[at(firm)]; }
    const std::vector<std::string>& sector_names() const noexcept { return sector_names_; }

    // A column of the firms' names, one for each entry of `firms`, typed as in the table.
    void write_firms(const Bundle& table, const char* column, std::span<const int64_t> firms) const;
    std::string firm_name(int64_t firm) const;
    // The firm of this name as firm_name() gives it, -1 when there is none; for a few look-ups.
    int64_t find_firm(const std::string& name) const;

private:
    friend class PanelReader;
    static std::size_t at(int64_t i) noexcept { return static_cast<std::size_t>(i); }

    std::vector<std::string> variables_, sector_names_, texts_; // texts_: firms named by text
    std::vector<int64_t> numbers_;                              // firms named by number
    std::vector<int64_t> first_, first_year_;
    std::vector<int32_t> sector_;
    std::vector<double> values_;
};

// The parameters of a component whose settings derive from PanelColumns, and its input "panel".
template <class T> void describe_panel(Schema<T>& s) {
    s.input_table("panel",
                  "A row for each firm and year; NaN: missing. Sizes that are not positive count "
                  "as missing, rows given twice as one; columns of text are left out.");
    describe_columns(s);
}
template <class T> void describe_columns(Schema<T>& s) {
    const auto param = [&s]<class V>(const char* name, V PanelColumns::*member) {
        V T::*own = member;
        return s.param(name, own);
    };
    param("firm", &PanelColumns::firm).doc("Column of the firms' names: whole numbers or texts.");
    param("year", &PanelColumns::year).doc("Column of the years: whole numbers.");
    param("size", &PanelColumns::size).doc("Column of what a firm's size is measured by.");
    param("variables", &PanelColumns::variables)
        .doc("Columns to use beside the size; empty: all of numbers.");
}
template <class T> void describe_sector(Schema<T>& s) {
    std::string T::*own = &PanelColumns::sector;
    s.param("sector", own)
        .doc("Column of the firms' sectors, whole numbers or texts; empty: all firms are one.");
}

} // namespace espalier::firms
