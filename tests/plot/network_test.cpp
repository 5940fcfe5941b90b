// SPDX-License-Identifier: MIT
// Networks are laid out so that their shape is seen, and coloured by what was found of the truth.
#include "plot/picture.hpp"

#include "values/failure.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>

namespace espalier::plot {

namespace {

Graph square_grid(int64_t side) {
    std::vector<Edge> edges;
    for (int64_t r = 0; r < side; ++r)
        for (int64_t c = 0; c < side; ++c) {
            if (c + 1 < side) edges.push_back({r * side + c, r * side + c + 1, 1});
            if (r + 1 < side) edges.push_back({r * side + c, (r + 1) * side + c, 1});
        }
    return graph_from_edges(side * side, edges, false, false);
}

double apart(const Network& net, std::size_t a, std::size_t b) {
    return std::hypot(net.x[a] - net.x[b], net.y[a] - net.y[b]);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_grid_is_unfolded) {
    constexpr int64_t side = 12;
    const Picture p = picture_of({{"plot", "network"}, {"graph", square_grid(side)}});
    const Network& net = *p.network;
    std::vector<double> lengths;
    for (std::size_t e = 0; e < net.from.size(); ++e)
        lengths.push_back(
            apart(net, static_cast<std::size_t>(net.from[e]), static_cast<std::size_t>(net.to[e])));
    const double longest = *std::max_element(lengths.begin(), lengths.end());
    // Folded, the corners of a diagonal would be near; flat, they are 11 sqrt(2) edges apart.
    BOOST_TEST(apart(net, 0, side * side - 1) > 8 * longest);
    BOOST_TEST(apart(net, side - 1, side * (side - 1)) > 8 * longest);
    for (std::size_t v = 0; v < net.x.size(); ++v) {
        BOOST_TEST((net.x[v] >= 0 && net.x[v] <= 1));
        BOOST_TEST((net.y[v] >= 0 && net.y[v] <= 1));
    }
    const Picture again = picture_of({{"plot", "network"}, {"graph", square_grid(side)}});
    BOOST_TEST(again.network->x == net.x, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(parts_do_not_overlap) {
    const Graph graph = graph_from_edges(7, {{0, 1, 1}, {1, 2, 1}, {3, 4, 1}}, false, false);
    const Network net = *picture_of({{"plot", "network"}, {"graph", graph}}).network;
    for (std::size_t a = 0; a < 7; ++a)
        for (std::size_t b = 0; b < a; ++b) BOOST_TEST(apart(net, a, b) > 0.05);
}

BOOST_AUTO_TEST_CASE(edges_are_found_missed_or_wrong) {
    const Graph truth = graph_from_edges(4, {{0, 1, 1}, {1, 2, 1}}, false, false);
    const List estimate{List{0, 0.9, 0, 0}, List{0.8, 0, 0, 0}, List{0, 0, 0, 0.7},
                        List{0, 0, 0.7, 0}};
    const Network net =
        *picture_of({{"plot", "network"}, {"graph", estimate}, {"truth", truth}}).network;
    BOOST_TEST(net.classes == (Texts{"found", "missed", "wrong"}),
               boost::test_tools::per_element());
    BOOST_REQUIRE_EQUAL(net.from.size(), 3u);
    for (std::size_t e = 0; e < 3; ++e) {
        const int expected = net.from[e] == 0 ? 0 : net.from[e] == 1 ? 1 : 2;
        BOOST_TEST(net.edge_class[e] == expected);
    }
    BOOST_TEST(!net.directed);
}

BOOST_AUTO_TEST_CASE(nodes_have_classes_sizes_and_the_places_of_the_graph) {
    Graph graph = graph_from_edges(3, {{0, 1, 1}, {1, 2, 1}}, false, false);
    graph.positions = Tensor::vector(std::vector<double>{0, 0, 10, 0, 10, 5}).reshape({3, 2});
    const Network net = *picture_of({{"plot", "network"},
                                     {"graph", graph},
                                     {"node_class", List{"known", "hidden", "known"}},
                                     {"node_size", List{1, 2, 4}}})
                             .network;
    BOOST_TEST(net.x == (std::vector<double>{0, 1, 1}), boost::test_tools::per_element());
    BOOST_TEST(net.y[2] == 0.5);
    BOOST_TEST(net.classes == (Texts{"known", "hidden"}), boost::test_tools::per_element());
    BOOST_TEST(net.size[1] == 0.5);
    BOOST_CHECK_THROW(picture_of({{"plot", "network"}, {"graph", graph}, {"node_size", List{1}}}),
                      Failure);
}

// A hub with 20,000 neighbours: at equal distances from all, they would lie on one heap.
BOOST_AUTO_TEST_CASE(the_nodes_of_a_crowd_stand_apart) {
    constexpr int64_t n = 20'001;
    std::vector<Edge> edges;
    for (int64_t v = 1; v < n; ++v) edges.push_back({0, v, 1});
    const auto drawn = picture_of(
        Map{{"plot", "network"}, {"graph", graph_from_edges(n, std::move(edges), false, false)}});
    // Squares of which a hundred a side cover the picture: even places would put two in each.
    std::vector<int> in_square(10'000, 0);
    for (std::size_t v = 0; v < n; ++v) {
        const double x = drawn.network->x[v], y = drawn.network->y[v];
        BOOST_REQUIRE((x >= 0 && x <= 1 && y >= 0 && y <= 1));
        ++in_square[static_cast<std::size_t>(std::min(99.0, 100 * x)) * 100 +
                    static_cast<std::size_t>(std::min(99.0, 100 * y))];
    }
    BOOST_TEST(*std::max_element(in_square.begin(), in_square.end()) < 100);
    BOOST_TEST(std::count(in_square.begin(), in_square.end(), 0) < 5000);
}

} // namespace espalier::plot
