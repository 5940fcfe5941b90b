// SPDX-License-Identifier: MIT
// What a pruned network says about the data: separate causes, symmetry, one of each pair of twins.
#include "plugins/supervised.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace espalier;

BOOST_AUTO_TEST_SUITE(pruning_knowledge)

// The authors' example: y1 = 3 sin((x1 - x2)^2), y2 = (x3 + x4)^3, by the published system (penalty
// 0.01 on the density, temperature 3, Adam 0.01, one batch of 1000, 7500 steps).
BOOST_AUTO_TEST_CASE(outputs_keep_only_the_inputs_that_cause_them) {
    for (const int seed : {1, 2}) {
        const Tensor x = uniform_inputs(1000, 4, static_cast<uint32_t>(seed));
        const Tensor y = targets_of(x, 2, [](auto v, int64_t c) {
            const double a = static_cast<double>(v[0] - v[1]), b = static_cast<double>(v[2] + v[3]);
            return c == 0 ? 3 * std::sin(a * a) : b * b * b;
        });
        const Map net = test_session().call("learn.mlp", {{"inputs", x},
                                                          {"targets", y},
                                                          {"hidden", List{Value(10), Value(10)}},
                                                          {"activation", "silu"},
                                                          {"loss", "absolute"},
                                                          {"epochs", 0},
                                                          {"seed", seed}});
        const Map small = test_session().call("prune.gumbel", {{"model", net.at("model")},
                                                               {"inputs", x},
                                                               {"targets", y},
                                                               {"constraint", "penalty"},
                                                               {"density", 0},
                                                               {"penalty", 0.01},
                                                               {"initial_density", 0.9},
                                                               {"gate_spread", 0.5},
                                                               {"epochs", 7500},
                                                               {"batch", 1000},
                                                               {"learning_rate", 0.01},
                                                               {"final_learning_rate", 0.01},
                                                               {"gate_rate", 0.02},
                                                               {"temperature", 3},
                                                               {"final_temperature", 3},
                                                               {"noise", 1},
                                                               {"final_noise", 1},
                                                               {"fine_tune_epochs", 0},
                                                               {"seed", seed}});
        const Map said =
            test_session().call("analyze.pruned_paths", {{"model", small.at("model")}});
        const Tensor& paths = tensor_of(said, "paths");
        for (int64_t i = 0; i < 4; ++i)
            for (int64_t o = 0; o < 2; ++o)
                BOOST_TEST((paths.number(2 * i + o) > 0) == (o == i / 2));
        const Tensor& symmetry = tensor_of(said, "symmetry");
        BOOST_TEST(symmetry.number(0 * 4 + 1) < -0.9);
        BOOST_TEST(symmetry.number(2 * 4 + 3) > 0.9);
        BOOST_TEST(small.at("kept").as<int64_t>() < 80); // of 160
    }
}

// Ten of a hundred inputs matter, and five of these have a twin.
BOOST_AUTO_TEST_CASE(of_twins_one_is_kept_and_nothing_that_does_not_matter) {
    Tensor x = uniform_inputs(2000, 100, 5);
    const auto values = x.writable_values<float>();
    for (std::size_t r = 0; r < 2000; ++r)
        for (std::size_t k = 0; k < 5; ++k) values[100 * r + 10 + k] = values[100 * r + k];
    const Tensor y = targets_of(x, 1, [](auto v, int64_t) {
        double sum = 0;
        for (std::size_t k = 0; k < 10; k += 2)
            sum += std::sin(2 * static_cast<double>(v[k])) - static_cast<double>(v[k + 1]);
        return sum;
    });
    const Map net = test_session().call("learn.mlp", {{"inputs", x},
                                                      {"targets", y},
                                                      {"hidden", List{Value(32)}},
                                                      {"activation", "tanh"},
                                                      {"loss", "squared"},
                                                      {"epochs", 0}});
    const Map small = test_session().call("prune.gumbel", {{"model", net.at("model")},
                                                           {"inputs", x},
                                                           {"targets", y},
                                                           {"gates", "inputs"},
                                                           {"density", 0.1},
                                                           {"epochs", 200},
                                                           {"batch", 100},
                                                           {"learning_rate", 5e-3},
                                                           {"final_learning_rate", 1e-3},
                                                           {"gate_rate", 0.02},
                                                           {"temperature", 1},
                                                           {"final_temperature", 1},
                                                           {"final_noise", 0.05},
                                                           {"initial_density", 0.9},
                                                           {"fine_tune_epochs", 0}});
    const Map said = test_session().call("analyze.pruned_paths", {{"model", small.at("model")}});
    std::set<int64_t> groups, inputs;
    for (int64_t i = 0; i < 100; ++i)
        if (tensor_of(said, "importance").number(i) > 0) {
            inputs.insert(i);
            groups.insert(i >= 10 && i < 15 ? i - 10 : i);
        }
    BOOST_TEST(inputs.size() == 10u);
    BOOST_TEST((groups == std::set<int64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

BOOST_AUTO_TEST_CASE(paths_and_strengths_are_counted_exactly) {
    // 1 -> a, 1 -> b, 2 -> b, a -> A, b -> A, b -> B; input 3 leads to c, which leads nowhere.
    Model model{"script",
                "0",
                {},
                {{"kind", "mlp"},
                 {"activation", "relu"},
                 {"loss", "squared"},
                 {"input_scale", 1.0},
                 {"layers", 2}}};
    model.tensors["weight_1"] = Tensor::of<float>({3, 3}, {2, -3, 0, 0, 1, 0, 0, 0, 7});
    model.tensors["mask_1"] = Tensor::of<uint8_t>({3, 3}, {1, 1, 0, 0, 1, 0, 0, 0, 1});
    model.tensors["bias_1"] = Tensor::of<float>({3}, {0, 0, 0});
    model.tensors["weight_2"] = Tensor::of<float>({3, 2}, {1, 0, -2, 4, 0, 0});
    model.tensors["mask_2"] = Tensor::of<uint8_t>({3, 2}, {1, 0, 1, 1, 0, 0});
    model.tensors["bias_2"] = Tensor::of<float>({2}, {0, 0});
    const Map said = test_session().call("analyze.pruned_paths", {{"model", model}});
    BOOST_TEST(tensor_of(said, "paths").same_as(Tensor::of<double>({3, 2}, {2, 1, 1, 1, 0, 0})));
    BOOST_TEST(
        tensor_of(said, "strength").same_as(Tensor::of<double>({3, 2}, {8, 12, 2, 4, 0, 0})));
    BOOST_TEST(tensor_of(said, "connections").same_as(Tensor::vector<int64_t>({2, 1, 0})));
    BOOST_TEST(std::abs(tensor_of(said, "importance").number(0) - 20.0 / 26) < 1e-12);
    BOOST_TEST(std::abs(tensor_of(said, "symmetry").number(1) + 3 / std::sqrt(13.0)) < 1e-12);
    BOOST_TEST(said.at("dead_ends").as<int64_t>() == 1);
    const Graph& network = said.at("network").as<Graph>();
    BOOST_TEST(network.nodes() == 6); // 1, 2, a, b, A, B
    BOOST_TEST(network.entries() == 6);
}

BOOST_AUTO_TEST_SUITE_END()
