// SPDX-License-Identifier: MIT
// Pictures made from plots, and told as data.
#include "plot/fields.hpp"

#include "schema/suggest.hpp"
#include "values/failure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iterator>
#include <sstream>
#include <utility>

namespace espalier::plot {

namespace {

struct Kind {
    const char* name;
    const char* doc;
    const char* fields; // beside those that every kind has
    Picture (*make)(const Map&, const Source*);
};
constexpr const char* every_kind =
    " title caption x_label y_label x_log y_log x_range y_range where";
constexpr const char* of_cells = " palette colour_label colour_log colour_range";
constexpr Kind kinds[] = {
    {"line",
     "Curves of columns, of data, or of a metric that tasks report. Where an x repeats, the mean "
     "and a band.",
     "x y by band spread metric low high curves equal", line_picture},
    {"scatter", "Dots; with `band`, means and error bars.",
     "x y by band spread metric low high curves equal", line_picture},
    {"histogram", "How often values fall in each bin.", "values by bins density",
     distribution_picture},
    {"box", "Median, quartiles and outliers of each group.", "y by", distribution_picture},
    {"violin", "The density of each group, its median and quartiles.", "y by",
     distribution_picture},
    {"trajectory", "States over time, a curve a node.", "values x nodes feature", motion_picture},
    {"phase_portrait", "One state against another as time goes on.", "values x y equal",
     motion_picture},
    {"heat_map", "Cells over two columns (the mean of those that fall together), or a matrix.",
     "x y value cells", cells_picture},
    {"matrix", "An estimated matrix, or what became of each entry beside the truth.",
     "estimate truth threshold", cells_picture},
    {"image_grid", "Images or spin configurations beside each other.", "images shape titles",
     cells_picture},
    {"space_time", "A row a time, a column a node.", "values", cells_picture},
    {"network", "A graph drawn, alone or with what was found and missed of the truth.",
     "graph truth threshold node_class node_size labels", network_picture}};

// A column or a result of a run by its name, or data.
constexpr const char* numbers = "string|number[]|espalier.tensor";
constexpr const char* matrix = "string|number[][]|espalier.tensor|espalier.graph";
constexpr std::pair<const char*, const char*> field_types[] = {
    {"x", "string|string[]|number[]|espalier.tensor"},
    {"y", "string|string[]|number[]|espalier.tensor|table<string, number[]|espalier.tensor>"},
    {"low", "number[]|espalier.tensor|table<string, number[]|espalier.tensor>"},
    {"high", "number[]|espalier.tensor|table<string, number[]|espalier.tensor>"},
    {"by", "string"},
    {"band", "string"},
    {"spread", "\"error\"|\"deviation\"|\"range\""},
    {"metric", "string"},
    {"curves", "{ x?: number[]|espalier.tensor, y: number[]|espalier.tensor, name?: string, low?: "
               "number[]|espalier.tensor, high?: number[]|espalier.tensor, mark?: "
               "\"line\"|\"points\" }[]"},
    {"values", "string|number[]|number[][]|espalier.tensor"},
    {"bins", "integer"},
    {"nodes", "integer[]"},
    {"feature", "integer"},
    {"value", "string"},
    {"cells", matrix},
    {"estimate", matrix},
    {"truth", matrix},
    {"graph", matrix},
    {"threshold", "number"},
    {"images", "string|number[][][]|espalier.tensor"},
    {"shape", "integer[]"},
    {"titles", "string[]"},
    {"node_class", "string|string[]|number[]|espalier.tensor"},
    {"node_size", numbers},
    {"labels", "boolean|string|string[]"},
    {"palette", "\"sequential\"|\"diverging\"|\"grey\""},
    {"title", "string"},
    {"caption", "string"},
    {"where", "table<string, any>"}};

const Kind& kind_of(const Map& plot) {
    const auto found = plot.find("plot");
    const auto* name = found == plot.end() ? nullptr : found->second.get<std::string>();
    for (const Kind& kind : kinds)
        if (name && *name == kind.name) return kind;
    throw Failure(Exit::script, fmt::format("esp.plot has no '{}'{}", name ? *name : "",
                                            suggestion(name ? *name : "", kind_names())));
}

Value rounded(double v) {
    if (!std::isfinite(v)) return {};
    if (v == std::floor(v) && std::abs(v) < 1e15) return static_cast<int64_t>(v);
    return std::strtod(fmt::format("{:.6g}", v).c_str(), nullptr);
}

// Parts of a map that are there.
class Parts {
public:
    void put(const char* name, const std::string& text) {
        if (!text.empty()) map_[name] = text;
    }
    void put(const char* name, bool flag) {
        if (flag) map_[name] = true;
    }
    void put(const char* name, const std::optional<double>& v) {
        if (v) map_[name] = rounded(*v);
    }
    void put(const char* name, double v) { map_[name] = rounded(v); }
    void put(const char* name, const Texts& texts) {
        if (!texts.empty()) map_[name] = List(texts.begin(), texts.end());
    }
    void put(const char* name, const std::vector<double>& values) {
        List list;
        for (const double v : values) list.push_back(rounded(v));
        put(name, std::move(list));
    }
    template <class Int> void put(const char* name, const std::vector<Int>& values) {
        List list;
        for (const Int v : values) list.emplace_back(static_cast<int64_t>(v));
        put(name, std::move(list));
    }
    void put(const char* name, List list) {
        if (!list.empty()) map_[name] = std::move(list);
    }
    void put(const char* name, Map map) {
        if (!map.empty()) map_[name] = std::move(map);
    }
    Map take() { return std::move(map_); }

private:
    Map map_;
};

Map data_of(const Axis& axis) {
    Parts parts;
    parts.put("label", axis.label);
    parts.put("log", axis.log);
    parts.put("categories", axis.categories);
    parts.put("low", axis.low);
    parts.put("high", axis.high);
    return parts.take();
}

Map data_of(const Curve& curve) {
    Parts parts;
    parts.put("name", curve.name);
    parts.put("mark", std::string(name_of(curve.mark)));
    parts.put("x", curve.x);
    parts.put("y", curve.y);
    parts.put("low", curve.low);
    parts.put("high", curve.high);
    parts.put("labels", curve.labels);
    List spreads, outlines;
    for (const auto& s : curve.spreads) {
        Parts one;
        one.put("least", s.least), one.put("lower", s.lower);
        one.put("upper", s.upper), one.put("most", s.most);
        one.put("outliers", s.outliers);
        spreads.emplace_back(one.take());
    }
    for (const auto& o : curve.outlines) {
        Parts one;
        one.put("at", o.at), one.put("width", o.width);
        outlines.emplace_back(one.take());
    }
    parts.put("spreads", std::move(spreads));
    parts.put("outlines", std::move(outlines));
    return parts.take();
}

Map data_of(const Cells& cells) {
    Parts parts;
    parts.put("title", cells.title);
    parts.put("rows", static_cast<double>(cells.rows));
    parts.put("columns", static_cast<double>(cells.columns));
    parts.put("values", cells.values);
    parts.put("left", cells.left), parts.put("right", cells.right);
    parts.put("top", cells.top), parts.put("bottom", cells.bottom);
    return parts.take();
}

Map data_of(const Network& net) {
    Parts parts;
    parts.put("directed", net.directed);
    parts.put("x", net.x), parts.put("y", net.y);
    parts.put("from", net.from), parts.put("to", net.to);
    parts.put("width", net.width), parts.put("size", net.size);
    parts.put("edge_class", net.edge_class), parts.put("node_class", net.node_class);
    parts.put("labels", net.labels), parts.put("classes", net.classes);
    return parts.take();
}

} // namespace

std::string_view name_of(Mark mark) noexcept {
    switch (mark) {
    case Mark::line: return "line";
    case Mark::points: return "points";
    case Mark::bars: return "bars";
    case Mark::box: return "box";
    default: return "violin";
    }
}

const Texts& kind_names() {
    static const Texts names = [] {
        Texts all;
        for (const Kind& kind : kinds) all.emplace_back(kind.name);
        return all;
    }();
    return names;
}

bool is_plot(const Value& value) {
    const Map* map = value.get<Map>();
    const auto kind = map ? map->find("plot") : Map::const_iterator{};
    return map && kind != map->end() && kind->second.get<std::string>();
}

std::string doc_of(std::string_view kind) { return kind_of({{"plot", std::string(kind)}}).doc; }

Texts fields_of(std::string_view kind) {
    const Kind& known = kind_of({{"plot", std::string(kind)}});
    std::istringstream names(std::string(known.fields) + every_kind +
                             (known.make == cells_picture ? of_cells : ""));
    return {std::istream_iterator<std::string>(names), {}};
}

std::string_view type_of(std::string_view field) {
    for (const auto& [name, type] : field_types)
        if (field == name) return type;
    if (field.ends_with("_label")) return "string";
    return field.ends_with("_range") ? "number[]" : "boolean";
}

void check(const Map& plot) {
    const Texts known = fields_of(kind_of(plot).name);
    for (const auto& [name, value] : plot)
        if (name != "plot" && std::find(known.begin(), known.end(), name) == known.end())
            throw Failure(Exit::script,
                          fmt::format("esp.plot.{}: unknown field '{}'{}", kind_of(plot).name, name,
                                      suggestion(name, known)));
}

Picture picture_of(const Map& plot, const Source* source) {
    return kind_of(plot).make(plot, source);
}

Map data_of(const Picture& picture) {
    Parts parts;
    parts.put("kind", picture.kind);
    parts.put("title", picture.title);
    parts.put("caption", picture.caption);
    parts.put("x", data_of(picture.x));
    parts.put("y", data_of(picture.y));
    parts.put("colour", data_of(picture.colour));
    parts.put("equal", picture.equal);
    List curves, cells;
    for (const auto& curve : picture.curves) curves.emplace_back(data_of(curve));
    for (const auto& panel : picture.cells) cells.emplace_back(data_of(panel));
    parts.put("curves", std::move(curves));
    if (!cells.empty()) parts.put("palette", std::string(name_of(picture.palette)));
    parts.put("cells", std::move(cells));
    if (picture.network) parts.put("network", data_of(*picture.network));
    return parts.take();
}

} // namespace espalier::plot
