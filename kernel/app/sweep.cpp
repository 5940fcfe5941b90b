// SPDX-License-Identifier: MIT
// espalier sweep: one component at many points, without a script.
#include "app/command.hpp"
#include "app/script_run.hpp"

namespace espalier::app {

namespace {

int sweep(const Invocation& given) { return run_and_tell(given, true); }

std::vector<Option> sweep_options() {
    auto options = run_options();
    std::erase_if(options, [](const Option& o) { return o.name == "trust"; }); // no script
    return options;
}

} // namespace

const Command sweep_command{
    "sweep",
    "COMPONENT [name=value]...",
    "Run one component at many points.",
    1,
    Command::any,
    "name=v1,v2 takes each value, name=lo:hi:n equal steps, name=lo:hi:nlog equal factors, and of\n"
    "whole numbers name=lo:hi all of them; several names, every combination. An input is the path\n"
    "of a file. Tasks are run and kept as those of 'espalier run' are.",
    sweep_options(),
    {"espalier sweep generate.watts_strogatz nodes=100,200 rewiring=0.001:1:4log --replicates 5",
     "espalier sweep analyze.clustering graph=results/graph.graphml --dry-run"},
    sweep};

} // namespace espalier::app
