// SPDX-License-Identifier: MIT
// learn.mlp and predict.mlp: known functions are found, the same bits at any number of threads, and
// what a user gets wrong is said.
#include "plugins/supervised.hpp"

#include <boost/test/unit_test.hpp>

using namespace espalier;

namespace {

Map learn(const Map& arguments) { return test_session().call("learn.mlp", arguments); }

} // namespace

BOOST_AUTO_TEST_SUITE(learning)

BOOST_AUTO_TEST_CASE(a_linear_law_is_found_to_its_coefficients) {
    const Tensor x = uniform_inputs(400, 3, 1);
    const Tensor y = targets_of(
        x, 1, [](auto row, int64_t) { return 2 * row[0] - 0.5f * row[1] + 0.25f * row[2] + 1; });
    for (const char* optimiser : {"adam", "sgd"}) {
        const Map found = learn({{"inputs", x},
                                 {"targets", y},
                                 {"hidden", List{Value(1)}},
                                 {"activation", "none"},
                                 {"loss", "squared"},
                                 {"epochs", 200},
                                 {"batch", 50},
                                 {"learning_rate", 0.02},
                                 {"optimiser", optimiser}});
        const auto& parts = model_of(found).tensors;
        const Tensor &w1 = parts.at("weight_1"), &w2 = parts.at("weight_2");
        const double out = w2.number(0);
        BOOST_TEST(std::abs(w1.number(0) * out - 2) < 1e-3);
        BOOST_TEST(std::abs(w1.number(1) * out + 0.5) < 1e-3);
        BOOST_TEST(std::abs(w1.number(2) * out - 0.25) < 1e-3);
        BOOST_TEST(std::abs(parts.at("bias_1").number(0) * out + parts.at("bias_2").number(0) - 1) <
                   1e-3);
        BOOST_TEST(real_of(found, "loss") < 1e-5);
    }
}

BOOST_AUTO_TEST_CASE(classes_that_no_line_separates_are_learned) {
    const Map found = learn(with(quadrants(1, 2000), {{"test_inputs", quadrants(2).at("inputs")},
                                                      {"test_targets", quadrants(2).at("targets")},
                                                      {"hidden", List{Value(32)}},
                                                      {"epochs", 40},
                                                      {"learning_rate", 0.01},
                                                      {"batch", 64}}));
    // A guess is right in a quarter of the cases.
    BOOST_TEST(real_of(found, "accuracy") > 0.9);
    const Tensor losses = column_of(found, "curves", "loss");
    BOOST_TEST(losses.number(39) < 0.2 * losses.number(0));
    const Map said = test_session().call(
        "predict.mlp", {{"model", found.at("model")}, {"inputs", quadrants(2).at("inputs")}});
    int64_t right = 0;
    for (int64_t i = 0; i < 600; ++i)
        right += tensor_of(said, "classes").number(i) ==
                 quadrants(2).at("targets").as<Tensor>().number(i);
    BOOST_TEST(static_cast<double>(right) / 600 == real_of(found, "accuracy"));
}

BOOST_AUTO_TEST_CASE(the_bits_are_the_same_at_any_number_of_threads) {
    const Map arguments = with(
        quadrants(3),
        {{"epochs", 3}, {"batch", 300}, {"held_out", 0.2}, {"hidden", List{Value(40), Value(30)}}});
    const Digest one = digest_at(1, "learn.mlp", arguments);
    BOOST_TEST((one == digest_at(2, "learn.mlp", arguments)));
    BOOST_TEST((one == digest_at(8, "learn.mlp", arguments)));
    BOOST_TEST((one != digest_at(1, "learn.mlp", with(arguments, {{"seed", 5}}))));
}

BOOST_AUTO_TEST_CASE(it_stops_early_and_keeps_the_best_epoch) {
    // Noise cannot be learned: the held-out loss soon rises.
    Map noise = quadrants(4, 200);
    Tensor labels(DType::int32, {200});
    Random random({9, 9}, 0);
    for (int32_t& label : labels.writable_values<int32_t>())
        label = static_cast<int32_t>(random.below(4));
    noise["targets"] = labels;
    const Map found = learn(with(noise, {{"epochs", 300},
                                         {"held_out", 0.3},
                                         {"patience", 5},
                                         {"learning_rate", 0.01},
                                         {"schedule", "constant"}}));
    const Tensor losses = column_of(found, "curves", "held_out_loss");
    const int64_t epochs = losses.size();
    BOOST_TEST(epochs < 100);
    int64_t best = 0;
    for (int64_t e = 0; e < epochs; ++e)
        if (losses.number(e) < losses.number(best)) best = e;
    BOOST_TEST(epochs == best + 1 + 5);
    const Map again = learn(with(noise, {{"epochs", best + 1},
                                         {"held_out", 0.3},
                                         {"learning_rate", 0.01},
                                         {"schedule", "constant"}}));
    BOOST_TEST((digest_of(found.at("model")) == digest_of(again.at("model"))));
}

BOOST_AUTO_TEST_CASE(judging_more_often_changes_the_curves_alone) {
    // 600 samples in batches of 64: 10 steps an epoch.
    const Map whole = learn(with(quadrants(7), {{"epochs", 3}, {"batch", 64}}));
    const Map often = learn(
        with(quadrants(7), {{"epochs", 3}, {"batch", 64}, {"judge_every", 4}, {"held_out", 0.0}}));
    BOOST_TEST((digest_of(whole.at("model")) == digest_of(often.at("model"))));
    const auto steps = [](const Map& found) {
        const Tensor column = column_of(found, "curves", "step");
        std::vector<int64_t> all;
        for (int64_t i = 0; i < column.size(); ++i)
            all.push_back(static_cast<int64_t>(column.number(i)));
        return all;
    };
    BOOST_TEST(steps(whole) == (std::vector<int64_t>{10, 20, 30}),
               boost::test_tools::per_element());
    BOOST_TEST(steps(often) == (std::vector<int64_t>{4, 8, 12, 16, 20, 24, 28, 30}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_pruned_start_stays_pruned) {
    const Map first = learn(with(quadrants(5), {{"epochs", 2}, {"hidden", List{Value(16)}}}));
    Map small = test_session().call(
        "prune.magnitude",
        with(quadrants(5),
             {{"model", first.at("model")}, {"density", 0.3}, {"fine_tune_epochs", 0}}));
    for (const bool fresh : {false, true}) {
        const Map further = learn(with(
            quadrants(5), {{"start", small.at("model")}, {"epochs", 3}, {"fresh_values", fresh}}));
        const auto &before = model_of(small).tensors, &after = model_of(further).tensors;
        const Tensor &mask = before.at("mask_1"), &weights = after.at("weight_1");
        BOOST_TEST(after.at("mask_1").same_as(mask));
        int64_t moved = 0;
        for (int64_t i = 0; i < mask.size(); ++i) {
            if (mask.number(i) == 0) BOOST_REQUIRE(weights.number(i) == 0);
            moved += weights.number(i) != before.at("weight_1").number(i);
        }
        BOOST_TEST(moved == [&] {
            int64_t kept = 0;
            for (int64_t i = 0; i < mask.size(); ++i) kept += mask.number(i) != 0;
            return kept;
        }());
    }
}

BOOST_AUTO_TEST_CASE(compressed_rows_say_what_the_dense_network_says) {
    const Map first = learn(with(quadrants(6), {{"epochs", 3}, {"input_scale", 0.5}}));
    const Map small = test_session().call(
        "prune.magnitude", with(quadrants(6), {{"model", first.at("model")}, {"density", 0.02}}));
    const auto outputs = [&](const char* method) {
        return tensor_of(test_session().call("predict.mlp", {{"model", small.at("model")},
                                                             {"inputs", quadrants(6).at("inputs")},
                                                             {"method", method}}),
                         "outputs");
    };
    const Tensor dense = outputs("dense"), sparse = outputs("sparse");
    for (int64_t i = 0; i < dense.size(); ++i)
        BOOST_REQUIRE(std::abs(dense.number(i) - sparse.number(i)) <
                      1e-5 * (1 + std::abs(dense.number(i))));
    BOOST_TEST(outputs("auto").same_as(sparse));
}

BOOST_AUTO_TEST_CASE(mistakes_are_named) {
    const auto refused = [](std::initializer_list<std::pair<const std::string, Value>> more) {
        return refusal_of("learn.mlp", with(quadrants(1), more));
    };
    BOOST_TEST(refused({{"targets", uniform_inputs(600, 1, 1)}}) ==
               "learn.mlp: 'targets': has 2 axes, wanted one: a class a sample (loss = "
               "cross_entropy)");
    BOOST_TEST(refused({{"targets", Tensor(DType::int32, {599})}}).find("599") !=
               std::string::npos);
    BOOST_TEST(refused({{"patience", 3}}).find("needs held_out > 0") != std::string::npos);
    BOOST_TEST(refused({{"fresh_values", true}}).find("needs `start`") != std::string::npos);
    Tensor half(DType::float32, {600});
    half.writable_values<float>()[7] = 0.5f;
    BOOST_TEST(refused({{"targets", half}}).find("at sample 8: classes are whole numbers from 0") !=
               std::string::npos);
    BOOST_TEST(refusal_of("predict.mlp", {{"model", Model{"x", "1", {{"w", Tensor()}}, {}}},
                                          {"inputs", uniform_inputs(2, 2, 1)}})
                   .find("is not a multilayer perceptron") != std::string::npos);
    BOOST_TEST(refused({{"learning_rate", 100}, {"optimiser", "sgd"}, {"epochs", 20}})
                   .find("lower learning_rate") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
