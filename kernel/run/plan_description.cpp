// SPDX-License-Identifier: MIT
// A plan said as data, and that data in lines.
#include "run/plan_description.hpp"

#include "run/plan.hpp"
#include "values/wording.hpp"

#include <fmt/format.h>

namespace espalier {

namespace {

constexpr std::size_t most_listed = 100;

Value whole(uint64_t count) { return static_cast<int64_t>(std::min<uint64_t>(count, INT64_MAX)); }

Map axis_of(const std::string& name, std::string_view kind, const List& values) {
    Map out{{"name", name},
            {"kind", std::string(kind)},
            {"count", static_cast<int64_t>(values.size())},
            {"from", values.front()},
            {"to", values.back()}};
    if (values.size() <= most_listed) out["values"] = values;
    return out;
}

Map axis_of(const std::string& name, std::string_view kind, const Distribution& d) {
    if (d.kind == Distribution::Kind::choice) return axis_of(name, kind, d.choices);
    const bool normal = d.kind == Distribution::Kind::normal;
    constexpr const char* names[] = {"uniform", "log_uniform", "normal"};
    return {{"name", name},
            {"kind", std::string(kind)},
            {"distribution", names[static_cast<int>(d.kind)]},
            {normal ? "mean" : "from", d.first},
            {normal ? "deviation" : "to", d.second}};
}

void add_axes(const Sweep& sweep, List& axes) {
    for (const Axis& axis : sweep.axes) {
        if (!axis.values.empty()) {
            axes.emplace_back(axis_of(axis.name, name_of(sweep.kind), axis.values));
            continue;
        }
        Map drawn = axis_of(axis.name, name_of(sweep.kind), axis.from);
        drawn["count"] = sweep.count;
        axes.emplace_back(std::move(drawn));
    }
    if (sweep.kind == Sweep::Kind::list)
        for (const std::string& name : axes_of(sweep)) {
            List values;
            for (const Value& point : sweep.points)
                if (const auto at = point.as<Map>().find(name); at != point.as<Map>().end())
                    values.push_back(at->second);
            axes.emplace_back(axis_of(name, "list", values));
        }
    for (const Sweep& part : sweep.parts) add_axes(part, axes);
}

Map search_of(const Search& search) {
    List axes;
    for (const Axis& axis : search.axes)
        axes.emplace_back(axis_of(axis.name, name_of(search.kind), axis.from));
    Map out{{"kind", std::string(name_of(search.kind))}, {"metric", search.metric}, {"axes", axes}};
    if (search.kind == Search::Kind::refine)
        out["points"] = search.points, out["rounds"] = search.rounds, out["add"] = search.add;
    else if (search.kind == Search::Kind::bisect)
        out["target"] = search.target, out["tolerance"] = search.tolerance;
    else
        out["evaluations"] = search.evaluations, out["method"] = search.method,
        out["tolerance"] = search.tolerance;
    return out;
}

std::string text_of_axis(const Map& axis) {
    const std::string first =
        fmt::format("{:<16} {:<20} ", axis.at("kind").text(), axis.at("name").as<std::string>());
    const std::string count =
        axis.contains("count") ? fmt::format("{:>7} values  ", axis.at("count").text()) : "";
    std::string range;
    if (axis.contains("mean"))
        range =
            fmt::format("normal, {} +- {}", axis.at("mean").text(), axis.at("deviation").text());
    else if (axis.contains("from"))
        range = axis.at("from").text() + " .. " + axis.at("to").text();
    if (axis.contains("distribution") && !axis.contains("mean"))
        range += ", " + axis.at("distribution").as<std::string>();
    return first + count + range + "\n";
}

} // namespace

Value describe(const Sweeps& sweeps, const Replicates& replicates) {
    List axes;
    add_axes(sweeps.points, axes);
    const uint64_t points = points_of(sweeps.points);
    uint64_t tasks = points * static_cast<uint64_t>(replicates.count); // the plan bounds it
    Map out{{"axes", axes}, {"points", whole(points)}};
    Map repeated{{"count", replicates.count}};
    if (!replicates.metric.empty()) {
        repeated["metric"] = replicates.metric, repeated["error"] = replicates.error;
        repeated["relative"] = replicates.relative, repeated["most"] = replicates.most;
    }
    out["replicates"] = repeated;
    if (sweeps.search) {
        out["search"] = search_of(*sweeps.search);
        tasks *= static_cast<uint64_t>(first_places(*sweeps.search));
    }
    out["tasks"] = whole(tasks);
    return out;
}

std::string text_of_plan(const Value& description) {
    const Map& plan = description.as<Map>();
    std::string text;
    for (const Value& axis : plan.at("axes").as<List>()) text += text_of_axis(axis.as<Map>());
    const Map& replicates = plan.at("replicates").as<Map>();
    const bool open = replicates.contains("metric");
    const auto search = plan.find("search");
    if (search != plan.end()) {
        const Map& s = search->second.as<Map>();
        for (const Value& axis : s.at("axes").as<List>()) text += text_of_axis(axis.as<Map>());
        text += fmt::format("{:<16} {}", "", s.at("metric").as<std::string>());
        if (s.contains("target"))
            text += fmt::format(" = {}, to {}", s.at("target").text(), s.at("tolerance").text());
        if (s.contains("rounds"))
            text += fmt::format(", {} points and {} rounds of {}", s.at("points").text(),
                                s.at("rounds").text(), s.at("add").text());
        if (s.contains("evaluations"))
            text += fmt::format(" by {}, at most {} evaluations", s.at("method").as<std::string>(),
                                s.at("evaluations").text());
        text += "\n";
    }
    text += fmt::format("{} x ", counted(plan.at("points").as<int64_t>(), "point"));
    if (open)
        text +=
            fmt::format("{} .. {} replicates, until the error of {} is {}{}",
                        replicates.at("count").text(), replicates.at("most").text(),
                        replicates.at("metric").as<std::string>(), replicates.at("error").text(),
                        replicates.at("relative").as<bool>() ? " of its mean" : "");
    else
        text += counted(replicates.at("count").as<int64_t>(), "replicate");
    text += fmt::format(": {}{}\n", counted(plan.at("tasks").as<int64_t>(), "task"),
                        open || search != plan.end() ? " at first; later rounds follow from results"
                                                     : "");
    return text;
}

} // namespace espalier
