// SPDX-License-Identifier: MIT
// Card: one walk over a declaration for each of its three layouts.
#include "schema/card.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace espalier {

namespace {

constexpr const char* seed_doc = "Number from which every random draw of the call follows.";

std::string_view text(const char* maybe) { return maybe ? std::string_view(maybe) : ""; }

bool has(uint32_t flags, uint32_t flag) { return (flags & flag) != 0; }

// Plain ones first, advanced ones after, each in declared order.
std::vector<esp_parameter> ordered(const Component& c) {
    std::vector<esp_parameter> all = c.parameters;
    std::stable_partition(all.begin(), all.end(),
                          [](const esp_parameter& p) { return !has(p.flags, ESP_ADVANCED); });
    return all;
}

// "real >= 0", "one of: a, b", "list of integers".
std::string kind_text(const esp_parameter& p) {
    std::string range = range_text(p);
    if (p.type == ESP_CHOICE) return range;
    return range.empty() ? std::string(type_text(p.type))
                         : fmt::format("{} {}", type_text(p.type), range);
}

std::string axes_text(std::string_view axes) {
    std::string shown = "[";
    for (const char c : axes) {
        if (c == '|')
            shown += "] or [";
        else if (c == ',')
            shown += ", ";
        else
            shown += c;
    }
    return shown + "]";
}

// Words of a sentence in lines of at most `width` columns, each after the first indented.
std::string wrapped(std::string_view sentence, std::size_t indent, std::size_t width) {
    const std::size_t room = std::max<std::size_t>(width > indent ? width - indent : 0, 24);
    std::string out;
    std::size_t column = 0;
    for (std::size_t at = 0; at < sentence.size();) {
        const std::size_t end = std::min(sentence.find(' ', at), sentence.size());
        const std::size_t length = end - at;
        if (column > 0 && column + 1 + length > room) {
            out += '\n' + std::string(indent, ' ');
            column = 0;
        }
        if (column > 0) out += ' ', ++column;
        out += sentence.substr(at, length);
        column += length;
        at = end + 1;
    }
    return out;
}

struct Row {
    std::string name, about, doc;
};

class Sheet {
public:
    explicit Sheet(CardStyle style) : style_(style) {}

    void heading(std::string_view title) {
        out_ +=
            style_.bold ? fmt::format("\n\033[1m{}\033[0m\n", title) : fmt::format("\n{}\n", title);
    }
    void line(std::string_view content) {
        fmt::format_to(std::back_inserter(out_), "{}\n", content);
    }
    void indented(std::string_view block) {
        while (!block.empty()) {
            const std::size_t end = std::min(block.find('\n'), block.size());
            const auto content = block.substr(0, end);
            line(content.empty() ? "" : fmt::format("  {}", content));
            block.remove_prefix(std::min(end + 1, block.size()));
        }
    }
    // Columns share the widths of the whole card, so that sections align.
    void rows(const std::vector<Row>& rows, std::size_t name_width, std::size_t about_width) {
        constexpr std::size_t narrowest = 36, below = 6;
        std::size_t indent = 2 + name_width + 2 + about_width + 2;
        const bool beside = indent + narrowest <= width();
        if (!beside) indent = below;
        for (const Row& r : rows) {
            if (!beside || r.about.size() > about_width) {
                line(fmt::format("  {:<{}}  {}", r.name, name_width, r.about));
                line(std::string(indent, ' ') + wrapped(r.doc, indent, width()));
            } else
                line(fmt::format("  {:<{}}  {:<{}}  {}", r.name, name_width, r.about, about_width,
                                 wrapped(r.doc, indent, width())));
        }
    }
    std::string take() { return std::move(out_); }
    std::string bold(std::string_view content) const {
        return style_.bold ? fmt::format("\033[1m{}\033[0m", content) : std::string(content);
    }

private:
    std::size_t width() const { return static_cast<std::size_t>(std::max(style_.width, 40)); }

    CardStyle style_;
    std::string out_;
};

Row row_of(const esp_parameter& p) {
    std::string about = kind_text(p);
    about += has(p.flags, ESP_REQUIRED) ? ", required" : " = " + initial_text(p);
    std::string doc(text(p.doc));
    if (!text(p.unit).empty()) doc += fmt::format(" [{}]", text(p.unit));
    return {std::string(text(p.name)), std::move(about), std::move(doc)};
}

Row row_of(const esp_port& port, bool input) {
    std::string about = port_text(port);
    if (input && !has(port.flags, ESP_REQUIRED)) about += ", optional";
    std::string doc(text(port.doc));
    if (has(port.flags, ESP_ALLOW_MISSING)) doc += " NaN marks a missing value.";
    if (!text(port.unit).empty()) doc += fmt::format(" [{}]", text(port.unit));
    return {std::string(text(port.name)), std::move(about), std::move(doc)};
}

struct Sections {
    std::vector<Row> parameters, advanced, inputs, outputs;
};

Sections sections_of(const Component& c) {
    Sections s;
    for (const auto& p : c.parameters)
        (has(p.flags, ESP_ADVANCED) ? s.advanced : s.parameters).push_back(row_of(p));
    if (c.random()) s.parameters.push_back({"seed", "integer >= 0", seed_doc});
    for (const auto& port : c.inputs) s.inputs.push_back(row_of(port, true));
    for (const auto& port : c.outputs) s.outputs.push_back(row_of(port, false));
    return s;
}

std::string cell(std::string_view content) {
    std::string safe;
    for (const char c : content) {
        if (c == '|') safe += '\\';
        safe += c == '\n' ? ' ' : c;
    }
    return safe;
}

void markdown_ports(std::string& out, const char* title, const std::vector<esp_port>& ports,
                    bool input) {
    if (ports.empty()) return;
    fmt::format_to(std::back_inserter(out), "\n| {} | carries | meaning |\n|---|---|---|\n", title);
    for (const auto& port : ports) {
        const Row r = row_of(port, input);
        fmt::format_to(std::back_inserter(out), "| `{}` | {} | {} |\n", r.name, cell(r.about),
                       cell(r.doc));
    }
}

Value list_of_texts(const char* const* texts, int64_t count) {
    List list;
    for (int64_t i = 0; i < count; ++i) list.emplace_back(texts[i]);
    return list;
}

Value initial_value(const esp_parameter& p) {
    const esp_value& v = p.initial;
    List list;
    switch (p.type) {
    case ESP_BOOLEAN: return v.as.integer != 0;
    case ESP_INTEGER: return v.as.integer;
    case ESP_REAL: return v.as.real;
    case ESP_TEXT: return v.as.text;
    case ESP_CHOICE: return p.choices[v.as.integer];
    case ESP_LIST | ESP_TEXT:
    case ESP_LIST | ESP_CHOICE: return list_of_texts(v.as.texts, v.count);
    case ESP_LIST | ESP_REAL:
        for (int64_t i = 0; i < v.count; ++i) list.emplace_back(v.as.reals[i]);
        return list;
    default:
        for (int64_t i = 0; i < v.count; ++i)
            list.push_back(p.type == (ESP_LIST | ESP_BOOLEAN) ? Value(v.as.integers[i] != 0)
                                                              : Value(v.as.integers[i]));
        return list;
    }
}

Map parameter_data(const esp_parameter& p) {
    Map m{{"name", p.name},
          {"type", std::string(type_text(p.type))},
          {"unit", std::string(text(p.unit))},
          {"doc", std::string(text(p.doc))},
          {"required", has(p.flags, ESP_REQUIRED)},
          {"advanced", has(p.flags, ESP_ADVANCED)}};
    if (!has(p.flags, ESP_REQUIRED)) m["default"] = initial_value(p);
    if (std::isfinite(p.min)) m["min"] = p.min, m["min_excluded"] = has(p.flags, ESP_OPEN_MIN);
    if (std::isfinite(p.max)) m["max"] = p.max, m["max_excluded"] = has(p.flags, ESP_OPEN_MAX);
    if (p.choices) {
        List choices;
        for (const char* const* c = p.choices; *c; ++c) choices.emplace_back(*c);
        m["choices"] = std::move(choices);
    }
    return m;
}

List port_data(const std::vector<esp_port>& ports, bool input) {
    List list;
    for (const auto& port : ports) {
        Map m{{"name", port.name},
              {"type", std::string(type_text(port.type))},
              {"unit", std::string(text(port.unit))},
              {"doc", std::string(text(port.doc))}};
        if (port.type == ESP_TENSOR) {
            m["dtype"] = std::string(dtype_text(port.dtype));
            m["axes"] = std::string(text(port.axes));
        }
        if (input) {
            m["required"] = has(port.flags, ESP_REQUIRED);
            m["missing_values"] = has(port.flags, ESP_ALLOW_MISSING);
        }
        list.emplace_back(std::move(m));
    }
    return list;
}

} // namespace

std::string port_text(const esp_port& port) {
    if (port.type != ESP_TENSOR) return std::string(type_text(port.type));
    std::string shown = "tensor";
    if (port.dtype.bits) shown += fmt::format(" {}", dtype_text(port.dtype));
    if (!text(port.axes).empty()) shown += fmt::format(" {}", axes_text(port.axes));
    return shown;
}

std::string card_text(const Component& c, CardStyle style) {
    const esp_component& d = *c.declaration;
    const Sections s = sections_of(c);
    std::size_t names = 0, abouts = 0;
    for (const auto* section : {&s.parameters, &s.advanced, &s.inputs, &s.outputs})
        for (const Row& r : *section) {
            names = std::max(names, r.name.size());
            if (r.about.size() <= 30) abouts = std::max(abouts, r.about.size());
        }

    Sheet sheet(style);
    sheet.line(fmt::format("{}  {}", sheet.bold(c.name), text(d.summary)));
    if (!text(d.doc).empty()) {
        sheet.line("");
        sheet.indented(d.doc);
    }
    const auto section = [&](const char* title, const std::vector<Row>& rows) {
        if (rows.empty()) return;
        sheet.heading(title);
        sheet.rows(rows, names, abouts);
    };
    section("parameters", s.parameters);
    section("advanced parameters", s.advanced);
    section("inputs", s.inputs);
    section("outputs", s.outputs);
    if (!text(d.example).empty()) {
        sheet.heading("example");
        sheet.indented(d.example);
    }
    sheet.line("");
    if (!text(d.reference).empty()) sheet.line(fmt::format("reference  {}", d.reference));
    sheet.line(fmt::format("plugin     {} {}", c.plugin, c.version));
    return sheet.take();
}

std::string card_markdown(const Component& c, int level) {
    const esp_component& d = *c.declaration;
    std::string out;
    const auto put = std::back_inserter(out);
    fmt::format_to(put, "{} `{}`\n\n{}.\n",
                   std::string(static_cast<std::size_t>(std::max(level, 1)), '#'), c.name,
                   text(d.summary));
    if (!text(d.doc).empty()) fmt::format_to(put, "\n{}\n", d.doc);
    if (!c.parameters.empty() || c.random())
        out +=
            "\n| parameter | type and range | default | unit | meaning |\n|---|---|---|---|---|\n";
    for (const auto& p : ordered(c))
        fmt::format_to(put, "| `{}` | {} | {} | {} | {} |\n", p.name, cell(kind_text(p)),
                       has(p.flags, ESP_REQUIRED) ? "required"
                                                  : fmt::format("`{}`", cell(initial_text(p))),
                       cell(text(p.unit)), cell(text(p.doc)));
    if (c.random()) fmt::format_to(put, "| `seed` | integer >= 0 | the run's | | {} |\n", seed_doc);
    markdown_ports(out, "input", c.inputs, true);
    markdown_ports(out, "output", c.outputs, false);
    if (!text(d.example).empty()) fmt::format_to(put, "\n```lua\n{}\n```\n", d.example);
    if (!text(d.reference).empty()) fmt::format_to(put, "\nReference: {}\n", d.reference);
    fmt::format_to(put, "\nPlugin: {} {}\n", c.plugin, c.version);
    return out;
}

Map card_data(const Component& c) {
    const esp_component& d = *c.declaration;
    List parameters;
    for (const auto& p : c.parameters) parameters.emplace_back(parameter_data(p));
    return Map{{"name", c.name},
               {"kind", std::string(verb_of(d.kind))},
               {"summary", std::string(text(d.summary))},
               {"doc", std::string(text(d.doc))},
               {"reference", std::string(text(d.reference))},
               {"example", std::string(text(d.example))},
               {"plugin", c.plugin},
               {"version", c.version},
               {"random", c.random()},
               {"same_bits_on_every_isa", !has(d.flags, ESP_ISA_BITS)},
               {"parameters", std::move(parameters)},
               {"inputs", port_data(c.inputs, true)},
               {"outputs", port_data(c.outputs, false)}};
}

} // namespace espalier
