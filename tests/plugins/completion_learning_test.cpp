// SPDX-License-Identifier: MIT
// learn.cgin finds the missing part of a lattice, from the same bits at any number of threads and
// after an interruption.
#include "plugins/generated.hpp"

#include <espalier/random.hpp>

#include <cmath>
#include <filesystem>

using namespace espalier;

namespace {

Map hidden_ring(int64_t nodes, int64_t seed) {
    const Graph g =
        made("watts_strogatz", {{"nodes", nodes}, {"neighbours", 6}, {"rewiring", 0.05}}, seed);
    return test_session().call("sample.hidden_nodes", {{"graph", g}, {"seed", seed}});
}

Map learning(const Map& seen, int64_t epochs, Map more = {}) {
    more["graph"] = seen.at("observed"), more["hidden"] = seen.at("hidden");
    more["epochs"] = epochs, more["seed"] = 1;
    return more;
}

double aligned_auc(const Map& seen, const Value& embedding) {
    const Map match = test_session().call("analyze.graph_matching", {{"graph", seen.at("truth")},
                                                                     {"embedding", embedding},
                                                                     {"seeds", seen.at("known")},
                                                                     {"seed", 1}});
    return test_session()
        .call("analyze.completion", {{"truth", seen.at("truth")},
                                     {"embedding", embedding},
                                     {"hidden", seen.at("hidden")},
                                     {"matching", match.at("matching")}})
        .at("known_unknown_auc")
        .as<double>();
}

} // namespace

// Against a random embedding that is aligned in the same way, which the matching alone lifts above
// one half. The AUC of about 240 edges has a standard error near 0.015.
BOOST_AUTO_TEST_CASE(hidden_nodes_of_a_small_world) {
    const Map seen = hidden_ring(300, 1);
    const Map out =
        test_session().call("learn.cgin", learning(seen, 1500, {{"learning_rate", 1e-3}}));
    Random random({3, 4}, 0);
    std::vector<float> noise(300 * 64);
    for (float& x : noise) x = static_cast<float>(random.normal());
    const double learned = aligned_auc(seen, out.at("embedding"));
    const double guessed = aligned_auc(seen, Tensor::of<float>({300, 64}, noise));
    BOOST_TEST(learned > guessed + 0.06, "learned " << learned << ", guessed " << guessed);
    const auto loss = std::get<Tensor>(*out.at("curves").as<Table>().find("loss"));
    BOOST_TEST(loss.number(loss.size() - 1) < loss.number(0));
}

BOOST_AUTO_TEST_CASE(same_bits_at_any_number_of_threads) {
    const Map seen = hidden_ring(300, 2);
    for (const char* encoder : {"gin", "gcn", "sage", "gat"}) {
        const Map arguments = learning(seen, 60, {{"encoder", encoder}, {"resample", 20}});
        const Digest one = digest_at(1, "learn.cgin", arguments);
        for (const int threads : {2, 8})
            BOOST_TEST((digest_at(threads, "learn.cgin", arguments) == one), encoder);
    }
    const Map drawn = learning(seen, 60,
                               {{"negatives", 5},
                                {"features", "both"},
                                {"diagonal", false},
                                {"resample", 20},
                                {"symmetric", true},
                                {"held_out", 0.1}});
    const Digest one = digest_at(1, "learn.cgin", drawn);
    for (const int threads : {2, 8}) BOOST_TEST((digest_at(threads, "learn.cgin", drawn) == one));
}

BOOST_AUTO_TEST_CASE(patience_keeps_the_best_epoch) {
    const Map seen = hidden_ring(200, 3);
    const Map out = test_session().call("learn.cgin", learning(seen, 5000,
                                                               {{"learning_rate", 1e-2},
                                                                {"final_learning_rate", 1e-2},
                                                                {"held_out", 0.2},
                                                                {"patience", 200}}));
    const Table& curves = out.at("curves").as<Table>();
    const auto auc = std::get<Tensor>(*curves.find("held_out_auc"));
    int64_t best = 0;
    for (int64_t k = 0; k < auc.size(); ++k)
        if (auc.number(k) > auc.number(best)) best = k;
    BOOST_TEST(auc.number(best) > 0.6);
    BOOST_TEST(auc.size() < 100);           // 5000 epochs would be 100 rows
    BOOST_TEST(auc.size() == best + 1 + 4); // judged every 50 epochs
}

// Each setting of the encoder reaches it: another value gives another embedding.
BOOST_AUTO_TEST_CASE(settings_of_the_encoder_matter) {
    const Map seen = hidden_ring(100, 4);
    const auto embedded = [&](Map more) {
        return digest_of(
            test_session().call("learn.cgin", learning(seen, 5, std::move(more))).at("embedding"));
    };
    const Digest plain = embedded({});
    BOOST_TEST((embedded({}) == plain));
    BOOST_TEST((embedded({{"normalise", true}}) != plain));
    BOOST_TEST((embedded({{"activation", "relu"}}) != plain));
    BOOST_TEST((embedded({{"layers", 2}}) != plain));
    BOOST_TEST((embedded({{"encoder", "gcn"}}) != plain));
    BOOST_TEST((embedded({{"features", "both"}}) != plain));
    BOOST_TEST((embedded({{"features", "structure"}}) != embedded({{"features", "both"}})));
}

// Without free vectors nodes that no automorphism tells apart get one embedding: all of a ring, and
// all that nobody has seen.
BOOST_AUTO_TEST_CASE(structure_knows_no_names) {
    const Graph ring =
        made("circulant", {{"nodes", 30}, {"offsets", Tensor::vector(std::vector<int64_t>{1, 3})}});
    std::vector<Edge> edges = edges_of(ring);
    const Graph with_hidden = graph_from_edges(34, edges, false, false);
    const Map out = test_session().call("learn.cgin", {{"graph", with_hidden},
                                                       {"hidden", 4},
                                                       {"features", "structure"},
                                                       {"epochs", 20},
                                                       {"resample", 0},
                                                       {"seed", 1}});
    const auto z = out.at("embedding").as<Tensor>().values<float>();
    // Rows of one product are rounded by the tile they lie in.
    const auto near = [&](std::size_t a, std::size_t b) { return std::abs(z[a] - z[b]) < 1e-5f; };
    for (std::size_t k = 0; k < 64; ++k) {
        for (std::size_t i = 1; i < 30; ++i) BOOST_TEST_REQUIRE(near(i * 64 + k, k));
        for (std::size_t i = 31; i < 34; ++i) BOOST_TEST_REQUIRE(near(i * 64 + k, 30 * 64 + k));
    }
    BOOST_TEST(!near(30 * 64, 0));
}
