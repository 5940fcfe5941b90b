// SPDX-License-Identifier: MIT
// Graph matching where the answer is known: copies of asymmetric graphs, and all permutations of
// eight nodes.
#include "plugins/generated.hpp"

#include <espalier/random.hpp>

#include <algorithm>
#include <numeric>

using namespace espalier;

namespace {

// The graph with node i called to[i].
Graph renamed(const Graph& g, const std::vector<int64_t>& to) {
    std::vector<Edge> edges;
    for (const auto& [i, j] : pairs_of(g)) edges.push_back({to[size_t(i)], to[size_t(j)], 1});
    return graph_from_edges(g.nodes(), edges, false, false);
}

// Random but for the first `seeds` nodes, which stay.
std::vector<int64_t> permutation(int64_t nodes, int64_t seeds, uint32_t draw) {
    std::vector<int64_t> tail(static_cast<std::size_t>(nodes - seeds)), to;
    std::iota(tail.begin(), tail.end(), seeds);
    Random({1, 2}, draw).shuffle(tail);
    for (int64_t i = 0; i < seeds; ++i) to.push_back(i);
    to.insert(to.end(), tail.begin(), tail.end());
    return to;
}

std::vector<int64_t> matching_of(const Map& out) {
    const auto m = out.at("matching").as<Tensor>().values<int64_t>();
    return {m.begin(), m.end()};
}

double agreement(const Graph& a, const Graph& b, const std::vector<int64_t>& to) {
    double sum = 0;
    for (const auto& [i, j] : pairs_of(a))
        sum += std::ranges::binary_search(row_of(b, to[size_t(i)]),
                                          static_cast<int32_t>(to[size_t(j)]));
    return sum;
}

} // namespace

BOOST_AUTO_TEST_CASE(copies_of_asymmetric_graphs) {
    int exact = 0;
    for (uint32_t k = 0; k < 100; ++k) {
        // Dense random graphs of 60 nodes have no symmetry but with a chance below 1e-10 (Erdos and
        // Renyi 1963, doi:10.1007/BF01895716: 60^2 2^-60 pairs of twins).
        const Graph g = made("erdos_renyi", {{"nodes", 60}, {"probability", 0.5}}, k + 1);
        const auto to = permutation(60, 8, k);
        const Map out = test_session().call(
            "analyze.graph_matching",
            {{"graph", g}, {"other", renamed(g, to)}, {"seeds", 8}, {"seed", 1}});
        exact += matching_of(out) == to;
    }
    BOOST_TEST(exact == 100);
}

// Without seeds and from many starts: what is found is as good as the best of 8! permutations.
BOOST_AUTO_TEST_CASE(as_good_as_all_permutations_of_eight_nodes) {
    for (int64_t k = 1; k <= 5; ++k) {
        const Graph a = made("erdos_renyi", {{"nodes", 8}, {"edges", 13}}, k);
        const Graph b = made("erdos_renyi", {{"nodes", 8}, {"edges", 13}}, k + 100);
        std::vector<int64_t> to(8);
        std::iota(to.begin(), to.end(), 0);
        double best = 0;
        do best = std::max(best, agreement(a, b, to));
        while (std::next_permutation(to.begin(), to.end()));
        const Map out = test_session().call(
            "analyze.graph_matching", {{"graph", a}, {"other", b}, {"starts", 200}, {"seed", 1}});
        BOOST_TEST(agreement(a, b, matching_of(out)) == best);
        BOOST_TEST(out.at("agreement").as<double>() == best);
    }
}

// A matrix of scores that is the adjacency says the same as the graph.
BOOST_AUTO_TEST_CASE(scores_stand_for_a_graph) {
    const Graph g = made("erdos_renyi", {{"nodes", 40}, {"probability", 0.4}}, 1);
    const auto to = permutation(40, 8, 5);
    const Graph copy = renamed(g, to);
    const Map by_scores = test_session().call(
        "analyze.graph_matching",
        {{"graph", g}, {"scores", copy.adjacency()}, {"seeds", 8}, {"seed", 1}});
    BOOST_TEST(matching_of(by_scores) == to, boost::test_tools::per_element());
    const int64_t inside = g.edges() - [&] {
        int64_t among_seeds = 0;
        for (const auto& [i, j] : pairs_of(g)) among_seeds += i < 8 && j < 8;
        return among_seeds;
    }();
    BOOST_TEST(by_scores.at("agreement").as<double>() == static_cast<double>(inside));
    // All seeds: nothing to do.
    const Map none = test_session().call("analyze.graph_matching",
                                         {{"graph", g}, {"other", g}, {"seeds", 40}, {"seed", 1}});
    BOOST_TEST(matching_of(none) == permutation(40, 40, 0), boost::test_tools::per_element());
    for (const int threads : {2, 8})
        BOOST_TEST(
            (digest_at(threads, "analyze.graph_matching",
                       {{"graph", g}, {"scores", copy.adjacency()}, {"seeds", 5}, {"seed", 1}}) ==
             digest_at(1, "analyze.graph_matching",
                       {{"graph", g}, {"scores", copy.adjacency()}, {"seeds", 5}, {"seed", 1}})));
}
