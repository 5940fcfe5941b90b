// SPDX-License-Identifier: MIT
// Ctrl-C: how many steps are made after it, and what the program ends with. Steps, never seconds.
#include "program/child.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>

using namespace program;

namespace {

const std::map<std::string, std::string> obstinate{{"ESPALIER_PLUGIN_PATH", ESPALIER_OBSTINATE}};

} // namespace

BOOST_AUTO_TEST_CASE(a_call_makes_no_further_step) {
    const Folder folder;
    const Outcome o = folder.run({"call", "simulate.interrupted", "at=3"}, obstinate);
    BOOST_TEST(o.code == 130);
    BOOST_TEST(o.out == "");
    BOOST_TEST(has(o.err, "step 3\n"));
    BOOST_TEST(!has(o.err, "step 4\n"));
    BOOST_TEST(o.err.ends_with("interrupted\n"));
}

BOOST_AUTO_TEST_CASE(no_pcall_of_a_script_holds_it_up) {
    const Folder folder;
    folder.write("held.lua",
                 "local esp = require 'espalier'\n"
                 "pcall(esp.simulate.interrupted, {})\n"
                 "while true do pcall(esp.simulate.interrupted, { signals = 0 }) end\n");
    const Outcome o = folder.run({"run", "held.lua", "--isolate", "none"}, obstinate);
    BOOST_TEST(o.code == 130);
    BOOST_TEST(o.out == "");
}

BOOST_AUTO_TEST_CASE(a_second_one_ends_a_call_that_does_not_listen) {
    const Folder folder;
    const Outcome o = folder.run(
        {"call", "simulate.interrupted", "at=3", "signals=2", "listens=false"}, obstinate);
    BOOST_TEST(o.code == 130);
    BOOST_TEST(!has(o.err, "step 4\n"));
    BOOST_TEST(!o.err.ends_with("interrupted\n"));
}

BOOST_AUTO_TEST_CASE(an_endless_loop_of_a_script_ends) {
    const Folder folder;
    folder.write("endless.lua", "print('ready')\nwhile true do end\n");
    for (const int number : {SIGINT, SIGTERM}) {
        // Standard output is a pipe and buffered, so that it talks by a terminal.
        Child child({{"run", "endless.lua"}, {}, folder.path(), {}}, Streams::terminal);
        BOOST_REQUIRE(child.wait_for("ready"));
        child.signal(number);
        const Outcome o = child.finish();
        BOOST_TEST(o.code == 128 + number);
        BOOST_TEST(has(o.out, "interrupted"));
    }
}

BOOST_AUTO_TEST_CASE(a_reader_that_goes_away_is_no_error) {
    const std::string line = std::string(ESPALIER_PROGRAM) + " list --json 2>&1 >&- | head -c 200";
    FILE* pipe = popen(line.c_str(), "r");
    BOOST_REQUIRE(pipe);
    char block[256] = {};
    const std::size_t n = fread(block, 1, sizeof block - 1, pipe);
    pclose(pipe);
    BOOST_TEST(std::string(block, n).find("standard output: cannot be written") !=
               std::string::npos);
}
