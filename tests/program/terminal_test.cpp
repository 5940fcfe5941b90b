// SPDX-License-Identifier: MIT
// A pipe gets data alone; a terminal gets bold headings, and a prompt.
#include "program/child.hpp"

#include <boost/test/unit_test.hpp>

using namespace program;

BOOST_AUTO_TEST_CASE(a_pipe_gets_no_escape_sequence) {
    for (const std::vector<std::string>& words : {std::vector<std::string>{"list"},
                                                  {"describe", "learn.ggn"},
                                                  {"doctor"},
                                                  {"call", "generate.ring", "nodes=5"}}) {
        const Outcome o = run(words);
        BOOST_TEST(o.code == 0);
        BOOST_TEST(!has(o.out, "\033"));
        BOOST_TEST(!has(o.err, "\033"));
    }
}

BOOST_AUTO_TEST_CASE(a_terminal_gets_bold_headings_unless_told_not_to) {
    const std::vector<std::string> words{"describe", "generate.ring"};
    BOOST_TEST(has(Child({words, {}, {}, {}}, Streams::terminal).finish().out, "\033[1m"));
    BOOST_TEST(!has(Child({words, {}, {}, {{"NO_COLOR", "1"}}}, Streams::terminal).finish().out,
                    "\033[1m"));
}

BOOST_AUTO_TEST_CASE(lua_is_read_from_a_pipe) {
    const Outcome o =
        run(Line{{"repl"}, "x = 20\nx + 1\nfor i = 1, 2 do\nprint(i)\nend\n", {}, {}});
    BOOST_TEST(o.code == 0);
    BOOST_TEST(o.out == "21\n1\n2\n");
    BOOST_TEST(o.err == "");
}

BOOST_AUTO_TEST_CASE(an_error_does_not_end_the_prompt) {
    const Outcome o = run(Line{{"repl"}, "error('no')\n1 + 1\n", {}, {}});
    BOOST_TEST(o.code == 78);
    BOOST_TEST(has(o.out, "2\n"));
    BOOST_TEST(has(o.err, "no"));
}

BOOST_AUTO_TEST_CASE(an_unfinished_statement_is_not_passed_over) {
    const Outcome o = run(Line{{"repl"}, "for i = 1, 2 do\n", {}, {}});
    BOOST_TEST(o.code == 78);
    BOOST_TEST(o.err == "prompt: the last statement is not finished\n");
}

BOOST_AUTO_TEST_CASE(a_question_mark_shows_a_card) {
    const Outcome o = run(Line{{"repl"}, "?generate.ring\n?esp.generate.ring\n", {}, {}});
    const std::string card = run({"describe", "generate.ring"}).out;
    BOOST_TEST(o.out == card + card);
}

// Keys are typed when a prompt is there, as people do: what comes earlier may be dropped with a
// line that Ctrl-C ends.
BOOST_AUTO_TEST_CASE(control_c_at_the_prompt_drops_the_line_only) {
    const Folder folder;
    const std::map<std::string, std::string> state{{"XDG_STATE_HOME", folder.path().string()}};
    Child child({{"repl"}, {}, folder.path(), state}, Streams::terminal);
    BOOST_REQUIRE(child.wait_for("\n> "));
    child.type("nonsense(");
    BOOST_REQUIRE(child.wait_for("nonsense("));
    child.type("\003");
    BOOST_REQUIRE(child.wait_for("\n> "));
    child.type("6 * 7\n");
    BOOST_REQUIRE(child.wait_for("42"));
    BOOST_REQUIRE(child.wait_for("\n> "));
#if !defined(__SANITIZE_THREAD__) // holds a signal back until its thread calls the system
    child.type("print('ready') while true do end\n");
    BOOST_REQUIRE(child.wait_for("\nready"));
    child.type("\003");
    BOOST_REQUIRE(child.wait_for("interrupted"));
    BOOST_REQUIRE(child.wait_for("\n> "));
#endif
    child.type("6 * 9\n");
    BOOST_REQUIRE(child.wait_for("54"));
    BOOST_REQUIRE(child.wait_for("\n> "));
    child.type("\004");
    BOOST_TEST(child.finish().code == 0);
}

BOOST_AUTO_TEST_CASE(the_prompt_completes_and_remembers) {
    const Folder folder;
    const std::map<std::string, std::string> state{{"XDG_STATE_HOME", folder.path().string()}};
    {
        Child child({{"repl"}, {}, folder.path(), state}, Streams::terminal);
        BOOST_REQUIRE(child.wait_for("\n> "));
        child.type("esp.generate.watts\t");
        BOOST_REQUIRE(child.wait_for("_strogatz")); // what was typed is not drawn again
        child.type(" ~= nil\n");
        BOOST_REQUIRE(child.wait_for("true"));
        BOOST_REQUIRE(child.wait_for("\n> "));
        child.type("\004");
        BOOST_TEST(child.finish().code == 0);
    }
    Child child({{"repl"}, {}, folder.path(), state}, Streams::terminal);
    BOOST_REQUIRE(child.wait_for("\n> "));
    child.type("\020"); // Ctrl-P: the line before
    BOOST_REQUIRE(child.wait_for("watts_strogatz ~= nil"));
    child.type("\n");
    BOOST_REQUIRE(child.wait_for("true"));
    BOOST_REQUIRE(child.wait_for("\n> "));
    child.type("\004");
    BOOST_TEST(child.finish().code == 0);
}

BOOST_AUTO_TEST_CASE(letters_beyond_ascii_reach_lua) {
    const Folder folder;
    Child child({{"repl"}, {}, folder.path(), {{"LC_ALL", "C.UTF-8"}}}, Streams::terminal);
    BOOST_REQUIRE(child.wait_for("\n> "));
    child.type("#'\u00e4\u00f6'\n");
    BOOST_REQUIRE(child.wait_for("\n4"));
    BOOST_REQUIRE(child.wait_for("\n> "));
    child.type("\004");
    BOOST_TEST(child.finish().code == 0);
}
