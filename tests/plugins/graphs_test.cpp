// SPDX-License-Identifier: MIT
// Analyzers of graphs against graphs counted by hand, a well-known network, and brute force.
#include "plugins/generated.hpp"
#include "plugins/networks_for_tests.hpp"

#include <algorithm>
#include <cmath>

using namespace espalier;

namespace {

Map analyzed(const std::string& component, const Graph& graph, Map arguments = {}) {
    arguments["graph"] = graph;
    return test_session().call("analyze." + component, arguments);
}

std::vector<int64_t> integers(const Value& v) {
    const auto values = v.as<Tensor>().values<int64_t>();
    return {values.begin(), values.end()};
}

std::vector<double> reals(const Value& v) {
    const auto values = v.as<Tensor>().values<double>();
    return {values.begin(), values.end()};
}

template <class T> std::vector<T> column(const Map& out, std::string_view name) {
    const auto values =
        std::get<Tensor>(*out.at("distribution").as<Table>().find(name)).values<T>();
    return {values.begin(), values.end()};
}

void check_list(const std::vector<int64_t>& seen, const std::vector<int64_t>& expected) {
    BOOST_TEST(seen == expected, boost::test_tools::per_element());
}

// Zachary's karate club (1977, doi:10.1086/jar.33.4.3629752).
Graph karate_club() {
    return undirected(
        34,
        {{0, 1},   {0, 2},   {0, 3},   {0, 4},   {0, 5},   {0, 6},   {0, 7},   {0, 8},   {0, 10},
         {0, 11},  {0, 12},  {0, 13},  {0, 17},  {0, 19},  {0, 21},  {0, 31},  {1, 2},   {1, 3},
         {1, 7},   {1, 13},  {1, 17},  {1, 19},  {1, 21},  {1, 30},  {2, 3},   {2, 7},   {2, 8},
         {2, 9},   {2, 13},  {2, 27},  {2, 28},  {2, 32},  {3, 7},   {3, 12},  {3, 13},  {4, 6},
         {4, 10},  {5, 6},   {5, 10},  {5, 16},  {6, 16},  {8, 30},  {8, 32},  {8, 33},  {9, 33},
         {13, 33}, {14, 32}, {14, 33}, {15, 32}, {15, 33}, {18, 32}, {18, 33}, {19, 33}, {20, 32},
         {20, 33}, {22, 32}, {22, 33}, {23, 25}, {23, 27}, {23, 29}, {23, 32}, {23, 33}, {24, 25},
         {24, 27}, {24, 31}, {25, 31}, {26, 29}, {26, 33}, {27, 33}, {28, 31}, {28, 33}, {29, 32},
         {29, 33}, {30, 32}, {30, 33}, {31, 32}, {31, 33}, {32, 33}});
}

// A triangle with a tail, a node apart, a self-loop.
Graph kite() { return undirected(6, {{0, 1}, {0, 2}, {1, 2}, {2, 3}, {3, 3}, {3, 5}}); }

// A cycle of three, one of two behind it, an arrow, a self-loop, a node apart.
Graph arrows() {
    return directed(9, {{0, 1}, {1, 2}, {2, 0}, {2, 3}, {3, 4}, {4, 3}, {5, 6}, {7, 7}});
}

} // namespace

BOOST_AUTO_TEST_SUITE(degree_distribution)

BOOST_AUTO_TEST_CASE(counted_by_hand) {
    const Map out = analyzed("degree_distribution", kite());
    check_list(integers(out.at("degrees")), {2, 2, 3, 4, 0, 1}); // a self-loop counts twice
    check_list(column<int64_t>(out, "degree"), {0, 1, 2, 3, 4});
    check_list(column<int64_t>(out, "nodes"), {1, 1, 2, 1, 1});
    BOOST_TEST(column<double>(out, "share")[2] == 2.0 / 6);
    BOOST_TEST(column<double>(out, "share_at_least")[0] == 1.0);
    BOOST_TEST(column<double>(out, "share_at_least")[3] == 2.0 / 6);
    BOOST_TEST(std::abs(out.at("mean").as<double>() - 2) < 1e-15);
    BOOST_TEST(std::abs(out.at("variance").as<double>() - 10.0 / 6) < 1e-15);
    BOOST_TEST(out.at("minimum").as<int64_t>() == 0);
    BOOST_TEST(out.at("maximum").as<int64_t>() == 4);
}

BOOST_AUTO_TEST_CASE(directions) {
    const auto degrees = [](const char* direction) {
        return integers(
            analyzed("degree_distribution", arrows(), {{"direction", direction}}).at("degrees"));
    };
    check_list(degrees("out"), {1, 1, 2, 1, 1, 1, 0, 1, 0});
    check_list(degrees("in"), {1, 1, 1, 2, 1, 0, 1, 1, 0});
    check_list(degrees("total"), {2, 2, 3, 3, 2, 1, 1, 2, 0});
}

BOOST_AUTO_TEST_CASE(karate) {
    const Map out = analyzed("degree_distribution", karate_club());
    check_list(integers(out.at("degrees")),
               {16, 9, 10, 6, 3, 4, 4, 4, 5, 2, 3, 1, 2, 5, 2, 2,  2,
                2,  2, 3,  2, 2, 2, 5, 3, 3, 2, 4, 3, 4, 4, 6, 12, 17});
    BOOST_TEST(std::abs(out.at("mean").as<double>() - 156.0 / 34) < 1e-14);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(clustering)

BOOST_AUTO_TEST_CASE(counted_by_hand) {
    const Map out = analyzed("clustering", kite());
    check_list(integers(out.at("node_triangles")), {1, 1, 1, 0, 0, 0});
    const std::vector<double> local = reals(out.at("local"));
    BOOST_TEST(local == (std::vector<double>{1, 1, 1.0 / 3, 0, 0, 0}),
               boost::test_tools::per_element());
    BOOST_TEST(out.at("triangles").as<int64_t>() == 1);
    BOOST_TEST(out.at("transitivity").as<double>() == 3.0 / 6); // paths: 1, 1, 3 and 1 at node 3
    const Map whole = analyzed("clustering", complete(7));
    BOOST_TEST(whole.at("mean").as<double>() == 1);
    BOOST_TEST(whole.at("triangles").as<int64_t>() == 35);
    const Map none = analyzed("clustering", undirected(3, {}));
    BOOST_TEST(none.at("mean").as<double>() == 0);
    BOOST_TEST(none.at("transitivity").as<double>() == 0);
}

BOOST_AUTO_TEST_CASE(karate) { // numbers of networkx 2.8.8
    const Map out = analyzed("clustering", karate_club());
    BOOST_TEST(out.at("triangles").as<int64_t>() == 45);
    BOOST_TEST(std::abs(out.at("transitivity").as<double>() - 0.2556818181818182) < 1e-15);
    BOOST_TEST(std::abs(out.at("mean").as<double>() - 0.5706384782076823) < 1e-15);
    check_list(integers(out.at("node_triangles")),
               {18, 12, 11, 10, 2, 3, 3, 6, 5, 0, 2, 0, 1, 6, 1, 1,  1,
                1,  1,  1,  1,  1, 1, 4, 1, 1, 1, 1, 1, 4, 3, 3, 13, 15});
}

BOOST_AUTO_TEST_CASE(every_triangle_once) {
    const Graph g = tangle(3000); // many hubs: i * i modulo 3000 meets the same nodes often
    int64_t corners = 0;
    for (int64_t v = 0; v < g.nodes(); ++v)
        for (const int32_t u : row_of(g, v))
            for (const int32_t w : row_of(g, v))
                corners += std::ranges::binary_search(row_of(g, u), w);
    const Map out = analyzed("clustering", g);
    BOOST_TEST(6 * out.at("triangles").as<int64_t>() == corners);
    for (const int threads : {2, 8})
        BOOST_TEST((digest_at(threads, "analyze.clustering", {{"graph", g}}) ==
                    digest_at(1, "analyze.clustering", {{"graph", g}})));
}

BOOST_AUTO_TEST_CASE(needs_undirected) {
    BOOST_TEST(refusal_of("analyze.clustering", {{"graph", arrows()}}) ==
               "analyze.clustering: 'graph': must be undirected, is directed");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(components)

BOOST_AUTO_TEST_CASE(undirected_graphs) {
    for (const char* connection : {"weak", "strong"}) {
        const Map out = analyzed("components", kite(), {{"connection", connection}});
        check_list(integers(out.at("labels")), {0, 0, 0, 0, 1, 0});
        check_list(integers(out.at("sizes")), {5, 1});
        BOOST_TEST(out.at("count").as<int64_t>() == 2);
        BOOST_TEST(out.at("largest").as<double>() == 5.0 / 6);
    }
    BOOST_TEST(analyzed("components", karate_club()).at("count").as<int64_t>() == 1);
    // Deep: a path of a million nodes is searched without recursion.
    std::vector<Edge> path;
    for (int64_t v = 0; v + 1 < 1'000'000; ++v) path.push_back({v, v + 1, 1});
    BOOST_TEST(analyzed("components", graph_from_edges(1'000'000, path, false, false))
                   .at("count")
                   .as<int64_t>() == 1);
}

BOOST_AUTO_TEST_CASE(directed_graphs) { // as networkx 2.8.8
    const Map weak = analyzed("components", arrows());
    check_list(integers(weak.at("labels")), {0, 0, 0, 0, 0, 1, 1, 2, 3});
    check_list(integers(weak.at("sizes")), {5, 2, 1, 1});
    const Map strong = analyzed("components", arrows(), {{"connection", "strong"}});
    check_list(integers(strong.at("labels")), {0, 0, 0, 1, 1, 2, 3, 4, 5});
    check_list(integers(strong.at("sizes")), {3, 2, 1, 1, 1, 1});
}

BOOST_AUTO_TEST_CASE(giant_component) {
    // Share S of the giant component of G(n, p): S = 1 - exp(-c S); its variance over n is
    // S (1 - S) / (1 - c (1 - S))^2 (Stepanov 1970).
    constexpr double c = 1.5, nodes = 100'000;
    double share = 0.5;
    for (int i = 0; i < 200; ++i) share = 1 - std::exp(-c * share);
    const double deviation = std::sqrt(share * (1 - share) / nodes) / std::abs(1 - c * (1 - share));
    const Graph g = made("erdos_renyi", {{"nodes", 100'000}, {"mean_degree", c}}, 1);
    BOOST_TEST(std::abs(analyzed("components", g).at("largest").as<double>() - share) <
               4 * deviation);
}

BOOST_AUTO_TEST_SUITE_END()
