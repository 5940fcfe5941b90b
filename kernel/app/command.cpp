// SPDX-License-Identifier: MIT
// The commands there are, how their words are read, and their help.
#include "app/command.hpp"

#include "schema/suggest.hpp"
#include "values/failure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>

namespace espalier::app {

namespace {

std::string flag_text(const Option& o) {
    std::string flag =
        o.letter ? fmt::format("-{}, --{}", o.letter, o.name) : fmt::format("    --{}", o.name);
    return o.value.empty() ? flag : fmt::format("{} {}", flag, o.value);
}

std::string usage_of(const Command& c) {
    std::string usage = "espalier " + c.name;
    if (!c.words.empty()) usage += ' ' + c.words;
    return c.options.empty() ? usage : usage + " [options]";
}

std::string examples_text(const std::vector<std::string>& examples) {
    std::string out = "\nExamples:\n";
    for (const auto& e : examples) out += "  " + e + '\n';
    return out;
}

const std::vector<std::string>& program_examples() {
    static const std::vector<std::string> examples{
        "espalier run scripts/demo.lua -o results/demo",
        "espalier call generate.watts_strogatz nodes=100 rewiring=0.1 -o results"};
    return examples;
}

} // namespace

const std::vector<const Command*>& commands() {
    static const std::vector<const Command*> all{
        &run_command,     &sweep_command,  &call_command,      &list_command,   &describe_command,
        &repl_command,    &runs_command,   &show_command,      &report_command, &plot_command,
        &watch_command,   &diff_command,   &why_command,       &export_command, &verify_command,
        &merge_command,   &remove_command, &slurm_command,     &data_command,   &paper_command,
        &bench_command,   &new_command,    &plugin_command,    &stubs_command,  &doctor_command,
        &version_command, &help_command,   &completion_command};
    return all;
}

const Command* find_command(std::string_view name) {
    for (const Command* hidden : {&complete_command, &worker_command})
        if (name == hidden->name) return hidden;
    for (const Command* c : commands())
        if (c->name == name) return c;
    return nullptr;
}

const Command& command_named(std::string_view name) {
    if (const Command* c = find_command(name)) return *c;
    std::vector<std::string> names;
    for (const Command* c : commands()) names.push_back(c->name);
    const auto near = nearest(name, names);
    throw Failure(Exit::command_line, fmt::format("command line: there is no command '{}'", name),
                  near ? fmt::format("did you mean '{}'?", *near)
                       : "'espalier help' lists the commands");
}

std::string Invocation::text(const std::string& option) const {
    const auto found = options.find(option);
    return found == options.end() ? std::string() : found->second;
}

std::optional<int64_t> Invocation::integer(const std::string& option, int64_t least,
                                           int64_t most) const {
    const auto found = options.find(option);
    if (found == options.end()) return std::nullopt;
    const std::string& given = found->second;
    int64_t number = 0;
    const auto read = std::from_chars(given.data(), given.data() + given.size(), number);
    if (read.ec != std::errc{} || read.ptr != given.data() + given.size() || number < least ||
        number > most)
        throw Failure(
            Exit::command_line,
            most == std::numeric_limits<int64_t>::max()
                ? fmt::format("command line: option '--{}' = '{}': must be an integer >= {}",
                              option, given, least)
                : fmt::format("command line: option '--{}' = '{}': must be an integer in [{}, {}]",
                              option, given, least, most));
    return number;
}

std::string help_of(const Command& c) {
    std::string out = fmt::format("Usage: {}\n\n{}\n", usage_of(c), c.summary);
    const auto put = std::back_inserter(out);
    if (!c.about.empty()) fmt::format_to(put, "\n{}\n", c.about);
    std::vector<Option> options = c.options;
    options.push_back({"help", 'h', "", "Print this and end."});
    std::size_t width = 0;
    for (const auto& o : options) width = std::max(width, flag_text(o).size());
    out += "\nOptions:\n";
    for (const auto& o : options) fmt::format_to(put, "  {:<{}}  {}\n", flag_text(o), width, o.doc);
    return out + examples_text(c.examples);
}

std::string help_of_program() {
    std::string out = "Espalier generates networks, runs dynamics on them, learns them back from "
                      "data,\nand prunes what it learned.\n\nUsage: espalier COMMAND [options]\n\n"
                      "Commands:\n";
    for (const Command* c : commands())
        fmt::format_to(std::back_inserter(out), "  {:<11}  {}\n", c->name, c->summary);
    out += "\nOptions:\n  -h, --help     Print this and end; after a command, its own help.\n"
           "      --version  Print the version and end.\n";
    out += "\nExit codes: 0 done, 1 some tasks failed, 2 bad command line, 65 bad data,\n"
           "66 missing input, 69 plugin missing or incompatible, 70 bug of ours, 73 cannot\n"
           "create, 74 input/output error, 75 busy, 77 unsafe permissions, 78 bad script,\n"
           "128+n ended by signal n.\n";
    return out + examples_text(program_examples());
}

std::string man_page() {
    std::string out = ".TH ESPALIER 1\n.SH NAME\nespalier \\- simulate, learn and prune networks\n"
                      ".SH SYNOPSIS\n.B espalier\n.I COMMAND\n[options]\n.SH COMMANDS\n";
    const auto escaped = [](std::string_view text) {
        std::string safe;
        for (const char c : text) {
            if (c == '\\' || c == '-') safe += '\\';
            safe += c;
        }
        return safe;
    };
    const auto put = std::back_inserter(out);
    for (const Command* c : commands()) {
        fmt::format_to(put, ".SS {}\n{}\n", escaped(usage_of(*c)), escaped(c->summary));
        if (!c->about.empty()) fmt::format_to(put, ".PP\n{}\n", escaped(c->about));
        for (const auto& o : c->options)
            fmt::format_to(put, ".TP\n.B {}\n{}\n", escaped(flag_text(o)), escaped(o.doc));
        for (const auto& e : c->examples) fmt::format_to(put, ".PP\n.nf\n{}\n.fi\n", escaped(e));
    }
    return out;
}

const Option& json_option() {
    static const Option o{"json", 0, "", "Print JSON."};
    return o;
}
const Option& isa_option() {
    static const Option o{"isa", 0, "base|v3|v4",
                          "Instruction set of the plugins; the best of the machine otherwise."};
    return o;
}
const Option& quiet_option() {
    static const Option o{"quiet", 'q', "", "No progress and no notes."};
    return o;
}
const Option& trust_option() {
    static const Option o{"trust", 0, "", "Give scripts io, os and C modules."};
    return o;
}
const Option& threads_option() {
    static const Option o{"threads", 'j', "N",
                          "Threads; all of the machine otherwise. No result depends on it."};
    return o;
}
const Option& seed_option() {
    static const Option o{"seed", 0, "N", "Seed of calls that name none; 0 otherwise."};
    return o;
}
const Option& output_option() {
    static const Option o{"output", 'o', "DIR", "Folder for the results; made when missing."};
    return o;
}

} // namespace espalier::app
