// SPDX-License-Identifier: MIT
// How a run ends when it is told to, and what is left of it: nothing running, everything kept.
#include "program/child.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>

#include <dirent.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace program;

namespace {

constexpr const char* slow =
    "local esp = require 'espalier'\n"
    "return esp.experiment { name = 'slow', params = { n = 1, steps = 2e6 },\n"
    "  sweep = esp.grid { n = esp.range(1, 40) },\n"
    "  run = function(p)\n"
    "    local x = p.n\n"
    "    for i = 1, p.steps do x = (x * 1103515245 + 12345) % 2147483648 end\n"
    "    return { x = x }\n"
    "  end }\n";

// Processes whose program is ours and whose folder is this one.
int left_in(const std::filesystem::path& folder) {
    int count = 0;
    DIR* all = opendir("/proc");
    while (const dirent* entry = readdir(all)) {
        std::error_code error;
        const auto process = std::filesystem::path("/proc") / entry->d_name;
        if (std::filesystem::read_symlink(process / "cwd", error) == folder && !error) ++count;
    }
    closedir(all);
    return count;
}

std::vector<std::string> with(std::vector<std::string> words,
                              const std::vector<std::string>& more) {
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

bool empties(const std::filesystem::path& folder) {
    for (int i = 0; i < 100; ++i) {
        if (left_in(folder) == 0) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_signal_ends_a_run_in_order_and_the_same_line_goes_on) {
    // Long enough that the line of progress, which comes after a second, is seen on any machine.
    const std::vector<std::string> line{"run", "slow.lua", "n=1:16", "steps=3e7"};
    for (const int number : {SIGINT, SIGTERM}) {
        const Folder folder;
        folder.write("slow.lua", slow);
        Child child({with(line, {"-j", "1"}), {}, folder.path(), {}}, Streams::terminal);
        BOOST_REQUIRE(child.wait_for("tasks"));
        child.signal(number);
        const Outcome o = child.finish();
        BOOST_TEST(o.code == 128 + number);
        BOOST_TEST(o.out.find("the same line goes on") != std::string::npos, o.out);
        BOOST_TEST(empties(folder.path()));
        const Outcome again = folder.run(with(line, {"-q"}));
        BOOST_TEST(again.code == 0, again.err);
        const Outcome whole = folder.run(with(line, {"-q", "--store", "other"}));
        BOOST_TEST(again.out == whole.out);
    }
}

BOOST_AUTO_TEST_CASE(a_second_signal_ends_it_at_once) {
    const Folder folder;
    folder.write("slow.lua", slow);
    Child child({{"run", "slow.lua", "steps=1e9"}, {}, folder.path(), {}}, Streams::terminal);
    BOOST_REQUIRE(child.wait_for("tasks"));
    child.signal(SIGINT);
    BOOST_REQUIRE(child.wait_for("once more"));
    child.signal(SIGINT);
    BOOST_TEST(child.finish().code == 130);
    BOOST_TEST(empties(folder.path()));
}

BOOST_AUTO_TEST_CASE(workers_do_not_outlive_a_supervisor_that_is_killed) {
    const Folder folder;
    folder.write("slow.lua", slow);
    Child child({{"run", "slow.lua", "steps=1e9"}, {}, folder.path(), {}}, Streams::terminal);
    BOOST_REQUIRE(child.wait_for("tasks"));
    child.signal(SIGKILL);
    BOOST_TEST(child.finish().code == 128 + SIGKILL);
    BOOST_TEST(empties(folder.path()));
}

BOOST_AUTO_TEST_CASE(the_time_of_a_run_is_kept) {
    const Folder folder;
    folder.write("slow.lua", slow);
    const Outcome o =
        folder.run({"run", "slow.lua", "steps=1e10", "--time", "0.3s", "--grace", "0.1s"});
    BOOST_TEST(o.code == 1);
    BOOST_TEST(o.err.find("40 left: the same line goes on") != std::string::npos, o.err);
}

BOOST_AUTO_TEST_CASE(the_first_failure_may_end_a_run) {
    const Folder folder;
    folder.write(
        "fails.lua",
        "local esp = require 'espalier'\n"
        "return esp.experiment { name = 'fails', params = { n = 1 },\n"
        "  sweep = esp.grid { n = esp.range(1, 100) },\n"
        "  run = function(p) if p.n == 5 then error 'five' end return { n = p.n } end }\n");
    const Outcome stopped = folder.run({"run", "fails.lua", "--on-error", "stop", "-j", "1"});
    BOOST_TEST(stopped.code == 1);
    BOOST_TEST(stopped.err.find("4 of 100 done, 1 failed, 95 left") != std::string::npos,
               stopped.err);
    const Outcome on = folder.run({"run", "fails.lua"});
    BOOST_TEST(on.code == 1);
    BOOST_TEST(on.err.find("99 of 100 done (5 before), 1 failed") != std::string::npos, on.err);
}

BOOST_AUTO_TEST_CASE(threads_give_the_results_of_processes) {
    const Folder folder;
    folder.write("slow.lua", slow);
    const std::vector<std::string> words{"run", "slow.lua", "-q", "steps=1000"};
    std::vector<std::string> threads = words;
    threads.insert(threads.end(), {"--isolate", "none", "--store", "threads", "-j", "3"});
    const Outcome a = folder.run(words), b = folder.run(threads);
    BOOST_TEST(a.code == 0, a.err);
    BOOST_TEST(b.code == 0, b.err);
    BOOST_TEST(a.out == b.out);
}

BOOST_AUTO_TEST_CASE(two_shards_merged_are_one_run) {
    const Folder folder;
    folder.write("slow.lua", slow);
    for (const char* shard : {"1/2", "2/2"}) {
        const Outcome o = folder.run({"run", "slow.lua", "-q", "steps=1000", "--shard", shard,
                                      "--store", std::string("shard") + shard[0]});
        BOOST_TEST(o.code == 0, o.err);
    }
    const Outcome merged = folder.run({"merge", "shard1", "shard2", "-o", "merged"});
    BOOST_TEST(merged.code == 0, merged.err);
    BOOST_TEST(folder.run({"run", "slow.lua", "-q", "steps=1000"}).code == 0);
    for (const char* store : {"merged", "runs"}) {
        const Outcome o = folder.run({"export", "last", "--store", store, "--format", "sqlite",
                                      "--canonical", "-o", std::string(store) + ".sqlite"});
        BOOST_TEST(o.code == 0, o.err);
    }
    BOOST_TEST(folder.read("merged.sqlite") == folder.read("runs.sqlite"));
    BOOST_TEST(!folder.read("runs.sqlite").empty());
}

// What no hook of Lua's reaches: only the end of the process stops it.
BOOST_AUTO_TEST_CASE(loops_inside_lua_itself_end_with_their_process) {
    for (const char* loop :
         {"(('a'):rep(30)):find(('a?'):rep(30) .. ('a'):rep(30) .. 'b')",
          "('x'):rep(2000):find(('.*'):rep(12) .. 'z')",
          "local t = {} setmetatable(t, t) getmetatable(t).__call = t pcall(t)"}) {
        const Folder folder;
        folder.write("alone.lua", std::string(loop) + "\n");
        const Outcome alone = folder.run({"run", "alone.lua", "--time", "0.2s"});
        BOOST_TEST((alone.code == 1 || alone.code == 0 || alone.code == 78), loop << alone.err);
        folder.write("swept.lua", "local esp = require 'espalier'\n"
                                  "return esp.experiment { name = 'loops', params = { n = 1 },\n"
                                  "  sweep = esp.grid { n = esp.range(1, 6) },\n"
                                  "  run = function(p)\n"
                                  "    if p.n == 3 then " +
                                      std::string(loop) +
                                      " end\n"
                                      "    return { n = p.n }\n"
                                      "  end }\n");
        const Outcome swept = folder.run({"run", "swept.lua", "--task-time", "0.2s"});
        BOOST_TEST(
            (swept.code == 0 || swept.err.find("5 of 6 done, 1 failed") != std::string::npos),
            loop << swept.err);
        BOOST_TEST(empties(folder.path()));
    }
}

BOOST_AUTO_TEST_CASE(an_array_job_is_a_script_that_runs_shards) {
    const Folder folder;
    folder.write("slow.lua", slow);
    const Outcome written = folder.run({"slurm", "slow.lua", "steps=1000", "--array", "2", "--time",
                                        "2h", "--memory", "4G", "-o", "job.sh"});
    BOOST_TEST(written.code == 0, written.err);
    const std::string job = folder.read("job.sh");
    for (const char* line : {"#SBATCH --array=1-2\n", "#SBATCH --time=120\n", "#SBATCH --mem=4G\n"})
        BOOST_TEST(job.find(line) != std::string::npos, job);
    const std::string in = "cd '" + folder.path().string() + "' && SLURM_ARRAY_TASK_ID=";
    BOOST_TEST(std::system((in + "1 sh job.sh > /dev/null").c_str()) == 0);
    BOOST_TEST(std::system((in + "2 sh job.sh > /dev/null").c_str()) == 0);
    const Outcome merged = folder.run({"merge", "runs-shard-1", "runs-shard-2", "-o", "runs"});
    BOOST_TEST(merged.code == 0, merged.err);
    const Outcome again = folder.run({"run", "slow.lua", "steps=1000"});
    BOOST_TEST(again.err.find("40 of 40 done (40 before)") != std::string::npos, again.err);
}
