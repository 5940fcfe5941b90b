// SPDX-License-Identifier: MIT
// GEXF, JSON networks and HDF5: what others write, round trips, and what is refused with its place.
#include "folder.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>

using namespace espalier;
using namespace files_test;

namespace {

Graph graph(const std::string& name, std::string_view bytes, const LoadOptions& options = {},
            LoadReport* report = nullptr) {
    Graph g = loaded(name, bytes, options, report).as<Graph>();
    g.check();
    return g;
}

void says(const std::string& name, std::string_view bytes, const std::string& message) {
    BOOST_TEST(refusal(name, bytes) == message);
}

std::string gexf(const std::string& inside) {
    return "<gexf xmlns=\"http://gexf.net/1.3\" version=\"1.3\">\n<graph "
           "defaultedgetype=\"undirected\">\n" +
           inside + "</graph></gexf>\n";
}
const std::string two_nodes = "<nodes><node id=\"0\"/><node id=\"1\"/></nodes>\n";

// Without a type that a format has not.
Graph plain_graph(bool directed) {
    Graph g = graph_from_edges(4, {{0, 1, 0.5}, {1, 2, 3}, {0, 3, 1e-7}}, directed, true);
    g.positions = Tensor(DType::float64, {4, 2});
    for (std::size_t i = 0; i < 8; ++i)
        g.positions->writable_values<double>()[i] = 0.25 * static_cast<double>(i);
    g.node_attributes.add("heat", Tensor::vector(std::vector<double>{1, 0.1, -2, std::nan("")}));
    g.node_attributes.add("label",
                          std::make_shared<const Texts>(Texts{"a", "b <c> & \"d\"", "e\nf", ""}));
    g.node_attributes.add("large",
                          Tensor::vector(std::vector<int64_t>{int64_t{1} << 60, 1, 2, -3}));
    Tensor known(DType::boolean, {4});
    known.writable_values<bool>()[2] = true;
    g.node_attributes.add("known", known);
    g.edge_attributes.add(
        "rank", Tensor::vector(std::vector<int64_t>(static_cast<std::size_t>(g.entries()), 7)));
    return g;
}

// Columns in the order of their names, as a map keeps them.
void sort_columns(Table& table) {
    std::sort(table.columns.begin(), table.columns.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
}

} // namespace

BOOST_AUTO_TEST_SUITE(exchange)

BOOST_AUTO_TEST_CASE(gexf_of_others) {
    LoadReport report;
    const Graph g = graph("g.gexf", R"(<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://www.gexf.net/1.2draft" xmlns:viz="http://www.gexf.net/1.2draft/viz" version="1.2">
  <meta lastmodifieddate="2009-03-20"><creator>Gephi</creator></meta>
  <graph mode="dynamic" defaultedgetype="directed">
    <attributes class="node">
      <attribute id="0" title="url" type="string"/>
      <attribute id="1" title="indegree" type="float"/>
      <attribute id="2" title="frog" type="boolean"><default>true</default></attribute>
    </attributes>
    <nodes>
      <node id="alpha" label="A &amp; B"><attvalues><attvalue for="0" value="http://a"/>
        <attvalue for="1" value="1"/></attvalues><viz:size value="2"/><viz:position x="1.5" y="2" z="0"/></node>
      <node id="beta" label="B"><attvalues><attvalue for="2" value="false"/></attvalues>
        <viz:position x="0" y="-1e3" z="0"/></node>
    </nodes>
    <edges><edge id="0" source="beta" target="alpha" weight="0.5" label="likes"/></edges>
  </graph>
</gexf>)",
                          {}, &report);
    BOOST_TEST(g.directed);
    BOOST_TEST(edges_of(g)[0].from == 1);
    BOOST_TEST(g.weights->number(0) == 0.5);
    BOOST_TEST(g.positions->number(4) == -1000);
    const auto texts = [&](const char* name) {
        return *std::get<1>(*g.node_attributes.find(name));
    };
    BOOST_TEST(texts("id") == (Texts{"alpha", "beta"}), boost::test_tools::per_element());
    BOOST_TEST(texts("label") == (Texts{"A & B", "B"}), boost::test_tools::per_element());
    BOOST_TEST(texts("url") == (Texts{"http://a", ""}), boost::test_tools::per_element());
    const Tensor& degree = std::get<Tensor>(*g.node_attributes.find("indegree"));
    BOOST_TEST(degree.number(0) == 1);
    BOOST_TEST(std::isnan(degree.number(1)));
    const Tensor& frog = std::get<Tensor>(*g.node_attributes.find("frog"));
    BOOST_TEST((frog.dtype() == DType::boolean && frog.number(0) == 1 && frog.number(1) == 0));
    BOOST_TEST((*std::get<1>(*g.edge_attributes.find("label")))[0] == "likes");
    BOOST_TEST(report.notes.size() == 1U);
}

BOOST_AUTO_TEST_CASE(gexf_refusals) {
    says("g.gexf", "<a/>", "65: g.gexf:1:1: no <gexf>: not a GEXF file");
    says("g.gexf", gexf("<nodes><node/></nodes>"), "65: g.gexf:3:8: a node without id");
    says("g.gexf", gexf("<nodes><node id=\"1\"/><node id=\"1\"/></nodes>"),
         "65: g.gexf:3:22: the node '1' stands twice");
    says("g.gexf", gexf(two_nodes + "<edges><edge source=\"0\" target=\"2\"/></edges>"),
         "65: g.gexf:4:8: the target '2' is no node");
    says("g.gexf",
         gexf(two_nodes + "<edges><edge source=\"0\" target=\"1\" weight=\"x\"/></edges>"),
         "65: g.gexf:4:8: weight is no number: 'x'");
    says("g.gexf",
         gexf(two_nodes + "<edges><edge source=\"0\" target=\"1\" type=\"mutual\"/></edges>"),
         "65: g.gexf:4:8: an edge of the type 'mutual', neither directed nor undirected");
    says("g.gexf",
         gexf("<nodes><node id=\"0\"><attvalues><attvalue for=\"9\" "
              "value=\"1\"/></attvalues></node></nodes>"),
         "65: g.gexf:3:32: the attribute '9' is not declared");
    says("g.gexf", "<!DOCTYPE gexf><gexf/>",
         "65: g.gexf:1:1: a DOCTYPE or an entity, which no data file needs | remove the "
         "declaration");
    says("g.gexf", gexf(two_nodes + "<edges><edge source=\"0\" target=\"0\"/></edges>"),
         "65: g.gexf:4:8: the edge joins node 0 with itself | self_loops = 'drop' or 'keep'");
}

BOOST_AUTO_TEST_CASE(node_link_of_others) {
    LoadReport report;
    const std::string text = R"({"directed": true, "multigraph": false, "graph": {"name": "x"},
 "nodes": [{"id": "b", "size": 2, "tags": [1]}, {"id": "a", "size": 2.5}],
 "edges": [{"source": "a", "target": "b", "weight": 3}]})";
    const Graph g = graph("g.json", text, {}, &report);
    BOOST_TEST(g.directed);
    BOOST_TEST(edges_of(g)[0].from == 1);
    BOOST_TEST(g.weights->number(0) == 3);
    BOOST_TEST((*std::get<1>(*g.node_attributes.find("id")))[0] == "b");
    BOOST_TEST(std::get<Tensor>(*g.node_attributes.find("size")).number(1) == 2.5);
    BOOST_TEST(report.notes.size() == 1U);
    LoadOptions as_it_is;
    as_it_is.format = "json";
    BOOST_TEST(loaded("g.json", text, as_it_is).get<Map>() != nullptr);
    BOOST_TEST(loaded("g.json", R"({"nodes": 3, "links": []})").get<Map>() != nullptr);
}

BOOST_AUTO_TEST_CASE(node_link_refusals) {
    const auto with = [](const std::string& links) {
        return R"({"nodes": [{"id": 0}, {"id": 1}], "links": [)" + links + "]}";
    };
    says("g.json", R"({"nodes": [{}], "links": []})",
         "65: g.json: node 1 has no 'id' that is a number or a text");
    says("g.json", R"({"nodes": [{"id": 1}, {"id": "1"}], "links": []})",
         "65: g.json: node 2 has the id '1' of another");
    says("g.json", with(R"({"source": 0, "target": 1}, {"source": 0, "target": 2})"),
         "65: g.json: link 2 leads to '2', which is no node");
    says("g.json", with(R"({"source": 0})"),
         "65: g.json: link 1 has no 'target' that is a number or a text");
    says("g.json", with(R"({"source": 1, "target": 1})"),
         "65: g.json: link 1: the edge joins node 1 with itself | self_loops = 'drop' or 'keep'");
    says("g.json", with(R"({"source": 0 "target": 1})"),
         "65: g.json:1:65: not JSON: unexpected '\"'");
    LoadOptions wanted;
    wanted.format = "node_link";
    BOOST_TEST(
        refusal("g.json", "[1]", wanted) ==
        "65: g.json: no network: it has no lists 'nodes' and 'links' | format = 'json' loads "
        "it as it is");
}

BOOST_AUTO_TEST_CASE(networks_written_and_read_again) {
    for (const bool directed : {false, true}) {
        Graph g = plain_graph(directed);
        LoadOptions gaps;
        gaps.allow_nan = true;
        BOOST_TEST(equal(round_trip("r.gexf", Value(g), gaps), Value(g)));
        BOOST_TEST(equal(round_trip("r.gexf.gz", Value(g), gaps), Value(g)));
        sort_columns(g.node_attributes);
        BOOST_TEST(equal(round_trip("r.json", Value(g), gaps), Value(g)));
    }
    Graph wide = graph_from_edges(2, {{0, 1, 1}}, false, false);
    wide.node_attributes.add("state", Tensor(DType::float64, {2, 3}));
    BOOST_TEST(
        failure([&] { save("w.gexf", wide); }) ==
        "65: w.gexf: attribute 'state' has shape [2, 3]; GEXF holds one number for each node "
        "| save it as .npz");
    BOOST_TEST(
        failure([&] { save("w.json", wide); }) ==
        "65: w.json: a JSON network cannot hold the attribute 'state' of shape [2, 3] | save "
        "it as .npz");
}

// A file that is cut anywhere, or has any byte changed, is read or refused.
BOOST_AUTO_TEST_CASE(damaged_networks_are_refused_with_their_name) {
    for (const std::string name : {"d.gexf", "d.json"}) {
        save(name, plain_graph(true));
        const std::string whole = bytes_of(name);
        std::size_t refused = 0;
        for (std::size_t i = 0; i < whole.size(); ++i) {
            std::string changed = whole;
            changed[i] = static_cast<char>(changed[i] ^ (1 << i % 7));
            for (const std::string& text : {changed, whole.substr(0, i)}) {
                const std::string said = failure([&] { loaded("broken-" + name, text); });
                if (said == "nothing") continue;
                ++refused;
                BOOST_TEST(said.starts_with("65: broken-" + name), said);
                BOOST_TEST(said.find("std::") == std::string::npos, said);
            }
        }
        BOOST_TEST(refused > whole.size());
    }
}

BOOST_AUTO_TEST_SUITE_END()
