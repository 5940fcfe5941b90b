// SPDX-License-Identifier: MIT
// Graphs: compressed rows from edges and back, and what is refused.
#include "values/digest.hpp"
#include "values/failure.hpp"

#include <boost/test/unit_test.hpp>

using namespace espalier;

namespace {

std::string refusal(int64_t nodes, std::vector<Edge> edges, bool directed) {
    try {
        graph_from_edges(nodes, std::move(edges), directed, false);
        return "";
    } catch (const Failure& f) {
        return f.what();
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(an_undirected_edge_stands_in_both_rows) {
    const Graph g = graph_from_edges(4, {{2, 0}, {1, 2}, {3, 3}}, false, false);
    g.check();
    BOOST_TEST(g.edges() == 3);
    BOOST_TEST(g.entries() == 5);
    BOOST_TEST(g.offsets.text() == "tensor int64 [5] {0, 1, 2, 4, 5}");
    BOOST_TEST(g.targets.text() == "tensor int32 [5] {2, 2, 0, 1, 3}");
}

BOOST_AUTO_TEST_CASE(edges_survive_the_way_there_and_back) {
    for (bool directed : {false, true}) {
        const Graph g =
            graph_from_edges(5, {{0, 1, 2.5}, {4, 1, 1}, {1, 4, 1}, {3, 2, -1}}, directed, true);
        g.check();
        const Graph again = graph_from_edges(5, edges_of(g), directed, true);
        BOOST_TEST(digest_of(Value(g)).hex() == digest_of(Value(again)).hex());
        BOOST_TEST(g.edges() == (directed ? 4 : 3));
    }
}

BOOST_AUTO_TEST_CASE(what_cannot_be_a_graph_is_refused) {
    BOOST_TEST(refusal(3, {{0, 3}}, false) == "graph: the edge 0 - 3 leaves the 3 nodes");
    BOOST_TEST(refusal(3, {{0, 1}, {0, 1}}, true) == "graph: the edge 0 - 1 is given twice");
    BOOST_TEST(refusal(-1, {}, true) == "graph: -1 nodes; 0 to 2147483647 are possible");
    Graph g = graph_from_edges(3, {{0, 1}}, false, true);
    g.weights->writable_values<double>()[0] = 7;
    BOOST_CHECK_EXCEPTION(g.check(), Failure, [](const Failure& f) {
        return f.what() == std::string("graph: undirected, but 0 - 1 has two weights");
    });
}

// Far behind the first rows, which other threads would look at.
BOOST_AUTO_TEST_CASE(a_wrong_row_is_named) {
    constexpr int64_t nodes = 20'000, wrong = 17'001;
    std::vector<Edge> ring;
    for (int64_t v = 0; v < nodes; ++v) ring.push_back({v, (v + 1) % nodes});
    const auto refused = [&](bool directed, auto&& spoil) {
        Graph g = graph_from_edges(nodes, ring, directed, false);
        g.check();
        spoil(g.offsets.writable_values<int64_t>(), g.targets.writable_values<int32_t>());
        try {
            g.check();
            return std::string();
        } catch (const Failure& f) {
            return std::string(f.what());
        }
    };
    const auto first_of = [](auto offsets) { return static_cast<std::size_t>(offsets[wrong]); };
    for (const bool directed : {false, true}) {
        BOOST_TEST(refused(directed, [&](auto offsets, auto targets) {
                       targets[first_of(offsets)] = -1;
                   }) == "graph: node 17001 has an edge to -1, there are 20000 nodes");
        BOOST_TEST(refused(directed, [&](auto offsets, auto targets) {
                       targets[first_of(offsets)] = nodes;
                   }) == "graph: node 17001 has an edge to 20000, there are 20000 nodes");
        BOOST_TEST(refused(directed, [](auto offsets, auto) { offsets[wrong] += 4; }) ==
                   "graph: offsets fall at node 17001");
    }
    BOOST_TEST(refused(false, [&](auto offsets, auto targets) {
                   std::swap(targets[first_of(offsets)], targets[first_of(offsets) + 1]);
               }) == "graph: the edges of node 17001 are not ascending: 17000 after 17002");
    BOOST_TEST(refused(false, [&](auto offsets, auto targets) {
                   targets[first_of(offsets)] = 3;
               }) == "graph: undirected, but 17000 - 17001 stands in one row only");
}

BOOST_AUTO_TEST_CASE(repeated_edges_can_be_merged) {
    const Graph g = graph_from_edges(2, {{0, 1, 2}, {0, 1, 3}}, true, true, Repeated::merge);
    BOOST_TEST(g.adjacency().text() == "tensor float64 [2, 2] {0, 5, 0, 0}");
    BOOST_TEST(graph_from_edges(2, {{0, 1, 2}, {0, 1, 3}}, true, true, Repeated::keep_first)
                   .adjacency()
                   .number(1) == 2);
}
