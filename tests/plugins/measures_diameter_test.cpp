// SPDX-License-Identifier: MIT
// The diameter of directed graphs, strongly connected or not, beside searches from all nodes.
#include "plugins/generated.hpp"
#include "plugins/networks_for_tests.hpp"

#include <algorithm>

using namespace espalier;

namespace {

struct Found {
    int64_t diameter, lower, upper, searches;
    bool exact;
};

Found diameter_of(const Graph& graph, int64_t max_searches = 0) {
    const Map out =
        test_session().call("analyze.diameter", {{"graph", graph}, {"max_searches", max_searches}});
    const auto integer = [&](const char* name) { return out.at(name).as<int64_t>(); };
    return {integer("diameter"), integer("lower"), integer("upper"), integer("searches"),
            out.at("exact").as<bool>()};
}

int64_t longest_distance(const Graph& graph) {
    int64_t longest = 0;
    for (int64_t v = 0; v < graph.nodes(); ++v)
        longest = std::max(longest, std::ranges::max(distances_from(graph, v)));
    return longest;
}

void check_exact(const Found& found, int64_t longest) {
    BOOST_TEST(found.diameter == longest);
    BOOST_TEST(found.lower == longest);
    BOOST_TEST(found.upper == longest);
    BOOST_TEST(found.exact);
}

// One way round.
void add_cycle(Pairs& pairs, int64_t first, int64_t size) {
    for (int64_t i = 0; i < size; ++i) pairs.emplace_back(first + i, first + (i + 1) % size);
}

Graph arrows(const char* model, Map arguments, int64_t seed) {
    arguments["directed"] = true;
    return made(model, arguments, seed);
}

} // namespace

BOOST_AUTO_TEST_SUITE(diameter_of_directed_graphs)

BOOST_AUTO_TEST_CASE(known_in_closed_form) {
    Pairs cycle, path, chained;
    add_cycle(cycle, 0, 500);
    for (int64_t v = 0; v < 499; ++v) path.emplace_back(v, v + 1);
    // Cycles of 40, 60 and 50 nodes, an edge from each to the next: 39 edges lead to the node that
    // goes on, 1 to the next cycle, 30 to the node that goes on there, 1 further, 49 round the
    // last.
    add_cycle(chained, 0, 40), add_cycle(chained, 40, 60), add_cycle(chained, 100, 50);
    chained.emplace_back(0, 40), chained.emplace_back(70, 100);
    check_exact(diameter_of(directed(500, cycle)), 499);
    check_exact(diameter_of(directed(500, path)), 499);
    check_exact(diameter_of(directed(150, chained)), 39 + 1 + 30 + 1 + 49);
    BOOST_TEST(diameter_of(directed(150, chained)).searches < 40);
    check_exact(diameter_of(directed(3, {})), 0);
    check_exact(diameter_of(directed(2, {{0, 0}, {1, 0}})), 1);
}

BOOST_AUTO_TEST_CASE(small_random_graphs) {
    int64_t not_strong = 0;
    for (int64_t seed = 1; seed <= 600; ++seed) {
        const int64_t nodes = 1 + seed % 17;
        const double mean =
            std::min(0.4 * static_cast<double>(1 + seed % 7), static_cast<double>(nodes - 1));
        const Graph g = arrows("erdos_renyi", {{"nodes", nodes}, {"mean_degree", mean}}, seed);
        const int64_t longest = longest_distance(g);
        not_strong += std::ranges::count(distances_from(g, 0), -1) > 0;
        check_exact(diameter_of(g), longest);
    }
    BOOST_TEST(not_strong > 100);
    BOOST_TEST(not_strong < 600);
}

// Large enough that batches of searches follow the bounds, from nodes as well as to them.
BOOST_AUTO_TEST_CASE(large_random_graphs) {
    for (const double mean : {0.9, 1.2, 1.6, 3.0})
        for (const int64_t seed : {1, 2, 3}) {
            const Graph g = arrows("erdos_renyi", {{"nodes", 1500}, {"mean_degree", mean}}, seed);
            const int64_t longest = longest_distance(g);
            check_exact(diameter_of(g), longest);
            for (const int64_t most : {1, 5, 300}) {
                const Found bounds = diameter_of(g, most);
                BOOST_TEST(bounds.lower <= longest);
                BOOST_TEST(bounds.upper >= longest);
                BOOST_TEST(bounds.exact == (bounds.lower == bounds.upper));
                BOOST_TEST(bounds.searches <= most + 256);
            }
        }
}

// Not strongly connected, of any shape: one node a component, or one component and much around it.
BOOST_AUTO_TEST_CASE(few_searches_in_networks_with_hubs) {
    for (const Graph& g :
         {arrows("kronecker",
                 {{"initiator", List{0.57, 0.19, 0.19, 0.05}}, {"levels", 12}, {"edges", 40'960}},
                 1),
          arrows("forest_fire", {{"nodes", 3000}, {"forward", 0.37}, {"backward", 0.12}}, 1)}) {
        const Found found = diameter_of(g);
        check_exact(found, longest_distance(g));
        BOOST_TEST(found.searches < g.nodes() / 10);
    }
}

BOOST_AUTO_TEST_CASE(same_bits) {
    const Graph g = arrows("erdos_renyi", {{"nodes", 6000}, {"mean_degree", 3}}, 1);
    for (const int64_t most : {0, 1000}) {
        const Map arguments{{"graph", g}, {"max_searches", most}};
        const Digest one = digest_at(1, "analyze.diameter", arguments);
        for (const int threads : {2, 8})
            BOOST_TEST((digest_at(threads, "analyze.diameter", arguments) == one));
    }
}

BOOST_AUTO_TEST_SUITE_END()
