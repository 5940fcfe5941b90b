// SPDX-License-Identifier: MIT
// line and scatter: columns of results, metrics that tasks reported, or data.
#include "plot/fields.hpp"

#include "run/statistics.hpp"
#include "values/failure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace espalier::plot {

namespace {

struct Observation {
    std::string group;
    double x, y;
};

// What a band shows about the values that are averaged.
enum class Spread { error, deviation, range };
Spread spread_of(const Fields& fields) {
    const std::string name = fields.text("spread", "error");
    if (name == "error") return Spread::error;
    if (name == "deviation") return Spread::deviation;
    if (name == "range") return Spread::range;
    fields.refuse("spread", fmt::format("= '{}': must be error, deviation or range", name));
}

// A curve a group: the mean at each x, with a band where something was averaged.
std::vector<Curve> averaged(const std::vector<Observation>& all, Spread spread, Mark mark) {
    Texts names;
    std::map<std::string, std::map<double, std::vector<double>>> at;
    for (const auto& o : all) {
        names.push_back(o.group);
        if (std::isfinite(o.x)) at[o.group][o.x].push_back(o.y);
    }
    std::vector<Curve> curves;
    for (const auto& name : sorted_names(names)) {
        Curve curve;
        curve.name = name;
        curve.mark = mark;
        bool many = false;
        for (const auto& [x, values] : at[name]) {
            const Summary s = summary_of(values);
            const double half = s.finite < 2                  ? 0
                                : spread == Spread::deviation ? s.standard_deviation
                                                              : s.standard_error;
            many = many || values.size() > 1;
            curve.x.push_back(x);
            curve.y.push_back(s.mean);
            curve.low.push_back(spread == Spread::range ? s.minimum : s.mean - half);
            curve.high.push_back(spread == Spread::range ? s.maximum : s.mean + half);
        }
        if (!many) curve.low.clear(), curve.high.clear();
        curves.push_back(std::move(curve));
    }
    return curves;
}

// A curve for each group, or for each task when nothing groups them; no more than these.
constexpr std::size_t most_tasks = 50;

Picture metric_picture(const Fields& fields) {
    if (!fields.of_columns())
        fields.refuse("metric", "belongs to a run; use the plot in an experiment's 'plots'");
    const std::string name = fields.text("metric");
    Picture picture = begin_picture(fields, "step", name);
    Texts groups = fields.groups("by");
    const bool alone = !fields.has("by") && !fields.has("band");
    std::vector<Observation> all;
    std::size_t tasks = 0;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        const auto [steps, values] = fields.source().metric(fields.rows()[i], name);
        if (steps.empty()) continue;
        if (++tasks > most_tasks) {
            picture.caption += fmt::format("{}The first {} tasks.",
                                           picture.caption.empty() ? "" : " ", most_tasks);
            break;
        }
        if (alone && groups.size() > 1) groups[i] = fmt::format("task {}", fields.rows()[i] + 1);
        for (std::size_t k = 0; k < steps.size(); ++k)
            all.push_back({groups[i], steps[k], values[k]});
    }
    picture.curves = averaged(all, spread_of(fields), Mark::line);
    return picture;
}

Picture column_picture(const Fields& fields, Mark mark) {
    const Values x = fields.values("x");
    const std::vector<Values> ys = fields.several("y");
    Picture picture = begin_picture(fields, x.name, ys.size() == 1 ? ys.front().name : "");
    picture.x.categories = x.categories;
    const Texts groups = fields.groups("by");
    const bool average = mark == Mark::line || fields.has("band");
    for (const Values& y : ys) {
        std::vector<Observation> all;
        for (std::size_t i = 0; i < x.numbers.size() && i < y.numbers.size(); ++i) {
            std::string group = groups[i];
            if (ys.size() > 1) group = group.empty() ? y.name : y.name + ", " + group;
            all.push_back({group, x.numbers[i], y.numbers[i]});
        }
        if (average) {
            for (auto& curve : averaged(all, spread_of(fields), mark))
                picture.curves.push_back(std::move(curve));
            continue;
        }
        std::map<std::string, Curve> curves;
        Texts names;
        for (const auto& o : all) {
            names.push_back(o.group);
            curves[o.group].x.push_back(o.x);
            curves[o.group].y.push_back(o.y);
        }
        for (const auto& name : sorted_names(names)) {
            curves[name].name = name;
            curves[name].mark = mark;
            picture.curves.push_back(std::move(curves[name]));
        }
    }
    return picture;
}

Picture data_picture(const Fields& fields, Mark mark) {
    const std::vector<Values> ys = fields.several("y");
    Picture picture = begin_picture(fields, "", ys.size() == 1 ? ys.front().name : "");
    for (const Values& y : ys) {
        Curve curve;
        curve.name = y.name;
        curve.mark = mark;
        curve.y = y.numbers;
        if (fields.has("x")) {
            const Values x = fields.values("x");
            curve.x = x.numbers;
            picture.x.categories = x.categories;
        } else
            for (std::size_t i = 0; i < curve.y.size(); ++i)
                curve.x.push_back(static_cast<double>(i + 1));
        if (curve.x.size() != curve.y.size())
            fields.refuse("y", fmt::format("{}has {} values, 'x' has {}",
                                           y.name.empty() ? "" : "'" + y.name + "' ",
                                           curve.y.size(), curve.x.size()));
        picture.curves.push_back(std::move(curve));
    }
    // Bands are named as the curves they belong to.
    for (const char* side : {"low", "high"}) {
        if (!fields.has(side)) continue;
        for (const Values& edge : fields.several(side)) {
            const auto of = std::find_if(picture.curves.begin(), picture.curves.end(),
                                         [&](const Curve& c) { return c.name == edge.name; });
            if (of == picture.curves.end())
                fields.refuse(side, fmt::format("has '{}', which 'y' has not", edge.name));
            if (edge.numbers.size() != of->y.size())
                fields.refuse(side, "has another number of values than 'y'");
            (side[0] == 'l' ? of->low : of->high) = edge.numbers;
        }
    }
    for (const Curve& curve : picture.curves)
        if (curve.low.size() != curve.high.size()) fields.refuse("low", "and 'high' go together");
    return picture;
}

// curves = { { name =, x =, y =, low =, high =, mark = "line" or "points" }, ... }: each with its
// own x.
Picture curves_picture(const Fields& fields, Mark mark) {
    Picture picture = begin_picture(fields, "", "");
    const auto* list = fields["curves"].get<List>();
    if (!list) fields.refuse("curves", "must be a list of { x = ..., y = ... }");
    for (const Value& one : *list) {
        const Map* map = one.get<Map>();
        if (!map) fields.refuse("curves", "must be a list of { x = ..., y = ... }");
        Map plot = *map;
        std::string name, drawn_as(name_of(mark));
        for (const auto& [field, text] : {std::pair("name", &name), std::pair("mark", &drawn_as)})
            if (const auto given = plot.find(field); given != plot.end()) {
                if (!given->second.get<std::string>())
                    fields.refuse("curves", fmt::format("has a '{}' that is no text", field));
                *text = given->second.as<std::string>();
                plot.erase(given);
            }
        if (drawn_as != "line" && drawn_as != "points")
            fields.refuse(
                "curves",
                fmt::format("has the mark '{}', which is neither line nor points", drawn_as));
        plot["plot"] = fields.kind();
        Curve curve =
            data_picture(Fields(plot, nullptr), drawn_as == "line" ? Mark::line : Mark::points)
                .curves.at(0);
        curve.name = name;
        picture.curves.push_back(std::move(curve));
    }
    return picture;
}

} // namespace

Picture line_picture(const Map& plot, const Source* source) {
    const Fields fields(plot, source);
    const Mark mark = fields.kind() == "line" ? Mark::line : Mark::points;
    Picture picture = fields.has("curves")             ? curves_picture(fields, mark)
                      : fields.has("metric")           ? metric_picture(fields)
                      : fields["x"].get<std::string>() ? column_picture(fields, mark)
                                                       : data_picture(fields, mark);
    picture.equal = fields.flag("equal");
    return picture;
}

} // namespace espalier::plot
