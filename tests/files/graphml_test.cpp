// SPDX-License-Identifier: MIT
// GraphML as networkx, igraph and Gephi write it, round trips, and hostile documents.
#include "folder.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace espalier;
using namespace files_test;
using namespace std::string_literals;

BOOST_AUTO_TEST_SUITE(graphml)

namespace {

Graph graph(std::string_view text, const LoadOptions& options = {}, LoadReport* report = nullptr) {
    Graph g = loaded("g.graphml", text, options, report).as<Graph>();
    g.check();
    return g;
}

Texts texts(const Table& table, std::string_view name) {
    BOOST_REQUIRE(table.find(name));
    return *std::get<1>(*table.find(name));
}

const Tensor& tensor(const Table& table, std::string_view name) {
    BOOST_REQUIRE(table.find(name));
    return std::get<Tensor>(*table.find(name));
}

std::string document(const std::string& keys, const std::string& content,
                     const std::string& direction = "undirected") {
    return "<graphml>" + keys + "<graph edgedefault=\"" + direction + "\">\n" + content +
           "</graph></graphml>";
}

void says(std::string_view text, const std::string& message, const LoadOptions& options = {}) {
    BOOST_TEST(refusal("g.graphml", text, options) == message);
}

} // namespace

BOOST_AUTO_TEST_CASE(networkx) {
    const Graph g = graph(R"(<?xml version='1.0' encoding='utf-8'?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <key id="d3" for="edge" attr.name="kind" attr.type="string" />
  <key id="d2" for="edge" attr.name="weight" attr.type="double" />
  <key id="d0" for="node" attr.name="size" attr.type="long" />
  <graph edgedefault="undirected">
    <node id="b"> <data key="d0">2</data> </node>
    <node id="a"> <data key="d0">3</data> </node>
    <edge source="b" target="a">
      <data key="d2">0.5</data>
      <data key="d3">x&lt;y</data>
    </edge>
  </graph>
</graphml>)");
    BOOST_TEST(!g.directed);
    BOOST_TEST(g.weights->same_as(Tensor::vector<double>({0.5, 0.5})));
    BOOST_TEST((texts(g.node_attributes, "id") == Texts{"b", "a"}));
    BOOST_TEST(tensor(g.node_attributes, "size").same_as(Tensor::vector<int64_t>({2, 3})));
    BOOST_TEST((texts(g.edge_attributes, "kind") == Texts{"x<y", "x<y"}));
}

BOOST_AUTO_TEST_CASE(numbers_as_ids_are_the_numbers_of_the_nodes) {
    const Graph g = graph(document("<key id='d' for='node' attr.name='c' attr.type='int'/>",
                                   "<node id='2'><data key='d'>22</data></node>"
                                   "<node id='0'><data key='d'>20</data></node>"
                                   "<node id='1'><data key='d'>21</data></node>"
                                   "<edge source='2' target='0'/>",
                                   "directed"));
    BOOST_TEST(g.directed);
    BOOST_TEST(edges_of(g).at(0).from == 2);
    BOOST_TEST(edges_of(g).at(0).to == 0);
    BOOST_TEST(tensor(g.node_attributes, "c").same_as(Tensor::vector<int32_t>({20, 21, 22})));
    BOOST_TEST(!g.node_attributes.find("id"));
    const Graph sparse = graph(document("", "<node id='7'/><node id='3'/>"));
    BOOST_TEST(tensor(sparse.node_attributes, "id").same_as(Tensor::vector<int64_t>({7, 3})));
    const Graph padded = graph(document("", "<node id='01'/><node id='0'/>"));
    BOOST_TEST(tensor(padded.node_attributes, "id").same_as(Tensor::vector<int64_t>({1, 0})));
}

BOOST_AUTO_TEST_CASE(igraph) {
    const Graph g = graph(R"(<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<!-- Created by igraph -->
  <key id="v_name" for="node" attr.name="name" attr.type="string"/>
  <key id="v_x" for="node" attr.name="x" attr.type="double"/>
  <key id="v_y" for="node" attr.name="y" attr.type="double"/>
  <key id="e_weight" for="edge" attr.name="weight" attr.type="double"/>
  <key id="g_title" for="graph" attr.name="title" attr.type="string"/>
  <graph id="G" edgedefault="directed">
    <data key="g_title">two</data>
    <node id="n0"><data key="v_name">Ann</data><data key="v_x">1</data><data key="v_y">2</data></node>
    <node id="n1"><data key="v_name">B&amp;C</data><data key="v_x">3</data><data key="v_y">4.5</data></node>
    <edge source="n1" target="n0"><data key="e_weight">2.5</data></edge>
  </graph>
</graphml>)");
    BOOST_TEST((texts(g.node_attributes, "name") == Texts{"Ann", "B&C"}));
    BOOST_TEST(g.node_attributes.columns.size() == 1U);
    BOOST_TEST(g.positions->same_as(Tensor::of<double>({2, 2}, std::vector<double>{1, 2, 3, 4.5})));
    BOOST_TEST(g.weights->same_as(Tensor::vector<double>({2.5})));
}

BOOST_AUTO_TEST_CASE(gephi_with_defaults_and_gaps) {
    LoadReport report;
    const Graph g = graph(
        R"(<?xml version="1.0" encoding="UTF-8"?><graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<key attr.name="label" attr.type="string" for="node" id="label"/>
<key attr.name="Edge Label" attr.type="string" for="edge" id="edgelabel"/>
<key attr.name="weight" attr.type="double" for="edge" id="weight"><default>1.0</default></key>
<key attr.name="r" attr.type="int" for="node" id="r"/>
<key attr.name="x" attr.type="float" for="node" id="x"/>
<key attr.name="old" attr.type="boolean" for="node" id="old"><default>false</default></key>
<key for="node" id="drawing" yfiles.type="nodegraphics"/>
<graph edgedefault="undirected">
<node id="u"><data key="label">U</data><data key="r">153</data><data key="x">-12.5</data></node>
<node id="v"><data key="old">true</data><data key="drawing"><a/></data></node>
<edge id="0" source="u" target="v"/>
</graph></graphml>)",
        {}, &report);
    BOOST_TEST(g.weights->number(0) == 1);
    BOOST_TEST((texts(g.node_attributes, "label") == Texts{"U", ""}));
    const Tensor& red = tensor(g.node_attributes, "r");
    BOOST_TEST((red.dtype() == DType::float64)); // one is missing
    BOOST_TEST(red.number(0) == 153);
    BOOST_TEST(std::isnan(red.number(1)));
    BOOST_TEST(!g.positions); // the second node has none
    BOOST_TEST(tensor(g.node_attributes, "old").number(1) == 1);
    BOOST_TEST(report.missing == 2);
    BOOST_TEST(report.notes.at(0) == "key 'drawing' has no attr.name and was left out");
    BOOST_TEST(report.notes.at(1) == "attribute 'r': 1 missing value read as NaN");
}

BOOST_AUTO_TEST_CASE(graphs_round_trip_with_all_they_have) {
    LoadOptions loops;
    loops.self_loops = EdgePolicy::keep;
    for (const bool directed : {false, true}) {
        const Value g(rich_graph(directed));
        BOOST_TEST(equal(round_trip("r.graphml", g, loops), g));
        BOOST_TEST(equal(round_trip("r.graphml.gz", g, loops), g));
    }
    Graph special = graph_from_edges(3, {{0, 1, HUGE_VAL}, {1, 2, std::nan("")}}, true, true);
    special.node_attributes.add("x", Tensor::vector<double>({-HUGE_VAL, 0.1, 2}));
    LoadOptions any;
    any.allow_nan = true;
    BOOST_TEST(equal(round_trip("s.graphml", Value(special), any), Value(special)));
    const Value edgeless(graph_from_edges(2, {}, true, true));
    BOOST_TEST(equal(round_trip("e.graphml", edgeless), edgeless));
    Graph text = graph_from_edges(1, {}, true, false);
    text.node_attributes.add("bell", std::make_shared<const Texts>(Texts{"\x07"}));
    BOOST_TEST(failure([&] { save("b.graphml", text); }) ==
               "65: b.graphml: XML cannot hold the control character in '\\x07' | save it as .npz");
}

BOOST_AUTO_TEST_CASE(ten_thousand_names_survive) {
    uint64_t state = 1;
    Texts names;
    for (int i = 0; i < 10000; ++i) {
        std::string name;
        for (int k = 0; k < 6; ++k) {
            state = state * 6364136223846793005U + 1442695040888963407U;
            const char* parts[] = {"<",  "&",  "\"", "'",  ">",    "]]>",  "\xC3\xA9",
                                   "a",  " ",  "\n", "\r", "&lt;", "<!--", "\xF0\x9F\x8C\xB3",
                                   "\t", "-->"};
            name += parts[state >> 60];
        }
        names.push_back(name);
    }
    Graph g = graph_from_edges(10000, {}, false, false);
    g.node_attributes.add("name", std::make_shared<const Texts>(names));
    BOOST_TEST(equal(round_trip("names.graphml", Value(g)), Value(g)));
}

BOOST_AUTO_TEST_CASE(hostile_documents) {
    says("<!DOCTYPE lolz [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]><graphml>&b;</graphml>",
         "65: g.graphml:1:1: a DOCTYPE or an entity, which no data file needs | remove the "
         "declaration");
    says("<graphml>\n<!ENTITY x SYSTEM \"file:///etc/passwd\"></graphml>",
         "65: g.graphml:2:1: a DOCTYPE or an entity, which no data file needs | remove the "
         "declaration");
    std::string deep;
    for (int i = 0; i < 1000000; ++i) deep += "<a>";
    says(deep, "65: g.graphml:1:769: more than 256 levels");
    says("<graphml></a></b></d><c></c></graphml>",
         "65: g.graphml:1:12: not XML: Start-end tags mismatch");
    says("<graphml><!-- <", "65: g.graphml:1:10: the comment that opens here is never closed");
    says("<graphml a='>", "65: g.graphml:1:1: the tag that opens here is never closed");
    // An entity of its own stays text: nothing is looked up.
    const Graph g = graph(document("<key id='k' for='node' attr.name='t' attr.type='string'/>",
                                   "<node id='0'><data key='k'>&xxe;</data></node>"));
    BOOST_TEST((texts(g.node_attributes, "t") == Texts{"&xxe;"}));
}

BOOST_AUTO_TEST_CASE(bombs_of_defaults) {
    std::string nodes;
    for (int i = 0; i < 20000; ++i) nodes += "<node id='" + std::to_string(i) + "'/>";
    const std::string text(100000, 'x');
    says(document("<key id='k' for='node' attr.name='t' attr.type='string'><default>" + text +
                      "</default></key>",
                  nodes),
         "65: g.graphml:1:10: the default is too long for so many nodes or edges");
    std::string keys;
    for (int i = 0; i < 100; ++i)
        keys += "<key id='k" + std::to_string(i) +
                "' for='node' attr.type='int'><default>1</default></key>";
    BOOST_TEST(refusal("g.graphml", document(keys, nodes))
                   .ends_with("too many attributes that hardly any node or edge has"));
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_said_with_line_and_column) {
    const std::string two = "<node id='a'/>\n<node id='b'/>\n";
    says("<svg/>", "65: g.graphml:1:1: no <graphml>: not a GraphML file");
    says("<graphml></graphml>", "65: g.graphml:1:1: no <graph> in it");
    says("<graphml><graph edgedefault='both'/></graphml>",
         "65: g.graphml:1:10: edgedefault is 'both', neither directed nor undirected");
    says("<graphml><graph></graphml>", "65: g.graphml:1:19: not XML: Start-end tags mismatch");
    says(document("", two + "<edge source='a' target='c'/>"),
         "65: g.graphml:4:1: the target 'c' is no node");
    says(document("", two + "<edge source='a'/>"), "65: g.graphml:4:1: an edge without target");
    says(document("", two + "<node id='a'/>"), "65: g.graphml:4:1: the node 'a' stands twice");
    says(document("", "<node/>"), "65: g.graphml:2:1: a node without id");
    says(document("", two + "<hyperedge/>"), "65: g.graphml:4:1: hyperedges are not supported");
    says(document("", "<node id='a'><graph/></node>"),
         "65: g.graphml:2:1: graphs within nodes are not supported");
    says(document("", two + "<edge source='a' target='a'/>"),
         "65: g.graphml:4:1: the edge joins node 0 with itself | self_loops = 'drop' or 'keep'");
    says(document("", two + "<edge source='a' target='b'/>\n<edge source='a' target='b'/>"),
         "65: g.graphml:5:1: the edge 0 - 1 stands twice | duplicates = 'drop' or 'merge'");
    says(document("", two + "<edge source='a' target='b' directed='true'/>"),
         "65: g.graphml:4:1: directed and undirected edges are mixed | directed = true or false "
         "reads all of them so");
    says(document("<key id='k' for='node' attr.name='n' attr.type='int'/>",
                  "<node id='a'><data key='k'>4.5</data></node>"),
         "65: g.graphml:2:14: attribute 'n': '4.5' is not of type int32");
    says(document("<key id='k' for='node' attr.name='n' attr.type='matrix'/>", two),
         "65: g.graphml:1:10: attr.type 'matrix' is not one of boolean, int, long, float, double, "
         "string");
    says(document("", "<node id='a'><data key='q'>1</data></node>"),
         "65: g.graphml:2:14: no key 'q' is declared for a node");
    says(document("<key id='w' for='edge' attr.name='weight' attr.type='double'/>",
                  two + "<edge source='a' target='b'><data key='w'>NaN</data></edge>"),
         "65: g.graphml:4:1: the weight of this edge is missing or not finite | allow_nan = true "
         "loads it as NaN");
}

BOOST_AUTO_TEST_SUITE_END()
