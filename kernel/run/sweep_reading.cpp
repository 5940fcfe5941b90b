// SPDX-License-Identifier: MIT
// The data of a sweep read and checked against the declared parameters: every problem at once.
#include "run/sweep.hpp"
#include "schema/suggest.hpp"
#include "values/failure.hpp"
#include "values/wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace espalier {

namespace {

constexpr int64_t most_draws = 1'000'000'000;

// The fields of one part of the data; `kind` begins every message.
class Reader {
public:
    explicit Reader(const ScriptParameters& parameters) : parameters_(parameters) {
        for (const ScriptParameter& p : parameters.all) names_.push_back(p.name);
    }

    Sweep read(const Value& data, bool may_search);
    Texts problems;
    std::optional<Search> search;

private:
    void wrong(std::string message) { problems.push_back(std::move(message)); }
    const ScriptParameter* declared(const std::string& name);
    std::optional<Value> value_for(const std::string& kind, const std::string& name,
                                   const Value& given);
    List values_of(const std::string& kind, const std::string& name, const Value& given);
    double number(const std::string& kind, const Map& data, const char* field,
                  std::optional<double> otherwise = {});
    int64_t integer(const std::string& kind, const Map& data, const char* field, int64_t otherwise,
                    int64_t least);
    Distribution distribution(const std::string& kind, const std::string& name, const Value& data,
                              bool ends = false);
    Axis range(const std::string& kind, const std::string& name, const Map& data);
    void read_axes(Sweep&, const std::string& kind, const Map& data);
    void read_points(Sweep&, const Map& data);
    void read_parts(Sweep&, const std::string& kind, const Map& data, bool may_search);
    void read_search(Search::Kind, const Map& data);
    void read_optimiser(Search&, const std::string& kind, const Map& data);

    const ScriptParameters& parameters_;
    std::vector<std::string> names_;
};

const Value& field_of(const Map& data, std::string_view name) {
    static const Value nil;
    const auto at = data.find(name);
    return at == data.end() ? nil : at->second;
}

std::string text_in(const Map& data, std::string_view name) {
    const auto* text = field_of(data, name).get<std::string>();
    return text ? *text : "";
}

const ScriptParameter* Reader::declared(const std::string& name) {
    const ScriptParameter* p = parameters_.find(name);
    if (!p)
        wrong(fmt::format("esp.experiment: 'params' has no parameter '{}'{}", name,
                          suggestion(name, names_)));
    return p;
}

std::optional<Value> Reader::value_for(const std::string& kind, const std::string& name,
                                       const Value& given) {
    const ScriptParameter* p = parameters_.find(name);
    if (!p) return {};
    auto value = fitted(*p, given);
    if (!value)
        wrong(fmt::format("{}: '{}' = {}: must be {}", kind, name, given.text(), rule_of(*p)));
    return value;
}

List Reader::values_of(const std::string& kind, const std::string& name, const Value& given) {
    List values;
    const auto items = items_of(given);
    if (!items)
        wrong(fmt::format("{}: '{}' is {}, wanted a list of values", kind, name,
                          with_article(given.type())));
    else if (items->empty())
        wrong(fmt::format("{}: '{}' has no values", kind, name));
    if (!items || !declared(name)) return values;
    values.reserve(items->size());
    for (const Value& item : *items) {
        auto value = value_for(kind, name, item);
        if (!value) break; // one of an axis tells enough
        values.push_back(std::move(*value));
    }
    return values;
}

double Reader::number(const std::string& kind, const Map& data, const char* field,
                      std::optional<double> otherwise) {
    const Value& given = field_of(data, field);
    const auto x = given.is_nil() ? otherwise : given.number();
    if (!x || !std::isfinite(*x))
        wrong(given.is_nil()
                  ? fmt::format("{}: '{}' is missing", kind, field)
                  : fmt::format("{}: '{}' = {}: must be a number", kind, field, given.text()));
    return x.value_or(0);
}

int64_t Reader::integer(const std::string& kind, const Map& data, const char* field,
                        int64_t otherwise, int64_t least) {
    const double x = number(kind, data, field, static_cast<double>(otherwise));
    if (x != std::floor(x) || x < static_cast<double>(least) || x > static_cast<double>(most_draws))
        wrong(fmt::format("{}: '{}' = {:g}: must be an integer in [{}, {}]", kind, field, x, least,
                          most_draws));
    else
        return static_cast<int64_t>(x);
    return least;
}

// ends: the data says from and to, and no distribution.
Distribution Reader::distribution(const std::string& kind, const std::string& name,
                                  const Value& data, bool ends) {
    using Of = Distribution::Kind;
    Distribution d;
    const ScriptParameter* p = declared(name);
    if (const auto items = items_of(data)) {
        d.kind = Of::choice, d.choices = values_of(kind, name, *items);
        return d;
    }
    const Map* fields = data.get<Map>();
    const std::string of = ends ? "uniform" : fields ? text_in(*fields, "kind") : "";
    if (of != "uniform" && of != "log_uniform" && of != "normal") {
        wrong(fmt::format("{}: '{}' is {}, wanted esp.uniform, esp.log_uniform, esp.normal or a "
                          "list",
                          kind, name, with_article(data.type())));
        return d;
    }
    if (!p) return d;
    if (p->type != "real" && p->type != "integer") {
        wrong(fmt::format("{}: '{}' is {}: esp.{} draws numbers", kind, name, rule_of(*p), of));
        return d;
    }
    d.kind = of == "normal" ? Of::normal : of == "uniform" ? Of::uniform : Of::log_uniform;
    d.whole = p->type == "integer";
    const double infinity = std::numeric_limits<double>::infinity();
    d.min = p->min_open ? std::nextafter(p->min, infinity) : p->min;
    d.max = p->max_open ? std::nextafter(p->max, -infinity) : p->max;
    const std::string where =
        fmt::format("{}: '{}'{}", kind, name, ends ? "" : fmt::format(" = esp.{}", of));
    const std::size_t before = problems.size();
    if (of == "normal") {
        d.first = number(where, *fields, "mean"), d.second = number(where, *fields, "deviation");
        if (!(d.second > 0))
            wrong(fmt::format("{}: 'deviation' = {:g}: must be > 0", where, d.second));
        else if (d.first - 4 * d.second > d.max || d.first + 4 * d.second < d.min)
            wrong(fmt::format("{}({:g}, {:g}) lies outside: must be {}", where, d.first, d.second,
                              rule_of(*p)));
        return d;
    }
    d.first = number(where, *fields, "from"), d.second = number(where, *fields, "to");
    if (problems.size() > before) return d;
    const std::string given = ends ? fmt::format("{} from {:g} to {:g}", where, d.first, d.second)
                                   : fmt::format("{}({:g}, {:g})", where, d.first, d.second);
    if (d.first >= d.second) wrong(given + ": the second must be larger");
    if (of == "log_uniform" && d.first <= 0) wrong(given + ": both must be > 0");
    if (d.first < p->min || d.second > p->max) wrong(given + ": must be " + rule_of(*p));
    if (d.whole && (d.first != std::floor(d.first) || d.second != std::floor(d.second)))
        wrong(given + ": both must be integers, as the parameter is");
    return d;
}

void Reader::read_axes(Sweep& sweep, const std::string& kind, const Map& data) {
    const Map* axes = field_of(data, "axes").get<Map>();
    if (!axes || axes->empty()) return wrong(kind + ": takes { name = { values }, ... }");
    const bool random = sweep.kind != Sweep::Kind::grid && sweep.kind != Sweep::Kind::zip;
    for (const auto& [name, given] : *axes) {
        Axis axis;
        axis.name = name;
        if (random)
            axis.from = distribution(kind, name, given);
        else
            axis.values = values_of(kind, name, given);
        sweep.axes.push_back(std::move(axis));
    }
    if (random) sweep.count = integer(kind, data, "count", 0, 1);
    if (sweep.kind == Sweep::Kind::sobol && sweep.axes.size() > 3667)
        wrong(kind + ": has directions for 3667 axes");
    if (sweep.kind == Sweep::Kind::zip && problems.empty())
        for (const Axis& axis : sweep.axes)
            if (axis.values.size() != sweep.axes.front().values.size())
                wrong(fmt::format("{}: '{}' has {} values, '{}' {}: one each is wanted", kind,
                                  sweep.axes.front().name, sweep.axes.front().values.size(),
                                  axis.name, axis.values.size()));
}

void Reader::read_points(Sweep& sweep, const Map& data) {
    const List* points = field_of(data, "points").get<List>();
    if (!points || points->empty())
        return wrong("esp.list: takes points, { { name = value, ... }, ... }");
    for (std::size_t i = 0; i < points->size(); ++i) {
        const Map* given = (*points)[i].get<Map>();
        if (!given || given->empty())
            return wrong(fmt::format("esp.list: point {} is {}, wanted {{ name = value, ... }}",
                                     i + 1, with_article((*points)[i].type())));
        Map point;
        for (const auto& [name, value] : *given)
            if (declared(name))
                if (auto fit = value_for("esp.list", name, value)) point[name] = std::move(*fit);
        sweep.points.emplace_back(std::move(point));
    }
}

void Reader::read_parts(Sweep& sweep, const std::string& kind, const Map& data, bool may_search) {
    const List* parts = field_of(data, "parts").get<List>();
    if (!parts || parts->empty()) return wrong(kind + ": takes sweeps, { esp.grid { ... }, ... }");
    const bool product = sweep.kind == Sweep::Kind::product;
    Texts seen;
    for (const Value& part : *parts) {
        sweep.parts.push_back(read(part, may_search && product));
        if (!product) continue;
        for (const std::string& name : names_in_sweep(part)) {
            if (std::find(seen.begin(), seen.end(), name) != seen.end())
                wrong(fmt::format("{}: '{}' stands in two of its parts", kind, name));
            seen.push_back(name);
        }
    }
}

// An axis between two ends; the ends are values of the parameter.
Axis Reader::range(const std::string& kind, const std::string& name, const Map& data) {
    Axis axis;
    axis.name = name;
    if (const ScriptParameter* p = declared(name)) {
        axis.from = distribution(kind, p->name, data, text_in(data, "kind") != "log_uniform");
        for (const double end : {axis.from.first, axis.from.second})
            if (problems.empty() && p->type != "integer") (void)value_for(kind, name, end);
    }
    return axis;
}

void Reader::read_optimiser(Search& found, const std::string& kind, const Map& data) {
    const Map* over = field_of(data, "over").get<Map>();
    if (!over || over->empty())
        return wrong(kind + ": 'over' is missing: { name = { from, to }, ... }");
    for (const auto& [name, ends] : *over) {
        const auto pair = items_of(ends);
        if (pair && pair->size() != 2)
            wrong(fmt::format("{}: '{}' takes two ends, {{ from, to }}", kind, name));
        else if (pair)
            found.axes.push_back(range(kind, name, {{"from", (*pair)[0]}, {"to", (*pair)[1]}}));
        else if (ends.get<Map>() && text_in(ends.as<Map>(), "kind") != "normal")
            found.axes.push_back(range(kind, name, ends.as<Map>()));
        else
            wrong(fmt::format("{}: '{}' is {}, wanted {{ from, to }} or esp.log_uniform", kind,
                              name, with_article(ends.type())));
    }
    found.evaluations = integer(kind, data, "evaluations", 100, 1);
    found.tolerance = number(kind, data, "tolerance", 1e-4);
    found.method = field_of(data, "method").is_nil() ? "direct" : text_in(data, "method");
    const auto& methods = search_methods();
    if (std::find(methods.begin(), methods.end(), found.method) == methods.end())
        wrong(fmt::format("{}: 'method' is none of: {}", kind, fmt::join(methods, ", ")));
    if (found.method == "bobyqa" && found.axes.size() < 2)
        wrong(kind + ": the method bobyqa wants two parameters or more");
    for (const Axis& axis : found.axes) {
        const ScriptParameter* p = parameters_.find(axis.name);
        const auto x = p ? p->initial.number() : std::nullopt;
        const bool log = axis.from.kind == Distribution::Kind::log_uniform;
        double begin = 0.5; // the middle, when the default lies outside
        if (x && *x > axis.from.first && *x < axis.from.second)
            begin =
                log ? std::log(*x / axis.from.first) / std::log(axis.from.second / axis.from.first)
                    : (*x - axis.from.first) / (axis.from.second - axis.from.first);
        found.start.push_back(begin);
    }
}

void Reader::read_search(Search::Kind of, const Map& data) {
    Search found;
    found.kind = of;
    const std::string kind = "esp." + std::string(name_of(of));
    found.metric = text_in(data, "metric");
    if (found.metric.empty()) wrong(kind + ": 'metric' is missing: a field of what run returns");
    if (of == Search::Kind::minimize || of == Search::Kind::maximize)
        read_optimiser(found, kind, data);
    else if (text_in(data, "parameter").empty())
        wrong(kind + ": 'parameter' is missing");
    else
        found.axes.push_back(range(kind, text_in(data, "parameter"), data));
    if (of == Search::Kind::refine) {
        found.points = integer(kind, data, "points", 9, 2);
        found.rounds = integer(kind, data, "rounds", 4, 0);
        found.add = integer(kind, data, "add", 4, 1);
    }
    if (of == Search::Kind::bisect) {
        found.target = number(kind, data, "target", 0);
        found.tolerance = number(kind, data, "tolerance");
    }
    if (found.tolerance < 0) wrong(kind + ": 'tolerance' must be >= 0");
    if (search) wrong(kind + ": a sweep has one search only");
    search = std::move(found);
}

Sweep Reader::read(const Value& data, bool may_search) {
    const Map* fields = data.get<Map>();
    const std::string kind = fields ? text_in(*fields, "kind") : "";
    Sweep sweep;
    for (int s = 0; s < 4; ++s)
        if (kind == name_of(static_cast<Search::Kind>(s))) {
            if (may_search)
                read_search(static_cast<Search::Kind>(s), *fields);
            else
                wrong(fmt::format("esp.chain: esp.{} is no part of a chain", kind));
            return sweep;
        }
    int which = 0;
    while (which < 8 && kind != name_of(static_cast<Sweep::Kind>(which))) ++which;
    if (which == 8) {
        wrong(fmt::format("esp.experiment: 'sweep' is {}, wanted esp.grid {{ ... }} or another "
                          "sweep",
                          with_article(data.type())));
        return sweep;
    }
    sweep.kind = static_cast<Sweep::Kind>(which);
    const std::string function = "esp." + kind;
    if (sweep.kind == Sweep::Kind::list)
        read_points(sweep, *fields);
    else if (sweep.kind == Sweep::Kind::product || sweep.kind == Sweep::Kind::chain)
        read_parts(sweep, function, *fields, may_search);
    else
        read_axes(sweep, function, *fields);
    return sweep;
}

void gather_names(const Value& data, Texts& names) {
    const Map* fields = data.get<Map>();
    if (!fields) return;
    for (const char* field : {"axes", "over"})
        if (const Map* axes = field_of(*fields, field).get<Map>())
            for (const auto& axis : *axes) names.push_back(axis.first);
    if (const auto parameter = text_in(*fields, "parameter"); !parameter.empty())
        names.push_back(parameter);
    if (const List* points = field_of(*fields, "points").get<List>())
        for (const Value& point : *points)
            if (const Map* values = point.get<Map>())
                for (const auto& entry : *values) names.push_back(entry.first);
    if (const List* parts = field_of(*fields, "parts").get<List>())
        for (const Value& part : *parts) gather_names(part, names);
}

} // namespace

std::string_view name_of(Search::Kind kind) noexcept {
    constexpr std::string_view names[] = {"refine", "bisect", "minimize", "maximize"};
    return names[static_cast<std::size_t>(kind)];
}

Texts names_in_sweep(const Value& sweep) {
    Texts names;
    gather_names(sweep, names);
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

Sweeps sweeps_from(const Value& data, const ScriptParameters& parameters) {
    Sweeps sweeps;
    if (data.is_nil()) return sweeps;
    Reader reader(parameters);
    sweeps.points = reader.read(data, true);
    sweeps.search = std::move(reader.search);
    auto& problems = reader.problems;
    std::sort(problems.begin(), problems.end());
    problems.erase(std::unique(problems.begin(), problems.end()), problems.end());
    if (!problems.empty())
        throw Failure(Exit::script, fmt::format("{}", fmt::join(problems, "\n")));
    return sweeps;
}

} // namespace espalier
