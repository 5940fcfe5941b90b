// SPDX-License-Identifier: MIT
// espalier slurm: the array job that runs an experiment in shards, each with a store of its own.
#include "app/command.hpp"
#include "app/places.hpp"
#include "app/setup.hpp"
#include "app/terminal.hpp"
#include "files/writing.hpp"
#include "values/failure.hpp"

#include <fmt/format.h>

#include <cctype>
#include <cmath>

namespace espalier::app {

namespace {

// A word as the shell reads it back.
std::string quoted(const std::string& word) {
    const bool plain = !word.empty() &&
                       word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                              "0123456789_./=,:+-@%") == std::string::npos;
    if (plain) return word;
    std::string out = "'";
    for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + "'";
}

std::string name_of_job(const std::string& script) {
    std::string name = std::filesystem::path(script).stem().string();
    for (char& c : name)
        if (!std::isalnum(static_cast<unsigned char>(c)) && c != '-' && c != '_') c = '-';
    return "espalier-" + name;
}

std::string job_text(const Invocation& given, int64_t array) {
    const int64_t cores = given.integer("cores", 1, 4096).value_or(1);
    const std::string store = given.has("store") ? given.text("store") : "runs";
    std::string text = "#!/bin/sh\n";
    text += fmt::format("#SBATCH --job-name={}\n#SBATCH --array=1-{}\n#SBATCH --cpus-per-task={}\n",
                        name_of_job(given.words[0]), array, cores);
    if (given.has("time"))
        text += fmt::format("#SBATCH --time={}\n",
                            std::ceil(seconds_in(given.text("time"), "time") / 60));
    if (given.has("memory")) text += fmt::format("#SBATCH --mem={}\n", given.text("memory"));
    // Slurm's own SIGTERM comes 30 seconds before its SIGKILL; the run drains in less.
    text += fmt::format(
        "# Each shard keeps its tasks in a store of its own, and goes on where it ended.\n"
        "# When all have ended:  {} merge {}-shard-* -o {}\n",
        quoted(program_file().string()), quoted(store), quoted(store));
    text += fmt::format("exec {} run", quoted(program_file().string()));
    for (const std::string& word : given.words) text += ' ' + quoted(word);
    for (const char* option : {"seed", "replicates", "task-time"})
        if (given.has(option)) text += fmt::format(" --{} {}", option, quoted(given.text(option)));
    if (given.has("trust")) text += " --trust";
    if (given.has("time"))
        text +=
            fmt::format(" --time {}s",
                        std::max(1.0, std::floor(0.95 * seconds_in(given.text("time"), "time"))));
    text += fmt::format(" --quiet -j {} --shard \"$SLURM_ARRAY_TASK_ID/{}\" --store "
                        "{}-shard-\"$SLURM_ARRAY_TASK_ID\"\n",
                        cores, array, quoted(store));
    return text;
}

int slurm(const Invocation& given) {
    const auto array = given.integer("array", 1, 100'000);
    if (!array)
        throw Failure(Exit::command_line, "command line: slurm needs --array N", "--array 20");
    if (std::error_code ignored; !std::filesystem::exists(given.words[0], ignored))
        throw Failure(Exit::missing_input,
                      fmt::format("{}: there is no such script", given.words[0]));
    static_cast<void>(arguments_of(given)); // they are right
    const std::string text = job_text(given, *array);
    if (!given.has("output")) {
        print(text);
        return 0;
    }
    files::Destination file(given.text("output"));
    file.write(text);
    file.commit();
    tell(
        fmt::format("saved {}; 'sbatch {}' starts it", given.text("output"), given.text("output")));
    return 0;
}

} // namespace

const Command slurm_command{
    "slurm",
    "SCRIPT [name=value]...",
    "Write the Slurm array job that runs an experiment in shards.",
    1,
    Command::any,
    "Nothing is started. The job is an ordinary shell script: with SLURM_ARRAY_TASK_ID set it "
    "runs\n"
    "one shard anywhere.",
    {{"array", 0, "N", "Number of shards."},
     {"cores", 0, "N", "Cores of each (default: 1)."},
     {"time", 0, "T", "Time of each: 90m, 2h. The run ends in order before it."},
     {"memory", 0, "SIZE", "Memory of each: 4G."},
     {"store", 0, "DIR", "Where the merged runs will be (default: runs)."},
     {"replicates", 0, "N", "Compute each point N times with seeds of their own."},
     {"task-time", 0, "T", "End a task after this long."},
     seed_option(),
     trust_option(),
     {"output", 'o', "FILE", "Write it there, not to standard output."}},
    {"espalier slurm sweep.lua nodes=10,100,1000 --array 20 --time 2h -o job.sh",
     "sbatch job.sh && espalier merge runs-shard-* -o runs"},
    slurm};

} // namespace espalier::app
