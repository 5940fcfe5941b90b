// SPDX-License-Identifier: MIT
// Reads a command's options with Boost.Program_options; the only file that includes it.
#include "app/command.hpp"
#include "schema/suggest.hpp"
#include "values/failure.hpp"

#include <boost/program_options.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace espalier::app {

namespace {

namespace po = boost::program_options;

constexpr const char* words_name = "espalier words";

po::options_description description_of(const Command& c) {
    po::options_description all;
    auto add = all.add_options();
    const auto declare = [&](const Option& o) {
        const std::string names = o.letter ? fmt::format("{},{}", o.name, o.letter) : o.name;
        if (o.value.empty())
            add(names.c_str(), po::bool_switch());
        else
            add(names.c_str(), po::value<std::string>());
    };
    for (const auto& o : c.options) declare(o);
    declare({"help", 'h', "", ""});
    add(words_name, po::value<std::vector<std::string>>());
    return all;
}

[[noreturn]] void refuse(const Command& c, const std::string& what, std::string hint = {}) {
    if (hint.empty()) hint = fmt::format("espalier {} --help", c.name);
    throw Failure(Exit::command_line, "command line: " + what, std::move(hint));
}

[[noreturn]] void refuse_unknown(const Command& c, const std::string& given) {
    std::vector<std::string> known{"--help"};
    for (const auto& o : c.options) known.push_back("--" + o.name);
    const auto near = nearest(given, known);
    refuse(c, fmt::format("{} has no option '{}'", c.name, given),
           near ? fmt::format("did you mean '{}'?", *near) : "");
}

// The option as it should be written: "--seed".
std::string spelled(const po::error_with_option_name& error) {
    const std::string name = error.get_option_name();
    return name.starts_with('-') ? name : "--" + name;
}

} // namespace

Invocation parse(const Command& c, const std::vector<std::string>& arguments) {
    const po::options_description all = description_of(c);
    po::positional_options_description words;
    words.add(words_name, -1);
    po::variables_map map;
    try {
        const int style =
            po::command_line_style::unix_style ^ po::command_line_style::allow_guessing;
        po::store(
            po::command_line_parser(arguments).options(all).positional(words).style(style).run(),
            map);
    } catch (const po::unknown_option& error) {
        refuse_unknown(c, error.get_option_name());
    } catch (const po::multiple_occurrences& error) {
        refuse(c, fmt::format("option '{}' is given twice", spelled(error)));
    } catch (const po::error_with_option_name& error) {
        const bool flag = error.get_option_name() == "--help" ||
                          std::any_of(c.options.begin(), c.options.end(), [&](const Option& o) {
                              return o.value.empty() && spelled(error) == "--" + o.name;
                          });
        refuse(c, fmt::format("option '{}' {}", spelled(error),
                              flag ? "takes no value" : "needs a value"));
    } catch (const po::error&) {
        refuse(c, "cannot be read");
    }

    Invocation given;
    if (map["help"].as<bool>()) given.options["help"];
    for (const auto& o : c.options) {
        if (o.value.empty()) {
            if (map[o.name].as<bool>()) given.options[o.name];
        } else if (map.contains(o.name))
            given.options[o.name] = map[o.name].as<std::string>();
    }
    if (map.contains(words_name)) given.words = map[words_name].as<std::vector<std::string>>();
    if (given.has("help")) return given;
    if (given.words.size() < c.least_words)
        refuse(c, fmt::format("{} needs {}", c.name, c.words),
               fmt::format("espalier {} --help", c.name));
    if (given.words.size() > c.most_words)
        refuse(c, fmt::format("{}: '{}' is one word too many", c.name, given.words[c.most_words]));
    return given;
}

} // namespace espalier::app
