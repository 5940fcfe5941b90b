// SPDX-License-Identifier: MIT
// Command: one word of the command line, declared as data - parsing, help, completion and the man
// page read the same declaration.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace espalier::app {

struct Option {
    std::string name;  // without the dashes
    char letter = 0;   // 0: none
    std::string value; // what stands for the value in the help; empty for a flag
    std::string doc;
};

// What was given after the command's name.
class Invocation {
public:
    std::map<std::string, std::string> options; // flags are there with an empty text
    std::vector<std::string> words;

    bool has(const std::string& option) const { return options.contains(option); }
    std::string text(const std::string& option) const; // empty when it was not given
    // Throws Failure (Exit::command_line) when it is no whole number in [least, most].
    std::optional<int64_t> integer(const std::string& option, int64_t least, int64_t most) const;
};

struct Command {
    static constexpr std::size_t any = std::numeric_limits<std::size_t>::max();

    std::string name, words, summary; // words: "SCRIPT [name=value]..."
    std::size_t least_words, most_words;
    std::string about; // paragraphs of the help between the usage and the options
    std::vector<Option> options;
    std::vector<std::string> examples; // two
    int (*run)(const Invocation&);     // the exit code; throws Failure
};

// All of them in the order of the help. `complete` is left out of the help.
const std::vector<const Command*>& commands();
const Command* find_command(std::string_view name);
// Throws Failure with the nearest name.
const Command& command_named(std::string_view name);

// Throws Failure (Exit::command_line) with the nearest option, or the usage.
Invocation parse(const Command&, const std::vector<std::string>& arguments);

std::string help_of(const Command&);
std::string help_of_program();
std::string man_page();

extern const Command runs_command, show_command, diff_command, why_command, export_command,
    verify_command, merge_command, remove_command, slurm_command, report_command, plot_command,
    watch_command;
extern const Command plugin_command, new_command, run_command, sweep_command, data_command,
    list_command, describe_command, call_command, repl_command, stubs_command, doctor_command,
    paper_command, bench_command, version_command, completion_command, complete_command,
    worker_command, help_command;

// Options that several commands have.
const Option& json_option();
const Option& isa_option();
const Option& quiet_option();
const Option& threads_option();
const Option& trust_option();
const Option& seed_option();
const Option& output_option();

} // namespace espalier::app
