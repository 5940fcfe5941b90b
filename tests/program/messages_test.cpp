// SPDX-License-Identifier: MIT
// What a user reads when something is wrong, word for word, and the exit code.
#include "program/child.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace program;

namespace {

struct Case {
    std::string name;
    std::vector<std::string> words;
    int code;
    std::string talk;
    std::string script = {}; // x.lua, when there is one
};

std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.name; }

const std::string head = "local esp = require 'espalier'\n";

std::vector<Case> command_lines() {
    return {
        {"unknown command",
         {"rnu", "x.lua"},
         2,
         "command line: there is no command 'rnu'\n  hint: did you mean 'run'?\n"},
        {"nothing like a command",
         {"xyzzy"},
         2,
         "command line: there is no command 'xyzzy'\n  hint: 'espalier help' lists the commands\n"},
        {"option before the command",
         {"-j", "2", "run"},
         2,
         "command line: '-j' stands before any command\n"
         "  hint: espalier COMMAND [options]; 'espalier help' lists the commands\n"},
        {"unknown option",
         {"run", "--sed", "3", "x.lua"},
         2,
         "command line: run has no option '--sed'\n  hint: did you mean '--seed'?\n"},
        {"an abbreviation is not guessed",
         {"run", "--thr", "3", "x.lua"},
         2,
         "command line: run has no option '--thr'\n  hint: did you mean '--threads'?\n"},
        {"unknown letter",
         {"list", "-x"},
         2,
         "command line: list has no option '-x'\n  hint: espalier list --help\n"},
        {"option without value",
         {"run", "x.lua", "-o"},
         2,
         "command line: option '--output' needs a value\n  hint: espalier run --help\n"},
        {"flag with value",
         {"run", "x.lua", "--json=yes"},
         2,
         "command line: option '--json' takes no value\n  hint: espalier run --help\n"},
        {"option given twice",
         {"run", "x.lua", "--seed", "1", "--seed", "2"},
         2,
         "command line: option '--seed' is given twice\n  hint: espalier run --help\n"},
        {"number that is none",
         {"run", "x.lua", "-j", "two"},
         2,
         "command line: option '--threads' = 'two': must be an integer in [1, 4096]\n"},
        {"number out of range",
         {"run", "x.lua", "--seed=-1"},
         2,
         "command line: option '--seed' = '-1': must be an integer >= 0\n"},
        {"duration that is none",
         {"run", "x.lua", "--time", "soon"},
         2,
         "command line: option '--time' = 'soon': must be a duration above 0\n"
         "  hint: 90s, 10m or 2h\n"},
        {"instruction set that is none",
         {"list", "--isa", "v9"},
         2,
         "command line: option '--isa': 'v9' is not an instruction set\n  hint: base, v3 or v4\n"},
        {"missing word",
         {"run"},
         2,
         "command line: run needs SCRIPT [name=value]...\n  hint: espalier run --help\n"},
        {"word too many",
         {"describe", "a", "b"},
         2,
         "command line: describe: 'b' is one word too many\n  hint: espalier describe --help\n"},
        {"no equals sign",
         {"run", "x.lua", "nodes"},
         2,
         "command line: 'nodes' is not of the form name=value\n"},
        {"name given twice",
         {"run", "x.lua", "nodes=1", "nodes=2"},
         2,
         "command line: 'nodes' is given twice\n"},
        {"unknown kind",
         {"list", "simulte"},
         2,
         "command line: there is no kind 'simulte'\n  hint: did you mean 'simulate'?\n"},
        {"unknown component",
         {"describe", "learn.gnn"},
         69,
         "there is no component 'learn.gnn', did you mean 'learn.ggn'?\n"},
        {"unknown paper",
         {"paper", "run", "gng"},
         2,
         "command line: there is no paper 'gng'\n  hint: did you mean 'ggn'?\n"},
        {"paper without a name",
         {"paper", "check"},
         2,
         "command line: paper check needs a NAME\n  hint: espalier paper list\n"},
        {"paper does something else",
         {"paper", "print"},
         2,
         "command line: paper: 'print' is not list, run or check\n  hint: espalier paper list\n"},
        {"two layouts",
         {"describe", "generate.ring", "--markdown", "--json"},
         2,
         "command line: '--markdown' and '--json' exclude each other\n"},
    };
}

std::vector<Case> calls() {
    return {
        {"unknown parameter",
         {"call", "generate.ring", "ndoes=5"},
         2,
         "command line: generate.ring: unknown parameter 'ndoes', did you mean 'nodes'?\n"},
        {"mistyped",
         {"call", "generate.ring", "nodes=five"},
         2,
         "command line: generate.ring: parameter 'nodes' = five: must be an integer\n"},
        {"out of range, and all at once",
         {"call", "generate.watts_strogatz", "rewiring=2", "positions=maybe"},
         2,
         "command line: generate.watts_strogatz: parameter 'rewiring' = 2: must be in [0, 1]\n"
         "generate.watts_strogatz: parameter 'positions' = maybe: must be true or false\n"},
        {"two parameters that do not fit",
         {"call", "generate.ring", "nodes=5", "neighbours=3"},
         2,
         "command line: generate.ring: parameter 'neighbours': must be even, is 3\n"},
        {"missing input",
         {"call", "simulate.kuramoto"},
         2,
         "command line: simulate.kuramoto: input 'graph' is missing: a graph: Who influences "
         "whom: an edge from sender to receiver.\n"},
        {"missing file",
         {"call", "simulate.kuramoto", "graph=rnig.graphml"},
         66,
         "rnig.graphml: no such file\n  hint: did you mean 'ring.graphml'?\n"},
        {"folder that cannot be made",
         {"call", "generate.ring", "-o", "x.lua/below"},
         73,
         "x.lua/below: cannot be made a folder: Not a directory\n",
         "-- a file\n"},
    };
}

std::vector<Case> scripts() {
    return {
        {"missing script", {"run", "y.lua"}, 66, "y.lua: there is no such script\n"},
        {"syntax", {"run", "x.lua"}, 78, "x.lua:2: syntax error near 'y'\n", head + "x y\n"},
        {"its own error",
         {"run", "x.lua"},
         78,
         "x.lua:2: nothing to do\n",
         head + "error('nothing to do')\n"},
        {"unknown name",
         {"run", "x.lua"},
         78,
         "x.lua:2: unknown name 'prnt', did you mean 'print'?\n",
         head + "prnt(1)\n"},
        {"unknown component",
         {"run", "x.lua"},
         78,
         "x.lua:2: esp.simulate has no component 'kuramto', did you mean 'kuramoto'?\n",
         head + "esp.simulate.kuramto {}\n"},
        {"unknown parameter",
         {"run", "x.lua"},
         78,
         "x.lua:3: generate.ring: unknown parameter 'neighbors', did you mean 'neighbours'?\n",
         head + "\nesp.generate.ring { neighbors = 4 }\n"},
        {"out of range",
         {"run", "x.lua"},
         78,
         "x.lua:2: generate.watts_strogatz: parameter 'rewiring' = -1: must be in [0, "
         "1]\n",
         head + "esp.generate.watts_strogatz { rewiring = -1 }\n"},
        {"mistyped",
         {"run", "x.lua"},
         78,
         "x.lua:2: generate.ring: parameter 'nodes' = ten: must be an integer\n",
         head + "esp.generate.ring { nodes = 'ten' }\n"},
        {"missing file",
         {"run", "x.lua"},
         66,
         "x.lua:2: rnig.graphml: no such file\n  hint: did you mean 'ring.graphml'?\n",
         head + "esp.load('rnig.graphml')\n"},
        {"parameter that the script lacks",
         {"run", "x.lua", "tempertaure=2"},
         2,
         "command line: x.lua has no parameter 'tempertaure' (declared at x.lua:2)\n"
         "  hint: did you mean 'temperature'? a number\n",
         head + "local p = esp.params { temperature = 1.5 }\n"},
        {"parameter of a script without any",
         {"run", "x.lua", "nodes=2"},
         2,
         "command line: x.lua has no parameter 'nodes'\n"
         "  hint: it declares none; esp.params { name = default } does\n",
         head},
    };
}

void check(const Case& c) {
    const Folder folder;
    folder.write("ring.graphml", "<graphml/>");
    if (!c.script.empty()) folder.write("x.lua", c.script);
    const Outcome o = folder.run(c.words);
    BOOST_TEST(o.code == c.code);
    BOOST_TEST(o.err == c.talk);
    BOOST_TEST(o.out == "");
}

} // namespace

BOOST_DATA_TEST_CASE(a_bad_command_line, boost::unit_test::data::make(command_lines()), c) {
    check(c);
}

BOOST_DATA_TEST_CASE(a_bad_call, boost::unit_test::data::make(calls()), c) { check(c); }

BOOST_DATA_TEST_CASE(a_bad_script, boost::unit_test::data::make(scripts()), c) { check(c); }

BOOST_AUTO_TEST_CASE(a_full_disk_is_not_success) {
    const std::string line = std::string(ESPALIER_PROGRAM) + " list > /dev/full 2> /dev/null";
    const int status = std::system(line.c_str());
    BOOST_TEST(WEXITSTATUS(status) == 74);
}
