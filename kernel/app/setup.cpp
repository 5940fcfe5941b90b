// SPDX-License-Identifier: MIT
// From the options of the command line to those of a session and of a script.
#include "app/setup.hpp"

#include "app/places.hpp"
#include "app/terminal.hpp"
#include "values/failure.hpp"

#include <fmt/format.h>

#include <charconv>
#include <set>

namespace espalier::app {

int64_t seed_of(const Invocation& given) {
    return given.integer("seed", 0, std::numeric_limits<int64_t>::max()).value_or(0);
}

SessionOptions session_options(const Invocation& given, Progress* progress) {
    SessionOptions options;
    options.threads = static_cast<int>(given.integer("threads", 1, 4096).value_or(0));
    options.seed = seed_of(given);
    if (given.has("isa")) {
        try {
            options.registry.isa = isa_named(given.text("isa"));
        } catch (const Failure& failure) {
            throw Failure(Exit::command_line,
                          fmt::format("command line: option '--isa': {}", failure.what()),
                          failure.hint());
        }
    }
    if (progress) options.events = progress->events();
    options.checkpoints = store_folder(given) / "checkpoints"; // made for the first state
    if (given.has("checkpoint"))
        options.checkpoint_seconds = seconds_in(given.text("checkpoint"), "checkpoint");
    return options;
}

std::vector<Argument> arguments_of(const Invocation& given) {
    std::vector<Argument> arguments;
    std::set<std::string> seen;
    for (std::size_t i = 1; i < given.words.size(); ++i) {
        arguments.push_back(argument_from(given.words[i]));
        if (const std::string& name = arguments.back().name; !seen.insert(name).second)
            throw Failure(Exit::command_line,
                          fmt::format("command line: '{}' is given twice", name));
    }
    return arguments;
}

ScriptOptions script_options(const Invocation& given) {
    ScriptOptions options;
    options.library = library_folder();
    if (!given.words.empty()) {
        options.arguments = arguments_of(given);
        // Modules that came with the script go before those of the program.
        const auto beside = std::filesystem::path(given.words[0]).parent_path() / "lib";
        if (std::error_code ignored; std::filesystem::is_directory(beside, ignored))
            options.library = beside;
    }
    options.seed = seed_of(given);
    options.trusted = given.has("trust");
    if (given.has("time")) options.time_limit = seconds_in(given.text("time"), "time");
    options.output = given.text("output");
    const bool json = given.has("json");
    options.print = [json](std::string_view line) {
        if (json)
            tell(line);
        else
            print(fmt::format("{}\n", line));
    };
    const bool quiet = given.has("quiet");
    options.log = [quiet](int level, std::string_view message) {
        if (level >= 2)
            warn(message);
        else if (level == 1 && !quiet)
            tell(message);
    };
    return options;
}

std::filesystem::path store_folder(const Invocation& given) {
    return given.has("store") ? given.text("store") : "runs";
}

double seconds_in(const std::string& text, const char* option) {
    double number = 0;
    const char* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    const std::string_view unit(read.ptr, static_cast<std::size_t>(end - read.ptr));
    const double factor = unit.empty() || unit == "s" ? 1
                          : unit == "m"               ? 60
                          : unit == "h"               ? 3600
                                                      : 0;
    if (read.ec != std::errc{} || factor == 0 || !(number > 0))
        throw Failure(Exit::command_line,
                      fmt::format("command line: option '--{}' = '{}': must be a duration above 0",
                                  option, text),
                      "90s, 10m or 2h");
    return number * factor;
}

void tell_refusals(const Registry& registry) {
    for (const Refusal& r : registry.refusals())
        warn(fmt::format("{}: {}", r.file.string(), r.reason));
}

} // namespace espalier::app
