// SPDX-License-Identifier: MIT
// trajectory and phase_portrait: states that move.
#include "plot/fields.hpp"

#include <fmt/format.h>

namespace espalier::plot {

namespace {

constexpr int64_t most_curves = 12;

// [time], [time, nodes] or [time, nodes, features]; of a run dimension before it the first.
Picture trajectory(const Fields& fields) {
    Picture picture = begin_picture(fields, "time", "state");
    Tensor values = fields.tensor("values");
    while (values.axes() > 3) values = values.row(0);
    if (values.axes() == 0)
        fields.refuse("values", "must be [time], [time, nodes] or [time, nodes, features]");
    const int64_t times = values.shape()[0];
    const int64_t nodes = values.axes() > 1 ? values.shape()[1] : 1;
    const int64_t features = values.axes() > 2 ? values.shape()[2] : 1;
    const int64_t feature = fields.integer("feature", 1, 1);
    if (feature > features) fields.refuse("feature", fmt::format("is past the last, {}", features));
    std::vector<double> shown;
    if (fields.has("nodes"))
        shown = fields.values("nodes").numbers;
    else
        for (int64_t v = 0; v < std::min(nodes, most_curves); ++v)
            shown.push_back(static_cast<double>(v + 1));
    const std::vector<double> x =
        fields.has("x") ? fields.values("x").numbers : std::vector<double>{};
    if (!x.empty() && static_cast<int64_t>(x.size()) != times)
        fields.refuse("x", fmt::format("has {} values for {} times", x.size(), times));
    for (const double node : shown) {
        const auto v = static_cast<int64_t>(node) - 1;
        if (v < 0 || v >= nodes) fields.refuse("nodes", fmt::format("must be in 1 .. {}", nodes));
        Curve curve;
        if (nodes > 1) curve.name = fmt::format("node {}", v + 1);
        for (int64_t t = 0; t < times; ++t) {
            curve.x.push_back(x.empty() ? static_cast<double>(t) : x[static_cast<std::size_t>(t)]);
            curve.y.push_back(values.number((t * nodes + v) * features + feature - 1));
        }
        picture.curves.push_back(std::move(curve));
    }
    if (!fields.has("nodes") && nodes > most_curves)
        picture.caption += fmt::format("{}The first {} of {} nodes.",
                                       picture.caption.empty() ? "" : " ", most_curves, nodes);
    return picture;
}

// x and y, or values [time, 2], or [runs, time, 2].
Picture phase_portrait(const Fields& fields) {
    Picture picture = begin_picture(fields, "x", "y");
    picture.equal = fields.flag("equal");
    if (!fields.has("values")) {
        Curve curve;
        curve.x = numbers_of(fields.tensor("x"));
        curve.y = numbers_of(fields.tensor("y"));
        if (curve.x.size() != curve.y.size())
            fields.refuse("y",
                          fmt::format("has {} values, 'x' has {}", curve.y.size(), curve.x.size()));
        picture.curves.push_back(std::move(curve));
        return picture;
    }
    const Tensor values = fields.tensor("values");
    if (values.axes() < 2 || values.axes() > 3 || values.shape().back() != 2)
        fields.refuse("values", "must be [time, 2] or [runs, time, 2]");
    const int64_t runs = values.axes() == 3 ? values.shape()[0] : 1;
    const int64_t times = values.shape()[values.axes() - 2];
    for (int64_t r = 0; r < std::min(runs, most_curves); ++r) {
        Curve curve;
        if (runs > 1) curve.name = fmt::format("run {}", r + 1);
        for (int64_t t = 0; t < times; ++t) {
            curve.x.push_back(values.number((r * times + t) * 2));
            curve.y.push_back(values.number((r * times + t) * 2 + 1));
        }
        picture.curves.push_back(std::move(curve));
    }
    return picture;
}

} // namespace

Picture motion_picture(const Map& plot, const Source* source) {
    const Fields fields(plot, source);
    return fields.kind() == "trajectory" ? trajectory(fields) : phase_portrait(fields);
}

} // namespace espalier::plot
