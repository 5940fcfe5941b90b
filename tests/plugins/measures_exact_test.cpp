// SPDX-License-Identifier: MIT
// Measures of graphs where the answer is known in closed form or by brute force; threads; messages.
#include "plugins/generated.hpp"
#include "plugins/networks_for_tests.hpp"

#include <cmath>
#include <limits>

using namespace espalier;

namespace {

Map measured(const std::string& component, const Graph& graph, Map arguments = {}) {
    arguments["graph"] = graph;
    return test_session().call("analyze." + component, arguments);
}

std::vector<double> numbers(const Value& v) {
    const Tensor& t = v.as<Tensor>();
    std::vector<double> x;
    for (int64_t i = 0; i < t.size(); ++i) x.push_back(t.number(i));
    return x;
}

void check_close(const std::vector<double>& seen, const std::vector<double>& expected) {
    BOOST_TEST_REQUIRE(seen.size() == expected.size());
    for (std::size_t i = 0; i < seen.size(); ++i)
        BOOST_TEST(std::abs(seen[i] - expected[i]) <= 1e-13 * std::max(1.0, std::abs(expected[i])),
                   "[" << i << "]: " << seen[i] << " != " << expected[i]);
}

double real(const Map& out, const char* name) { return out.at(name).as<double>(); }
int64_t integer(const Map& out, const char* name) { return out.at(name).as<int64_t>(); }

Graph path_of(int64_t nodes) {
    Pairs pairs;
    for (int64_t v = 0; v + 1 < nodes; ++v) pairs.emplace_back(v, v + 1);
    return undirected(nodes, pairs);
}
Graph star_of(int64_t leaves) {
    Pairs pairs;
    for (int64_t v = 1; v <= leaves; ++v) pairs.emplace_back(0, v);
    return undirected(leaves + 1, pairs);
}
// Two complete graphs that one edge joins.
Graph two_cliques(int64_t size) {
    Pairs pairs;
    for (const int64_t first : {int64_t{0}, size})
        for (int64_t a = 0; a < size; ++a)
            for (int64_t b = a + 1; b < size; ++b) pairs.emplace_back(first + a, first + b);
    pairs.emplace_back(0, size);
    return undirected(2 * size, pairs);
}

} // namespace

BOOST_AUTO_TEST_SUITE(known_in_closed_form)

BOOST_AUTO_TEST_CASE(path) {
    constexpr int64_t n = 900; // more than three batches of searches
    const Graph g = path_of(n);
    const Map p = measured("shortest_paths", g);
    BOOST_TEST(std::abs(real(p, "average") - (n + 1) / 3.0) < 1e-10);
    BOOST_TEST(real(p, "longest") == n - 1);
    const auto pairs = std::get<Tensor>(*p.at("distribution").as<Table>().find("pairs"));
    for (int64_t d = 1; d < n; ++d) BOOST_TEST_REQUIRE(pairs.number(d - 1) == 2 * (n - d));
    const auto b = numbers(measured("betweenness", g, {{"normalised", false}}).at("betweenness"));
    const auto c = numbers(measured("closeness", g).at("closeness"));
    for (int64_t v = 0; v < n; ++v) {
        BOOST_TEST_REQUIRE(b[v] == v * (n - 1 - v)); // pairs with an end on either side
        const auto left = static_cast<double>(v * (v + 1) / 2);
        const auto right = static_cast<double>((n - 1 - v) * (n - v) / 2);
        BOOST_TEST_REQUIRE(std::abs(c[v] - (n - 1) / (left + right)) < 1e-15);
    }
    const Map d = measured("diameter", g);
    BOOST_TEST(integer(d, "diameter") == n - 1);
    BOOST_TEST(integer(d, "searches") < 10);
}

BOOST_AUTO_TEST_CASE(star) {
    const Graph g = star_of(9);
    BOOST_TEST(numbers(measured("betweenness", g).at("betweenness"))[0] == 1);
    BOOST_TEST(numbers(measured("betweenness", g).at("betweenness"))[5] == 0);
    BOOST_TEST(std::abs(real(measured("assortativity", g), "coefficient") + 1) < 1e-14);
    BOOST_TEST(integer(measured("core_numbers", g), "degeneracy") == 1);
    // x0 = (1 - a) / n + 9 a x1, x1 = (1 - a) / n + a x0 / 9
    const double a = 0.85, jump = 0.015, hub = (jump + 9 * a * jump) / (1 - a * a);
    const auto rank = numbers(measured("pagerank", g, {{"tolerance", 1e-15}}).at("scores"));
    BOOST_TEST(std::abs(rank[0] - hub) < 1e-14);
    BOOST_TEST(std::abs(rank[9] - (jump + a * hub / 9)) < 1e-14);
    const auto orbits = numbers(measured("orbits", g).at("orbits"));
    BOOST_TEST(orbits[7] == 84);      // centre of stars of four
    BOOST_TEST(orbits[15 + 6] == 28); // leaf of them
}

BOOST_AUTO_TEST_CASE(cycle) {
    const Graph g = ring_of(12);
    const Map d = measured("diameter", g);
    BOOST_TEST(integer(d, "diameter") == 6);
    BOOST_TEST(d.at("exact").as<bool>());
    // Pairs at distance 6 have two paths.
    const auto b = numbers(measured("betweenness", g, {{"normalised", false}}).at("betweenness"));
    check_close(b, std::vector<double>(12, 12.5));
    check_close(numbers(measured("closeness", g).at("harmonic")),
                std::vector<double>(12, 2 * (1 + 1 / 2.0 + 1 / 3.0 + 1 / 4.0 + 1 / 5.0) + 1 / 6.0));
    BOOST_TEST(std::isnan(real(measured("assortativity", g), "coefficient")));
    check_close(numbers(measured("orbits", ring_of(4)).at("orbits")),
                {2, 2, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 2, 2, 1, 0, 0,
                 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 2, 2, 1, 0, 0, 0, 0, 0, 1, 0,
                 0, 0, 0, 0, 0, 2, 2, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0});
}

// Pearson's correlation written out, over rows of all lengths and with self-loops here and there.
BOOST_AUTO_TEST_CASE(correlation_of_degrees) {
    for (const int64_t nodes : {1, 7, 200, 9000})
        for (const double mean : {0.5, 3.0, 14.0, 90.0})
            for (const int64_t loops_from : {int64_t{0}, nodes - 1, nodes}) {
                if (mean > static_cast<double>(nodes - 1) ||
                    mean * static_cast<double>(nodes) > 2e5)
                    continue;
                std::vector<Edge> edges = edges_of(
                    made("erdos_renyi", {{"nodes", nodes}, {"mean_degree", mean}}, loops_from + 1));
                for (int64_t v = loops_from; v < nodes; v += 40) edges.push_back({v, v, 1});
                for (int64_t v = 1; v < nodes / 2; ++v) edges.push_back({0, v, 1}); // a hub
                const Graph g = graph_from_edges(nodes, edges, false, false, Repeated::keep_first);
                std::vector<int64_t> degrees = degrees_of(g);
                for (int64_t v = 0; v < nodes; ++v)
                    degrees[static_cast<std::size_t>(v)] += std::ranges::count(row_of(g, v), v);
                long double n = 0, sum = 0, squares = 0, products = 0;
                for (int64_t v = 0; v < nodes; ++v)
                    for (const int32_t u : row_of(g, v)) {
                        const long double x = degrees[static_cast<std::size_t>(v)],
                                          y = degrees[static_cast<std::size_t>(u)];
                        n += 1, sum += x, squares += x * x, products += x * y;
                    }
                const long double expected = (n * products - sum * sum) / (n * squares - sum * sum);
                const double seen = real(measured("assortativity", g), "coefficient");
                BOOST_TEST(
                    (std::isnan(expected) ? std::isnan(seen) : std::abs(seen - expected) < 1e-13),
                    nodes << " " << mean << " " << loops_from << ": " << seen);
            }
}

BOOST_AUTO_TEST_CASE(complete_graph) {
    const Graph g = complete(8);
    BOOST_TEST(real(measured("shortest_paths", g), "average") == 1);
    BOOST_TEST(integer(measured("core_numbers", g), "degeneracy") == 7);
    BOOST_TEST(integer(measured("diameter", g), "diameter") == 1);
    const auto whole = numbers(measured("orbits", g).at("subgraphs"));
    check_close(whole, {28, 0, 56, 0, 0, 0, 0, 0, 70});
    BOOST_TEST(integer(measured("communities", g), "count") == 1);
}

BOOST_AUTO_TEST_CASE(cliques_with_a_bridge) {
    const Graph g = two_cliques(6);
    const Map found = measured("communities", g);
    BOOST_TEST(integer(found, "count") == 2);
    check_close(numbers(found.at("labels")), {0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1});
    BOOST_TEST(std::abs(real(found, "modularity") - (30.0 / 31 - 0.5)) < 1e-15);
    // Every path between the cliques goes over the bridge.
    const auto b = numbers(measured("betweenness", g, {{"normalised", false}}).at("betweenness"));
    BOOST_TEST(b[0] == 30);
    BOOST_TEST(b[1] == 0);
}

BOOST_AUTO_TEST_CASE(directions) {
    // 0 -> 1 -> 2 and nothing back: a distance is one way.
    const Graph g = directed(4, {{0, 1}, {1, 2}});
    const Map p = measured("shortest_paths", g, {{"sources", List{2, 0}}});
    const double far = std::numeric_limits<double>::infinity();
    const auto distances = numbers(p.at("distances"));
    const std::vector<double> expected{far, far, 0, far, 0, 1, 2, far};
    BOOST_TEST(distances == expected, boost::test_tools::per_element());
    BOOST_TEST(real(p, "joined") == 2.0 / 6);
    check_close(numbers(measured("closeness", g).at("closeness")), {0, 1 / 3.0, 4 / 9.0, 0});
    check_close(numbers(measured("closeness", g, {{"direction", "out"}}).at("closeness")),
                {4 / 9.0, 1 / 3.0, 0, 0});
    check_close(numbers(measured("betweenness", g).at("betweenness")), {0, 1 / 6.0, 0, 0});
}

BOOST_AUTO_TEST_CASE(lengths) {
    // The detour by 1 is shorter than the straight edge; two ways to 3 are as long.
    const Graph g =
        weighted(4, {{0, 1, 0.5}, {1, 2, 0.5}, {0, 2, 3}, {2, 3, 1}, {1, 3, 1.5}}, false);
    const Map p = measured("shortest_paths", g, {{"sources", List{0}}, {"weighted", true}});
    check_close(numbers(p.at("distances")), {0, 0.5, 1, 2});
    const auto b = numbers(
        measured("betweenness", g, {{"weighted", true}, {"normalised", false}}).at("betweenness"));
    check_close(b, {0, 2, 1, 0});
}

BOOST_AUTO_TEST_CASE(nothing_to_measure) {
    for (const int64_t nodes : {0, 1, 3}) {
        const Graph g = undirected(nodes, {});
        for (const char* component :
             {"shortest_paths", "closeness", "betweenness", "pagerank", "core_numbers",
              "assortativity", "communities", "diameter", "orbits"})
            BOOST_CHECK_NO_THROW(measured(component, g));
        BOOST_TEST(std::isnan(real(measured("shortest_paths", g), "average")));
        BOOST_TEST(std::isnan(real(measured("communities", g), "modularity")));
        BOOST_TEST(integer(measured("communities", g), "count") == nodes);
        BOOST_TEST(integer(measured("diameter", g), "upper") == 0);
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(samples_and_bounds)

BOOST_AUTO_TEST_CASE(sampled_paths) {
    const Graph g = tangle(4000);
    const double exact = real(measured("shortest_paths", g), "average");
    int within = 0;
    for (int64_t seed = 1; seed <= 40; ++seed) {
        const Map p = measured("shortest_paths", g, {{"sample", 100}, {"seed", seed}});
        const double error = real(p, "standard_error");
        BOOST_TEST(error > 0);
        within += std::abs(real(p, "average") - exact) < 2 * error;
    }
    // 0.954 of them by the normal law; below 32 of 40 once in 1e5 times.
    BOOST_TEST(within >= 32);
}

BOOST_AUTO_TEST_CASE(sampled_betweenness) {
    const Graph g = tangle(1000);
    const auto exact = numbers(measured("betweenness", g).at("betweenness"));
    std::vector<double> mean(exact.size());
    for (int64_t seed = 1; seed <= 100; ++seed) {
        const auto b = numbers(
            measured("betweenness", g, {{"sample", 100}, {"seed", seed}}).at("betweenness"));
        for (std::size_t v = 0; v < b.size(); ++v) mean[v] += b[v] / 100;
    }
    // Unbiased: the sum over the nodes is n^2 (mean distance - 1) of the sources, which varies
    // least.
    double sum = 0, expected = 0;
    for (std::size_t v = 0; v < exact.size(); ++v) sum += mean[v], expected += exact[v];
    BOOST_TEST(std::abs(sum / expected - 1) < 0.01);
    const Map all{{"sample", 1000}};
    check_close(numbers(measured("betweenness", g, all).at("betweenness")), exact);
}

BOOST_AUTO_TEST_CASE(bounds_of_the_diameter) {
    for (const Graph& g :
         {made("erdos_renyi", {{"nodes", 3000}, {"mean_degree", 4}}, 1),
          made("erdos_renyi", {{"nodes", 1500}, {"mean_degree", 3}, {"directed", true}}, 1),
          made("watts_strogatz", {{"nodes", 2000}, {"neighbours", 4}, {"rewiring", 0.01}}, 1)}) {
        int64_t longest = 0;
        for (int64_t v = 0; v < g.nodes(); ++v)
            longest = std::max(longest, std::ranges::max(distances_from(g, v)));
        const Map exact = measured("diameter", g);
        BOOST_TEST(integer(exact, "diameter") == longest);
        BOOST_TEST(exact.at("exact").as<bool>());
        const Map bounds = measured("diameter", g, {{"max_searches", 4}});
        BOOST_TEST(integer(bounds, "lower") <= longest);
        BOOST_TEST(integer(bounds, "upper") >= longest);
        BOOST_TEST(integer(bounds, "searches") <= 4 + 256);
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(threads_and_messages)

BOOST_AUTO_TEST_CASE(same_bits) {
    const Graph plain = tangle(3000);
    const Graph arrows =
        made("erdos_renyi", {{"nodes", 2500}, {"mean_degree", 5}, {"directed", true}}, 1);
    std::vector<Edge> edges;
    for (const Edge& e : edges_of(tangle(400)))
        edges.push_back({e.from, e.to, 0.1 * static_cast<double>(1 + (e.from + e.to) % 7)});
    const Graph lengths = weighted(400, edges, false);
    const std::vector<std::pair<std::string, Map>> calls{
        {"shortest_paths", {{"graph", plain}}},
        {"shortest_paths", {{"graph", arrows}, {"sample", 700}}},
        {"shortest_paths", {{"graph", lengths}, {"weighted", true}}},
        {"closeness", {{"graph", plain}}},
        {"closeness", {{"graph", lengths}, {"weighted", true}}},
        {"betweenness", {{"graph", plain}, {"sample", 500}}},
        {"betweenness", {{"graph", lengths}, {"weighted", true}}},
        {"pagerank", {{"graph", arrows}}},
        {"pagerank", {{"graph", made("barabasi_albert", {{"nodes", 30'000}}, 1)}}},
        {"assortativity", {{"graph", made("barabasi_albert", {{"nodes", 30'000}}, 1)}}},
        {"core_numbers", {{"graph", arrows}}},
        {"communities", {{"graph", plain}}},
        {"communities", {{"graph", arrows}}},
        {"diameter", {{"graph", plain}}},
        {"diameter", {{"graph", arrows}, {"max_searches", 600}}},
        {"orbits", {{"graph", plain}}}};
    for (const auto& [component, arguments] : calls) {
        const Digest one = digest_at(1, "analyze." + component, arguments);
        for (const int count : {2, 8})
            BOOST_TEST((digest_at(count, "analyze." + component, arguments) == one),
                       component << " at " << count << " threads");
    }
}

BOOST_AUTO_TEST_CASE(messages) {
    const Graph arrow = directed(2, {{0, 1}});
    const Graph minus = weighted(2, {{0, 1, -1}});
    const Graph zero = weighted(2, {{0, 1, 0}});
    const auto refused = [](const std::string& component, Map arguments) {
        return refusal_of("analyze." + component, arguments);
    };
    BOOST_TEST(refused("orbits", {{"graph", arrow}}) ==
               "analyze.orbits: 'graph': must be undirected, is directed");
    BOOST_TEST(
        refused("shortest_paths", {{"graph", arrow}, {"sources", List{0, 2}}}) ==
        "analyze.shortest_paths: parameter 'sources': has node 2, but the graph has nodes 0..1");
    BOOST_TEST(
        refused("closeness", {{"graph", arrow}, {"weighted", true}}) ==
        "analyze.closeness: 'graph': has no weights, which weighted = true takes as lengths");
    BOOST_TEST(refused("pagerank", {{"graph", minus}}) ==
               "analyze.pagerank: 'graph': has a weight of -1.000000: as a length it must be "
               "finite and >= 0");
    BOOST_TEST(refused("betweenness", {{"graph", zero}, {"weighted", true}}) ==
               "analyze.betweenness: 'graph': has a weight of 0.000000: as a length it must be "
               "finite and > 0");
    BOOST_TEST(
        refused("pagerank", {{"graph", arrow}, {"preference", Tensor::vector<double>({0, 0})}}) ==
        "analyze.pagerank: 'preference': must not be all zero");
}

BOOST_AUTO_TEST_SUITE_END()
