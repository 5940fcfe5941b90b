// SPDX-License-Identifier: MIT
// What the SVG of every picture shares: a canvas of text, scales, colours, legends.
#pragma once

#include "plot/picture.hpp"

#include <functional>
#include <utility>

namespace espalier::plot {

struct Colour {
    int red = 0, green = 0, blue = 0;
};
std::string hex(Colour);
// Okabe and Ito's order without yellow, which white paper hides (jfly.uni-koeln.de/color).
Colour colour_of(std::size_t index);
// Of a share in [0, 1] of the palette's range.
Colour shade(Palette, double share);
inline constexpr Colour ink{0x22, 0x2b, 0x36}, faint{0xdd, 0xe2, 0xe8}, absent{0xee, 0xee, 0xee};

// Elements of an SVG, one after the other; numbers with at most two decimals.
class Canvas {
public:
    void text(double x, double y, std::string_view what, const char* anchor = "middle",
              double size = 12, bool upright = false);
    void line(double x1, double y1, double x2, double y2, Colour, double width = 1);
    void box(double x, double y, double width, double height, Colour fill, double opacity = 1,
             const Colour* edge = nullptr);
    void disc(double x, double y, double radius, Colour, double opacity = 1,
              std::string_view title = {});
    // Points that are not finite break the line.
    void path(const std::vector<std::pair<double, double>>&, Colour, double width = 1.6);
    void area(const std::vector<std::pair<double, double>>&, Colour, double opacity);
    // Pixels by row, each shown as a square block.
    void image(double x, double y, double width, double height, int64_t columns, int64_t rows,
               const std::vector<Colour>& pixels);
    // What is drawn until end_clip() stays within the rectangle.
    void begin_clip(double x, double y, double width, double height);
    void end_clip();

    std::string document(double width, double height, const Picture&) const;

private:
    std::string out_;
    int clips_ = 0;
};
double text_width(std::string_view, double size = 12); // a guess from the number of letters

// From data to a line of pixels.
class Scale {
public:
    // [low, high] of the data, widened to `axis.low`, `axis.high` where they are set.
    Scale(const Axis& axis, double low, double high, double margin);
    void on(double from, double to) { from_ = from, to_ = to; }
    double operator()(double value) const; // NaN where a logarithm has no place
    double low() const noexcept { return low_; }
    double high() const noexcept { return high_; }
    struct Tick {
        double at;
        std::string text;
    };
    std::vector<Tick> ticks(int wanted = 6) const; // at: in data units

private:
    bool log_;
    Texts categories_;
    double low_, high_; // of the data, or of their logarithms
    double from_ = 0, to_ = 1;
};

// A rectangle to draw in.
struct Frame {
    double left, top, width, height;
    double right() const { return left + width; }
    double bottom() const { return top + height; }
};
// Ticks and labels; y runs upward, or down as the rows of a matrix.
void draw_axes(Canvas&, const Frame&, const Picture&, Scale& x, Scale& y, bool grid,
               bool down = false);
struct Entry {
    std::string name;
    Colour colour;
    bool dot = false;
};
// Beside the frame; returns the width it takes.
double legend_width(const std::vector<Entry>&);
void draw_legend(Canvas&, double x, double y, const std::vector<Entry>&);

// The smallest and largest finite value; {0, 1} of none.
std::pair<double, double>
extent(const std::function<void(const std::function<void(double)>&)>& each);

std::string curves_svg(const Picture&);
std::string cells_svg(const Picture&);
std::string network_svg(const Picture&);

// A PNG file of the pixels, each a square of `block` x `block`.
std::string png_bytes(int64_t columns, int64_t rows, const std::vector<Colour>&, int block);

} // namespace espalier::plot
