// SPDX-License-Identifier: MIT
// The fields of one plot: read from the plot itself, or where they name a column or a result, from
// what a run gave.
#pragma once

#include "plot/picture.hpp"

#include <utility>

namespace espalier::plot {

// Values of one column, or of one field: numbers, or places in `categories`.
struct Values {
    std::string name; // of the column; empty for data
    std::vector<double> numbers;
    Texts categories; // not empty: the numbers are places in it
};

class Fields {
public:
    // Throws Failure when a field is not one of its kind, with the nearest name.
    Fields(const Map& plot, const Source* source);

    const std::string& kind() const noexcept { return kind_; }
    bool has(std::string_view name) const { return plot_.contains(name); }
    const Value& operator[](std::string_view name) const; // nil when absent

    std::string text(std::string_view name, const std::string& otherwise = {}) const;
    bool flag(std::string_view name) const;
    double number(std::string_view name, double otherwise) const;
    int64_t integer(std::string_view name, int64_t otherwise, int64_t least) const;
    std::optional<std::pair<double, double>> range(std::string_view name) const;

    // Whether the plot is made of columns of a table.
    bool of_columns() const noexcept { return source_ != nullptr; }
    // A text names a column; else a list or tensor of numbers, or a list of texts.
    Values values(std::string_view name) const;
    // Several: a text or a list of texts names columns; a map names data; else one without a name.
    std::vector<Values> several(std::string_view name) const;
    // For each row in use its name by the field's column; one empty name for each without it.
    Texts groups(std::string_view name) const;

    // A text is the path of a result, in the first row in use; else the field's own data.
    Tensor tensor(std::string_view name) const;
    Value result(std::string_view name) const;
    // Rows of the table that are done and that `where` selects.
    const std::vector<int64_t>& rows() const noexcept { return rows_; }
    const Source& source() const { return *source_; }

    [[noreturn]] void refuse(std::string_view name, const std::string& rule) const;

private:
    const Column& column(std::string_view field, const std::string& name) const;
    Values column_values(std::string_view field, const std::string& name) const;
    std::vector<int64_t> selected() const;

    const Map& plot_;
    const Source* source_;
    std::string kind_;
    std::vector<int64_t> rows_;
};

// Numbers of a tensor of any shape, row-major.
std::vector<double> numbers_of(const Tensor&);
// The names in the order of their numbers where all are numbers, else of their first use.
Texts sorted_names(const Texts&);

// Axes, title and caption. Labels that are not given are `x` and `y`.
Picture begin_picture(const Fields&, const std::string& x, const std::string& y);

// One file a group of kinds.
Picture line_picture(const Map&, const Source*);         // line, scatter
Picture distribution_picture(const Map&, const Source*); // histogram, box, violin
Picture motion_picture(const Map&, const Source*);       // trajectory, phase_portrait
Picture cells_picture(const Map&, const Source*);        // heat_map, matrix, image_grid, space_time
Picture network_picture(const Map&, const Source*);

// Places in [0, 1] x [0, 1] for the nodes of a graph without positions: connected parts beside each
// other, distances near those of the graph. The same graph gives the same places.
struct Places {
    std::vector<double> x, y;
};
Places layout_of(const Graph&);

} // namespace espalier::plot
