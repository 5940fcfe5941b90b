// SPDX-License-Identifier: MIT
// Cells as SVG: one matrix with axes and a colour bar, or panels side by side.
#include "plot/drawing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace espalier::plot {

namespace {

// Shares of the palette for values: the range of all panels, symmetric about zero when diverging.
class Shades {
public:
    explicit Shades(const Picture& picture) : palette_(picture.palette), log_(picture.colour.log) {
        if (palette_ == Palette::verdict) {
            high_ = 3;
            return;
        }
        std::tie(low_, high_) = extent([&](const auto& see) {
            for (const Cells& c : picture.cells)
                for (const double v : c.values)
                    if (!log_ || v > 0) see(v);
        });
        if (palette_ == Palette::diverging)
            high_ = std::max(std::abs(low_), std::abs(high_)), low_ = -high_;
        if (palette_ == Palette::grey && low_ >= 0 && high_ <= 1) low_ = 0, high_ = 1;
        if (picture.colour.low) low_ = *picture.colour.low;
        if (picture.colour.high) high_ = *picture.colour.high;
        if (low_ == high_) high_ = low_ + 1;
    }
    Colour operator()(double v) const {
        if (!std::isfinite(v) || (log_ && v <= 0)) return absent;
        return shade(palette_, log_ ? std::log(v / low_) / std::log(high_ / low_)
                                    : (v - low_) / (high_ - low_));
    }
    double low() const { return low_; }
    double high() const { return high_; }

private:
    Palette palette_;
    bool log_;
    double low_ = 0, high_ = 1;
};

void draw_cells(Canvas& canvas, const Frame& frame, const Cells& cells, const Shades& shades) {
    std::vector<Colour> pixels;
    for (const double v : cells.values) pixels.push_back(shades(v));
    canvas.image(frame.left, frame.top, frame.width, frame.height, cells.columns, cells.rows,
                 pixels);
}

void draw_bar(Canvas& canvas, const Frame& bar, const Picture& picture, const Shades& shades) {
    constexpr int steps = 64;
    for (int i = 0; i < steps; ++i) {
        const double share = (i + 0.5) / steps;
        canvas.box(bar.left, bar.bottom() - bar.height * (i + 1) / steps, bar.width,
                   bar.height / steps + 0.4, shade(picture.palette, share));
    }
    Axis axis = picture.colour;
    axis.low = shades.low(), axis.high = shades.high();
    Scale scale(axis, shades.low(), shades.high(), 0);
    scale.on(bar.bottom(), bar.top);
    for (const auto& tick : scale.ticks(5))
        canvas.text(bar.right() + 5, scale(tick.at) + 4, tick.text, "start", 11);
    canvas.text(bar.left + bar.width / 2, bar.bottom() + 20, picture.colour.label, "middle", 11);
}

std::vector<Entry> verdicts() {
    constexpr std::array<const char*, 4> names{"absent, not found", "found", "missed", "wrong"};
    std::vector<Entry> entries;
    for (std::size_t i = 1; i < names.size(); ++i)
        entries.push_back({names[i], shade(Palette::verdict, static_cast<double>(i) / 3), true});
    return entries;
}

// The axis of the cells' centres, with half a cell on both sides.
Scale scale_of(const Axis& axis, double first, double last, int64_t count) {
    if (first == 0 && last == 0) first = 1, last = static_cast<double>(count);
    const double half = count > 1 ? 0.5 * (last - first) / static_cast<double>(count - 1) : 0.5;
    Axis exact = axis;
    exact.log = false;
    exact.low = first - half, exact.high = last + half;
    return Scale(exact, *exact.low, *exact.high, 0);
}

std::string one_matrix(const Picture& picture) {
    const Cells& cells = picture.cells.front();
    const Shades shades(picture);
    // Square cells where both sides count the same things, else a frame that fits a page.
    double width = 360, height = 300;
    if (picture.equal || (cells.rows == cells.columns && cells.rows > 0)) {
        const double cell =
            340.0 / static_cast<double>(std::max<int64_t>({cells.rows, cells.columns, 1}));
        width = cell * static_cast<double>(cells.columns),
        height = cell * static_cast<double>(cells.rows);
    }
    const bool upward = picture.kind == "heat_map"; // the first row below, as on a map
    Scale x = scale_of(picture.x, cells.left, cells.right, cells.columns);
    Scale y = scale_of(picture.y, cells.top, cells.bottom, cells.rows);
    double margin = 0;
    for (const auto& tick : y.ticks()) margin = std::max(margin, text_width(tick.text, 11));
    const Frame frame{margin + 40, 36, width, height};
    Canvas canvas;
    Cells shown = cells;
    if (upward)
        for (int64_t r = 0; r < cells.rows; ++r)
            std::copy_n(cells.values.begin() + (cells.rows - 1 - r) * cells.columns, cells.columns,
                        shown.values.begin() + r * cells.columns);
    draw_cells(canvas, frame, shown, shades);
    draw_axes(canvas, frame, picture, x, y, false, !upward);
    double side = 20;
    if (picture.palette == Palette::verdict) {
        draw_legend(canvas, frame.right() + 16, frame.top + 8, verdicts());
        side = legend_width(verdicts()) + 20;
    } else {
        draw_bar(canvas, {frame.right() + 16, frame.top, 14, std::min(frame.height, 300.0)},
                 picture, shades);
        side = 90;
    }
    return canvas.document(frame.right() + side, frame.bottom() + 50, picture);
}

std::string panels(const Picture& picture) {
    const auto count = static_cast<double>(picture.cells.size());
    const Cells& first = picture.cells.front();
    const double shape =
        static_cast<double>(first.rows) / static_cast<double>(std::max<int64_t>(first.columns, 1));
    const double columns = std::min(
        count, std::clamp(std::ceil(std::sqrt(count * std::max(shape, 0.25) * 1.5)), 1.0, 24.0));
    const double rows = std::ceil(count / columns);
    const bool titled = std::any_of(picture.cells.begin(), picture.cells.end(),
                                    [](const Cells& c) { return !c.title.empty(); });
    const double gap = 6, heading = titled ? 16 : 0;
    const double width = std::clamp(620 / columns - gap, 18.0, 200.0), height = width * shape;
    const Shades shades(picture);
    Canvas canvas;
    canvas.text(20 + columns * (width + gap) / 2, 22, picture.title, "middle", 14);
    for (std::size_t i = 0; i < picture.cells.size(); ++i) {
        const double column = static_cast<double>(i % static_cast<std::size_t>(columns)),
                     row = std::floor(static_cast<double>(i) / columns);
        const Frame frame{20 + column * (width + gap),
                          36 + heading + row * (height + gap + heading), width, height};
        draw_cells(canvas, frame, picture.cells[i], shades);
        canvas.text(frame.left + width / 2, frame.top - 4, picture.cells[i].title, "middle", 10);
    }
    const double right = 20 + columns * (width + gap),
                 bottom = 36 + rows * (height + gap + heading);
    draw_bar(canvas, {right + 12, 36 + heading, 12, std::clamp(bottom - 36 - heading, 40.0, 240.0)},
             picture, shades);
    return canvas.document(right + 80, std::max(bottom, 120.0) + 24, picture);
}

} // namespace

std::string cells_svg(const Picture& picture) {
    return picture.cells.size() == 1 && picture.kind != "image_grid" ? one_matrix(picture)
                                                                     : panels(picture);
}

} // namespace espalier::plot
