// SPDX-License-Identifier: MIT
// The parameters of a script: "name=value" read by the declared type and checked.
#include "run/experiment.hpp"
#include "schema/suggest.hpp"
#include "values/failure.hpp"

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
    if (low && high) return fmt::format("in [{:g}, {:g}]", p.min, p.max);
    if (low) return fmt::format(">= {:g}", p.min);
    return high ? fmt::format("<= {:g}", p.max) : "";
}

bool within(const ScriptParameter& p, const Value& v) {
    if (const List* list = v.get<List>())
        return std::all_of(list->begin(), list->end(),
                           [&](const Value& item) { return within(p, item); });
    if (const auto* text = v.get<std::string>())
        return p.choices.empty() ||
               std::find(p.choices.begin(), p.choices.end(), *text) != p.choices.end();
    const auto x = v.number();
    return !x || (std::isfinite(*x) && *x >= p.min && *x <= p.max);
}

bool many_values(const ScriptParameter& p, std::string_view text) {
    if (p.type == "list" || (p.type == "text" && p.choices.empty())) return false;
    return parts_of(text, ',').size() > 1 || parts_of(text, ':').size() == 3;
}

[[noreturn]] void refuse(const std::string& message, const std::string& hint) {
    throw Failure(Exit::command_line, "command line: " + message, hint);
}

Value taken(const ScriptParameter& p, const std::string& text) {
    if (many_values(p, text))
        refuse(fmt::format("{}={} asks for several values: only a single point can be run", p.name,
                           text),
               fmt::format("give one value, as in {}={}", p.name,
                           p.initial.is_nil() ? "VALUE" : p.initial.text()));
    Value value = p.type == "list" ? parsed_list(p, text) : parsed(p.type, text);
    if (value.is_nil() || !within(p, value)) {
        std::string hint = p.doc;
        if (!p.choices.empty())
            if (const auto near = nearest(text, p.choices)) hint = "did you mean '" + *near + "'?";
        refuse(fmt::format("parameter '{}' = {}: must be {}", p.name, text, rule_of(p)), hint);
    }
    return value;
}

} // namespace

Argument argument_from(std::string_view text) {
    const std::size_t equals = text.find('=');
    if (equals == 0 || equals == std::string_view::npos)
        throw Failure(Exit::command_line,
                      fmt::format("command line: '{}' is not name=value", text));
    return {std::string(text.substr(0, equals)), std::string(text.substr(equals + 1))};
}

std::string rule_of(const ScriptParameter& p) {
    if (!p.choices.empty()) return fmt::format("one of: {}", fmt::join(p.choices, ", "));
    std::string rule = p.type;
    if (p.type == "integer") rule = "an integer";
    if (p.type == "real") rule = "a number";
    if (p.type == "boolean") rule = "true or false";
    if (p.type == "text" || p.type == "list") rule = "a " + p.type;
    if (const std::string bounds = bounds_of(p); !bounds.empty()) rule += " " + bounds;
    return p.unit.empty() ? rule : rule + ", unit " + p.unit;
}

const ScriptParameter* ScriptParameters::find(std::string_view name) const noexcept {
    const auto at = std::find_if(all.begin(), all.end(),
                                 [&](const ScriptParameter& p) { return p.name == name; });
    return at == all.end() ? nullptr : &*at;
}

Map ScriptParameters::resolve(const std::vector<Argument>& arguments) const {
    Map point;
    for (const ScriptParameter& p : all)
        if (!p.required) point[p.name] = p.initial;
    std::vector<std::string> names;
    for (const ScriptParameter& p : all) names.push_back(p.name);
    const std::string script = place.substr(0, place.rfind(':'));
    for (const Argument& argument : arguments) {
        const ScriptParameter* p = find(argument.name);
        if (!p) {
            std::string hint = names.empty() ? "it declares none"
                                             : fmt::format("it has: {}", fmt::join(names, ", "));
            if (const auto near = nearest(argument.name, names))
                hint = fmt::format("did you mean '{}'? {}", *near, rule_of(*find(*near)));
            refuse(fmt::format("{} has no parameter '{}' (declared at {})", script, argument.name,
                               place),
                   hint);
        }
        point[p->name] = taken(*p, argument.text);
    }
    for (const ScriptParameter& p : all)
        if (!point.contains(p.name))
            refuse(fmt::format("{} needs {}=VALUE: {}", script, p.name, rule_of(p)), p.doc);
    return point;
}

} // namespace espalier
