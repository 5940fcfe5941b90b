// SPDX-License-Identifier: MIT
// Curves in the terminal: two by four dots a letter.
#include "plot/drawing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace espalier::plot {

namespace {

class Dots {
public:
    Dots(int columns, int rows)
        : columns_(columns), cells_(static_cast<std::size_t>(columns * rows), 0) {}
    int width() const { return 2 * columns_; }
    int height() const { return 4 * static_cast<int>(cells_.size()) / columns_; }

    void set(int x, int y) {
        if (x < 0 || y < 0 || x >= width() || y >= height()) return;
        constexpr unsigned char bit[4][2] = {
            {0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
        cells_[static_cast<std::size_t>(y / 4 * columns_ + x / 2)] |= bit[y % 4][x % 2];
    }
    void join(double x1, double y1, double x2, double y2) {
        const int steps = static_cast<int>(std::max({std::abs(x2 - x1), std::abs(y2 - y1), 1.0}));
        for (int i = 0; i <= steps; ++i)
            set(static_cast<int>(std::lround(x1 + (x2 - x1) * i / steps)),
                static_cast<int>(std::lround(y1 + (y2 - y1) * i / steps)));
    }
    std::string row(int r) const {
        std::string out;
        for (int c = 0; c < columns_; ++c) {
            const unsigned char cell = cells_[static_cast<std::size_t>(r * columns_ + c)];
            // U+2800 and above, in UTF-8.
            out += static_cast<char>(0xe2);
            out += static_cast<char>(0xa0 | cell >> 6);
            out += static_cast<char>(0x80 | (cell & 0x3f));
        }
        return out;
    }

private:
    int columns_;
    std::vector<unsigned char> cells_;
};

void draw(Dots& dots, const Curve& c, const Scale& x, const Scale& y) {
    for (std::size_t i = 0; i < c.y.size(); ++i) {
        const double at = x(c.x[i]), level = y(c.y[i]);
        if (!std::isfinite(at) || !std::isfinite(level)) continue;
        if (c.mark == Mark::bars)
            for (double column = at; column < x(c.x[i + 1]); ++column)
                dots.join(column, dots.height() - 1, column, level);
        else if (c.mark == Mark::line && i > 0 && std::isfinite(y(c.y[i - 1])))
            dots.join(x(c.x[i - 1]), y(c.y[i - 1]), at, level);
        else
            dots.set(static_cast<int>(std::lround(at)), static_cast<int>(std::lround(level)));
    }
}

} // namespace

std::string text_of(const Picture& picture, int columns, int rows) {
    if (picture.curves.empty()) return {};
    const auto range = [&](bool horizontal) {
        const Axis& axis = horizontal ? picture.x : picture.y;
        return extent([&](const auto& see) {
            for (const Curve& c : picture.curves) {
                for (const double v : horizontal ? c.x : c.y)
                    if (!axis.log || v > 0) see(v);
                if (!horizontal && c.mark == Mark::bars && !axis.log) see(0);
            }
        });
    };
    const auto [left, right] = range(true);
    const auto [low, high] = range(false);
    Scale x(picture.x, left, right, 0), y(picture.y, low, high, 0);
    const auto vertical = y.ticks(std::max(2, rows / 4));
    std::size_t margin = 0;
    for (const auto& tick : vertical) margin = std::max(margin, tick.text.size());
    Dots dots(std::max(8, columns - static_cast<int>(margin) - 2), std::max(3, rows));
    x.on(0, dots.width() - 1);
    y.on(dots.height() - 1, 0);
    for (const Curve& c : picture.curves) draw(dots, c, x, y);

    std::string out = picture.title.empty() ? "" : picture.title + "\n";
    if (!picture.y.label.empty()) out += picture.y.label + "\n";
    for (int r = 0; r < std::max(3, rows); ++r) {
        std::string label;
        for (const auto& tick : vertical)
            if (static_cast<int>(std::lround(y(tick.at))) / 4 == r) label = tick.text;
        out += fmt::format("{:>{}} \u2502{}\n", label, margin, dots.row(r));
    }
    const auto horizontal = x.ticks(4);
    if (horizontal.size() < 2) return out;
    std::string below(margin + 2 + static_cast<std::size_t>(dots.width() / 2), ' ');
    for (const auto& tick : horizontal) {
        const auto at = margin + 2 +
                        static_cast<std::size_t>(std::max(
                            0.0, x(tick.at) / 2 - static_cast<double>(tick.text.size()) / 2));
        if (at + tick.text.size() <= below.size()) below.replace(at, tick.text.size(), tick.text);
    }
    return out + below + "  " + picture.x.label + "\n";
}

} // namespace espalier::plot
