// SPDX-License-Identifier: MIT
// A disk that is full or broken under a whole sweep: it is told, and the same line goes on.
#include "program/child.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cerrno>
#include <fstream>

using namespace program;

namespace {

constexpr const char* fields =
    "local esp = require 'espalier'\n"
    "return esp.experiment { name = 'fields', params = { n = 1 },\n"
    "  sweep = esp.grid { n = esp.range(1, 24) },\n"
    "  run = function(p)\n"
    "    local g = esp.generate.erdos_renyi { nodes = 2000, mean_degree = 4 }\n"
    "    return { edges = g.graph.edges, graph = g.graph }\n"
    "  end }\n";

struct Disk {
    Folder folder;
    std::string store = (folder / "runs").string();

    Disk() { folder.write("fields.lua", fields); }
    Outcome run(std::map<std::string, std::string> faults = {}) const {
        if (!faults.empty()) {
            faults["LD_PRELOAD"] = ESPALIER_SHIM;
            faults["ESPALIER_FAULT_FOLDER"] = store;
            // A sanitizer's run time wants to come first; here the shim does.
            faults["ASAN_OPTIONS"] = "verify_asan_link_order=0:detect_leaks=0";
        }
        return folder.run({"run", "fields.lua", "-q", "-j", "1", "--store", store}, faults);
    }
    std::string canonical() const {
        const Outcome o = folder.run({"export", "last", "--store", store, "--format", "sqlite",
                                      "--canonical", "-o", "canonical.sqlite"});
        BOOST_TEST(o.code == 0, o.err);
        return folder.read("canonical.sqlite");
    }
};

long calls_of_a_run() {
    const Disk disk;
    const auto file = disk.folder / "count";
    BOOST_REQUIRE(disk.run({{"ESPALIER_FAULT_COUNT", file.string()}}).code == 0);
    long calls = 0;
    std::ifstream(file) >> calls;
    return calls;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_full_or_broken_disk_is_told_and_the_same_line_goes_on) {
    const Disk whole;
    BOOST_REQUIRE(whole.run().code == 0);
    const std::string wanted = whole.canonical();
    const long calls = calls_of_a_run();
    BOOST_TEST(calls > 50);
    const char* rounds = std::getenv("ESPALIER_FAULT_ROUNDS");
    const long step = std::max(1L, calls / (rounds ? std::atol(rounds) : 9));
    int told = 0;
    for (const auto& [error, how] : {std::pair(ENOSPC, "sticky"), std::pair(EIO, "once")})
        for (long at = 2; at <= calls; at += step) {
            const Disk disk;
            const std::string fault = std::to_string(at) + ':' + std::to_string(error) + ':' + how;
            const Outcome o = disk.run({{"ESPALIER_FAULT", fault}});
            BOOST_TEST((o.code == 0 || o.code == 74 || o.code == 73), fault << ": " << o.code);
            if (o.code != 0) BOOST_TEST(o.err.find(disk.store) != std::string::npos, o.err);
            told += o.code != 0;
            const Outcome again = disk.run();
            BOOST_TEST(again.code == 0, fault << ": " << again.err);
            BOOST_TEST((disk.canonical() == wanted), fault << ": other results");
            BOOST_TEST(disk.folder.run({"verify", "--store", disk.store}).code == 0);
        }
    BOOST_TEST(told > 5);
}
