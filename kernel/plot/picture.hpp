// SPDX-License-Identifier: MIT
// Picture: what is to be drawn, in data units - curves, cells or a network - before anything is
// drawn. The SVG, the terminal and the page of a report draw the same picture.
#pragma once

#include "values/value.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace espalier::plot {

struct Axis {
    std::string label;               // with its unit: "time (s)"
    bool log = false;                // to base 10
    Texts categories;                // not empty: 0, 1, ... stand for these names
    std::optional<double> low, high; // the range shown; else that of the data
};

// How the points of a series are drawn.
enum class Mark {
    line,   // joined in their order; low and high make a band
    points, // dots; low and high make error bars
    bars,   // a histogram: x has one edge more than y has heights
    box,    // of each x: y is the median, `spread` holds whiskers and quartiles
    violin  // of each x: the outline of the density in `outlines`, the median in y
};
std::string_view name_of(Mark) noexcept;

// Numbers that are not finite are gaps.
struct Curve {
    std::string name;
    Mark mark = Mark::line;
    std::vector<double> x, y;
    std::vector<double> low, high; // empty, or one for each y
    struct Spread {
        double least = 0, lower = 0, upper = 0, most = 0; // whiskers at 1.5 interquartile ranges
        std::vector<double> outliers;
    };
    std::vector<Spread> spreads; // box: one for each x
    struct Outline {
        std::vector<double> at, width; // width of the density at values `at`; the widest is 1
    };
    std::vector<Outline> outlines; // violin: one for each x
    Texts labels;                  // of the points; empty, or one for each
};

// One matrix of coloured cells. Row 0 is drawn at the top.
struct Cells {
    std::string title;
    int64_t rows = 0, columns = 0;
    std::vector<double> values; // row-major
    // The centres of the first and last column and row on the axes; both 0: counted from 1.
    double left = 0, right = 0, top = 0, bottom = 0;
};
enum class Palette {
    sequential, // from few to many: viridis' order of lightness
    diverging,  // about zero: blue, white, red
    grey,       // 0 black, 1 white: pixels and spins
    verdict     // 0 true negative, 1 true positive, 2 false negative, 3 false positive
};
std::string_view name_of(Palette) noexcept;

struct Network {
    bool directed = false;
    std::vector<double> x, y;      // of the nodes, in [0, 1]
    std::vector<int64_t> from, to; // of the edges
    std::vector<double> width;     // of the edges; empty, or in [0, 1]
    std::vector<int> edge_class;   // index in `classes`; empty: all 0
    std::vector<int> node_class;   // index in `classes`; empty: all 0
    std::vector<double> size;      // of the nodes; empty, or in [0, 1]
    Texts labels;                  // of the nodes; may be empty
    Texts classes;                 // what the colours mean; may be empty
};

struct Picture {
    std::string kind; // "line", "heat_map", ... as in esp.plot
    std::string title, caption;
    Axis x, y, colour;
    bool equal = false; // one unit is as long on both axes
    // One of the three is not empty.
    std::vector<Curve> curves;
    std::vector<Cells> cells; // more than one: panels side by side with one colour scale
    Palette palette = Palette::sequential;
    std::optional<Network> network;
};

// "line", "scatter", ...
const Texts& kind_names();
Texts fields_of(std::string_view kind);
std::string_view type_of(std::string_view field); // for editors: "string|number[]"
std::string doc_of(std::string_view kind);        // one sentence
// Throws Failure when the kind or a field has no such name.
void check(const Map& plot);
// A plot is a map with the field "plot"; esp.plot.* make it.
bool is_plot(const Value&);

// What a plot that names columns or results is drawn from.
struct Source {
    const Table& table; // a row a task
    // The value at a path ("fit.adjacency") of the result of the task in a row of the table; nil
    // when there is none.
    std::function<Value(int64_t row, const std::string& path)> result;
    // The metric that a task in a row reported: steps and values; empty when there is none.
    std::function<std::pair<std::vector<double>, std::vector<double>>(int64_t row,
                                                                      const std::string& name)>
        metric;
};

// Throws Failure that names the field, and the nearest right name. Without a source every field
// holds its data.
Picture picture_of(const Map& plot, const Source* = nullptr);

// The picture as data for the page of a report; arrays are lists of numbers, gaps nil. Numbers have
// six digits.
Map data_of(const Picture&);

// Fit for a paper: colours that colour-blind readers tell apart, text as text. Equal pictures give
// equal bytes.
std::string svg_of(const Picture&);
// The same as pixels, `scale` for each point of the SVG. Throws Failure when there is no memory.
std::string png_of(const Picture&, double scale = 2);
// Drawn with braille dots, `columns` wide.
std::string text_of(const Picture&, int columns = 72, int rows = 16);

// .svg or .png by the ending; the file is there completely or not at all.
void save(const std::string& path, const Picture&);

} // namespace espalier::plot
