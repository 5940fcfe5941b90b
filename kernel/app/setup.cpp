// SPDX-License-Identifier: MIT
// From the options of the command line to those of a session and of a script.
#include "app/setup.hpp"

#include "app/places.hpp"
#include "app/terminal.hpp"
#include "values/failure.hpp"

#include <fmt/format.h>

#include <charconv>

namespace espalier::app {

SessionOptions session_options(const Invocation& given, Progress* progress) {
    SessionOptions options;
    options.threads = static_cast<int>(given.integer("threads", 1, 4096).value_or(0));
    options.seed = given.integer("seed", 0, std::numeric_limits<int64_t>::max()).value_or(0);
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
    return options;
}

ScriptOptions script_options(const Invocation& given, std::vector<Argument> arguments) {
    ScriptOptions options;
    options.arguments = std::move(arguments);
    options.seed = given.integer("seed", 0, std::numeric_limits<int64_t>::max()).value_or(0);
    options.trusted = given.has("trust");
    if (given.has("time")) options.time_limit = seconds_in(given.text("time"));
    options.library = library_folder();
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

double seconds_in(const std::string& text) {
    double number = 0;
    const char* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    const std::string_view unit(read.ptr, static_cast<std::size_t>(end - read.ptr));
    const double factor = unit.empty() || unit == "s" ? 1
                          : unit == "m"               ? 60
                          : unit == "h"               ? 3600
                                                      : 0;
    if (read.ec != std::errc{} || factor == 0 || !(number > 0))
        throw Failure(
            Exit::command_line,
            fmt::format("command line: option '--time' = '{}': must be a duration above 0", text),
            "90s, 10m or 2h");
    return number * factor;
}

void tell_refusals(const Registry& registry) {
    for (const Refusal& r : registry.refusals())
        warn(fmt::format("{}: {}", r.file.string(), r.reason));
}

} // namespace espalier::app
