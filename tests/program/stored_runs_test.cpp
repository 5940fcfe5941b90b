// SPDX-License-Identifier: MIT
// runs, show, diff, why, export, verify, merge and remove, on runs of a small script.
#include "program/child.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>

using namespace program;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

// Six tasks of which one fails; `factor` changes a number, `more` what else they return.
std::string script(const std::string& factor, const std::string& more = "") {
    return "local esp = require 'espalier'\n"
           "return esp.experiment {\n"
           "  name = 'squares', params = { x = 0, text = '=1+1' },\n"
           "  sweep = esp.grid { x = { -1, 0, 1, 2, 3, 4 } },\n"
           "  run = function(p)\n"
           "    if p.x == 2 then error('two is not wanted') end\n"
           "    return { square = " +
           factor + " * p.x * p.x, label = p.text, part = { half = p.x / 2 }" + more +
           " }\n"
           "  end,\n"
           "}\n";
}
using Words = std::vector<std::string>;
const std::string arrays =
    ", field = esp.tensor({ p.x, 1, 2.5 }),\n"
    "      ring = esp.generate.watts_strogatz { nodes = 5000, neighbours = 4, seed = 1 }.graph";

struct Stored {
    Folder folder;
    explicit Stored(const std::string& text, int code = 1) {
        folder.write("squares.lua", text);
        const Outcome o = run({"run", "squares.lua", "-q"});
        BOOST_REQUIRE_MESSAGE(o.code == code, o.err);
    }
    Outcome run(const std::vector<std::string>& words) const { return folder.run(words); }
    json data(const std::vector<std::string>& words) const { return json::parse(run(words).out); }
};

} // namespace

BOOST_AUTO_TEST_CASE(runs_are_listed_and_shown) {
    const Stored s(script("1"));
    const auto all = s.data({"runs", "--json"});
    BOOST_REQUIRE(all.size() == 1u);
    BOOST_TEST((all[0].at("name") == "squares" && all[0].at("tasks") == 6));
    BOOST_TEST((all[0].at("states").at("done") == 5 && all[0].at("states").at("failed") == 1));
    BOOST_TEST(has(s.run({"runs"}).out, "5 done, 1 failed"));
    BOOST_TEST(s.run({"complete", "--", "show", ""}).out == "1\nlast\nsquares\n");
    BOOST_TEST(has(s.run({"runs", "nothing"}).err, "no run of the store is like that"));

    const std::string text = s.run({"show", "squares"}).out;
    BOOST_TEST(text.starts_with("run 1 'squares': finished\nscript: squares.lua\n"));
    BOOST_TEST(has(text, "tasks: 6 (5 done, 1 failed)\n"));
    BOOST_TEST(has(text, "  task 4: failed: squares.lua:6: two is not wanted\n"));
    const auto shown = s.data({"show", "last", "--json"});
    BOOST_TEST(shown.at("script_text") == script("1"));
    BOOST_TEST(shown.at("failures")[0].at("task") == 4);
    BOOST_TEST((shown.at("provenance").contains("compiler") &&
                shown.at("provenance").contains("program_sha256")));
    const Outcome wrong = s.run({"show", "sqares"});
    BOOST_TEST(wrong.code == 2);
    BOOST_TEST(wrong.err == "command line: there is no run 'sqares'\n"
                            "  hint: did you mean 'squares'?\n");
    const Outcome none = s.run({"runs", "--store", "elsewhere"});
    BOOST_TEST(none.code == 66);
    BOOST_TEST(none.err == "elsewhere: there is no run store\n"
                           "  hint: 'espalier run' makes one; --store names another folder\n");
    BOOST_TEST(!fs::exists(s.folder / "elsewhere"));
}

BOOST_AUTO_TEST_CASE(a_table_for_a_spreadsheet_runs_nothing) {
    const Stored s(script("1"));
    const std::string csv = s.run({"export", "last", "--canonical"}).out;
    BOOST_TEST(csv == "task,text,x,seed,state,label,part.half,square,message\n" +
                          csv.substr(csv.find('\n') + 1));
    const auto line = csv.substr(csv.find("\n1,") + 1, csv.find("\n2,") - csv.find("\n1,") - 1);
    BOOST_TEST(line.starts_with("1,'=1+1,-1,"));             // a negative number stays one
    BOOST_TEST(line.ends_with(",done,'=1+1,-0.5,1.0,\"\"")); // no number of another type
    BOOST_TEST(has(csv, ",failed,\"\",nan,nan,squares.lua:6: two is not wanted\n"));
    BOOST_TEST(has(s.run({"export", "last", "--raw"}).out, "\n1,=1+1,-1,"));
    BOOST_TEST(!has(csv, "provenance"));
    BOOST_TEST(has(s.run({"export", "last"}).out, ",provenance.seconds,"));
    const Outcome format = s.run({"export", "last", "--format", "sqlit"});
    BOOST_TEST(format.code == 2);
    BOOST_TEST(format.err == "command line: option '--format' = 'sqlit': must be csv, json, npy, "
                             "graphml or sqlite\n  hint: did you mean 'sqlite'?\n");
    BOOST_TEST(s.run({"export", "last", "--format", "npy"}).err ==
               "command line: export --format npy needs --output\n"
               "  hint: csv and json go to standard output without it\n");
    BOOST_TEST(s.run({"export", "last", "--format", "graphml", "-o", "g"}).err ==
               "run 1: no task returned a graph\n");
}

BOOST_AUTO_TEST_CASE(arrays_and_graphs_are_exported_and_read_again) {
    const Stored s(script("1", arrays));
    const std::string both = "field (5 of 6 tasks), ring (5 of 6 tasks)";
    BOOST_TEST(has(s.run({"run", "squares.lua"}).err,
                   "arrays, which have no column: " + both +
                       "; 'espalier export 1 --format npy -o DIR' writes them\n"));
    BOOST_TEST(has(s.run({"show", "last"}).out, "\narrays: " + both + '\n'));
    BOOST_TEST(s.run({"plot", "last", "x=x", "y=field"}).err ==
               "command line: esp.plot.line: 'y' names 'field', a tensor in each result; a plot "
               "takes a number of each, such as its mean\n");
    BOOST_TEST(s.data({"show", "last", "--json"}).at("arrays") ==
               json({{"field", 5}, {"ring", 5}}));
    BOOST_TEST(s.run({"export", "last", "--format", "npy", "-o", "arrays"}).code == 0);
    for (const char* file : {"square.npy", "x.npy", "field/000001.npy", "ring.targets/000006.npy"})
        BOOST_TEST(fs::exists(s.folder / "arrays" / file), file);
    BOOST_TEST(!fs::exists(s.folder / "arrays/field/000004.npy"));
    s.folder.write("read.lua", "local esp = require 'espalier'\n"
                               "return { field = esp.load('arrays/field/000006.npy') }\n");
    BOOST_TEST(has(s.run({"run", "read.lua"}).out, "{4, 1, 2.5}"));
    BOOST_TEST(s.run({"export", "last", "--format", "graphml", "-o", "graphs"}).code == 0);
    s.folder.write("nodes.lua", "local esp = require 'espalier'\n"
                                "return { n = esp.load('graphs/ring-000001.graphml').nodes }\n");
    BOOST_TEST(has(s.run({"run", "nodes.lua"}).out, "n = 5000"));
}

BOOST_AUTO_TEST_CASE(equal_runs_have_equal_canonical_exports) {
    const std::string text = script("1", arrays);
    const Stored one(text), other(text);
    const Stored shards(text);
    for (const char* shard : {"1/2", "2/2"})
        shards.run({"run", "squares.lua", "-q", "-j", "1", "--shard", shard, "--store",
                    "part-" + std::string(shard, 1)});
    const Outcome merged = shards.run({"merge", "part-2", "part-1", "-o", "all"});
    BOOST_TEST(merged.code == 0, merged.err);
    for (const std::string format : {"csv", "json", "sqlite"}) {
        const std::vector<std::string> words{"export", "last", "--canonical",   "--format",
                                             format,   "-o",   "file." + format};
        auto of_all = words;
        of_all.insert(of_all.end(), {"--store", "all"});
        BOOST_TEST(one.run(words).code == 0);
        BOOST_TEST(other.run(words).code == 0);
        BOOST_TEST(shards.run(of_all).code == 0);
        const std::string bytes = one.folder.read("file." + format);
        BOOST_TEST(bytes.size() > 300u);
        BOOST_TEST((bytes == other.folder.read("file." + format)), format);
        BOOST_TEST((bytes == shards.folder.read("file." + format)), format);
    }
    const auto data = one.data({"export", "last", "--canonical", "--format", "json"});
    BOOST_TEST(data.at("tasks").size() == 6u);
    BOOST_TEST(data.at("tasks")[0].at("scalars").at("part.half") == -0.5);
    BOOST_TEST(data.at("tasks")[0].at("arrays").size() >= 3u);
}

BOOST_AUTO_TEST_CASE(what_differs_is_said_first_and_then_the_numbers) {
    const Stored s(script("1"));
    s.run({"run", "squares.lua", "-q", "text=new"});
    s.folder.write("squares.lua", script("3"));
    s.run({"run", "squares.lua", "-q"});
    const std::string scripts = s.run({"diff", "1", "3"}).out;
    BOOST_TEST(has(scripts, "squares.lua:7\n-     return { square = 1 * p.x"));
    BOOST_TEST(has(scripts, "\n+     return { square = 3 * p.x"));
    BOOST_TEST(has(scripts, "results: 2 of 6 common tasks are equal bit by bit\n"
                            "  square: differs in 4 tasks, by at most 32\n"));
    const auto data = s.data({"diff", "1", "3", "--json"});
    BOOST_TEST(data.at("scalars").at("square").at("most") == 32.0);
    BOOST_TEST(has(s.run({"diff", "1", "2"}).out, "parameter text: =1+1 -> new\n"));
    BOOST_TEST(s.run({"diff", "1", "1"}).out ==
               "both were given the same\nresults: 6 of 6 common tasks are equal bit by bit\n");
}

BOOST_AUTO_TEST_CASE(why_says_what_changed_since) {
    const Stored s(script("1", arrays));
    const std::string same = s.run({"why", "last"}).out;
    BOOST_TEST(same.starts_with("squares.lua: unchanged\n"));
    BOOST_TEST(has(same, "org.espalier.networks 0.1.0: unchanged\n"));
    BOOST_TEST(has(same, "program: unchanged\n6 of 6 results hold\n"));
    s.folder.write("squares.lua", script("2", arrays));
    const auto changed = s.data({"why", "last", "--json"});
    BOOST_TEST((changed.at("hold") == 0 && changed.at("finished") == 6));
    BOOST_TEST(changed.at("sources")[0].at("state") == "changed");
}

BOOST_AUTO_TEST_CASE(a_task_is_computed_again_when_a_file_that_it_loaded_has_changed) {
    const Folder folder;
    folder.write("sums.lua",
                 "local esp = require 'espalier'\n"
                 "local unit = tonumber(esp.read_text 'unit.txt')\n"
                 "return esp.experiment {\n"
                 "  name = 'sums', params = { file = 'a' },\n"
                 "  sweep = esp.grid { file = { 'a', 'b' } },\n"
                 "  run = function(p)\n"
                 "    local t = esp.load(p.file .. '.csv')\n"
                 "    esp.write_text('made.txt', p.file)\n"
                 "    return { sum = unit * t.x:sum(), made = #esp.read_text 'made.txt' }\n"
                 "  end }\n");
    folder.write("unit.txt", "1");
    folder.write("a.csv", "x\n1\n2\n"), folder.write("b.csv", "x\n10\n20\n");
    const auto again = [&] { return folder.run({"run", "sums.lua", "--jobs", "1"}); };
    const auto sums = [&] {
        const auto run = json::parse(folder.run({"export", "last", "--format", "json"}).out);
        std::string all;
        for (const auto& task : run.at("tasks"))
            all += std::to_string(task.at("scalars").at("sum").get<int>()) + " ";
        return all;
    };
    BOOST_TEST(again().code == 0);
    BOOST_TEST(sums() == "3 30 ");
    BOOST_TEST(has(again().err, "2 of 2 done (2 before)"));
    folder.write("a.csv", "x\n3\n4\n");
    const std::string why = folder.run({"why", "last"}).out;
    BOOST_TEST(has(why, "a.csv: changed\nb.csv: unchanged\nunit.txt: unchanged\n"));
    BOOST_TEST(has(why, "1 of 2 results hold\nthe same line again computes 1 task\n"));
    const Outcome changed = again();
    BOOST_TEST(
        has(changed.err, "results that follow from a.csv are computed again: it has changed\n"));
    BOOST_TEST(has(changed.err, "2 of 2 done (1 before)"));
    BOOST_TEST(sums() == "7 30 ");
    folder.write("unit.txt", "2"); // read when the script was loaded: by every task
    BOOST_TEST(again().code == 0);
    BOOST_TEST(sums() == "14 60 ");
    fs::remove(folder / "b.csv");
    const Outcome gone = again();
    BOOST_TEST(gone.code == 0);
    BOOST_TEST(has(gone.err, "b.csv is gone: what follows from it is kept\n"));
    BOOST_TEST(sums() == "14 60 ");
}

BOOST_AUTO_TEST_CASE(damage_is_found_told_and_repaired) {
    const Stored s(script("1", arrays));
    const Outcome whole = s.run({"verify"});
    BOOST_TEST((whole.code == 0 && whole.out == "every array is what it was\n"));
    fs::path victim;
    for (const auto& entry : fs::recursive_directory_iterator(s.folder / "runs" / "arrays"))
        if (entry.is_regular_file()) victim = entry.path();
    BOOST_REQUIRE(!victim.empty());
    {
        std::fstream file(victim, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(300);
        file.put('x');
    }
    const Outcome damaged = s.run({"verify", "squares"});
    BOOST_TEST(damaged.code == 65);
    BOOST_TEST(damaged.out.starts_with("runs/arrays/"));
    BOOST_TEST(has(damaged.out, "has another content than it had: a result of squares/1 task 1"));
    BOOST_TEST(s.run({"verify", "--repair"}).code == 65);
    BOOST_TEST(s.run({"verify"}).code == 0);
    BOOST_TEST(has(s.run({"runs"}).out, "pending"));
    BOOST_TEST(s.run({"run", "squares.lua", "-q"}).code == 1);
    BOOST_TEST(has(s.run({"runs"}).out, "5 done, 1 failed"));
    BOOST_TEST(s.run({"verify"}).code == 0);
}

BOOST_AUTO_TEST_CASE(a_second_computation_proves_a_run_or_not) {
    const Stored s(script("1"));
    const Outcome proved = s.run({"verify", "last", "--rerun", "100%"});
    BOOST_TEST(proved.code == 0, proved.err);
    BOOST_TEST(has(proved.out, "run 1: 5 tasks computed again at 1, 2 and 8 threads: every bit is "
                               "the same\n"));
    BOOST_TEST(s.run({"verify", "--rerun", "1"}).err ==
               "command line: option '--rerun' = '1': must be in (0%, 100%]\n"
               "  hint: --rerun 1%\n");
    s.folder.write("squares.lua", script("2"));
    const Outcome changed = s.run({"verify", "last", "--rerun", "1%"});
    BOOST_TEST(changed.code == 65);
    BOOST_TEST(changed.err ==
               "squares.lua: has changed since the run: its tasks cannot be computed "
               "again\n  hint: 'espalier show RUN --json' has its text\n");
    // A task that reads the clock does not give the same bits twice.
    s.folder.write("clock.lua", "local esp = require 'espalier'\n"
                                "return esp.experiment { name = 'clock', params = { x = 1 },\n"
                                "  run = function() return { t = os.clock() } end }\n");
    BOOST_TEST(s.run({"run", "clock.lua", "-q", "--trust"}).code == 0);
    const Outcome differs = s.run({"verify", "clock", "--rerun", "100%", "--trust"});
    BOOST_TEST(differs.code == 65);
    BOOST_TEST(has(differs.out, "run 2: task 1 gives another result at 1 thread\n"));
}

BOOST_AUTO_TEST_CASE(stores_that_disagree_are_not_merged) {
    const Stored clock(script("1"));
    clock.folder.write("clock.lua", "local esp = require 'espalier'\n"
                                    "return esp.experiment { name = 'clock', params = { x = 1 },\n"
                                    "  run = function() return { t = os.clock() } end }\n");
    for (const char* store : {"runs", "timed"})
        BOOST_TEST(clock.run({"run", "clock.lua", "-q", "--trust", "--store", store}).code == 0);
    const Outcome refused = clock.run({"merge", "runs", "timed", "-o", "all"});
    BOOST_TEST(refused.code == 65);
    BOOST_TEST(has(refused.err, "timed: task 1 of clock/1 has two results that differ"));
    const Outcome missing = clock.run({"merge", "runs", "nowhere", "-o", "new"});
    BOOST_TEST(missing.code == 66);
    BOOST_TEST(!fs::exists(clock.folder / "new"));
    BOOST_TEST(clock.run({"merge", "runs"}).err ==
               "command line: merge needs --output\n  hint: espalier merge A B C -o ALL\n");
}

BOOST_AUTO_TEST_CASE(runs_are_removed_when_it_is_said_twice) {
    const Stored s(script("1", arrays));
    s.folder.write("squares.lua", script("2", arrays));
    s.run({"run", "squares.lua", "-q"});
    const std::string kept = s.run({"export", "2", "--canonical", "--format", "json"}).out;
    const Outcome shown = s.run({"remove", "squares", "--earlier"});
    BOOST_TEST(shown.code == 0);
    BOOST_TEST(shown.out.starts_with("run 1 'squares', 2"));
    BOOST_TEST(has(shown.out, ": 6 tasks (5 done, 1 failed)\nwould go: 6 tasks, 0 arrays, "));
    BOOST_TEST(shown.err == "nothing was removed; the same line with --yes does it\n");
    BOOST_TEST(s.data({"runs", "--json"}).size() == 2u);

    fs::create_directory(s.folder / "runs/checkpoints");
    s.folder.write("runs/checkpoints/0123.a", std::string(1000, 'x'));
    const auto done =
        s.data({"remove", "squares", "--earlier", "--checkpoints", "--yes", "--json"});
    BOOST_TEST((done.at("removed") == true && done.at("checkpoints") == 1));
    BOOST_TEST((done.at("runs") == json{1} && done.at("bytes") > 1000));
    BOOST_TEST(!fs::exists(s.folder / "runs/checkpoints/0123.a"));
    BOOST_TEST(s.data({"runs", "--json"}).size() == 1u);
    BOOST_TEST(s.run({"export", "2", "--canonical", "--format", "json"}).out == kept);
    BOOST_TEST(s.run({"verify"}).out == "every array is what it was\n");
}

BOOST_AUTO_TEST_CASE(a_removal_that_names_nothing_is_refused) {
    const Stored s(script("1"));
    const Outcome nothing = s.run({"remove"});
    BOOST_TEST(nothing.code == 2);
    BOOST_TEST(nothing.err == "command line: remove needs a run, or --checkpoints\n"
                              "  hint: 'espalier runs' lists them\n");
    BOOST_TEST(s.run({"remove", "sqares", "-y"}).err ==
               "command line: there is no run 'sqares'\n  hint: did you mean 'squares'?\n");
    for (const auto& line : {Words{"remove", "1", "-y"}, Words{"verify", "--repair"}}) {
        auto words = line;
        words.insert(words.end(), {"--store", "elsewhere"});
        BOOST_TEST(s.run(words).code == 66);
        BOOST_TEST(!fs::exists(s.folder / "elsewhere"));
    }
    BOOST_TEST(s.data({"runs", "--json"}).size() == 1u);
}
