// SPDX-License-Identifier: MIT
// A network as SVG.
#include "plot/drawing.hpp"

#include <algorithm>
#include <cmath>

namespace espalier::plot {

namespace {

constexpr Colour plain_edge{0x9a, 0xa5, 0xb1};

// Edges of a class other than the first stand out; without classes all are grey.
Colour edge_colour(const Network& net, std::size_t e) {
    return net.classes.empty() || net.node_class.size() + net.edge_class.size() == 0 ||
                   !net.edge_class[e]
               ? (net.classes.empty() || net.classes.front() != "found" ? plain_edge : colour_of(0))
               : shade(Palette::verdict, net.edge_class[e] == 1 ? 2.0 / 3 : 1);
}

// Of the edges, so that nodes do not hide them; without edges that of a grid of the nodes.
double median_length(const Network& net) {
    std::vector<double> lengths;
    for (std::size_t e = 0; e < net.from.size(); ++e) {
        const auto from = static_cast<std::size_t>(net.from[e]),
                   to = static_cast<std::size_t>(net.to[e]);
        lengths.push_back(std::hypot(net.x[to] - net.x[from], net.y[to] - net.y[from]));
    }
    if (lengths.empty()) return 0.5 / std::sqrt(static_cast<double>(net.x.size()));
    const auto middle = lengths.begin() + static_cast<std::ptrdiff_t>(lengths.size() / 2);
    std::nth_element(lengths.begin(), middle, lengths.end());
    return *middle;
}

} // namespace

std::string network_svg(const Picture& picture) {
    const Network& net = *picture.network;
    const std::size_t nodes = net.x.size(), edges = net.from.size();
    const double size = 520, left = 24, top = 40;
    const double high = std::max(0.15, *std::max_element(net.y.begin(), net.y.end()));
    const auto x = [&](std::size_t v) { return left + size * net.x[v]; };
    const auto y = [&](std::size_t v) { return top + size * (high - net.y[v]); };
    // Together the nodes cover at most a good part of the picture.
    const double most = std::clamp(0.3 * size / std::sqrt(static_cast<double>(nodes)), 0.6, 7.0);
    const double radius = std::min(std::max(0.28 * size * median_length(net), 0.6), most);
    const double stroke = std::clamp(40 / std::sqrt(static_cast<double>(edges) + 1), 0.25, 1.6);
    Canvas canvas;
    canvas.text(left + size / 2, 22, picture.title, "middle", 14);
    for (std::size_t e = 0; e < edges; ++e) {
        const auto from = static_cast<std::size_t>(net.from[e]),
                   to = static_cast<std::size_t>(net.to[e]);
        const Colour colour = edge_colour(net, e);
        const double width = net.width.empty()
                                 ? stroke * (net.edge_class.empty() || !net.edge_class[e] ? 1 : 1.5)
                                 : stroke * (0.3 + 2 * net.width[e]);
        canvas.line(x(from), y(from), x(to), y(to), colour, width);
        if (net.directed && edges < 2000) {
            const double dx = x(to) - x(from), dy = y(to) - y(from), length = std::hypot(dx, dy);
            if (length < 1) continue;
            const double tip = radius + 1, back = tip + 6, ux = dx / length, uy = dy / length;
            canvas.area({{x(to) - ux * tip, y(to) - uy * tip},
                         {x(to) - ux * back - uy * 3, y(to) - uy * back + ux * 3},
                         {x(to) - ux * back + uy * 3, y(to) - uy * back - ux * 3}},
                        colour, 1);
        }
    }
    const auto first_node_class =
        net.node_class.empty() ? 0
                               : *std::min_element(net.node_class.begin(), net.node_class.end());
    const auto node_colour = [&](std::size_t v) {
        return net.node_class.empty()
                   ? ink
                   : colour_of(static_cast<std::size_t>(net.node_class[v] - first_node_class));
    };
    for (std::size_t v = 0; v < nodes; ++v) {
        canvas.disc(x(v), y(v), radius * (net.size.empty() ? 1 : 0.5 + std::sqrt(net.size[v])),
                    node_colour(v), 1, net.labels.empty() ? "" : net.labels[v]);
        if (!net.labels.empty() && nodes <= 60)
            canvas.text(x(v), y(v) - radius - 3, net.labels[v], "middle", 10);
    }
    std::vector<Entry> entries;
    for (std::size_t c = 0; c < net.classes.size(); ++c) {
        const bool of_nodes = !net.node_class.empty() && static_cast<int>(c) >= first_node_class;
        entries.push_back({net.classes[c],
                           of_nodes ? colour_of(c - static_cast<std::size_t>(first_node_class))
                           : c == 0 ? colour_of(0)
                                    : shade(Palette::verdict, c == 1 ? 2.0 / 3 : 1),
                           of_nodes});
    }
    const double right = left + size + 16;
    draw_legend(canvas, right, top + 8, entries);
    return canvas.document(right + (entries.empty() ? 8 : legend_width(entries)),
                           top + size * high + 24, picture);
}

} // namespace espalier::plot
