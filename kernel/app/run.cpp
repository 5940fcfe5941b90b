// SPDX-License-Identifier: MIT
// espalier run: a script, or the tasks of an experiment.
#include "app/command.hpp"
#include "app/script_run.hpp"

namespace espalier::app {

namespace {

int run(const Invocation& given) { return run_and_tell(given); }

} // namespace

const Command run_command{
    "run",
    "SCRIPT [name=value]...",
    "Run a script, or an experiment.",
    1,
    Command::any,
    "What the script returns is printed. With -o it is saved as well: tensors as NPY,\n"
    "graphs as GraphML, tables as CSV, models as NPZ, everything else in results.json.\n"
    "The tasks of an experiment run in worker processes and are kept in the store: the same line\n"
    "again goes on where it ended, and a larger sweep computes only what is new. name=v1,v2 and\n"
    "name=lo:hi:n sweep a declared parameter.",
    run_options(),
    {"espalier run scripts/examples/ring.lua",
     "espalier run scripts/reconstruct.lua trajectories=series.csv -o results"},
    run};

} // namespace espalier::app
