// SPDX-License-Identifier: MIT
// The parameters of a script: "name=value" read by the declared type and checked.
#include "run/experiment.hpp"
#include "run/sweep.hpp"
#include "schema/suggest.hpp"
#include "values/failure.hpp"
#include "values/wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace espalier {

namespace {

std::vector<std::string_view> parts_of(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find(separator, begin), text.size());
        parts.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return parts;
}

template <class T> std::optional<T> number_in(std::string_view text) {
    T value{};
    if (text.starts_with('+')) text.remove_prefix(1);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return {};
    return value;
}

// The value, or nil when the text is not of that type.
Value parsed(std::string_view type, std::string_view text) {
    if (type == "boolean") {
        if (text == "true") return true;
        if (text == "false") return false;
        return {};
    }
    if (type == "text") return std::string(text);
    if (const auto whole = number_in<int64_t>(text))
        return type == "real" ? Value(static_cast<double>(*whole)) : Value(*whole);
    const auto real = number_in<double>(text);
    if (!real) return {};
    if (type == "real") return *real;
    // 1e6 is a way to write a whole number.
    if (*real == std::floor(*real) && std::abs(*real) < 0x1p53) return static_cast<int64_t>(*real);
    return {};
}

Value parsed_list(const ScriptParameter& p, std::string_view text) {
    const List* like = p.initial.get<List>();
    List items;
    if (text.empty()) return items;
    for (const std::string_view part : parts_of(text, ',')) {
        Value item;
        if (like && !like->empty())
            item = parsed(like->front().type(), part);
        else
            for (const char* type : {"integer", "real", "text"})
                if (item.is_nil()) item = parsed(type, part);
        if (item.is_nil()) return {};
        items.push_back(std::move(item));
    }
    return items;
}

std::string bounds_of(const ScriptParameter& p) {
    const bool low = std::isfinite(p.min), high = std::isfinite(p.max);
    if (low && high)
        return fmt::format("in {}{:g}, {:g}{}", p.min_open ? '(' : '[', p.min, p.max,
                           p.max_open ? ')' : ']');
    if (low) return fmt::format("{} {:g}", p.min_open ? ">" : ">=", p.min);
    return high ? fmt::format("{} {:g}", p.max_open ? "<" : "<=", p.max) : "";
}

bool within(const ScriptParameter& p, const Value& v) {
    if (const List* list = v.get<List>())
        return std::all_of(list->begin(), list->end(),
                           [&](const Value& item) { return within(p, item); });
    if (const auto* text = v.get<std::string>())
        return p.choices.empty() ||
               std::find(p.choices.begin(), p.choices.end(), *text) != p.choices.end();
    const auto x = v.number();
    return !x || (std::isfinite(*x) && (p.min_open ? *x > p.min : *x >= p.min) &&
                  (p.max_open ? *x < p.max : *x <= p.max));
}

// Problems of a command line: all are told at once.
struct Problems {
    std::vector<std::string> messages, hints;

    void add(const std::string& message, const std::string& hint = {}) {
        messages.push_back("command line: " + message);
        if (!hint.empty() && std::find(hints.begin(), hints.end(), hint) == hints.end())
            hints.push_back(hint);
    }
    void raise() const {
        if (!messages.empty())
            throw Failure(Exit::command_line, fmt::format("{}", fmt::join(messages, "\n")),
                          fmt::format("{}", fmt::join(hints, "\n")));
    }
};

constexpr int64_t most_values = 1'000'000;

// lo:hi:n, lo:hi:nlog, and of integers lo:hi. Nothing when it is none of them.
std::optional<List> range_in(const ScriptParameter& p, std::string_view text) {
    const auto parts = parts_of(text, ':');
    const bool whole = p.type == "integer";
    if ((!whole && p.type != "real") || parts.size() < 2 || parts.size() > 3) return {};
    const auto from = number_in<double>(parts[0]), to = number_in<double>(parts[1]);
    if (!from || !to || !std::isfinite(*from) || !std::isfinite(*to)) return {};
    List values;
    if (parts.size() == 2) {
        const auto first = number_in<int64_t>(parts[0]), last = number_in<int64_t>(parts[1]);
        if (!whole || !first || !last || *to - *from < 0 || *to - *from >= most_values) return {};
        for (int64_t v = *first; v <= *last; ++v) values.emplace_back(v);
        return values;
    }
    const bool by_factors = parts[2].ends_with("log");
    const auto count =
        number_in<int64_t>(parts[2].substr(0, parts[2].size() - (by_factors ? 3 : 0)));
    if (!count || *count < 2 || *count > most_values) return {};
    if (by_factors && (*from <= 0 || *to <= 0)) return {};
    for (const double x : spaced(*from, *to, *count, by_factors)) {
        const Value value = whole && by_factors ? Value(std::round(x)) : Value(x);
        if (values.empty() || *value.number() != *values.back().number()) values.push_back(value);
    }
    return values;
}

// The values of one argument, each fit for the parameter.
List taken(const ScriptParameter& p, const std::string& text, Problems& problems) {
    const auto wrong = [&](std::string_view value) {
        std::string hint = p.doc;
        if (!p.choices.empty())
            if (const auto near = nearest(value, p.choices))
                hint = fmt::format("did you mean '{}'?", *near);
        if (value.find(':') != std::string_view::npos && p.choices.empty())
            hint = fmt::format("a range is lo:hi:n{}, or lo:hi:nlog for equal factors above 0, of "
                               "2 to {} values",
                               p.type == "integer" ? " or lo:hi" : "", most_values);
        problems.add(fmt::format("parameter '{}' = {}: must be {}", p.name, value, rule_of(p)),
                     hint);
    };
    const bool single = p.type == "list" || (p.type == "text" && p.choices.empty());
    List values;
    for (const std::string_view part :
         single ? std::vector<std::string_view>{text} : parts_of(text, ',')) {
        const auto range = range_in(p, part);
        const List given =
            range ? *range : List{p.type == "list" ? parsed_list(p, part) : parsed(p.type, part)};
        for (const Value& value : given) {
            auto fit = fitted(p, value);
            if (!fit) {
                wrong(range ? fmt::format("{} (of {})", value.text(), part) : std::string(part));
                return {};
            }
            values.push_back(std::move(*fit));
        }
    }
    return values;
}

} // namespace

Argument argument_from(std::string_view text) {
    const std::size_t equals = text.find('=');
    if (equals == 0 || equals == std::string_view::npos)
        throw Failure(Exit::command_line,
                      fmt::format("command line: '{}' is not of the form name=value", text));
    return {std::string(text.substr(0, equals)), std::string(text.substr(equals + 1))};
}

std::string rule_of(const ScriptParameter& p) {
    if (!p.choices.empty()) return fmt::format("one of: {}", fmt::join(p.choices, ", "));
    std::string rule =
        p.type == "boolean" ? "true or false" : with_article(p.type == "real" ? "number" : p.type);
    if (const std::string bounds = bounds_of(p); !bounds.empty()) rule += " " + bounds;
    return p.unit.empty() ? rule : rule + ", unit " + p.unit;
}

const ScriptParameter* ScriptParameters::find(std::string_view name) const noexcept {
    const auto at = std::find_if(all.begin(), all.end(),
                                 [&](const ScriptParameter& p) { return p.name == name; });
    return at == all.end() ? nullptr : &*at;
}

std::optional<Value> fitted(const ScriptParameter& p, const Value& given) {
    Value value = given;
    if (p.type == "list")
        if (auto items = items_of(given)) value = std::move(*items);
    const auto x = value.number();
    if (p.type == "real" && x) value = *x;
    if (p.type == "integer" && value.get<double>() && *x == std::floor(*x) && std::abs(*x) < 0x1p53)
        value = static_cast<int64_t>(*x);
    if (value.type() != p.type || !within(p, value)) return {};
    return value;
}

std::vector<double> spaced(double from, double to, int64_t count, bool by_factors) {
    std::vector<double> values;
    for (int64_t i = 0; i < count; ++i) {
        const double part = static_cast<double>(i) / static_cast<double>(count - 1);
        double x = evenly_spaced(from, to, i, count);
        if (by_factors) {
            x = std::exp(std::log(from) * (1 - part) + std::log(to) * part);
            x = *number_in<double>(fmt::format("{:.15g}", x));
        }
        values.push_back(i == 0 ? from : i == count - 1 ? to : x);
    }
    return values;
}

std::map<std::string, List, std::less<>>
ScriptParameters::values_in(const std::vector<Argument>& arguments, const Texts& elsewhere) const {
    std::vector<std::string> names;
    for (const ScriptParameter& p : all) names.push_back(p.name);
    const std::string script = place.substr(0, place.rfind(':'));
    std::map<std::string, List, std::less<>> values;
    Problems problems;
    for (const Argument& argument : arguments) {
        if (const ScriptParameter* p = find(argument.name)) {
            if (values.contains(p->name))
                problems.add(fmt::format("parameter '{}' is given twice", p->name));
            values[p->name] = taken(*p, argument.text, problems);
            continue;
        }
        std::string hint =
            names.empty() ? "it declares none" : fmt::format("it has: {}", fmt::join(names, ", "));
        if (const auto near = nearest(argument.name, names))
            hint = fmt::format("did you mean '{}'? {}", *near, rule_of(*find(*near)));
        problems.add(
            fmt::format("{} has no parameter '{}' (declared at {})", script, argument.name, place),
            hint);
    }
    for (const ScriptParameter& p : all)
        if (p.required && !values.contains(p.name) &&
            std::find(elsewhere.begin(), elsewhere.end(), p.name) == elsewhere.end())
            problems.add(fmt::format("{} needs {}=VALUE: {}", script, p.name, rule_of(p)), p.doc);
    problems.raise();
    return values;
}

Map ScriptParameters::resolve(const std::vector<Argument>& arguments) const {
    Map point;
    Problems problems;
    for (const ScriptParameter& p : all)
        if (!p.required) point[p.name] = p.initial;
    for (auto& [name, values] : values_in(arguments)) {
        if (values.size() > 1)
            problems.add(fmt::format("parameter '{}' is given {} values, one is wanted here", name,
                                     values.size()),
                         "the parameters of esp.experiment can be swept, those of esp.params not");
        point[name] = values.front();
    }
    problems.raise();
    return point;
}

Replicates replicates_from(std::string_view text) {
    Replicates replicates;
    const auto count = number_in<int64_t>(text);
    if (!count || *count < 1)
        throw Failure(Exit::command_line,
                      fmt::format("command line: replicates = {}: must be an integer >= 1", text));
    replicates.count = *count;
    return replicates;
}

} // namespace espalier
