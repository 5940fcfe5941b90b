// SPDX-License-Identifier: MIT
// Measures and observations of completion on cases counted by hand and on lattices.
#include "plugins/generated.hpp"

#include <cmath>

using namespace espalier;

namespace {

std::vector<double> reachable(const Graph& graph, Map arguments = {}) {
    arguments["graph"] = graph;
    const Map out = test_session().call("analyze.reachable_clustering", arguments);
    const auto values = out.at("coefficients").as<Tensor>().values<double>();
    return {values.begin(), values.end()};
}

void check_close(const std::vector<double>& seen, const std::vector<double>& wanted,
                 double tolerance) {
    BOOST_TEST_REQUIRE(seen.size() == wanted.size());
    for (std::size_t k = 0; k < seen.size(); ++k)
        BOOST_TEST(std::abs(seen[k] - wanted[k]) <= tolerance, k << ": " << seen[k]);
}

// Nodes 3 and 4 are hidden.
Graph small_truth() { return undirected(5, {{0, 1}, {0, 3}, {1, 4}, {3, 4}}); }

Tensor symmetric(const std::vector<double>& upper, int64_t n) {
    std::vector<double> whole(static_cast<std::size_t>(n * n));
    std::size_t at = 0;
    for (int64_t i = 0; i < n; ++i)
        for (int64_t j = i + 1; j < n; ++j, ++at)
            whole[static_cast<std::size_t>(i * n + j)] =
                whole[static_cast<std::size_t>(j * n + i)] = upper[at];
    return Tensor::of<double>({n, n}, whole);
}

double real(const Map& out, const char* name) { return out.at(name).as<double>(); }

} // namespace

BOOST_AUTO_TEST_CASE(scores_counted_by_hand) {
    //            01  02  03  04  12  13  14  23  24  34
    const auto s = symmetric({9, 9, 0.9, 0.2, 9, 0.5, 0.5, 0.1, 0.7, 0.8}, 5);
    const Map out = test_session().call("analyze.completion",
                                        {{"truth", small_truth()}, {"scores", s}, {"hidden", 2}});
    // Known and hidden: edges .9 and .5; others .2, .5, .1, .7. Edge .9 beats 4, .5 beats 2 and
    // ties.
    BOOST_TEST(std::abs(real(out, "known_unknown_auc") - 6.5 / 8) < 1e-15);
    // Steps .9 (1 of 1), .7, .5 (2 of 4).
    BOOST_TEST(std::abs(real(out, "known_unknown_average_precision") - (1 + 0.5) / 2) < 1e-15);
    BOOST_TEST(std::isnan(real(out, "unknown_unknown_auc"))); // one pair alone
    // All: edges .9, .8, .5 against .7, .5, .2, .1.
    BOOST_TEST(std::abs(real(out, "auc") - (4 + 4 + 2.5) / 12) < 1e-15);
    BOOST_TEST(out.at("edges").as<int64_t>() == 3);
    BOOST_TEST(out.at("pairs").as<int64_t>() == 7);
}

BOOST_AUTO_TEST_CASE(ties_are_half_and_matching_renames) {
    const auto flat = Tensor::of<double>({5, 5}, std::vector<double>(25, 3));
    const Map tied = test_session().call(
        "analyze.completion", {{"truth", small_truth()}, {"scores", flat}, {"hidden", 2}});
    BOOST_TEST(real(tied, "auc") == 0.5);
    BOOST_TEST(std::abs(real(tied, "average_precision") - 3.0 / 7) < 1e-15);
    // Scores that are right but for 3 and 4 changing places.
    const auto swapped = symmetric({1, 0, 0, 1, 0, 1, 0, 0, 0, 1}, 5);
    const Map arguments{{"truth", small_truth()}, {"scores", swapped}, {"hidden", 2}};
    BOOST_TEST(real(test_session().call("analyze.completion", arguments), "auc") < 0.6);
    Map matched = arguments;
    matched["matching"] = Tensor::vector(std::vector<int64_t>{0, 1, 2, 4, 3});
    BOOST_TEST(real(test_session().call("analyze.completion", matched), "auc") == 1);
}

// An embedding is scored by its inner products.
BOOST_AUTO_TEST_CASE(embedding_and_scores_agree) {
    const std::vector<float> z{1, 0, 0, 1, 1, 1, -1, 2, 0.5f, -3};
    std::vector<double> s(25);
    for (std::size_t i = 0; i < 5; ++i)
        for (std::size_t j = 0; j < 5; ++j)
            s[i * 5 + j] =
                double(z[2 * i]) * double(z[2 * j]) + double(z[2 * i + 1]) * double(z[2 * j + 1]);
    const Map a = test_session().call(
        "analyze.completion",
        {{"truth", small_truth()}, {"embedding", Tensor::of<float>({5, 2}, z)}, {"hidden", 2}});
    const Map b = test_session().call(
        "analyze.completion",
        {{"truth", small_truth()}, {"scores", Tensor::of<double>({5, 5}, s)}, {"hidden", 2}});
    for (const char* name : {"auc", "average_precision", "known_unknown_auc"})
        BOOST_TEST(real(a, name) == real(b, name));
}

BOOST_AUTO_TEST_CASE(reachable_clustering_of_lattices) {
    std::vector<std::pair<int64_t, int64_t>> all;
    for (int64_t i = 0; i < 6; ++i)
        for (int64_t j = i + 1; j < 6; ++j) all.emplace_back(i, j);
    check_close(reachable(undirected(6, all)), {1, 1, 1, 1}, 0);
    // A star: neighbours are joined through the node alone. A cycle of five: around it, by 3 edges.
    check_close(reachable(undirected(4, {{0, 1}, {0, 2}, {0, 3}})), {0, 0, 0, 0}, 0);
    check_close(reachable(undirected(5, {{0, 1}, {1, 2}, {2, 3}, {3, 4}, {0, 4}})), {0, 0, 1, 1},
                0);
    const Graph circulant = made(
        "circulant", {{"nodes", 1000}, {"offsets", Tensor::vector(std::vector<int64_t>{1, 3})}});
    check_close(reachable(circulant), {0, 5.0 / 6, 5.0 / 6, 1}, 1e-15);
    // Inside 4 of 6 pairs share a corner, on a side 2 of 3, in a corner 1 of 1.
    const Graph grid = made("grid", {{"shape", Tensor::vector(std::vector<int64_t>{33, 33})}});
    const double corners = 31 * 31 * 4 + 4 * 31 * 2 + 4, pairs = 31 * 31 * 6 + 4 * 31 * 3 + 4;
    check_close(reachable(grid), {0, corners / pairs, corners / pairs, 1}, 1e-15);
}

// The families as measured elsewhere on 300 nodes of one network each; two such draws of 300 nodes
// differ by a few hundredths.
BOOST_AUTO_TEST_CASE(reachable_clustering_of_random_graphs) {
    check_close(reachable(made("watts_strogatz",
                               {{"nodes", 1000}, {"neighbours", 6}, {"rewiring", 0.1}}, 3)),
                {0.427, 0.699, 0.781, 0.800}, 0.05);
    const auto ba = reachable(made("barabasi_albert", {{"nodes", 1024}, {"edges_per_node", 2}}, 3));
    check_close(ba, {0.011, 0.067, 0.249, 0.579}, 0.1);
    const Graph er = made("erdos_renyi", {{"nodes", 1000}, {"mean_degree", 6.0}}, 3);
    const Map clustering = test_session().call("analyze.clustering", {{"graph", er}});
    BOOST_TEST(std::abs(reachable(er)[0] - real(clustering, "transitivity")) < 1e-15);
    // A sample of the nodes is near the whole: pairs of 300 nodes, each with a spread below 1/2.
    check_close(reachable(er, {{"sample", 300}, {"seed", 1}}), reachable(er), 0.08);
}

BOOST_AUTO_TEST_CASE(hidden_nodes_are_the_last_and_truth_is_the_graph) {
    const Graph g =
        made("watts_strogatz", {{"nodes", 200}, {"neighbours", 4}, {"rewiring", 0.2}}, 1);
    for (const char* selection : {"random", "last", "snowball"}) {
        const Map out = test_session().call(
            "sample.hidden_nodes",
            {{"graph", g}, {"fraction", 0.2}, {"selection", selection}, {"seed", 7}});
        BOOST_TEST(out.at("hidden").as<int64_t>() == 40);
        BOOST_TEST(out.at("known").as<int64_t>() == 160);
        const auto old = out.at("nodes").as<Tensor>().values<int64_t>();
        const Graph truth = out.at("truth").as<Graph>(), seen = out.at("observed").as<Graph>();
        std::set<std::pair<int64_t, int64_t>> mapped;
        int64_t known_edges = 0;
        for (const auto& [i, j] : pairs_of(truth)) {
            mapped.emplace(std::minmax(old[size_t(i)], old[size_t(j)]));
            known_edges += i < 160 && j < 160;
        }
        const Pairs original = pairs_of(g);
        BOOST_TEST(
            (mapped == std::set<std::pair<int64_t, int64_t>>(original.begin(), original.end())));
        BOOST_TEST(seen.nodes() == 200);
        BOOST_TEST(seen.edges() == known_edges);
        for (const auto& [i, j] : pairs_of(seen)) BOOST_TEST_REQUIRE((i < 160 && j < 160));
        if (std::string(selection) == "snowball") {
            // Every hidden node but the first hangs on another one: the hidden part is connected.
            std::set<int64_t> reached{160};
            for (std::size_t before = 0; before != reached.size();) {
                before = reached.size();
                for (const auto& [i, j] : pairs_of(truth))
                    if (i >= 160 && j >= 160 && (reached.contains(i) || reached.contains(j)))
                        reached.insert(i), reached.insert(j);
            }
            BOOST_TEST(reached.size() == 40u);
        }
    }
}

BOOST_AUTO_TEST_CASE(hidden_links_and_seen_ones_make_the_graph) {
    const Graph g = made("erdos_renyi", {{"nodes", 100}, {"mean_degree", 5.0}}, 1);
    const Map out =
        test_session().call("sample.hidden_links", {{"graph", g}, {"fraction", 0.3}, {"seed", 2}});
    Pairs both = pairs_of(out.at("observed").as<Graph>());
    const Pairs hidden = pairs_of(out.at("hidden").as<Graph>());
    BOOST_TEST(static_cast<int64_t>(hidden.size()) == int64_t(0.3 * double(g.edges())));
    both.insert(both.end(), hidden.begin(), hidden.end());
    std::sort(both.begin(), both.end());
    BOOST_TEST((both == pairs_of(g)));
}
