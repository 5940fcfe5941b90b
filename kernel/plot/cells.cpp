// SPDX-License-Identifier: MIT
// heat_map, matrix, image_grid and space_time: coloured cells.
#include "plot/fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace espalier::plot {

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

Palette palette_of(const Fields& fields, Palette otherwise) {
    const std::string name = fields.text("palette", std::string(name_of(otherwise)));
    for (const Palette p : {Palette::sequential, Palette::diverging, Palette::grey})
        if (name == name_of(p)) return p;
    fields.refuse("palette", fmt::format("= '{}': must be sequential, diverging or grey", name));
}

void colour_axis(Picture& picture, const Fields& fields, const std::string& label) {
    picture.colour.label = fields.text("colour_label", label);
    picture.colour.log = fields.flag("colour_log");
    if (const auto range = fields.range("colour_range")) {
        picture.colour.low = range->first;
        picture.colour.high = range->second;
    }
}

// No screen shows more cells than this on a side: blocks of them become their mean.
constexpr int64_t most_on_a_side = 500;

Cells thinned(const Cells& cells) {
    const int64_t block =
        (std::max(cells.rows, cells.columns) + most_on_a_side - 1) / most_on_a_side;
    if (block <= 1) return cells;
    Cells out = cells;
    out.rows = (cells.rows + block - 1) / block;
    out.columns = (cells.columns + block - 1) / block;
    if (cells.left == 0 && cells.right == 0)
        out.left = 1, out.right = static_cast<double>(cells.columns);
    if (cells.top == 0 && cells.bottom == 0)
        out.top = 1, out.bottom = static_cast<double>(cells.rows);
    out.values.assign(static_cast<std::size_t>(out.rows * out.columns), 0);
    std::vector<double> counts(out.values.size(), 0);
    for (int64_t r = 0; r < cells.rows; ++r)
        for (int64_t c = 0; c < cells.columns; ++c) {
            const auto at = static_cast<std::size_t>(r / block * out.columns + c / block);
            out.values[at] += cells.values[static_cast<std::size_t>(r * cells.columns + c)];
            ++counts[at];
        }
    for (std::size_t i = 0; i < counts.size(); ++i) out.values[i] /= counts[i];
    return out;
}

Cells cells_of(const Fields& fields, std::string_view name, const Tensor& matrix) {
    if (matrix.axes() != 2)
        fields.refuse(name, fmt::format("has shape {}, wanted [rows, columns]",
                                        espalier::text_of(matrix.shape())));
    return {"", matrix.shape()[0], matrix.shape()[1], numbers_of(matrix)};
}

// Cells over two columns: the mean of the values that fall together.
Picture table_map(const Fields& fields) {
    const Values x = fields.values("x"), y = fields.values("y"), value = fields.values("value");
    Picture picture = begin_picture(fields, x.name, y.name);
    std::map<double, std::size_t> columns, rows;
    for (const double v : x.numbers) columns[v];
    for (const double v : y.numbers) rows[v];
    const auto number_and_name = [](std::map<double, std::size_t>& places, const Values& of,
                                    Axis& axis) {
        for (std::size_t i = 0; auto& [v, place] : places) {
            place = i++;
            axis.categories.push_back(of.categories.empty()
                                          ? fmt::format("{:.4g}", v)
                                          : of.categories[static_cast<std::size_t>(v)]);
        }
    };
    number_and_name(columns, x, picture.x);
    number_and_name(rows, y, picture.y);
    Cells cells{"", static_cast<int64_t>(rows.size()), static_cast<int64_t>(columns.size()),
                std::vector<double>(rows.size() * columns.size(), 0)};
    std::vector<double> counts(cells.values.size(), 0);
    for (std::size_t i = 0; i < value.numbers.size(); ++i) {
        if (!std::isfinite(value.numbers[i])) continue;
        const std::size_t at = rows[y.numbers[i]] * columns.size() + columns[x.numbers[i]];
        cells.values[at] += value.numbers[i];
        ++counts[at];
    }
    for (std::size_t i = 0; i < counts.size(); ++i)
        cells.values[i] = counts[i] > 0 ? cells.values[i] / counts[i] : missing;
    picture.palette = palette_of(fields, Palette::sequential);
    colour_axis(picture, fields, value.name);
    picture.cells.push_back(std::move(cells));
    return picture;
}

Picture heat_map(const Fields& fields) {
    if (fields.has("value")) return table_map(fields);
    Picture picture = begin_picture(fields, "", "");
    Cells cells = cells_of(fields, "cells", fields.tensor("cells"));
    const auto place = [&](const char* name, Axis& axis, int64_t length, double& first,
                           double& last) {
        if (!fields.has(name)) return;
        const Values given = fields.values(name);
        if (static_cast<int64_t>(given.numbers.size()) != length)
            fields.refuse(name,
                          fmt::format("has {} values for {} cells", given.numbers.size(), length));
        axis.categories = given.categories;
        if (given.categories.empty() && length > 1)
            first = given.numbers.front(), last = given.numbers.back();
    };
    place("x", picture.x, cells.columns, cells.left, cells.right);
    place("y", picture.y, cells.rows, cells.top, cells.bottom);
    picture.palette = palette_of(fields, Palette::sequential);
    colour_axis(picture, fields, "");
    picture.cells.push_back(std::move(cells));
    return picture;
}

// An estimate beside the truth: each entry by what became of it.
Picture matrix(const Fields& fields) {
    Picture picture = begin_picture(fields, "node", "node");
    picture.equal = true;
    Cells estimate = cells_of(fields, "estimate", fields.tensor("estimate"));
    if (!fields.has("truth")) {
        picture.palette = palette_of(fields, Palette::sequential);
        colour_axis(picture, fields, "");
        picture.cells.push_back(std::move(estimate));
        return picture;
    }
    const Cells truth = cells_of(fields, "truth", fields.tensor("truth"));
    if (truth.rows != estimate.rows || truth.columns != estimate.columns)
        fields.refuse("truth", fmt::format("is {} x {}, 'estimate' is {} x {}", truth.rows,
                                           truth.columns, estimate.rows, estimate.columns));
    const double threshold = fields.number("threshold", 0.5);
    for (std::size_t i = 0; i < estimate.values.size(); ++i) {
        const bool real = truth.values[i] != 0, found = estimate.values[i] > threshold;
        estimate.values[i] = found ? (real ? 1 : 3) : (real ? 2 : 0);
    }
    picture.palette = Palette::verdict;
    picture.cells.push_back(std::move(estimate));
    return picture;
}

// [count, height, width], or [height, width], or [count, pixels] with shape = { height, width }.
Picture image_grid(const Fields& fields) {
    Picture picture = begin_picture(fields, "", "");
    picture.equal = true;
    picture.palette = palette_of(fields, Palette::grey);
    colour_axis(picture, fields, "");
    Tensor images = fields.tensor("images");
    if (fields.has("shape")) {
        const auto shape = fields.values("shape").numbers;
        if (shape.size() != 2 || shape[0] < 1 || shape[1] < 1)
            fields.refuse("shape", "must be { height, width }");
        const auto height = static_cast<int64_t>(shape[0]), width = static_cast<int64_t>(shape[1]);
        if (images.size() % (height * width) != 0)
            fields.refuse("shape", fmt::format("does not divide images of shape {}",
                                               espalier::text_of(images.shape())));
        images = images.reshape({images.size() / (height * width), height, width});
    }
    if (images.axes() == 2) images = images.reshape({1, images.shape()[0], images.shape()[1]});
    if (images.axes() != 3) fields.refuse("images", "must be [count, height, width]");
    constexpr int64_t most = 400;
    if (images.shape()[0] > most) {
        picture.caption += fmt::format("{}The first {} of {}.", picture.caption.empty() ? "" : " ",
                                       most, images.shape()[0]);
        images = images.rows(0, most);
    }
    const Texts titles = fields.has("titles") ? fields.values("titles").categories : Texts{};
    for (int64_t i = 0; i < images.shape()[0]; ++i) {
        Cells cells = cells_of(fields, "images", images.row(i));
        if (static_cast<std::size_t>(i) < titles.size())
            cells.title = titles[static_cast<std::size_t>(i)];
        picture.cells.push_back(std::move(cells));
    }
    return picture;
}

// [time, nodes], time running down.
Picture space_time(const Fields& fields) {
    Picture picture = begin_picture(fields, "node", "time");
    Tensor values = fields.tensor("values");
    while (values.axes() > 2 && values.shape()[0] == 1) values = values.row(0);
    if (values.axes() == 3 && values.shape()[2] == 1)
        values = values.reshape({values.shape()[0], values.shape()[1]});
    Cells cells = cells_of(fields, "values", values);
    cells.left = 1, cells.right = static_cast<double>(cells.columns);
    cells.bottom = static_cast<double>(cells.rows - 1);
    picture.palette = palette_of(fields, Palette::sequential);
    colour_axis(picture, fields, "state");
    picture.cells.push_back(std::move(cells));
    return picture;
}

} // namespace

std::string_view name_of(Palette p) noexcept {
    switch (p) {
    case Palette::sequential: return "sequential";
    case Palette::diverging: return "diverging";
    case Palette::grey: return "grey";
    default: return "verdict";
    }
}

Picture cells_picture(const Map& plot, const Source* source) {
    const Fields fields(plot, source);
    const std::string& kind = fields.kind();
    Picture picture = kind == "heat_map"     ? heat_map(fields)
                      : kind == "matrix"     ? matrix(fields)
                      : kind == "image_grid" ? image_grid(fields)
                                             : space_time(fields);
    // Verdicts have no mean: a large matrix of them is drawn as it is.
    if (picture.palette != Palette::verdict && picture.x.categories.empty() &&
        picture.y.categories.empty())
        std::transform(picture.cells.begin(), picture.cells.end(), picture.cells.begin(), thinned);
    return picture;
}

} // namespace espalier::plot
