// SPDX-License-Identifier: MIT
// Options of loading and saving from a script's named values.
#include "files/files.hpp"
#include "schema/suggest.hpp"
#include "values/failure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>

namespace espalier {

namespace {

[[noreturn]] void refuse(std::string_view name, const Value& value, const std::string& rule) {
    throw Failure(Exit::script,
                  fmt::format("option '{}' = {}: must be {}", name, value.text(), rule));
}

// What sets one option from its value.
using Setters =
    std::map<std::string, std::function<void(std::string_view, const Value&)>, std::less<>>;

template <class Flag> auto flag(Flag& to) {
    return [&to](std::string_view name, const Value& value) {
        const auto* truth = value.get<bool>();
        if (!truth) refuse(name, value, "true or false");
        to = *truth;
    };
}

template <class Character> auto character(Character& to) {
    return [&to](std::string_view name, const Value& value) {
        const auto* text = value.get<std::string>();
        if (!text || text->size() != 1 || *text == "\"" || *text == "\n" || *text == "\r")
            refuse(name, value, "one character, and no quote");
        to = text->front();
    };
}

template <class Number> auto count(Number& to, int64_t largest) {
    return [&to, largest](std::string_view name, const Value& value) {
        const auto* whole = value.get<int64_t>();
        if (!whole || *whole < 0 || *whole > largest)
            refuse(name, value, fmt::format("a whole number from 0 to {}", largest));
        to = *whole;
    };
}

template <class Chosen, std::size_t N>
auto choice(Chosen& to, const std::array<std::pair<std::string_view, Chosen>, N>& choices) {
    return [&to, choices](std::string_view name, const Value& value) {
        std::string rule;
        std::vector<std::string> names;
        for (const auto& [known, chosen] : choices) {
            if (const auto* text = value.get<std::string>(); text && *text == known) {
                to = chosen;
                return;
            }
            names.emplace_back(known);
            rule += (rule.empty() ? "" : ", ") + std::string(known);
        }
        const auto* text = value.get<std::string>();
        refuse(name, value, "one of " + rule + (text ? suggestion(*text, names) : ""));
    };
}

auto format_name(std::string& to) {
    return [&to](std::string_view name, const Value& value) {
        const auto* text = value.get<std::string>();
        if (!text) refuse(name, value, "a text");
        to = *text; // judged where the format is chosen
    };
}

void apply(const Map& named, const Setters& setters) {
    std::vector<std::string> names;
    for (const auto& setter : setters) names.push_back(setter.first);
    for (const auto& [name, value] : named) {
        const auto setter = setters.find(name);
        if (setter == setters.end())
            throw Failure(Exit::script,
                          fmt::format("unknown option '{}'{}", name, suggestion(name, names)));
        if (!value.is_nil()) setter->second(name, value);
    }
}

} // namespace

LoadOptions load_options(const Map& named) {
    constexpr std::array<std::pair<std::string_view, EdgePolicy>, 3> loops{
        {{"error", EdgePolicy::error}, {"drop", EdgePolicy::drop}, {"keep", EdgePolicy::keep}}};
    constexpr std::array<std::pair<std::string_view, EdgePolicy>, 3> duplicates{
        {{"error", EdgePolicy::error}, {"drop", EdgePolicy::drop}, {"merge", EdgePolicy::merge}}};
    constexpr std::array<std::pair<std::string_view, IdPolicy>, 4> ids{
        {{"error", IdPolicy::error},
         {"drop", IdPolicy::drop},
         {"compact", IdPolicy::compact},
         {"keep", IdPolicy::keep}}};
    constexpr std::array<std::pair<std::string_view, TextAs>, 2> as{
        {{"table", TextAs::table}, {"tensor", TextAs::tensor}}};
    LoadOptions o;
    apply(named, {{"format", format_name(o.format)},
                  {"as", choice(o.as, as)},
                  {"header", flag(o.header)},
                  {"separator", character(o.separator)},
                  {"decimal", character(o.decimal)},
                  {"comment", character(o.comment)},
                  {"directed", flag(o.directed)},
                  {"nodes", count(o.nodes, INT32_MAX)},
                  {"self_loops", choice(o.self_loops, loops)},
                  {"duplicates", choice(o.duplicates, duplicates)},
                  {"ids", choice(o.ids, ids)},
                  {"allow_nan", flag(o.allow_nan)},
                  {"size_limit", count(o.size_limit, INT64_MAX)}});
    return o;
}

SaveOptions save_options(const Map& named) {
    SaveOptions o;
    apply(named, {{"format", format_name(o.format)},
                  {"raw", flag(o.raw)},
                  {"compress", flag(o.compress)},
                  {"separator", character(o.separator)}});
    return o;
}

} // namespace espalier
