// SPDX-License-Identifier: MIT
// Help, versions, completion: every command says what it does and shows two examples.
#include "program/child.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <sstream>

using namespace program;

namespace {

const std::vector<std::string> all_commands{
    "run",    "sweep",  "call",   "list",   "describe", "repl",  "runs",
    "show",   "report", "plot",   "watch",  "diff",     "why",   "export",
    "verify", "merge",  "remove", "slurm",  "data",     "paper", "bench",
    "new",    "plugin", "stubs",  "doctor", "version",  "help",  "completion"};

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

// The lines after "Examples:".
std::vector<std::string> examples_in(const std::string& help) {
    const auto lines = lines_of(help);
    const auto at = std::find(lines.begin(), lines.end(), "Examples:");
    return at == lines.end() ? std::vector<std::string>{} : std::vector(at + 1, lines.end());
}

} // namespace

BOOST_DATA_TEST_CASE(help_of_every_command_ends_with_two_examples,
                     boost::unit_test::data::make(all_commands), command) {
    const Outcome long_form = run({command, "--help"});
    BOOST_TEST(long_form.code == 0);
    BOOST_TEST(long_form.err == "");
    BOOST_TEST(long_form.out.starts_with("Usage: espalier " + command));
    BOOST_TEST(examples_in(long_form.out).size() == 2u);
    BOOST_TEST(run({"help", command}).out == long_form.out);
    BOOST_TEST(run({command, "-h"}).out == long_form.out);
}

BOOST_AUTO_TEST_CASE(help_names_every_command) {
    const Outcome o = run({"--help"});
    BOOST_TEST(o.code == 0);
    for (const auto& command : all_commands)
        BOOST_TEST(o.out.find("\n  " + command + ' ') != std::string::npos);
    BOOST_TEST(examples_in(o.out).size() == 2u);
    BOOST_TEST(run({"help"}).out == o.out);
    const Outcome nothing = run(std::vector<std::string>{});
    BOOST_TEST(nothing.code == 2);
    BOOST_TEST(nothing.out == "");
    BOOST_TEST(nothing.err == o.out + '\n');
}

BOOST_AUTO_TEST_CASE(no_line_of_help_is_wider_than_a_terminal) {
    for (const auto& command : all_commands)
        for (const auto& line : lines_of(run({command, "--help"}).out))
            BOOST_TEST(line.size() <= 100u, command << ": " << line);
}

BOOST_AUTO_TEST_CASE(version_is_text_and_json) {
    const Outcome text = run({"version"});
    BOOST_TEST(text.out.starts_with("espalier 0."));
    BOOST_TEST(run({"--version"}).out == text.out);
    const auto json = nlohmann::json::parse(run({"version", "--json"}).out);
    BOOST_TEST(text.out.starts_with("espalier " + json.at("espalier").get<std::string>()));
    BOOST_TEST(json.at("abi") == "1.0");
}

BOOST_AUTO_TEST_CASE(the_manual_page_has_every_command) {
    const std::string page = run({"help", "--man"}).out;
    BOOST_TEST(page.starts_with(".TH ESPALIER 1"));
    for (const auto& command : all_commands)
        BOOST_TEST(page.find(".SS espalier " + command) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(completion_knows_commands_components_and_parameters) {
    BOOST_TEST(run({"complete", "--", "des"}).out == "describe\n");
    BOOST_TEST(run({"complete", "--", "describe", "generate.wat"}).out ==
               "generate.watts_strogatz\n");
    BOOST_TEST(run({"complete", "--", "call", "generate.watts_strogatz", "rew"}).out ==
               "rewiring=\n");
    BOOST_TEST(run({"complete", "--", "run", "--thr"}).out == "--threads\n");
    BOOST_TEST(run({"complete", "--", "plugin", ""}).out == "check\nlist\nnew\n");
    BOOST_TEST(run(Line{{"complete", "--", "data", "get", "mni"},
                        {},
                        {},
                        {{"ESPALIER_DATASETS", ESPALIER_SOURCE_FOLDER "/datasets/manifest.json"}}})
                   .out == "mnist\n");
    BOOST_TEST(run({"complete", "--", "paper", "check", "gg"}).out == "ggn\n");
    BOOST_TEST(run({"complete", "--", "nothing", "x"}).out == "");
    const Folder folder;
    folder.write("x.lua", "local esp = require 'espalier'\n"
                          "return esp.experiment { name = 'x', params = { coupling = 0.5, nodes = "
                          "10 }, run = function(p) return p.nodes end }\n");
    BOOST_TEST(folder.run({"complete", "--", "run", "x.lua", ""}).out == "coupling=\nnodes=\n");
    folder.write("y.lua",
                 "-- params { not_this = 1 }\n"
                 "local p = esp.params { mode = { default = 'a', choices = { 'a', \"b c\" } },\n"
                 "  steps = { default = f { x = 1 } } }\n"
                 "esp.write_text('trace', 'completion must run nothing')\n");
    BOOST_TEST(folder.run({"complete", "--", "run", "y.lua", ""}).out == "mode=\nsteps=\n");
    BOOST_TEST(folder.run({"complete", "--", "run", "y.lua", "mode="}).out == "mode=a\nmode=b c\n");
    BOOST_TEST(!std::filesystem::exists(folder / "trace"));
}

BOOST_AUTO_TEST_CASE(completion_scripts_are_accepted_by_their_shell) {
    for (const std::string shell : {"bash", "zsh", "fish"})
        BOOST_TEST(run({"completion", shell}).out.find("complete") != std::string::npos);
    const Outcome o = run({"completion", "basch"});
    BOOST_TEST(o.code == 2);
    BOOST_TEST(o.err == "command line: no completion for 'basch'\n  hint: did you mean 'bash'?\n");
    const Folder folder;
    folder.write("completion.bash", run({"completion", "bash"}).out);
    const std::string check = "bash -n '" + (folder / "completion.bash").string() + "'";
    BOOST_TEST(std::system(check.c_str()) == 0);
}
