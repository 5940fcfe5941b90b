// SPDX-License-Identifier: MIT
// What a run or a call gives: text, JSON, and files that can be read again.
#include "program/child.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace program;

namespace {

using Json = nlohmann::json;

constexpr const char* mixed = R"(local esp = require "espalier"
print("talk of the script")
return {
    auc = 0.5, rounds = 3, name = "ring", good = true, missing = 0 / 0, endless = 1 / 0,
    list = { 1, 2, 3 }, rows = { { case = "a", x = 1 }, { case = "bb", x = 2.5 } }, nested = { depth = 2, field = esp.tensor { { 1.5, 2 }, { 3, 4 } } },
    graph = esp.generate.ring { nodes = 5 }.graph,
}
)";

} // namespace

BOOST_AUTO_TEST_CASE(a_script_without_a_result_prints_what_it_prints) {
    const Folder folder;
    folder.write("x.lua", "print('a', 1)\n");
    const Outcome o = folder.run({"run", "x.lua"});
    BOOST_TEST(o.code == 0);
    BOOST_TEST(o.out == "a\t1\n");
    BOOST_TEST(o.err == "");
}

BOOST_AUTO_TEST_CASE(results_are_printed_a_line_each) {
    const Folder folder;
    folder.write("x.lua", mixed);
    const Outcome o = folder.run({"run", "x.lua"});
    BOOST_TEST(o.code == 0);
    BOOST_TEST(o.out == "talk of the script\n"
                        "auc = 0.5\nendless = inf\ngood = true\n"
                        "graph = graph 5 nodes, 5 edges, undirected\n"
                        "list = 1, 2, 3\nmissing = nan\nname = ring\n"
                        "nested.depth = 2\n"
                        "nested.field = tensor float64 [2, 2] {1.5, 2, 3, 4}\nrounds = 3\n"
                        "rows:\n  case  x\n  a     1\n  bb    2.5\n");
}

BOOST_AUTO_TEST_CASE(json_is_all_that_stands_on_standard_output) {
    const Folder folder;
    folder.write("x.lua", mixed);
    const Outcome o = folder.run({"run", "x.lua", "--json"});
    BOOST_TEST(o.err == "talk of the script\n");
    const Json json = Json::parse(o.out);
    BOOST_TEST(json.at("auc") == 0.5);
    BOOST_TEST(json.at("missing") == "nan");
    BOOST_TEST(json.at("endless") == "inf");
    BOOST_TEST(json.at("nested").at("field").at("values") == Json({1.5, 2, 3, 4}));
    BOOST_TEST(json.at("graph").at("edge_list").size() == 5u);
}

BOOST_AUTO_TEST_CASE(every_command_that_speaks_json_is_valid) {
    for (const std::vector<std::string>& words : {std::vector<std::string>{"list", "--json"},
                                                  {"describe", "learn.ggn", "--json"},
                                                  {"doctor", "--json"},
                                                  {"version", "--json"},
                                                  {"call", "generate.ring", "nodes=5", "--json"}}) {
        const Outcome o = run(words);
        BOOST_TEST(o.code == 0);
        BOOST_TEST(Json::accept(o.out));
    }
}

BOOST_AUTO_TEST_CASE(saved_results_can_be_loaded_again) {
    const Folder folder;
    folder.write("x.lua", mixed);
    const Outcome o = folder.run({"run", "x.lua", "-o", "out/x"});
    BOOST_TEST(o.code == 0);
    BOOST_TEST(o.err == "saved out/x/graph.graphml\nsaved out/x/nested.field.npy\n"
                        "saved out/x/results.json\n");
    BOOST_TEST(Json::parse(folder.read("out/x/results.json")).at("rounds") == 3);
    folder.write("y.lua", "local esp = require 'espalier'\n"
                          "print(esp.load('out/x/nested.field.npy')[2][1])\n"
                          "print(esp.load('out/x/graph.graphml').nodes)\n");
    BOOST_TEST(folder.run({"run", "y.lua"}).out == "3.0\n5\n");
}

BOOST_AUTO_TEST_CASE(what_one_call_saves_the_next_reads) {
    const Folder folder;
    const Outcome ring =
        folder.run({"call", "generate.ring", "nodes=12", "neighbours=4", "-o", "ring"});
    BOOST_TEST(ring.code == 0);
    BOOST_TEST(ring.out == "graph = graph 12 nodes, 24 edges, undirected\n");
    BOOST_TEST(ring.err == "saved ring/graph.graphml\n");
    const Outcome wave =
        folder.run({"call", "simulate.coupled_map_lattice", "graph=ring/graph.graphml", "steps=20",
                    "runs=3", "-o", "wave"});
    BOOST_TEST(wave.code == 0);
    BOOST_TEST(has(wave.err, "saved wave/trajectories.npy\n"));
    folder.write("shape.lua", "local t = require('espalier').load('wave/trajectories.npy')\n"
                              "print(t.shape[1], t.shape[2], t.shape[3])\n");
    BOOST_TEST(folder.run({"run", "shape.lua"}).out == "3\t21\t12\n");
}

BOOST_AUTO_TEST_CASE(the_same_bytes_at_any_number_of_threads) {
    const Folder folder;
    std::string first;
    for (const std::string threads : {"1", "2", "8"}) {
        const Outcome o = folder.run({"call", "generate.watts_strogatz", "nodes=5000", "--seed",
                                      "7", "-j", threads, "-o", "at" + threads});
        BOOST_TEST(o.code == 0);
        const std::string bytes = folder.read("at" + threads + "/graph.graphml");
        BOOST_TEST(!bytes.empty());
        if (first.empty()) first = bytes;
        BOOST_TEST((bytes == first));
    }
    folder.run({"call", "generate.watts_strogatz", "nodes=5000", "--seed", "8", "-o", "other"});
    BOOST_TEST((folder.read("other/graph.graphml") != first));
}

BOOST_AUTO_TEST_CASE(parameters_of_a_script_come_from_the_command_line) {
    const Folder folder;
    folder.write("x.lua",
                 "local esp = require 'espalier'\n"
                 "return esp.experiment { name = 'x', params = { nodes = 4, mode = 'a' },\n"
                 "  run = function(p) return { nodes = p.nodes, mode = p.mode } end }\n");
    BOOST_TEST(folder.run({"run", "x.lua"}).out == "mode = a\nnodes = 4\n");
    BOOST_TEST(folder.run({"run", "x.lua", "nodes=9", "mode=b"}).out == "mode = b\nnodes = 9\n");
}

BOOST_AUTO_TEST_CASE(a_card_names_all_of_a_component) {
    const std::string text = run({"describe", "generate.watts_strogatz"}).out;
    const std::string markdown = run({"describe", "generate.watts_strogatz", "--markdown"}).out;
    const Json json = Json::parse(run({"describe", "generate.watts_strogatz", "--json"}).out);
    for (const Json& p : json.at("parameters")) {
        const std::string name = p.at("name");
        BOOST_TEST(has(text, "\n  " + name + ' '));
        BOOST_TEST(has(markdown, "| `" + name + "` |"));
    }
    BOOST_TEST(has(text, "seed"));
    BOOST_TEST(has(text, json.at("reference").get<std::string>()));
    BOOST_TEST(has(text, json.at("example").get<std::string>()));
    BOOST_TEST(has(text, "rewiring"));
    BOOST_TEST(json.at("kind") == "generate");
}

BOOST_AUTO_TEST_CASE(a_list_of_one_kind_has_that_kind_only) {
    const Json all = Json::parse(run({"list", "--json"}).out);
    const Json some = Json::parse(run({"list", "generate", "--json"}).out);
    BOOST_TEST(some.size() < all.size());
    for (const Json& c : some) BOOST_TEST(c.at("kind") == "generate");
    for (const Json& c : all)
        BOOST_TEST(has(run({"list"}).out, c.at("name").get<std::string>() + ' '));
}

BOOST_AUTO_TEST_CASE(stubs_declare_every_component) {
    const Folder folder;
    const Outcome o = folder.run({"stubs", "-o", "editor"});
    BOOST_TEST(o.err == "saved editor/espalier.lua\n");
    const std::string stubs = folder.read("editor/espalier.lua");
    for (const Json& c : Json::parse(run({"list", "--json"}).out)) {
        const std::string name = c.at("name");
        BOOST_TEST(has(stubs, name.substr(name.find('.') + 1)));
    }
    folder.write("check.lua", "assert(load(require('espalier').read_text('editor/espalier.lua')))");
    BOOST_TEST(folder.run({"run", "check.lua"}).code == 0);
}

BOOST_AUTO_TEST_CASE(doctor_finds_what_was_built) {
    const Outcome o = run({"doctor", "--json"});
    BOOST_TEST(o.code == 0);
    const Json json = Json::parse(o.out);
    BOOST_TEST(json.at("arithmetic") == "as IEEE 754 has it");
    BOOST_TEST(json.at("refused").empty());
    BOOST_TEST(json.at("plugins").size() >= 5u);
    for (const Json& plugin : json.at("plugins"))
        BOOST_TEST(plugin.at("sha256").get<std::string>().size() == 64u);
    BOOST_TEST(has(run({"doctor"}).out, "org.espalier.networks"));
}

BOOST_AUTO_TEST_CASE(another_instruction_set_can_be_chosen) {
    const Json json = Json::parse(run({"doctor", "--json", "--isa", "base"}).out);
    for (const Json& plugin : json.at("plugins")) BOOST_TEST(plugin.at("isa") == "base");
}
