// SPDX-License-Identifier: MIT
// A thousand tasks of which twelve misbehave: the others are done, and each of the twelve is known
// for what it did.
#include "program/child.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <map>
#include <set>

using namespace program;

namespace {

const std::map<std::string, std::string> with_sabotage{
    {"ESPALIER_PLUGIN_PATH", ESPALIER_SABOTAGE ":" ESPALIER_TEST_PLUGINS}};

Outcome sabotaged(const Folder& folder, const std::vector<std::string>& more) {
    std::vector<std::string> words{
        "run",   ESPALIER_RELIABILITY "/sabotage.lua", "--task-time", "0.5s", "--memory", "2G",
        "--json"};
    words.insert(words.end(), more.begin(), more.end());
    return folder.run(words, with_sabotage);
}

std::string canonical(const Folder& folder) {
    const Outcome o =
        folder.run({"export", "last", "--format", "json", "--canonical", "-o", "all.json"});
    BOOST_TEST(o.code == 0, o.err);
    return folder.read("all.json");
}

} // namespace

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
constexpr bool limited = true;
#else
constexpr bool limited = false; // a sanitizer reserves terabytes, and no limit ends the leak
#endif

BOOST_AUTO_TEST_CASE(a_crash_costs_its_task_only, *boost::unit_test::enable_if<limited>()) {
    std::set<std::string> exports;
    for (const char* jobs : {"1", "2", "4", "8"}) {
        const Folder folder;
        const Outcome o = sabotaged(folder, {"-j", jobs});
        BOOST_TEST(o.code == 1);
        const auto shown = nlohmann::json::parse(folder.run({"show", "last", "--json"}).out);
        exports.insert(canonical(folder));
        if (jobs != std::string("2")) continue;
        std::map<int, std::string> failures;
        folder.run({"export", "last", "--format", "csv", "-o", "all.csv"});
        std::istringstream lines(folder.read("all.csv"));
        BOOST_TEST_MESSAGE(o.err);
        const std::map<std::string, std::string> wanted{
            {"task=83", "crashed (SIGSEGV) in simulate.sabotage"},
            {"task=166", "crashed (SIGABRT) in simulate.sabotage"},
            {"task=249", "ended its process (exit code 0) in simulate.sabotage"},
            {"task=332", "timeout: took longer than 0.5 s, and did not stop when asked to"},
            {"task=415", "out of memory: "},
            {"task=498", "simulate.sabotage: thrown on purpose"},
            {"task=581", "crashed (SIGSEGV) in simulate.sabotage"},
            {"task=664", "crashed (SIGKILL) in simulate.sabotage"},
            {"task=747", "closed its connection in simulate.sabotage"},
            {"task=830", "left another arithmetic behind"},
            {"task=913", "diverged: result 'value' is nan"},
            {"task=996", "timeout: took longer than 0.5 s, and did not stop when asked to"}};
        BOOST_TEST(o.err.find("988 of 1000 done, 12 failed") != std::string::npos, o.err);
        for (const auto& [task, what] : wanted) {
            // Those with the same message are told together, as those of the first.
            const bool together = task == "task=581" || task == "task=996";
            const std::size_t at = together ? 0 : o.err.find(task);
            BOOST_TEST((at != std::string::npos && o.err.find(what, at) != std::string::npos),
                       task << ": " << what << "\n"
                            << o.err);
        }
        BOOST_TEST(shown.is_object());
    }
    BOOST_TEST(exports.size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_a_task_prints_is_kept_and_bounded) {
    const Folder folder;
    folder.write("talks.lua", "local esp = require 'espalier'\n"
                              "return esp.experiment { name = 'talks', params = { n = 1 },\n"
                              "  sweep = esp.grid { n = { 3, 200000 } },\n"
                              "  run = function(p)\n"
                              "    for i = 1, p.n do print('line ' .. i) end\n"
                              "    return { n = p.n }\n"
                              "  end }\n");
    const Outcome o = folder.run({"run", "talks.lua"});
    BOOST_TEST(o.code == 0, o.err);
    BOOST_TEST(o.out.find("line") == std::string::npos);
    const Outcome shown = folder.run({"show", "last", "--json"});
    BOOST_TEST(shown.out.size() < (std::size_t{3} << 20));
}
