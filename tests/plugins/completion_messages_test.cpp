// SPDX-License-Identifier: MIT
// What completion says of bad inputs.
#include "plugins/generated.hpp"

using namespace espalier;

namespace {

Graph path(int64_t nodes) {
    std::vector<Edge> edges;
    for (int64_t i = 0; i + 1 < nodes; ++i) edges.push_back({i, i + 1, 1});
    return graph_from_edges(nodes, edges, false, false);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_learner_says_what_is_wrong) {
    const auto refused = [](Map arguments) {
        arguments["seed"] = 1;
        if (!arguments.contains("graph")) arguments["graph"] = path(6);
        return refusal_of("learn.cgin", arguments);
    };
    BOOST_TEST(refused({{"width", 20}}) ==
               "learn.cgin: parameter 'width': must be a multiple of 16, such as 32, is 20");
    BOOST_TEST(
        refused({{"patience", 5}}) ==
        "learn.cgin: parameter 'patience': needs held_out > 0: it watches the held-out pairs");
    BOOST_TEST(refused({{"final_learning_rate", 0.5}}) ==
               "learn.cgin: parameter 'final_learning_rate': must not be above learning_rate");
    BOOST_TEST(refused({{"negatives", 5}}) ==
               "learn.cgin: parameter 'diagonal': must be false with negatives: drawn pairs are of "
               "two nodes");
    BOOST_TEST(refused({{"hidden", 5}}) == "learn.cgin: parameter 'hidden': leaves fewer than two "
                                           "known nodes: the graph has 6");
    BOOST_TEST(refused({{"hidden", 1}}) == "learn.cgin: 'graph': node 5 is one of the last "
                                           "`hidden` ones, yet has edges");
    BOOST_TEST(refused({{"graph", graph_from_edges(4, {}, false, false)}}) ==
               "learn.cgin: 'graph': has no edge among its known nodes to learn from");
    BOOST_TEST(refused({{"graph",
                         graph_from_edges(3, {{0, 1, 1}, {0, 2, 1}, {1, 2, 1}}, false, false)}}) ==
               "learn.cgin: 'graph': joins all pairs of known nodes: there is nothing to learn");
    BOOST_TEST(refused({{"held_out", 0.1}}) ==
               "learn.cgin: parameter 'held_out': leaves no edge to judge: there are 5");
    BOOST_TEST(refused({{"graph", graph_from_edges(4, {{0, 1, 1}}, true, false)}}) ==
               "learn.cgin: 'graph': must be undirected, is directed");
}

BOOST_AUTO_TEST_CASE(measures) {
    const auto scores = [](int64_t n) { return Tensor(DType::float64, {n, n}); };
    const auto refused = [](Map arguments) {
        arguments["truth"] = path(6), arguments["hidden"] = 2;
        return refusal_of("analyze.completion", arguments);
    };
    BOOST_TEST(refused({}) ==
               "analyze.completion: 'scores': is not given, nor is embedding: give one");
    BOOST_TEST(refused({{"scores", scores(5)}}) ==
               "analyze.completion: input 'scores' has 5 along axis 'node', input 'truth' has 6");
    BOOST_TEST(refused({{"scores", scores(6)},
                        {"matching", Tensor::vector(std::vector<int64_t>{0, 1, 2, 3, 4, 4})}}) ==
               "analyze.completion: 'matching': must hold each node once, holds 4 at 5");
    BOOST_TEST(refusal_of("analyze.graph_matching",
                          {{"graph", path(4)}, {"other", path(5)}, {"seed", 1}}) ==
               "analyze.graph_matching: 'other': has 5 nodes, graph 4");
    BOOST_TEST(refusal_of("analyze.graph_matching",
                          {{"graph", path(4)}, {"other", path(4)}, {"seeds", 5}, {"seed", 1}}) ==
               "analyze.graph_matching: parameter 'seeds': must not exceed the nodes, 4");
}
