// SPDX-License-Identifier: MIT
// The check of a declaration: what the kernel relies on afterwards without looking again.
#include "schema/component.hpp"

#include "values/utf8.hpp"

#include <fmt/format.h>

#include <cmath>
#include <set>

namespace espalier {

namespace {

constexpr const char* bad_text = "has a text that is null, not UTF-8, or holds control characters";
constexpr uint32_t most_declared = 4096; // parameters or ports of one component

bool is_name(const char* text) {
    if (!text || !(*text >= 'a' && *text <= 'z')) return false;
    for (const char* c = text; *c; ++c)
        if (!((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || *c == '_')) return false;
    return true;
}

bool is_setting(esp_type type) {
    const esp_type plain = type & ~static_cast<esp_type>(ESP_LIST);
    return plain >= ESP_BOOLEAN && (type & ESP_LIST ? plain <= ESP_TEXT : plain <= ESP_CHOICE);
}

bool inside(const esp_parameter& p, double x) {
    const bool above = p.flags & ESP_OPEN_MIN ? x > p.min : x >= p.min;
    const bool below = p.flags & ESP_OPEN_MAX ? x < p.max : x <= p.max;
    return above && below;
}

class Check {
public:
    explicit Check(std::vector<std::string>& problems) : problems_(problems) {}

    void component(const esp_component& c) {
        if (c.size < first_abi::component) return say("is smaller than ABI 1.0 allows");
        if (verb_of(c.kind).empty()) say(fmt::format("has the unknown kind {}", c.kind));
        if (!is_name(c.name)) return say("has a name that is not lower_snake_case");
        for (const char* text : {c.summary, c.doc, c.reference, c.example})
            if (!is_readable(text)) say(bad_text);
        if (!c.create || !c.run || !c.destroy) say("lacks create, run or destroy");
        if (c.parameter_count > most_declared || c.input_count > most_declared ||
            c.output_count > most_declared)
            return say(fmt::format("declares more than {} parameters or ports", most_declared));
        if (c.parameter_count && (!c.parameters || c.parameter_size < first_abi::parameter))
            return say("has parameters of a size that no version of the ABI has");
        if ((c.input_count && !c.inputs) || (c.output_count && !c.outputs) ||
            ((c.input_count || c.output_count) && c.port_size < first_abi::port))
            return say("has ports of a size that no version of the ABI has");
        const Component whole = component_of(c, {0, 0, 0, "", "", "", "", "", 0, nullptr});
        std::set<std::string> names{"seed"};
        for (const esp_parameter& p : whole.parameters)
            if (unique(names, p.name, "parameter")) parameter(p);
        for (const esp_port& p : whole.inputs)
            if (unique(names, p.name, "input")) port(p, "input");
        names.clear();
        for (const esp_port& p : whole.outputs)
            if (unique(names, p.name, "output")) port(p, "output");
        if (!c.output_count) say("has no output");
    }

private:
    void say(std::string what) { problems_.push_back(std::move(what)); }

    bool unique(std::set<std::string>& names, const char* name, const char* what) {
        if (!is_name(name)) {
            say(fmt::format("has {} whose name is not lower_snake_case",
                            *what == 'p' ? "a parameter" : "a port"));
            return false;
        }
        if (names.insert(name).second) return true;
        say(fmt::format("{} '{}' has a name that is taken", what, name));
        return false;
    }

    void parameter(const esp_parameter& p) {
        const auto wrong = [&](std::string_view what) {
            say(fmt::format("parameter '{}' {}", p.name, what));
        };
        if (!is_setting(p.type)) return wrong("has an unknown type");
        if (!is_readable(p.doc) || !is_readable(p.unit)) return wrong(bad_text);
        if (!*p.doc) wrong("has no sentence that says what it is");
        if (std::isnan(p.min) || std::isnan(p.max) || p.min > p.max)
            return wrong("has an empty range");
        if (p.type == ESP_CHOICE && (!p.choices || !p.choices[0])) return wrong("has no choices");
        if (p.flags & ESP_REQUIRED) return;
        if (p.initial.type != p.type) return wrong("has a default of another type");
        if (p.type == ESP_CHOICE) return choice(p);
        if (p.type & ESP_LIST ? p.initial.count < 0 || (p.initial.count && !p.initial.as.integers)
                              : p.type == ESP_TEXT && !p.initial.as.text)
            return wrong("has a default that is null");
        if (!initial_inside(p)) wrong("has a default outside its range");
        if (p.type == ESP_TEXT && !is_readable(p.initial.as.text)) wrong(bad_text);
        for (int64_t i = 0; p.type == (ESP_LIST | ESP_TEXT) && i < p.initial.count; ++i)
            if (!is_readable(p.initial.as.texts[i])) wrong(bad_text);
    }

    void choice(const esp_parameter& p) {
        int64_t count = 0;
        for (; p.choices[count]; ++count)
            if (!is_readable(p.choices[count]))
                say(fmt::format("parameter '{}' {}", p.name, bad_text));
        if (p.initial.as.integer < 0 || p.initial.as.integer >= count)
            say(fmt::format("parameter '{}' has a default that is none of its choices", p.name));
    }

    static bool initial_inside(const esp_parameter& p) {
        const esp_value& v = p.initial;
        if (p.type == ESP_INTEGER) return inside(p, static_cast<double>(v.as.integer));
        if (p.type == ESP_REAL) return inside(p, v.as.real);
        for (int64_t i = 0; (p.type & ESP_LIST) && i < v.count; ++i) {
            if (p.type == (ESP_LIST | ESP_INTEGER) &&
                !inside(p, static_cast<double>(v.as.integers[i])))
                return false;
            if (p.type == (ESP_LIST | ESP_REAL) && !inside(p, v.as.reals[i])) return false;
        }
        return true;
    }

    void port(const esp_port& p, const char* what) {
        const auto wrong = [&](std::string_view problem) {
            say(fmt::format("{} '{}' {}", what, p.name, problem));
        };
        const bool bundle = p.type >= ESP_TENSOR && p.type <= ESP_MODEL;
        if (!bundle &&
            (*what == 'i' || !is_setting(p.type) || p.type & ESP_LIST || p.type == ESP_CHOICE))
            return wrong("has a type that a port cannot have");
        if (dtype_text(p.dtype).empty()) wrong("has an unknown element type");
        if (!is_readable(p.axes) || !is_readable(p.unit) || !is_readable(p.doc))
            return wrong(bad_text);
        if (!*p.doc) wrong("has no sentence that says what it is");
    }

    std::vector<std::string>& problems_;
};

} // namespace

bool is_readable(const char* text) noexcept {
    if (!text || !is_utf8(text)) return false;
    for (const auto* c = reinterpret_cast<const unsigned char*>(text); *c; ++c)
        if ((*c < 0x20 && *c != '\n' && *c != '\t') || *c == 0x7f || (*c == 0xc2 && c[1] < 0xa0))
            return false;
    return true;
}

std::vector<std::string> problems_of(const esp_component& c) {
    std::vector<std::string> problems;
    Check(problems).component(c);
    return problems;
}

} // namespace espalier
