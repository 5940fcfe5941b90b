// SPDX-License-Identifier: MIT
// kill -9 at random moments: the same line again ends with the same bytes.
#include "program/child.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <random>
#include <thread>

using namespace program;

namespace {

constexpr const char* many =
    "local esp = require 'espalier'\n"
    "return esp.experiment { name = 'many', params = { n = 1 },\n"
    "  sweep = esp.grid { n = esp.range(1, 300) },\n"
    "  run = function(p)\n"
    "    local g = esp.generate.erdos_renyi { nodes = 30 + p.n % 7, mean_degree = 3 }\n"
    "    return { edges = g.graph.edges, graph = g.graph, x = math.random() }\n"
    "  end }\n";

std::string canonical(const Folder& folder, const std::string& store) {
    const Outcome o = folder.run({"export", "last", "--store", store, "--format", "sqlite",
                                  "--canonical", "-o", store + ".sqlite"});
    BOOST_TEST(o.code == 0, o.err);
    return folder.read(store + ".sqlite");
}

// ESPALIER_KILLS=200 is what the reliability page asks for.
int kills() {
    const char* wanted = std::getenv("ESPALIER_KILLS");
    return wanted ? std::atoi(wanted) : 12;
}

} // namespace

BOOST_AUTO_TEST_CASE(killed_at_any_moment_it_ends_with_the_same_bytes) {
    const Folder folder;
    folder.write("many.lua", many);
    BOOST_REQUIRE(folder.run({"run", "many.lua", "-q", "--store", "whole"}).code == 0);
    const std::string wanted = canonical(folder, "whole");
    std::mt19937 random(7);
    int left = kills(), store = 0;
    while (left > 0) {
        const std::string name = "killed" + std::to_string(++store);
        const char* jobs = store % 2 ? "1" : "8";
        // Some kills in one sweep, then it is left to end.
        for (int i = 0; i < 4 && left > 0; ++i, --left) {
            Child child(
                {{"run", "many.lua", "-q", "--store", name, "-j", jobs}, {}, folder.path(), {}});
            std::this_thread::sleep_for(std::chrono::microseconds(random() % 120'000));
            child.signal(SIGKILL);
            child.finish();
        }
        const Outcome o = folder.run({"run", "many.lua", "-q", "--store", name, "-j", jobs});
        BOOST_TEST(o.code == 0, o.err);
        BOOST_TEST((canonical(folder, name) == wanted), name);
        BOOST_TEST(folder.run({"verify", "--store", name}).code == 0);
        std::filesystem::remove_all(folder / name);
    }
}

BOOST_AUTO_TEST_CASE(a_larger_sweep_computes_only_the_difference) {
    const Folder folder;
    folder.write("many.lua", many);
    const Outcome first = folder.run({"run", "many.lua", "n=1:10:10"});
    BOOST_TEST(first.err.find("10 of 10 done\n") != std::string::npos, first.err);
    const Outcome more = folder.run({"run", "many.lua", "n=20,3,5,11"});
    BOOST_TEST(more.err.find("4 of 4 done (2 before)") != std::string::npos, more.err);
    const Outcome again = folder.run({"run", "many.lua", "n=1:10:10"});
    BOOST_TEST(again.err.find("10 of 10 done (10 before)") != std::string::npos, again.err);
    BOOST_TEST(again.out == first.out);
    // Another order and other company: the same numbers.
    const Outcome reordered =
        folder.run({"run", "many.lua", "n=5,3", "--store", "fresh", "--json"});
    const Outcome known = folder.run({"run", "many.lua", "n=5,3", "--json"});
    BOOST_TEST(reordered.out == known.out);
}

BOOST_AUTO_TEST_CASE(eight_starters_share_one_store_one_at_a_time) {
    const Folder folder;
    folder.write("many.lua", many);
    std::vector<std::unique_ptr<Child>> starters;
    for (int i = 0; i < 8; ++i)
        starters.push_back(
            std::make_unique<Child>(Line{{"run", "many.lua", "-q"}, {}, folder.path(), {}}));
    int won = 0, busy = 0;
    for (auto& starter : starters) {
        const Outcome o = starter->finish();
        won += o.code == 0;
        busy += o.code == 75 && o.err.find("in use by") != std::string::npos;
    }
    // A late starter may come when an early one has ended.
    BOOST_TEST(won >= 1);
    BOOST_TEST(won + busy == 8);
    BOOST_TEST(folder.run({"verify"}).code == 0);
}
