// SPDX-License-Identifier: MIT
// Declarations of any minor version read into the kernel's layout, and put into words.
#include "schema/component.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace espalier {

namespace {

// Elements of `size` bytes, of which the kernel knows the first sizeof(T).
template <class T> std::vector<T> read_array(const T* first, uint32_t count, uint32_t size) {
    std::vector<T> out(count);
    const auto* bytes = reinterpret_cast<const char*>(first);
    for (uint32_t i = 0; i < count; ++i)
        std::memcpy(&out[i], bytes + std::size_t{i} * size, std::min<std::size_t>(size, sizeof(T)));
    return out;
}

template <class T> const T* named(const std::vector<T>& items, std::string_view name) noexcept {
    const auto at =
        std::find_if(items.begin(), items.end(), [&](const T& x) { return name == x.name; });
    return at == items.end() ? nullptr : &*at;
}

std::string number_text(double x) { return fmt::format("{:.15g}", x); }

std::string quoted(const char* text) { return fmt::format("\"{}\"", text); }

template <class Element, class Text>
std::string list_text(const Element* items, int64_t count, Text&& text) {
    std::vector<std::string> parts;
    for (int64_t i = 0; i < count; ++i) parts.push_back(text(items[i]));
    return fmt::format("{{{}}}", fmt::join(parts, ", "));
}

} // namespace

const esp_parameter* Component::parameter(std::string_view wanted) const noexcept {
    return named(parameters, wanted);
}
const esp_port* Component::input(std::string_view wanted) const noexcept {
    return named(inputs, wanted);
}
const esp_port* Component::output(std::string_view wanted) const noexcept {
    return named(outputs, wanted);
}

const std::vector<std::string_view>& verbs() noexcept {
    static const std::vector<std::string_view> names{"generate", "simulate", "sample", "learn",
                                                     "predict",  "prune",    "analyze"};
    return names;
}

std::string_view verb_of(esp_kind kind) noexcept {
    return kind >= 1 && kind <= verbs().size() ? verbs()[kind - 1] : std::string_view();
}

Component component_of(const esp_component& c, const esp_plugin& plugin) {
    Component out;
    out.declaration = &c;
    out.name = fmt::format("{}.{}", verb_of(c.kind), c.name);
    out.plugin = plugin.id;
    out.version = plugin.version;
    out.parameters = read_array(c.parameters, c.parameter_count, c.parameter_size);
    out.inputs = read_array(c.inputs, c.input_count, c.port_size);
    out.outputs = read_array(c.outputs, c.output_count, c.port_size);
    return out;
}

std::string_view type_text(esp_type type) noexcept {
    switch (type) {
    case ESP_BOOLEAN: return "boolean";
    case ESP_INTEGER: return "integer";
    case ESP_REAL: return "real";
    case ESP_TEXT: return "text";
    case ESP_CHOICE: return "choice";
    case ESP_TENSOR: return "tensor";
    case ESP_GRAPH: return "graph";
    case ESP_TABLE: return "table";
    case ESP_MODEL: return "model";
    case ESP_LIST | ESP_BOOLEAN: return "list of booleans";
    case ESP_LIST | ESP_INTEGER: return "list of integers";
    case ESP_LIST | ESP_REAL: return "list of reals";
    case ESP_LIST | ESP_TEXT: return "list of texts";
    default: return "";
    }
}

std::string_view dtype_text(esp_dtype d) noexcept {
    struct Name {
        uint8_t code, bits;
        std::string_view text;
    };
    constexpr std::array<Name, 9> names{{{0, 0, "any"},
                                         {6, 8, "bool"},
                                         {1, 8, "uint8"},
                                         {0, 8, "int8"},
                                         {0, 16, "int16"},
                                         {0, 32, "int32"},
                                         {0, 64, "int64"},
                                         {2, 32, "float32"},
                                         {2, 64, "float64"}}};
    for (const Name& n : names)
        if (n.code == d.code && n.bits == d.bits) return n.text;
    return "";
}

std::string range_text(const esp_parameter& p) {
    if (p.type == ESP_CHOICE) {
        std::vector<std::string> names;
        for (const char* const* c = p.choices; *c; ++c) names.emplace_back(*c);
        return fmt::format("one of: {}", fmt::join(names, ", "));
    }
    const bool low = std::isfinite(p.min), high = std::isfinite(p.max);
    const bool open_low = p.flags & ESP_OPEN_MIN, open_high = p.flags & ESP_OPEN_MAX;
    if (low && high)
        return fmt::format("in {}{}, {}{}", open_low ? '(' : '[', number_text(p.min),
                           number_text(p.max), open_high ? ')' : ']');
    if (low) return fmt::format("{} {}", open_low ? ">" : ">=", number_text(p.min));
    if (high) return fmt::format("{} {}", open_high ? "<" : "<=", number_text(p.max));
    return "";
}

std::string initial_text(const esp_parameter& p) {
    if (p.flags & ESP_REQUIRED) return "";
    const esp_value& v = p.initial;
    switch (p.type) {
    case ESP_BOOLEAN: return v.as.integer ? "true" : "false";
    case ESP_INTEGER: return fmt::format("{}", v.as.integer);
    case ESP_REAL: return number_text(v.as.real);
    case ESP_TEXT: return quoted(v.as.text);
    case ESP_CHOICE: return quoted(p.choices[v.as.integer]);
    case ESP_LIST | ESP_BOOLEAN:
        return list_text(v.as.integers, v.count,
                         [](int64_t x) { return std::string(x ? "true" : "false"); });
    case ESP_LIST | ESP_INTEGER:
        return list_text(v.as.integers, v.count, [](int64_t x) { return fmt::format("{}", x); });
    case ESP_LIST | ESP_REAL: return list_text(v.as.reals, v.count, number_text);
    default: return list_text(v.as.texts, v.count, quoted);
    }
}

} // namespace espalier
