// SPDX-License-Identifier: MIT
// Edge lists: weights, direction, ids and every policy, with the counts it reports.
#include "folder.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include <cmath>

using namespace espalier;
using namespace files_test;

namespace {

Graph graph(std::string_view text, const LoadOptions& options = {}, LoadReport* report = nullptr) {
    Graph g = loaded("g.edges", text, options, report).as<Graph>();
    g.check();
    return g;
}

Value same(const Graph& g) { return Value(g); }

std::string edges(const Graph& g) {
    std::string out;
    for (const Edge& e : edges_of(g)) {
        out += fmt::format("{}{}-{}", out.empty() ? "" : " ", e.from, e.to);
        if (g.weights) out += fmt::format(":{}", e.weight);
    }
    return out;
}

void says(std::string_view text, const std::string& message, const LoadOptions& options = {}) {
    BOOST_TEST(refusal("g.edges", text, options) == message);
}

template <class Set> LoadOptions with(Set set) {
    LoadOptions o;
    set(o);
    return o;
}

const LoadOptions compact = with([](LoadOptions& o) { o.ids = IdPolicy::compact; });

} // namespace

BOOST_AUTO_TEST_SUITE(edge_list)

BOOST_AUTO_TEST_CASE(all_usual_spellings_are_read) {
    const Value expected = same(graph_from_edges(3, {{0, 1}, {1, 2}}, false, false));
    for (const char* text :
         {"0 1\n1 2\n", "0\t1\n1\t2", "0,1\r\n1,2\r\n", "# c\n% d\n\n 0  1 \n2;1\n",
          "source target\n0 1\n1 2\n", "Source,Target\n0,1\n1,2\n", "0 1\n1 0\n1 2\n2 1\n",
          "# FromNodeId\tToNodeId\nFromNodeId ToNodeId\n2 1\n1 0"})
        BOOST_TEST(equal(same(graph(text)), expected), text);
    BOOST_TEST(edges(graph("0 1 0.5\n2 1 -1e3\n")) == "0-1:0.5 1-2:-1000");
    const LoadOptions directed = with([](LoadOptions& o) { o.directed = true; });
    BOOST_TEST(edges(graph("2 1\n1 2\n0 1\n", directed)) == "0-1 1-2 2-1");
    BOOST_TEST(graph("").nodes() == 0);
    for (const char* name : {"a.txt", "a.edgelist", "a.edges.gz"})
        BOOST_TEST(equal(round_trip(name, expected), expected));
}

BOOST_AUTO_TEST_CASE(graphs_round_trip_with_isolated_nodes_and_weights_to_the_bit) {
    for (const bool directed : {false, true}) {
        const Value g = same(graph_from_edges(
            7, {{0, 5, 0.1}, {5, 3, -0.0}, {1, 3, 1e-300}, {2, 2, 4}}, directed, true));
        LoadOptions loops;
        loops.self_loops = EdgePolicy::keep;
        BOOST_TEST(equal(round_trip("r.edges", g, loops), g));
    }
    save("u.edges", graph_from_edges(3, {{0, 1}}, false, false));
    BOOST_TEST(bytes_of("u.edges") == "# espalier graph: 3 nodes, undirected\n0 1\n");
}

BOOST_AUTO_TEST_CASE(self_loops) {
    says("0 1\n1 1\n",
         "65: g.edges:2:1: the edge joins node 1 with itself | self_loops = 'drop' or "
         "'keep'");
    LoadReport report;
    const auto drop = with([](LoadOptions& o) { o.self_loops = EdgePolicy::drop; });
    BOOST_TEST(edges(graph("0 1\n1 1\n0 0\n", drop, &report)) == "0-1");
    BOOST_TEST(report.self_loops == 2);
    BOOST_TEST(report.notes.at(0) == "2 self loops dropped");
    const auto keep = with([](LoadOptions& o) { o.self_loops = EdgePolicy::keep; });
    BOOST_TEST(edges(graph("0 1\n1 1\n", keep)) == "0-1 1-1");
    const auto merge = with([](LoadOptions& o) { o.self_loops = EdgePolicy::merge; });
    says("0 1\n", "78: self_loops = 'merge' has no meaning | error, drop or keep", merge);
}

BOOST_AUTO_TEST_CASE(duplicates) {
    says("0 1\n1 2\n# again\n0 1\n",
         "65: g.edges:4:1: the edge 0 - 1 stands twice | duplicates = 'drop' or 'merge'");
    says("0 1 2\n1 0 3\n", "65: g.edges:2:1: the edge 1 - 0 stands twice, each way with another "
                           "weight | directed = true, or duplicates = 'drop' or 'merge'");
    LoadReport report;
    const auto drop = with([](LoadOptions& o) { o.duplicates = EdgePolicy::drop; });
    const auto merge = with([](LoadOptions& o) { o.duplicates = EdgePolicy::merge; });
    const auto keep = with([](LoadOptions& o) { o.duplicates = EdgePolicy::keep; });
    const char* text = "1 0 5\n0 1 0.5\n1 0 7\n1 2 1\n2 1 1\n";
    BOOST_TEST(edges(graph(text, drop, &report)) == "0-1:5 1-2:1");
    BOOST_TEST(report.duplicates == 2); // 1 - 2 stands once each way: one edge, no duplicate
    BOOST_TEST(report.notes.at(0) == "2 duplicate edges dropped");
    BOOST_TEST(edges(graph(text, merge, &report)) == "0-1:12.5 1-2:1");
    BOOST_TEST(report.notes.at(1) == "2 duplicate edges merged");
    says(text,
         "78: duplicates = 'keep' is not possible: a graph holds an edge once | error, drop "
         "(the later ones) or merge (weights add up)",
         keep);
}

BOOST_AUTO_TEST_CASE(ids_that_are_not_zero_to_n) {
    const auto keep = with([](LoadOptions& o) { o.ids = IdPolicy::keep; });
    const auto drop = with([](LoadOptions& o) {
        o.ids = IdPolicy::drop;
        o.nodes = 3;
    });
    const auto nodes = with([](LoadOptions& o) { o.nodes = 5; });
    says("1 2\n2 3\n",
         "65: g.edges:2:1: 3 node ids from 1 to 3, not 0 to 2 | ids = 'compact' numbers the nodes "
         "anew, ids = 'keep' or nodes = N leaves gaps as nodes without edges");
    says("0 1\n-1 0\n",
         "65: g.edges:2:1: node -1 is not one of 0, 1, 2 and so on | ids = 'compact' "
         "numbers the nodes anew, ids = 'drop' leaves the edge out");
    says("0 1\n0 5\n",
         "65: g.edges:2:1: node 5 is not one of 0 to 4 | ids = 'compact' numbers the "
         "nodes anew, ids = 'drop' leaves the edge out",
         nodes);
    says("0 9223372036854775808\n", "65: g.edges:1:3: '9223372036854775808' is not a node id of 64 "
                                    "bits | ids = 'compact' numbers nodes by name");
    BOOST_TEST(graph("0 1\n1 3\n", keep).nodes() == 4);
    BOOST_TEST(graph("0 1\n1 3\n", nodes).nodes() == 5);
    LoadReport report;
    BOOST_TEST(edges(graph("0 1\n-1 2\n2 7\n1 2\n", drop, &report)) == "0-1 1-2");
    BOOST_TEST(report.dropped == 2);
    // The line is that of the file, though edges before it were dropped.
    says("0 1\n-1 2\n1 1\n",
         "65: g.edges:3:1: the edge joins node 1 with itself | self_loops = 'drop' or 'keep'",
         drop);
    const Graph renumbered = graph("-7 9223372036854775807\n5 -7\n", compact);
    BOOST_TEST(edges(renumbered) == "0-1 0-2");
    BOOST_TEST(std::get<Tensor>(*renumbered.node_attributes.find("id"))
                   .same_as(Tensor::vector<int64_t>({-7, 5, INT64_MAX})));
    BOOST_TEST(graph("0 1\n", compact).node_attributes.columns.empty()); // nothing to renumber
    const Graph named = graph("bob ann\n7 bob\n", compact);
    BOOST_TEST((*std::get<1>(*named.node_attributes.find("id")) == Texts{"bob", "ann", "7"}));
    BOOST_TEST(edges(named) == "0-1 0-2");
}

BOOST_AUTO_TEST_CASE(one_edge_to_the_largest_id_costs_nothing) {
    says("0 9223372036854775807\n",
         "65: g.edges:1:1: 2 node ids from 0 to 9223372036854775807, not 0 to 1 | ids = 'compact' "
         "numbers the nodes anew, ids = 'keep' or nodes = N leaves gaps as nodes without edges");
    const auto keep = with([](LoadOptions& o) { o.ids = IdPolicy::keep; });
    says("0 2147483646\n",
         "65: g.edges:1:1: node 2147483646 among 1 edges | ids = 'compact' numbers the nodes anew, "
         "nodes = N says that they are meant",
         keep);
    says("# espalier graph: 2000000000 nodes, directed\n0 1\n",
         "65: g.edges:1:19: 2000000000 nodes in a file of 49 bytes | nodes = 2000000000 says that "
         "they are meant");
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_said_with_line_and_column) {
    says("ann bob\n",
         "65: g.edges:1:1: 'ann' is not a whole number | ids = 'compact' numbers nodes by name");
    says("0 1\n0 1.5\n",
         "65: g.edges:2:3: '1.5' is not a whole number | ids = 'compact' numbers nodes by name");
    says("0 1\n0 2 3\n", "65: g.edges:2:1: 3 fields where the first edge has 2");
    says("7\n", "65: g.edges:1:1: 1 field; an edge has two nodes and at most a weight");
    says("1 2 3 4\n", "65: g.edges:1:1: 4 fields; an edge has two nodes and at most a weight | "
                      "format = 'csv', separator = ' ' reads a table");
    says("0 1 {}\n", "65: g.edges:1:5: the weight '{}' is not a number | networkx: "
                     "write_edgelist(G, file, data=['weight'])");
    says("0 1 x\n", "65: g.edges:1:5: the weight 'x' is not a number");
    says("0 1 1e999\n", "65: g.edges:1:5: the weight '1e999' is outside the range of float64");
    says("0 1 nan\n", "65: g.edges:1:5: the weight 'nan' is not finite | allow_nan = true loads it "
                      "as it is");
    says("# espalier graph: many nodes\n",
         "65: g.edges:1:19: not as Espalier writes it: N nodes, directed");
    const auto any = with([](LoadOptions& o) {
        o.allow_nan = true;
        o.directed = true;
    });
    BOOST_TEST(std::isnan(graph("0 1 nan\n", any).weights->number(0)));
}

BOOST_AUTO_TEST_SUITE_END()
