// SPDX-License-Identifier: MIT
// The canvas, and what stands around every picture: axes and legends.
#include "plot/drawing.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace espalier::plot {

namespace {

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        default: out += c >= 0 && c < ' ' ? ' ' : c;
        }
    return out;
}

// At most two decimals, no zeros at the end.
std::string number(double v) {
    std::string text = fmt::format("{:.2f}", v);
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
    return text == "-0" ? "0" : text;
}

Colour between(Colour a, Colour b, double share) {
    const auto mixed = [&](int from, int to) {
        return static_cast<int>(std::lround(from + share * (to - from)));
    };
    return {mixed(a.red, b.red), mixed(a.green, b.green), mixed(a.blue, b.blue)};
}

template <std::size_t n> Colour along(const std::array<Colour, n>& stops, double share) {
    const double at = std::clamp(share, 0.0, 1.0) * (n - 1);
    const auto i = std::min(static_cast<std::size_t>(at), n - 2);
    return between(stops[i], stops[i + 1], at - static_cast<double>(i));
}

} // namespace

std::string hex(Colour c) { return fmt::format("#{:02x}{:02x}{:02x}", c.red, c.green, c.blue); }

Colour colour_of(std::size_t index) {
    constexpr std::array<Colour, 8> order{{{0x00, 0x72, 0xb2},
                                           {0xd5, 0x5e, 0x00},
                                           {0x00, 0x9e, 0x73},
                                           {0xcc, 0x79, 0xa7},
                                           {0xe6, 0x9f, 0x00},
                                           {0x56, 0xb4, 0xe9},
                                           {0x4d, 0x4d, 0x4d},
                                           {0x8c, 0x51, 0x0a}}};
    return order[index % order.size()];
}

Colour shade(Palette palette, double share) {
    // Nine stops of viridis (van der Walt and Smith), and of ColorBrewer's RdBu reversed.
    constexpr std::array<Colour, 9> viridis{{{0x44, 0x01, 0x54},
                                             {0x47, 0x2d, 0x7b},
                                             {0x3b, 0x52, 0x8b},
                                             {0x2c, 0x72, 0x8e},
                                             {0x21, 0x91, 0x8c},
                                             {0x28, 0xae, 0x80},
                                             {0x5e, 0xc9, 0x62},
                                             {0xad, 0xdc, 0x30},
                                             {0xfd, 0xe7, 0x25}}};
    constexpr std::array<Colour, 7> blue_red{{{0x21, 0x66, 0xac},
                                              {0x67, 0xa9, 0xcf},
                                              {0xd1, 0xe5, 0xf0},
                                              {0xf7, 0xf7, 0xf7},
                                              {0xfd, 0xdb, 0xc7},
                                              {0xef, 0x8a, 0x62},
                                              {0xb2, 0x18, 0x2b}}};
    constexpr std::array<Colour, 4> verdicts{
        {{0xf4, 0xf6, 0xf8}, {0x00, 0x72, 0xb2}, {0xe6, 0x9f, 0x00}, {0xd5, 0x5e, 0x00}}};
    switch (palette) {
    case Palette::sequential: return along(viridis, share);
    case Palette::diverging: return along(blue_red, share);
    case Palette::grey: return between({0, 0, 0}, {255, 255, 255}, std::clamp(share, 0.0, 1.0));
    default: return verdicts[static_cast<std::size_t>(std::clamp(std::lround(share * 3), 0L, 3L))];
    }
}

double text_width(std::string_view text, double size) {
    const auto letters =
        std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; });
    return 0.57 * size * static_cast<double>(letters);
}

void Canvas::text(double x, double y, std::string_view what, const char* anchor, double size,
                  bool upright) {
    if (what.empty()) return;
    out_ +=
        fmt::format("<text x=\"{0}\" y=\"{1}\" font-size=\"{2}\" text-anchor=\"{3}\" fill=\"{4}\"",
                    number(x), number(y), number(size), anchor, hex(ink));
    if (upright) out_ += fmt::format(" transform=\"rotate(-90 {} {})\"", number(x), number(y));
    out_ += fmt::format(">{}</text>\n", escaped(what));
}

void Canvas::line(double x1, double y1, double x2, double y2, Colour colour, double width) {
    out_ += fmt::format("<path d=\"M{} {}L{} {}\" stroke=\"{}\" stroke-width=\"{}\"/>\n",
                        number(x1), number(y1), number(x2), number(y2), hex(colour), number(width));
}

void Canvas::box(double x, double y, double width, double height, Colour fill, double opacity,
                 const Colour* edge) {
    out_ += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{}\"", number(x),
                        number(y), number(width), number(height), hex(fill));
    if (opacity < 1) out_ += fmt::format(" fill-opacity=\"{}\"", number(opacity));
    if (edge) out_ += fmt::format(" stroke=\"{}\"", hex(*edge));
    out_ += "/>\n";
}

void Canvas::disc(double x, double y, double radius, Colour colour, double opacity,
                  std::string_view title) {
    if (!std::isfinite(x) || !std::isfinite(y)) return;
    out_ += fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"{}\" fill=\"{}\"", number(x), number(y),
                        number(radius), hex(colour));
    if (opacity < 1) out_ += fmt::format(" fill-opacity=\"{}\"", number(opacity));
    out_ += title.empty() ? "/>\n" : fmt::format("><title>{}</title></circle>\n", escaped(title));
}

void Canvas::path(const std::vector<std::pair<double, double>>& points, Colour colour,
                  double width) {
    std::string d;
    bool drawing = false;
    for (const auto& [x, y] : points) {
        const bool there = std::isfinite(x) && std::isfinite(y);
        if (there) d += fmt::format("{}{} {}", drawing ? "L" : "M", number(x), number(y));
        drawing = there;
    }
    if (!d.empty())
        out_ += fmt::format("<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\" "
                            "stroke-linejoin=\"round\" "
                            "stroke-linecap=\"round\"/>\n",
                            d, hex(colour), number(width));
}

void Canvas::area(const std::vector<std::pair<double, double>>& points, Colour colour,
                  double opacity) {
    std::string d;
    for (const auto& [x, y] : points)
        if (std::isfinite(x) && std::isfinite(y))
            d += fmt::format("{}{} {}", d.empty() ? "M" : "L", number(x), number(y));
    if (!d.empty())
        out_ += fmt::format("<path d=\"{}Z\" fill=\"{}\" fill-opacity=\"{}\"/>\n", d, hex(colour),
                            number(opacity));
}

void Canvas::image(double x, double y, double width, double height, int64_t columns, int64_t rows,
                   const std::vector<Colour>& pixels) {
    if (columns == 0 || rows == 0) return;
    // Programs that smooth enlarged images still show squares.
    const int block = static_cast<int>(std::clamp<int64_t>(600 / std::max(columns, rows), 1, 24));
    const std::string bytes = png_bytes(columns, rows, pixels, block);
    std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    text.resize(static_cast<std::size_t>(EVP_EncodeBlock(
        reinterpret_cast<unsigned char*>(text.data()),
        reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()))));
    out_ += fmt::format(
        "<image x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" preserveAspectRatio=\"none\" "
        "image-rendering=\"optimizeSpeed\" href=\"data:image/png;base64,{}\"/>\n",
        number(x), number(y), number(width), number(height), text);
}

void Canvas::begin_clip(double x, double y, double width, double height) {
    out_ += fmt::format(
        "<clipPath id=\"c{0}\"><rect x=\"{1}\" y=\"{2}\" width=\"{3}\" height=\"{4}\"/></clipPath>"
        "<g clip-path=\"url(#c{0})\">\n",
        clips_++, number(x), number(y), number(width), number(height));
}

void Canvas::end_clip() { out_ += "</g>\n"; }

std::string Canvas::document(double width, double height, const Picture& picture) const {
    std::string out =
        fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" "
                    "width=\"{0}\" height=\"{1}\" "
                    "role=\"img\" font-family=\"DejaVu Sans, Helvetica, Arial, sans-serif\">\n",
                    number(width), number(height));
    out += fmt::format("<title>{}</title>\n",
                       escaped(picture.title.empty() ? picture.kind : picture.title));
    if (!picture.caption.empty()) out += fmt::format("<desc>{}</desc>\n", escaped(picture.caption));
    return out +
           fmt::format("<rect width=\"{}\" height=\"{}\" fill=\"#ffffff\"/>\n", number(width),
                       number(height)) +
           out_ + "</svg>\n";
}

std::pair<double, double>
extent(const std::function<void(const std::function<void(double)>&)>& each) {
    double low = INFINITY, high = -INFINITY;
    each([&](double v) {
        if (std::isfinite(v)) low = std::min(low, v), high = std::max(high, v);
    });
    return low > high ? std::pair(0.0, 1.0) : std::pair(low, high);
}

void draw_axes(Canvas& canvas, const Frame& frame, const Picture& picture, Scale& x, Scale& y,
               bool grid, bool down) {
    x.on(frame.left, frame.right());
    y.on(down ? frame.top : frame.bottom(), down ? frame.bottom() : frame.top);
    // Labels that would touch are thinned, every second, every third ...
    auto ticks = x.ticks();
    double widest = 0;
    for (const auto& tick : ticks) widest = std::max(widest, text_width(tick.text, 11) + 8);
    const auto room = static_cast<std::size_t>(std::max(1.0, frame.width / std::max(widest, 1.0)));
    const std::size_t every = (ticks.size() + room - 1) / std::max<std::size_t>(room, 1);
    for (std::size_t i = 0; i < ticks.size(); ++i) {
        const double at = x(ticks[i].at);
        if (grid) canvas.line(at, frame.top, at, frame.bottom(), faint, 0.7);
        canvas.line(at, frame.bottom(), at, frame.bottom() + 4, ink, 0.8);
        if (i % std::max<std::size_t>(every, 1) == 0)
            canvas.text(at, frame.bottom() + 17, ticks[i].text, "middle", 11);
    }
    double margin = 0;
    for (const auto& tick : y.ticks()) {
        const double at = y(tick.at);
        if (grid) canvas.line(frame.left, at, frame.right(), at, faint, 0.7);
        canvas.line(frame.left - 4, at, frame.left, at, ink, 0.8);
        canvas.text(frame.left - 7, at + 4, tick.text, "end", 11);
        margin = std::max(margin, text_width(tick.text, 11));
    }
    canvas.line(frame.left, frame.bottom(), frame.right(), frame.bottom(), ink, 0.8);
    canvas.line(frame.left, frame.top, frame.left, frame.bottom(), ink, 0.8);
    canvas.text(frame.left + frame.width / 2, frame.bottom() + 36, picture.x.label);
    canvas.text(frame.left - margin - 18, frame.top + frame.height / 2, picture.y.label, "middle",
                12, true);
    canvas.text(frame.left + frame.width / 2, frame.top - 14, picture.title, "middle", 14);
}

double legend_width(const std::vector<Entry>& entries) {
    double widest = 0;
    for (const auto& entry : entries) widest = std::max(widest, text_width(entry.name, 11) + 34);
    return widest;
}

void draw_legend(Canvas& canvas, double x, double y, const std::vector<Entry>& entries) {
    for (const auto& entry : entries) {
        if (entry.dot)
            canvas.disc(x + 7, y, 4, entry.colour);
        else
            canvas.line(x, y, x + 14, y, entry.colour, 2.5);
        canvas.text(x + 20, y + 4, entry.name, "start", 11);
        y += 18;
    }
}

} // namespace espalier::plot
