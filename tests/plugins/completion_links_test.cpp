// SPDX-License-Identifier: MIT
// predict.links: each method on a network small enough to count by hand.
#include "plugins/generated.hpp"

#include <cmath>

using namespace espalier;

namespace {

// Two triangles that share an edge, and a tail; degrees 2 3 3 3 1. Node 5 is hidden.
Graph kite() { return undirected(6, {{0, 1}, {0, 2}, {1, 2}, {1, 3}, {2, 3}, {3, 4}}); }

// Two cliques of six, one edge between them.
Pairs cliques() {
    Pairs pairs{{5, 6}};
    for (int64_t first : {0, 6})
        for (int64_t i = first; i < first + 6; ++i)
            for (int64_t j = i + 1; j < first + 6; ++j) pairs.emplace_back(i, j);
    return pairs;
}

Map predicted(const Graph& graph, const char* method, Map more = {}) {
    more["graph"] = graph, more["method"] = method, more["seed"] = 1;
    return test_session().call("predict.links", more);
}

struct Scores {
    explicit Scores(const Map& out) : tensor(out.at("scores").as<Tensor>()) {
        const int64_t n = tensor.shape()[0];
        for (int64_t i = 0; i < n; ++i) {
            BOOST_TEST((*this)(i, i) == 0);
            for (int64_t j = 0; j < i; ++j) BOOST_TEST((*this)(i, j) == (*this)(j, i));
        }
    }
    double operator()(int64_t i, int64_t j) const {
        return tensor.number(i * tensor.shape()[0] + j);
    }
    Tensor tensor;
};

const double ln2 = std::log(2.0), ln3 = std::log(3.0);

} // namespace

BOOST_AUTO_TEST_CASE(shared_neighbours) {
    const Map hidden{{"hidden", 1}};
    const Scores common(predicted(kite(), "common_neighbours", hidden));
    const Scores adamic(predicted(kite(), "adamic_adar", hidden));
    const Scores resource(predicted(kite(), "resource_allocation", hidden));
    struct Case {
        int64_t i, j;
        double common, adamic, resource;
    };
    for (const Case& c :
         {Case{0, 3, 2, 2 / ln3, 2.0 / 3}, Case{1, 2, 2, 1 / ln2 + 1 / ln3, 1.0 / 2 + 1.0 / 3},
          Case{1, 4, 1, 1 / ln3, 1.0 / 3}, Case{0, 4, 0, 0, 0}, Case{3, 5, 0, 0, 0}}) {
        BOOST_TEST(common(c.i, c.j) == c.common);
        BOOST_TEST(std::abs(adamic(c.i, c.j) - c.adamic) < 1e-14);
        BOOST_TEST(std::abs(resource(c.i, c.j) - c.resource) < 1e-14);
    }
}

// On a path of three nodes 2^m paths of 2 m + 1 edges join neighbours, 2^(m-1) of 2 m edges the
// ends.
BOOST_AUTO_TEST_CASE(katz_sums_over_paths) {
    const double a = 0.3;
    const Scores s(predicted(undirected(3, {{0, 1}, {1, 2}}), "katz", {{"attenuation", a}}));
    BOOST_TEST(std::abs(s(0, 1) - a / (1 - 2 * a * a)) < 1e-10);
    BOOST_TEST(std::abs(s(0, 2) - a * a / (1 - 2 * a * a)) < 1e-10);
}

BOOST_AUTO_TEST_CASE(products_of_degrees_and_of_vectors) {
    const Scores s(predicted(kite(), "preferential_attachment", {{"hidden", 1}}));
    BOOST_TEST(s(0, 3) == 6);
    BOOST_TEST(s(3, 4) == 3);
    BOOST_TEST(std::abs(s(3, 5) - 7.2) < 1e-14); // the mean degree of the known nodes
    const Scores z(predicted(
        undirected(3, {{0, 1}}), "embedding",
        {{"embedding", Tensor::of<float>({3, 2}, std::vector<float>{1, 2, 3, 4, -1, 0.5f})}}));
    BOOST_TEST(z(0, 1) == 11);
    BOOST_TEST(z(0, 2) == 0);
    BOOST_TEST(z(1, 2) == -1);
}

// Sums of 64 products of independent normals: mean 0 and variance 64, a standard error of 0.114
// and, with a kurtosis of 3 + 6 / 64, of 1.32 over the 4950 pairs.
BOOST_AUTO_TEST_CASE(random_vectors) {
    const Graph g = undirected(100, {{0, 1}});
    const Scores s(predicted(g, "random"));
    double sum = 0, squares = 0;
    for (int64_t i = 0; i < 100; ++i)
        for (int64_t j = 0; j < i; ++j) sum += s(i, j), squares += s(i, j) * s(i, j);
    BOOST_TEST(std::abs(sum / 4950) < 5 * 0.114);
    // Pairs of one node share its length: the lengths' spread adds about 64 sqrt(2 / 6400).
    BOOST_TEST(std::abs(squares / 4950 - 64) < 5 * std::hypot(1.32, 1.14));
}

BOOST_AUTO_TEST_CASE(blocks_and_what_they_complete) {
    const Map out =
        predicted(undirected(14, cliques()), "block_model", {{"blocks", 2}, {"hidden", 2}});
    const Scores s(out);
    BOOST_TEST(s(0, 5) == 1);
    BOOST_TEST(std::abs(s(5, 6) - 1.0 / 36) < 1e-15);
    // One hidden node in each block, whichever is named first.
    const int64_t of_first = s(0, 12) == 1 ? 12 : 13, of_second = 25 - of_first;
    Pairs wanted = cliques();
    for (int64_t i = 0; i < 6; ++i) {
        BOOST_TEST(s(i, of_first) == 1);
        BOOST_TEST(s(i + 6, of_second) == 1);
        BOOST_TEST(s(i, of_second) == s(5, 6));
        wanted.emplace_back(i, of_first), wanted.emplace_back(i + 6, of_second);
    }
    BOOST_TEST(s(12, 13) == s(5, 6));
    // 31 edges in 66 pairs let 25 more pairs hold 11.7: all twelve of score 1.
    std::sort(wanted.begin(), wanted.end());
    BOOST_TEST((pairs_of(out.at("completed").as<Graph>()) == wanted));
}

// Fitted to a graph of the model: as many edges are expected as are there, and they are likelier
// than other pairs by what the initiator that made the graph says of its edges, or nearly so.
BOOST_AUTO_TEST_CASE(kronecker_graphs) {
    const std::vector<double> initiator{0.9, 0.5, 0.5, 0.2};
    const Graph g = made("kronecker", {{"initiator", Tensor::vector(initiator)}, {"levels", 9}}, 5);
    const Scores s(predicted(g, "kronecker", {{"rounds", 200}}));
    double expected = 0, on_edges = 0, wanted = 0;
    for (int64_t i = 0; i < g.nodes(); ++i)
        for (int64_t j = 0; j < i; ++j) expected += s(i, j);
    for (const auto& [i, j] : pairs_of(g)) {
        on_edges += s(i, j);
        double p = 1;
        for (int digit = 0; digit < 9; ++digit)
            p *= initiator[static_cast<std::size_t>(2 * (i >> digit & 1) + (j >> digit & 1))];
        wanted += p;
    }
    const auto edges = static_cast<double>(g.edges());
    BOOST_TEST(std::abs(expected - edges) < 4 * std::sqrt(edges));
    BOOST_TEST(on_edges > 0.7 * wanted, on_edges << " of " << wanted);
}

// Of the hidden nodes it says as much: their expected degree is that of the known ones.
BOOST_AUTO_TEST_CASE(kronecker_graphs_with_hidden_nodes) {
    const std::vector<double> initiator{0.9, 0.5, 0.5, 0.2};
    const Graph g = made("kronecker", {{"initiator", Tensor::vector(initiator)}, {"levels", 9}}, 5);
    const Map seen = test_session().call("sample.hidden_nodes", {{"graph", g}, {"seed", 2}});
    const Scores s(
        predicted(seen.at("observed").as<Graph>(), "kronecker", {{"hidden", seen.at("hidden")}}));
    const int64_t known = seen.at("known").as<int64_t>();
    double among_known = 0, of_hidden = 0;
    for (int64_t i = 0; i < known; ++i)
        for (int64_t j = 0; j < i; ++j) among_known += s(i, j);
    for (int64_t i = known; i < g.nodes(); ++i)
        for (int64_t j = 0; j < i; ++j) of_hidden += s(i, j);
    const auto all = [](int64_t n) { return double(n) * double(n - 1) / 2; };
    const double shares = of_hidden / (all(g.nodes()) - all(known)) / (among_known / all(known));
    BOOST_TEST(std::abs(shares - 1) < 0.5, shares);
    const double seen_edges = double(seen.at("observed").as<Graph>().edges());
    BOOST_TEST(std::abs(among_known - seen_edges) < 0.1 * seen_edges);
}

// Two cliques: any two nodes of one are nearer than any of both.
BOOST_AUTO_TEST_CASE(walks_stay_in_cliques) {
    const auto learned = [](Map more) {
        more["graph"] = undirected(14, cliques()), more["hidden"] = 2, more["seed"] = 1;
        more["width"] = 16, more["walks"] = 200;
        return test_session().call("learn.node2vec", more).at("embedding");
    };
    const Value z = learned({});
    const Scores s(predicted(undirected(14, cliques()), "embedding", {{"embedding", z}}));
    double nearest_across = -1e9, furthest_within = 1e9;
    for (int64_t i = 0; i < 12; ++i)
        for (int64_t j = 0; j < i; ++j) {
            if (i / 6 == j / 6)
                furthest_within = std::min(furthest_within, s(i, j));
            else if (i != 6 || j != 5) // these two are joined
                nearest_across = std::max(nearest_across, s(i, j));
        }
    BOOST_TEST(furthest_within > nearest_across,
               furthest_within << " within, " << nearest_across << " across");
    BOOST_TEST((digest_of(learned({{"return_parameter", 4.0}})) != digest_of(z)));
    BOOST_TEST((digest_of(learned({{"in_out_parameter", 4.0}})) != digest_of(z)));
    BOOST_TEST((digest_of(learned({{"window", 2}})) != digest_of(z)));
}

BOOST_AUTO_TEST_CASE(edges_that_are_asked_for_are_added) {
    const Pairs seen = pairs_of(kite());
    const auto with = [&](Map more) {
        Pairs all =
            pairs_of(predicted(kite(), "resource_allocation", more).at("completed").as<Graph>());
        std::erase_if(all, [&](const auto& pair) {
            return std::find(seen.begin(), seen.end(), pair) != seen.end();
        });
        return all;
    };
    BOOST_TEST((with({}) == Pairs{}));
    BOOST_TEST((with({{"edges", 1}}) == Pairs{{0, 3}}));
    BOOST_TEST((with({{"edges", 3}}) == Pairs{{0, 3}, {1, 4}, {2, 4}}));
    // With a hidden node only its pairs can be added, ties in the order of their nodes.
    BOOST_TEST((with({{"edges", 2}, {"hidden", 1}}) == Pairs{{0, 5}, {1, 5}}));
}

BOOST_AUTO_TEST_CASE(same_bits_at_any_number_of_threads_of_links) {
    const Graph g =
        made("watts_strogatz", {{"nodes", 150}, {"neighbours", 6}, {"rewiring", 0.2}}, 1);
    const Value seen =
        test_session().call("sample.hidden_nodes", {{"graph", g}, {"seed", 1}}).at("observed");
    for (const char* method : {"common_neighbours", "adamic_adar", "resource_allocation", "katz",
                               "preferential_attachment", "block_model", "kronecker", "random"}) {
        const Map arguments{{"graph", seen}, {"hidden", 30}, {"method", method}, {"seed", 3}};
        const Digest one = digest_at(1, "predict.links", arguments);
        for (const int threads : {2, 8})
            BOOST_TEST((digest_at(threads, "predict.links", arguments) == one), method);
    }
    const Map arguments{{"graph", seen}, {"hidden", 30}, {"seed", 3}};
    const Digest one = digest_at(1, "learn.node2vec", arguments);
    for (const int threads : {2, 8})
        BOOST_TEST((digest_at(threads, "learn.node2vec", arguments) == one));
}

BOOST_AUTO_TEST_CASE(what_links_says_of_bad_inputs) {
    const auto refused = [](Map arguments) {
        if (!arguments.contains("graph")) arguments["graph"] = kite();
        arguments["seed"] = 1;
        return refusal_of("predict.links", arguments);
    };
    BOOST_TEST(
        refused({{"method", "katz"}, {"attenuation", 0.5}}) ==
        "predict.links: parameter 'attenuation': must be below 1 over the largest eigenvalue "
        "of the adjacency: the sum over paths does not converge");
    BOOST_TEST(refused({{"method", "embedding"}}) ==
               "predict.links: 'embedding': is not given: the method `embedding` scores by it");
    const Graph empty = graph_from_edges(4, {}, false, false);
    BOOST_TEST(refused({{"method", "kronecker"}, {"graph", empty}}) ==
               "predict.links: 'graph': has no edge to fit the method `kronecker` to");
    BOOST_TEST(refusal_of("learn.node2vec", {{"graph", empty}, {"seed", 1}}) ==
               "learn.node2vec: 'graph': has no edge to walk on");
    BOOST_TEST(refused({{"edges", 10}}) ==
               "predict.links: parameter 'edges': must not exceed the pairs that can be added, 9");
    BOOST_TEST(refused({{"hidden", 5}}) == "predict.links: parameter 'hidden': leaves fewer than "
                                           "two known nodes: the graph has 6");
    BOOST_TEST(refused({{"graph", graph_from_edges(3, {{0, 1, 1}}, true, false)}}) ==
               "predict.links: 'graph': must be undirected, is directed");
}
