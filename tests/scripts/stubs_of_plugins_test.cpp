// SPDX-License-Identifier: MIT
// Editor stubs of the plugins of this build: all that they declare, in types that are declared.
#include "script/interpreter.hpp"

#include <boost/test/unit_test.hpp>

#include <cctype>
#include <set>
#include <sstream>

using namespace espalier;

namespace {

Session& session() {
    static Session one = [] {
        SessionOptions options;
        options.registry.folders = {ESPALIER_TEST_PLUGINS};
        return Session(options);
    }();
    return one;
}

const std::string& stubs() {
    static const std::string text = lua_stubs(session().registry());
    return text;
}

std::string between(const std::string& text, const std::string& from, const std::string& to) {
    const auto begin = text.find(from);
    return begin == std::string::npos ? "" : text.substr(begin, text.find(to, begin) - begin);
}

std::string in_one_line(std::string text) {
    for (char& c : text)
        if (c == '\n') c = ' ';
    return text;
}

// A line of the class says the name, whether it must be given, a type, and all of the texts.
void expect_field(const std::string& whole, const std::string& name, bool required,
                  const std::vector<std::string>& texts) {
    const std::string start = "---@field " + name + (required ? " " : "? ");
    const std::string line = between(whole, start, "\n");
    BOOST_TEST(!line.empty(), "no line '" << start << "' in\n" << whole);
    for (const std::string& text : texts)
        BOOST_TEST((line.find(in_one_line(text)) != std::string::npos), text << " in " << line);
}

// The type that `text` begins with: up to the first blank outside brackets, quotes and functions.
std::string type_at(const std::string& text) {
    int depth = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '"') quoted = !quoted;
        if (quoted) continue;
        depth += c == '{' || c == '(' || c == '[' || c == '<';
        depth -= c == '}' || c == ')' || c == ']' || c == '>';
        if (c == ' ' && depth == 0 && i > 0 && text[i - 1] != ':' && text[i - 1] != ',')
            return text.substr(0, i);
    }
    return text;
}

// The names in a type, without keys of tables, names of arguments, and texts.
std::vector<std::string> names_in(const std::string& type) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < type.size();) {
        if (type[i] == '"') {
            i = type.find('"', i + 1) + 1;
            continue;
        }
        std::size_t end = i;
        const auto part = [&](char c) {
            return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.';
        };
        while (end < type.size() && part(type[end])) ++end;
        if (end == i) {
            ++i;
            continue;
        }
        std::size_t after = end;
        if (after < type.size() && type[after] == '?') ++after;
        const bool key = after < type.size() && type[after] == ':';
        const std::string name = type.substr(i, end - i);
        if (!key && name != "...") names.push_back(name);
        i = end;
    }
    return names;
}

// "---@param NAME TYPE ..." and its like, past everything that stands before the type.
std::string typed_part(const std::string& line) {
    for (const std::string tag : {"---@field ", "---@param ", "---@alias "})
        if (line.starts_with(tag)) {
            const std::string rest = line.substr(tag.size());
            if (!rest.starts_with('[')) return rest.substr(rest.find(' ') + 1);
            return rest.substr(rest.find("] ") + 2);
        }
    if (line.starts_with("---@return ")) return line.substr(11);
    if (line.starts_with("---@operator ")) return line.substr(line.find(": ") + 2);
    return "";
}

} // namespace

BOOST_AUTO_TEST_CASE(all_that_is_declared_stands_in_the_stubs) {
    BOOST_TEST(session().registry().components().size() > 50u);
    for (const auto& component : session().registry().components()) {
        const Component& c = *component;
        const std::string whole = between(stubs(), "---@class espalier." + c.name + ".arguments\n",
                                          "function esp." + c.name + "(arguments) end\n");
        BOOST_TEST_CONTEXT(c.name) {
            BOOST_TEST(
                (whole.find(std::string("---") + c.declaration->summary) != std::string::npos));
            const auto split = whole.find("---@class espalier." + c.name + ".results\n");
            BOOST_REQUIRE(split != std::string::npos);
            const std::string arguments = whole.substr(0, split), results = whole.substr(split);
            for (const esp_parameter& p : c.parameters) {
                expect_field(arguments, p.name, p.flags & ESP_REQUIRED,
                             {p.doc, initial_text(p), p.unit});
                for (const char* const* choice = p.type == ESP_CHOICE ? p.choices : nullptr;
                     choice && *choice; ++choice)
                    expect_field(arguments, p.name, p.flags & ESP_REQUIRED,
                                 {'"' + std::string(*choice) + '"'});
            }
            for (const esp_port& p : c.inputs)
                expect_field(arguments, p.name, p.flags & ESP_REQUIRED, {p.doc, p.axes});
            if (c.random()) expect_field(arguments, "seed", false, {"integer"});
            for (const esp_port& p : c.outputs)
                expect_field(results, p.name, true, {p.doc, p.axes});
        }
    }
}

BOOST_AUTO_TEST_CASE(types_name_what_is_declared) {
    std::set<std::string> declared{"any",    "boolean", "fun",  "integer", "nil", "number",
                                   "string", "table",   "true", "false",   "T"};
    std::istringstream first(stubs()), second(stubs());
    for (std::string line; std::getline(first, line);)
        for (const std::string tag : {"---@class ", "---@alias "})
            if (line.starts_with(tag)) {
                const std::string name =
                    line.substr(tag.size(), line.find(' ', tag.size()) - tag.size());
                BOOST_TEST(declared.insert(name).second, name << " is declared twice");
            }
    int types = 0;
    for (std::string line; std::getline(second, line);) {
        if (!line.starts_with("---@")) continue;
        const std::string part = typed_part(line);
        for (const std::string& name : names_in(type_at(part))) {
            ++types;
            BOOST_TEST(declared.contains(name), "'" << name << "' in " << line);
        }
    }
    BOOST_TEST(types > 1000);
}
