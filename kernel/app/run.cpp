// SPDX-License-Identifier: MIT
// espalier run: a script, or the single point of an experiment.
#include "app/command.hpp"
#include "app/interrupt.hpp"
#include "app/places.hpp"
#include "app/results.hpp"
#include "app/setup.hpp"
#include "app/terminal.hpp"

#include <fmt/format.h>

namespace espalier::app {

namespace {

std::vector<Argument> arguments_in(const Invocation& given) {
    std::vector<Argument> arguments;
    for (auto& [name, text] : settings_in(given.words, 1)) arguments.push_back({name, text});
    return arguments;
}

int run(const Invocation& given) {
    auto arguments = arguments_in(given);
    ScriptOptions script = script_options(given, std::move(arguments));
    // Modules that came with the script go before those of the program.
    const auto beside = std::filesystem::path(given.words[0]).parent_path() / "lib";
    if (std::error_code ignored; std::filesystem::is_directory(beside, ignored))
        script.library = beside;
    if (given.has("output")) make_folder(given.text("output"));
    Progress progress(given.has("quiet"));
    Session session(session_options(given, &progress));
    Interpreter interpreter(session, script);
    Value result;
    {
        const InterruptGuard guard(interpreter);
        result = interpreter.run_file(given.words[0]);
    }
    print_results(result, given.has("json"));
    if (given.has("output"))
        for (const auto& file : save_results(result, given.text("output")))
            tell(fmt::format("saved {}", shown(file)));
    return 0;
}

} // namespace

const Command run_command{
    "run",
    "SCRIPT [name=value]...",
    "Run a script, or one point of an experiment.",
    1,
    Command::any,
    "What the script returns is printed. With -o it is saved as well: tensors as NPY,\n"
    "graphs as GraphML, tables as CSV, models as NPZ, everything else in results.json.",
    {threads_option(),
     seed_option(),
     output_option(),
     json_option(),
     quiet_option(),
     trust_option(),
     isa_option(),
     {"time", 0, "T", "End the script after this long: 90s, 10m, 2h."}},
    {"espalier run scripts/examples/ring.lua",
     "espalier run scripts/reconstruct.lua trajectories=series.csv -o results"},
    run};

} // namespace espalier::app
