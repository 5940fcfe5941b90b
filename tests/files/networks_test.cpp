// SPDX-License-Identifier: MIT
// Networks as GML, Pajek and graph-tool hold them: what others write, round trips, hostile bytes.
#include "folder.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace espalier;
using namespace files_test;
using namespace std::string_literals;

namespace {

Graph graph(const std::string& name, std::string_view bytes, const LoadOptions& options = {},
            LoadReport* report = nullptr) {
    Graph g = loaded(name, bytes, options, report).as<Graph>();
    g.check();
    return g;
}

std::vector<std::pair<int64_t, int64_t>> pairs(const Graph& g) {
    std::vector<std::pair<int64_t, int64_t>> out;
    for (const Edge& e : edges_of(g)) out.emplace_back(e.from, e.to);
    return out;
}
using Pairs = std::vector<std::pair<int64_t, int64_t>>;

Texts texts(const Graph& g, std::string_view name) {
    BOOST_REQUIRE(g.node_attributes.find(name));
    return *std::get<1>(*g.node_attributes.find(name));
}

void says(const std::string& name, std::string_view bytes, const std::string& message) {
    BOOST_TEST(refusal(name, bytes) == message);
}

// A graph-tool file of three nodes, 0 -> 1, 2 and 1 -> 2; `properties` as bytes with their number.
std::string words(const std::string& text) {
    std::string out(8, '\0');
    out[0] = static_cast<char>(text.size());
    return out + text;
}
std::string gt(const std::string& properties) {
    const auto row = [](const std::string& neighbours) { return words(neighbours); };
    return "\xe2\x9b\xbe gt\x01"s + '\0' + words("made by hand") + '\1' + "\3\0\0\0\0\0\0\0"s +
           row("\1\2") + row("\2") + row("") + properties;
}
const std::string no_properties(8, '\0');

} // namespace

BOOST_AUTO_TEST_SUITE(networks)

BOOST_AUTO_TEST_CASE(gml_of_others) {
    LoadReport report;
    const Graph g = graph("g.gml", R"(Creator "someone [ else"
# a comment with [ brackets
graph [
  directed 1
  node [ id 10 label "A &amp; B" size 3 graphics [ x 1 y 2.5 type "oval" ] ]
  node [ id 20 label "C" size 4 graphics [ x 0 y -1e3 ] LabelGraphics [ text "C" ] ]
  edge [ source 20 target 10 value 0.5 kind "k" ]
])",
                          {}, &report);
    BOOST_TEST(g.directed);
    BOOST_TEST((pairs(g) == Pairs{{1, 0}}));
    BOOST_TEST(g.weights->number(0) == 0.5);
    BOOST_TEST(texts(g, "label") == (Texts{"A & B", "C"}), boost::test_tools::per_element());
    BOOST_TEST(std::get<Tensor>(*g.node_attributes.find("id")).number(1) == 20);
    BOOST_TEST(std::get<Tensor>(*g.node_attributes.find("size")).number(1) == 4);
    BOOST_TEST(g.positions->number(3) == -1000);
    BOOST_TEST(report.notes.size() == 1);
    // Ids that are 0 .. n-1 in another order are the numbers.
    const Graph turned = graph(
        "g.gml",
        "graph [ node [ id 1 name \"b\" ] node [ id 0 name \"a\" ] edge [ source 1 target 0 ] ]");
    BOOST_TEST(!turned.directed);
    BOOST_TEST(texts(turned, "name") == (Texts{"a", "b"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(gml_refusals) {
    says("g.gml", "graph [ node [ label \"a\" ] ]", "65: g.gml:1:14: a node without id");
    says("g.gml", "graph [\n node [ id 1 ]\n node [ id 1 ] ]",
         "65: g.gml:3:12: the node '1' stands twice");
    says("g.gml", "graph [ node [ id 1 ]\nedge [ source 1 target 2 ] ]",
         "65: g.gml:2:24: '2' is no node");
    says("g.gml", "graph [ node [ id 1 ]",
         "65: g.gml:1:7: the list that opens here is never closed");
    says("g.gml", "graph [ comment \"x ]",
         "65: g.gml:1:17: the text that opens here is never closed");
    says("g.gml", "x 1", "65: g.gml:1:1: no 'graph [' in it: not a GML file");
    std::string deep = "graph [ ";
    for (int i = 0; i < 1000; ++i) deep += "a [ ";
    BOOST_TEST(refusal("g.gml", deep).find("more than 256 levels") != std::string::npos);
    says("g.gml", "graph [ node [ id 0 ]\nedge [ source 0 target 0 ] ]",
         "65: g.gml:2:6: the edge joins node 0 with itself | self_loops = 'drop' or 'keep'");
    BOOST_TEST(failure([] { // an attribute that hardly any node has costs a cell for every node
                   std::string wide = "graph [ ";
                   for (int i = 0; i < 5000; ++i)
                       wide +=
                           "node [ id " + std::to_string(i) + " a" + std::to_string(i) + " 1 ] ";
                   loaded("g.gml", wide + "]");
               })
                   .find("5000 attributes of 5000 rows") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(pajek_of_others) {
    const Graph g = graph("g.net", "*Network small\n% a comment\n*vertices 4\r\n"
                                   "1 \"one two\" 0.1 0.2 ellipse x_fact 2\n2 b 1 1\n"
                                   "3 \"c\" 0 0.5\n4 \"\" 0.25 0\n"
                                   "*Edges\n1 2 2.5 c Red\n4 3\n*Edgeslist\n1 3 4\n");
    BOOST_TEST(!g.directed);
    BOOST_TEST((pairs(g) == Pairs{{0, 1}, {0, 2}, {0, 3}, {2, 3}}));
    BOOST_TEST(g.weights->number(0) == 2.5);
    BOOST_TEST(g.weights->number(1) == 1);
    BOOST_TEST(texts(g, "label")[0] == "one two");
    BOOST_TEST(g.positions->number(7) == 0);
    const Graph matrix = graph("g.pajek", "*Vertices 3\n*Matrix\n0 1 0\n0 0 2\n1 0 0\n");
    BOOST_TEST(matrix.directed);
    BOOST_TEST((pairs(matrix) == Pairs{{0, 1}, {1, 2}, {2, 0}}));
    LoadOptions directed;
    directed.directed = true;
    const std::string mixed = "*Vertices 3\n*Arcs\n1 2\n*Edges\n2 3\n";
    BOOST_TEST((pairs(graph("g.net", mixed, directed)) == Pairs{{0, 1}, {1, 2}, {2, 1}}));
    says("g.net", mixed,
         "65: g.net:5:1: arcs and edges are mixed | directed = true (an edge counts both ways) or "
         "directed = false");
}

BOOST_AUTO_TEST_CASE(pajek_refusals) {
    says("g.net", "1 2\n", "65: g.net:1:1: a line before any section; *Vertices comes first");
    says("g.net", "*Vertices 2\n*Edges\n1 3\n", "65: g.net:3:3: '3' is no vertex from 1 to 2");
    says("g.net", "*Vertices 2\n*Edges\n1 2\n2 1\n1 2\n",
         "65: g.net:4:1: the edge 1 - 0 stands twice | duplicates = 'drop' or 'merge'");
    says("g.net", "*Vertices 999999999\n",
         "65: g.net:1:11: 999999999 nodes in a file of 20 bytes | nodes = 999999999 says that they "
         "are meant");
    says("g.net", "*Vertices 2\n*Partition p\n",
         "65: g.net:2:1: the section '*Partition' is not read | vertices, arcs, edges, arcslist, "
         "edgeslist and matrix are");
    says("g.net", "*Vertices 2\n*Matrix\n0 1 1\n",
         "65: g.net:3:1: row 1 of the matrix has 3 numbers, not 2 in 2 rows");
}

BOOST_AUTO_TEST_CASE(written_and_read_again) {
    for (const bool is_directed : {false, true}) {
        Graph g = graph_from_edges(4, {{0, 1, 0.5}, {1, 2, 3}, {0, 3, 1e-7}}, is_directed, true);
        g.positions = Tensor(DType::float64, {4, 2});
        for (double& x : g.positions->writable_values<double>()) x = 0.25;
        g.node_attributes.add("label", std::make_shared<const Texts>(Texts{"a", "b c", "d", ""}));
        BOOST_TEST(equal(round_trip("r.net", Value(g)), Value(g)));
        g.edge_attributes.add(
            "rank", Tensor::vector(std::vector<int64_t>(static_cast<std::size_t>(g.entries()), 7)));
        BOOST_TEST(equal(round_trip("r.gml", Value(g)), Value(g)));
        BOOST_TEST(equal(round_trip("r.gml.gz", Value(g)), Value(g)));
    }
    Graph odd = graph_from_edges(1, {}, false, false);
    odd.node_attributes.add("two words", Tensor::vector(std::vector<int64_t>{1}));
    BOOST_TEST(failure([&] { save("o.gml", odd); }) ==
               "65: o.gml: GML cannot hold an attribute called 'two words' | save it as .graphml");
    BOOST_TEST(failure([&] { save("o.gt", odd); }) ==
               "78: o.gt: graph-tool's files are read, not written | a graph is saved as .graphml, "
               ".gml or .net");
}

BOOST_AUTO_TEST_CASE(graph_tool) {
    const Graph bare = graph("g.gt", gt(no_properties));
    BOOST_TEST(bare.directed);
    BOOST_TEST((pairs(bare) == Pairs{{0, 1}, {0, 2}, {1, 2}}));
    // One text of each node, one int32 of each edge.
    const std::string properties = "\2\0\0\0\0\0\0\0"s + '\1' + words("name") + '\6' + words("a") +
                                   words("") + words("c") + '\2' + words("value") + '\2' +
                                   "\5\0\0\0\6\0\0\0\7\0\0\0"s;
    const Graph g = graph("g.gt", gt(properties));
    BOOST_TEST(texts(g, "name") == (Texts{"a", "", "c"}), boost::test_tools::per_element());
    for (int64_t i = 0; i < 3; ++i) BOOST_TEST(g.weights->number(i) == static_cast<double>(5 + i));
    // Every shorter file is refused, and none is believed about its lengths.
    const std::string whole = gt(properties);
    for (std::size_t n = 0; n < whole.size(); ++n)
        BOOST_TEST(
            refusal("g.gt", std::string_view(whole).substr(0, n)).starts_with("65: g.gt: byte "),
            n);
    says("g.gt", whole + "x",
         "65: g.gt: byte " + std::to_string(whole.size()) + ": the file goes on after its data");
    says("g.gt", "nonsense",
         "65: g.gt: byte 0: is not a graph-tool file: it does not begin with its "
         "mark");
    std::string far = gt(no_properties);
    far.replace(far.find("made by hand") + 13, 8, "\xff\xff\xff\xff\xff\xff\xff\x7f");
    BOOST_TEST(refusal("g.gt", far).find("nodes are more than the file can hold") !=
               std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
