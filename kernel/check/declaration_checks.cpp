// SPDX-License-Identifier: MIT
// Checks of what a plugin declares: words, names, ranges, ports.
#include "check/subject.hpp"
#include "values/wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <regex>
#include <set>
#include <sstream>

namespace espalier {

namespace {

bool matches(const char* text, const char* pattern) {
    return text && std::regex_match(text, std::regex(pattern));
}

std::string shown(const char* text) {
    if (!text) return "null";
    return is_readable(text) ? fmt::format("'{}'", text) : "unreadable";
}

Verdict id(Subject& s) {
    return matches(s.plugin->id, "[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)+")
               ? passed(s.plugin->id)
               : failed(fmt::format("id is {}, not of the form org.example.name",
                                    shown(s.plugin->id)));
}

Verdict version(Subject& s) {
    return matches(s.plugin->version, "[0-9]+\\.[0-9]+\\.[0-9]+([-+][0-9A-Za-z.+-]+)?")
               ? passed(s.plugin->version)
               : failed(
                     fmt::format("version is {}, not of the form 1.2.3", shown(s.plugin->version)));
}

Verdict licence(Subject& s) {
    return matches(s.plugin->license,
                   "\\(*[A-Za-z0-9.+:-]+\\)*( (AND|OR|WITH) \\(*[A-Za-z0-9.+:-]+\\)*)*")
               ? passed(s.plugin->license)
               : failed(fmt::format("licence is {}, no SPDX expression such as MIT or "
                                    "GPL-3.0-or-later",
                                    shown(s.plugin->license)));
}

Verdict authors(Subject& s) {
    for (const char* text : {s.plugin->authors, s.plugin->build})
        if (!is_readable(text))
            return failed(
                "its authors or its build are null, not UTF-8, or hold control characters");
    return *s.plugin->authors ? passed(s.plugin->authors) : not_applicable("names none");
}

Verdict unique(Subject& s) {
    std::set<std::pair<esp_kind, std::string>> names;
    for (uint32_t i = 0; i < s.plugin->component_count; ++i) {
        const esp_component& c = *s.plugin->components[i];
        if (c.name && !names.emplace(c.kind, c.name).second)
            return failed(fmt::format("declares component '{}' twice", c.name));
    }
    return passed();
}

// The sentences of the kernel's own check that hold one of these words.
template <std::size_t n> Verdict without(Subject& s, const char* const (&words)[n]) {
    for (const std::string& problem : problems_of(*s.component.declaration))
        for (const char* word : words)
            if (problem.find(word) != std::string::npos) return failed(problem);
    return passed();
}

Verdict sizes(Subject& s) {
    return without(s, {"smaller than ABI", "of a size that no version", "declares more than"});
}
Verdict kind(Subject& s) { return without(s, {"unknown kind"}); }
Verdict names(Subject& s) { return without(s, {"not lower_snake_case", "name that is taken"}); }
Verdict functions(Subject& s) {
    Verdict v = without(s, {"lacks create, run or destroy"});
    if (v.finding == Finding::passed) try {
            iterative_of(s.component);
        } catch (const Failure& failure) {
            return failed(failure.what());
        }
    return v;
}
Verdict types(Subject& s) {
    return without(s, {"has an unknown type", "type that a port cannot have",
                       "unknown element type", "default of another type", "has no output"});
}
Verdict texts(Subject& s) { return without(s, {"a text that is null"}); }
Verdict sentences(Subject& s) { return without(s, {"no sentence that says"}); }
Verdict ranges(Subject& s) { return without(s, {"empty range"}); }
Verdict defaults_inside(Subject& s) {
    return without(s, {"default outside its range", "none of its choices", "default that is null"});
}

Verdict choices_named(Subject& s) {
    bool any = false;
    for (const esp_parameter& p : s.component.parameters) {
        if (p.type != ESP_CHOICE) continue;
        any = true;
        std::set<std::string> seen;
        for (const char* const* c = p.choices; c && *c; ++c)
            if (!**c || !seen.insert(*c).second)
                return failed(fmt::format("parameter '{}' has the choice '{}' {}", p.name, *c,
                                          **c ? "twice" : "without a name"));
        if (seen.empty()) return failed(fmt::format("parameter '{}' has no choices", p.name));
    }
    return any ? passed() : not_applicable("no choices");
}

Verdict summary(Subject& s) {
    const std::string text = s.component.declaration->summary;
    if (text.empty()) return failed("has no summary");
    return text.find('\n') == std::string::npos ? passed()
                                                : failed("has a summary of more than one line");
}

Verdict reference(Subject& s) {
    const char* text = s.component.declaration->reference;
    if (!*text) return not_applicable("none given");
    return matches(text, "(doi:10\\.|arXiv:|https?://|isbn:).+")
               ? passed()
               : failed(fmt::format("reference {} begins with none of doi:10., arXiv:, https://, "
                                    "isbn:",
                                    shown(text)));
}

Verdict example(Subject& s) {
    const std::string text = s.component.declaration->example;
    if (text.empty()) return not_applicable("none given");
    return text.find(s.component.name) != std::string::npos
               ? passed()
               : failed(fmt::format("its example does not call esp.{}", s.component.name));
}

Verdict units(Subject& s) {
    bool any = false;
    const auto wrong = [&](const char* unit, esp_type type, bool setting) -> std::string {
        const std::string text = unit ? unit : "";
        any = any || !text.empty();
        if (text != std::string(text, 0, text.find_last_not_of(" \t\n") + 1) ||
            text.starts_with(' '))
            return fmt::format("has the unit '{}', with blanks around it", text);
        const esp_type plain = type & ~static_cast<esp_type>(ESP_LIST);
        if (!text.empty() && setting && plain != ESP_INTEGER && plain != ESP_REAL)
            return fmt::format("is {} and has the unit '{}'", with_article(type_text(type)), text);
        return "";
    };
    for (const esp_parameter& p : s.component.parameters)
        if (const auto what = wrong(p.unit, p.type, true); !what.empty())
            return failed(fmt::format("parameter '{}' {}", p.name, what));
    for (const auto* ports : {&s.component.inputs, &s.component.outputs})
        for (const esp_port& p : *ports)
            if (const auto what = wrong(p.unit, p.type, p.type < ESP_TENSOR); !what.empty())
                return failed(fmt::format("port '{}' {}", p.name, what));
    return any ? passed() : not_applicable("nothing has a unit");
}

// Names parted by commas, alternatives of different lengths by '|'; an axis stands once in each.
std::string axes_problem(const std::string& axes) {
    std::set<std::size_t> lengths;
    std::istringstream all(axes + "|");
    for (std::string one; std::getline(all, one, '|');) {
        if (!matches(one.c_str(), "[a-z][a-z0-9_]*(,[a-z][a-z0-9_]*)*"))
            return fmt::format("'{}' is no list of names", one);
        if (!lengths.insert(static_cast<std::size_t>(std::count(one.begin(), one.end(), ',')))
                 .second)
            return "two alternatives have the same number of axes";
    }
    return "";
}

Verdict axes(Subject& s) {
    bool any = false;
    for (const auto* ports : {&s.component.inputs, &s.component.outputs})
        for (const esp_port& p : *ports) {
            if (!p.axes || !*p.axes) continue;
            any = true;
            if (p.type != ESP_TENSOR)
                return failed(fmt::format("port '{}' is no tensor and has axes", p.name));
            const std::string problem = axes_problem(p.axes);
            if (!problem.empty() && ports == &s.component.inputs)
                return failed(fmt::format("input '{}' has axes '{}': {}", p.name, p.axes, problem));
        }
    return any ? passed() : not_applicable("no port has axes");
}

// A generator makes something of its parameters; anything that takes data is of another kind.
Verdict promise(Subject& s) {
    if (s.component.declaration->kind != ESP_GENERATOR)
        return not_applicable("only generators promise what can be seen here");
    for (const esp_port& p : s.component.inputs)
        if (p.flags & ESP_REQUIRED)
            return failed(fmt::format("is a generator that needs the input '{}'", p.name));
    return passed();
}

} // namespace

const std::vector<Check>& declaration_checks() {
    static const std::vector<Check> all{
        {"id", "has an id such as org.example.name", Needs::plugin, id},
        {"version", "has a semantic version", Needs::plugin, version},
        {"licence", "has an SPDX licence", Needs::plugin, licence},
        {"authors", "has authors and a build in plain text", Needs::plugin, authors},
        {"unique names", "declares each component once", Needs::plugin, unique},
        {"sizes", "has structs of this ABI's sizes", Needs::component, sizes},
        {"kind", "is of a known kind", Needs::component, kind},
        {"promise", "keeps the promise of its kind", Needs::declared, promise},
        {"names", "has lower_snake_case names, each once", Needs::component, names},
        {"functions", "has all functions", Needs::component, functions},
        {"texts", "has texts in UTF-8 without control characters", Needs::component, texts},
        {"summary", "has a summary of one line", Needs::declared, summary},
        {"sentences", "says of everything what it is", Needs::component, sentences},
        {"reference", "has a reference that can be followed", Needs::declared, reference},
        {"example", "has an example that calls it", Needs::declared, example},
        {"types", "has parameters and ports of known types", Needs::component, types},
        {"ranges", "has ranges with something in them", Needs::component, ranges},
        {"choices", "has choices with a name each", Needs::declared, choices_named},
        {"defaults", "has defaults inside ranges and choices", Needs::component, defaults_inside},
        {"units", "has units of numbers only", Needs::declared, units},
        {"axes", "has axes that can be read", Needs::declared, axes}};
    return all;
}

} // namespace espalier
