// SPDX-License-Identifier: MIT
// Curves as SVG: lines with bands, dots with error bars, histograms, boxes and violins.
#include "plot/drawing.hpp"

#include <algorithm>
#include <cmath>

namespace espalier::plot {

namespace {

using Points = std::vector<std::pair<double, double>>;

// Bars stand on zero, or with a logarithmic axis on the lower end.
std::pair<double, double> range_of_y(const Picture& picture) {
    auto range = extent([&](const auto& see) {
        const auto seen = [&](double v) {
            if (!picture.y.log || v > 0) see(v);
        };
        for (const Curve& c : picture.curves) {
            for (const auto* values : {&c.y, &c.low, &c.high})
                std::for_each(values->begin(), values->end(), seen);
            for (const auto& s : c.spreads) {
                seen(s.least), seen(s.most);
                if (c.mark == Mark::box) std::for_each(s.outliers.begin(), s.outliers.end(), seen);
            }
            for (const auto& o : c.outlines) std::for_each(o.at.begin(), o.at.end(), seen);
            if (c.mark == Mark::bars) seen(picture.y.log ? 0.5 : 0);
        }
    });
    return range;
}

class Drawing {
public:
    Drawing(Canvas& canvas, const Scale& x, const Scale& y, const Frame& frame)
        : canvas_(canvas), x_(x), y_(y), frame_(frame) {}

    void draw(const Curve& c, Colour colour, bool alone) {
        switch (c.mark) {
        case Mark::line: return line(c, colour);
        case Mark::points: return points(c, colour);
        case Mark::bars: return bars(c, colour, alone);
        case Mark::box: return boxes(c, colour);
        case Mark::violin: return violins(c, colour);
        }
    }

private:
    double slot() const { return x_(1) - x_(0); } // of a category

    void line(const Curve& c, Colour colour) {
        if (!c.low.empty()) {
            Points edge;
            for (std::size_t i = 0; i < c.x.size(); ++i)
                edge.emplace_back(x_(c.x[i]), y_(c.low[i]));
            for (std::size_t i = c.x.size(); i-- > 0;) edge.emplace_back(x_(c.x[i]), y_(c.high[i]));
            canvas_.area(edge, colour, 0.18);
        }
        Points points;
        for (std::size_t i = 0; i < c.x.size(); ++i) points.emplace_back(x_(c.x[i]), y_(c.y[i]));
        canvas_.path(points, colour);
        // Few points are worth seeing one by one.
        if (points.size() <= 30)
            for (const auto& [x, y] : points) canvas_.disc(x, y, 2.4, colour);
    }

    void points(const Curve& c, Colour colour) {
        const double radius = c.x.size() > 2000 ? 1.5 : 3, opacity = c.x.size() > 200 ? 0.5 : 0.85;
        for (std::size_t i = 0; i < c.low.size(); ++i) {
            const double x = x_(c.x[i]), low = y_(c.low[i]), high = y_(c.high[i]);
            if (!std::isfinite(low) || !std::isfinite(high)) continue;
            canvas_.line(x, low, x, high, colour);
            canvas_.line(x - 3, low, x + 3, low, colour);
            canvas_.line(x - 3, high, x + 3, high, colour);
        }
        for (std::size_t i = 0; i < c.x.size(); ++i)
            canvas_.disc(x_(c.x[i]), y_(c.y[i]), radius, colour, opacity,
                         c.labels.empty() ? "" : c.labels[i]);
    }

    void bars(const Curve& c, Colour colour, bool alone) {
        const Colour white{255, 255, 255};
        for (std::size_t i = 0; i < c.y.size(); ++i) {
            const double left = x_(c.x[i]), right = x_(c.x[i + 1]), top = y_(c.y[i]);
            if (std::isfinite(top) && frame_.bottom() > top)
                canvas_.box(left, top, right - left, frame_.bottom() - top, colour,
                            alone ? 0.9 : 0.45, &white);
        }
    }

    void boxes(const Curve& c, Colour colour) {
        const double half = 0.28 * slot();
        for (std::size_t i = 0; i < c.x.size(); ++i) {
            const auto& s = c.spreads[i];
            const double at = x_(c.x[i]);
            canvas_.line(at, y_(s.least), at, y_(s.most), colour);
            for (const double end : {s.least, s.most})
                canvas_.line(at - half / 2, y_(end), at + half / 2, y_(end), colour);
            canvas_.box(at - half, y_(s.upper), 2 * half, y_(s.lower) - y_(s.upper),
                        {255, 255, 255}, 1, &colour);
            canvas_.box(at - half, y_(s.upper), 2 * half, y_(s.lower) - y_(s.upper), colour, 0.2);
            canvas_.line(at - half, y_(c.y[i]), at + half, y_(c.y[i]), colour, 2.2);
            for (const double v : s.outliers) canvas_.disc(at, y_(v), 2, colour, 0.7);
        }
    }

    void violins(const Curve& c, Colour colour) {
        const double half = 0.4 * slot();
        for (std::size_t i = 0; i < c.x.size(); ++i) {
            const auto& o = c.outlines[i];
            const double at = x_(c.x[i]);
            Points outline;
            for (std::size_t k = 0; k < o.at.size(); ++k)
                outline.emplace_back(at + half * o.width[k], y_(o.at[k]));
            for (std::size_t k = o.at.size(); k-- > 0;)
                outline.emplace_back(at - half * o.width[k], y_(o.at[k]));
            canvas_.area(outline, colour, 0.3);
            outline.push_back(outline.front());
            canvas_.path(outline, colour, 1);
            canvas_.line(at, y_(c.spreads[i].lower), at, y_(c.spreads[i].upper), colour, 3);
            canvas_.disc(at, y_(c.y[i]), 3.2, colour);
        }
    }

    Canvas& canvas_;
    const Scale &x_, &y_;
    const Frame& frame_;
};

} // namespace

std::string curves_svg(const Picture& picture) {
    const auto [left, right] = extent([&](const auto& see) {
        for (const Curve& c : picture.curves)
            for (const double v : c.x)
                if (!picture.x.log || v > 0) see(v);
    });
    const auto [low, high] = range_of_y(picture);
    const bool bars = !picture.curves.empty() && picture.curves.front().mark == Mark::bars;
    Scale x(picture.x, picture.x.log && left <= 0 ? 1e-3 : left, right, bars ? 0.01 : 0.03);
    Axis vertical = picture.y;
    if (bars && !vertical.low && !vertical.log) vertical.low = 0;
    Scale y(vertical, picture.y.log && low <= 0 ? 1e-3 : low, high, 0.05);

    double margin = 0;
    for (const auto& tick : y.ticks()) margin = std::max(margin, text_width(tick.text, 11));
    Frame frame{margin + 40, 36, 440, 300};
    if (picture.equal) {
        const double ratio = (y.high() - y.low()) / (x.high() - x.low());
        frame.height = std::clamp(frame.width * ratio, 120.0, 520.0);
        frame.width = std::min(frame.width, frame.height / ratio);
    }
    std::vector<Entry> entries;
    for (std::size_t i = 0; i < picture.curves.size(); ++i)
        if (!picture.curves[i].name.empty())
            entries.push_back(
                {picture.curves[i].name, colour_of(i), picture.curves[i].mark == Mark::points});
    if (entries.size() > 16) entries.resize(16), entries.back() = {"...", {255, 255, 255}, true};
    if (picture.curves.size() < 2 && entries.size() == 1 && entries.front().name == picture.y.label)
        entries.clear();

    Canvas canvas;
    draw_axes(canvas, frame, picture, x, y, true);
    canvas.begin_clip(frame.left, frame.top - 3, frame.width + 3, frame.height + 6);
    Drawing drawing(canvas, x, y, frame);
    for (std::size_t i = 0; i < picture.curves.size(); ++i)
        drawing.draw(picture.curves[i], colour_of(i), picture.curves.size() == 1);
    canvas.end_clip();
    const double side = entries.empty() ? 20 : legend_width(entries) + 20;
    draw_legend(canvas, frame.right() + 16, frame.top + 8, entries);
    return canvas.document(frame.right() + side, frame.bottom() + 50, picture);
}

} // namespace espalier::plot
