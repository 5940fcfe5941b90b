// SPDX-License-Identifier: MIT
// Every pruner keeps its promise: so many connections on paths, the same bits at any number of
// threads, and clear messages.
#include "plugins/supervised.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace espalier;

namespace {

Map call(const char* component, const Map& arguments) {
    return test_session().call(component, arguments);
}

const Map& dense() {
    static const Map found = call(
        "learn.mlp",
        with(quadrants(1, 1000),
             {{"hidden", List{Value(30), Value(10)}}, {"epochs", 20}, {"learning_rate", 0.01}}));
    return found;
}

// What a pruner is given, small and quick.
Map task_of(const std::string& pruner, double density) {
    Map arguments = with(quadrants(1, 1000),
                         {{"model", dense().at("model")}, {"fine_tune_epochs", 5}, {"batch", 100}});
    if (pruner != "prune.game") arguments["density"] = density;
    if (pruner == "prune.gumbel" || pruner == "prune.game") arguments["epochs"] = 10;
    if (pruner == "prune.game") arguments["participation_cost"] = 20, arguments["weight_cost"] = 0;
    if (pruner == "prune.iterative_magnitude")
        arguments["initial"] = dense().at("initial"), arguments["round_epochs"] = 1;
    return arguments;
}

const std::vector<std::string> by_density{"prune.gumbel", "prune.magnitude", "prune.random",
                                          "prune.iterative_magnitude"};

int64_t ones(const Tensor& mask) {
    int64_t sum = 0;
    for (int64_t i = 0; i < mask.size(); ++i) sum += mask.number(i) != 0;
    return sum;
}

} // namespace

BOOST_AUTO_TEST_SUITE(pruning)

BOOST_AUTO_TEST_CASE(density_counts_connections_on_paths) {
    constexpr int64_t weights = 20 * 30 + 30 * 10 + 10 * 4;
    for (const std::string& pruner : by_density)
        for (const double density : {0.5, 0.05, 0.02}) {
            const Map found = call(pruner.c_str(), task_of(pruner, density));
            const auto kept = found.at("kept").as<int64_t>();
            BOOST_TEST_CONTEXT(pruner << " at " << density << ": " << kept) {
                const auto wanted = static_cast<int64_t>(density * weights);
                BOOST_TEST(kept <= wanted);
                // The next connection may bring a whole path to life.
                BOOST_TEST(kept >= wanted - 12);
                BOOST_TEST(real_of(found, "density") == static_cast<double>(kept) / weights);
                const auto& parts = model_of(found).tensors;
                BOOST_TEST(ones(parts.at("mask_1")) + ones(parts.at("mask_2")) +
                               ones(parts.at("mask_3")) ==
                           kept);
                const Map said = call("analyze.pruned_paths", {{"model", found.at("model")}});
                BOOST_TEST(said.at("dead_ends").as<int64_t>() == 0);
                BOOST_TEST(said.at("network").as<Graph>().entries() == kept);
            }
        }
}

BOOST_AUTO_TEST_CASE(the_bits_are_the_same_at_any_number_of_threads) {
    for (const std::string pruner :
         {"prune.gumbel", "prune.magnitude", "prune.iterative_magnitude", "prune.game"}) {
        Map arguments = task_of(pruner, 0.1);
        arguments["batch"] = 300;
        const Digest one = digest_at(1, pruner, arguments);
        BOOST_TEST((one == digest_at(2, pruner, arguments)), pruner);
        BOOST_TEST((one == digest_at(8, pruner, arguments)), pruner);
    }
}

BOOST_AUTO_TEST_CASE(gates_find_what_magnitudes_and_chance_do_not) {
    // Only two of twenty inputs matter; 1.5 % are 14 connections.
    const double random = real_of(call("prune.random", task_of("prune.random", 0.03)), "accuracy");
    Map gated = task_of("prune.gumbel", 0.03);
    gated["epochs"] = 80, gated["fine_tune_epochs"] = 40, gated["learning_rate"] = 0.01;
    const Map found = call("prune.gumbel", gated);
    BOOST_TEST(real_of(found, "accuracy") > 0.95);
    BOOST_TEST(real_of(found, "accuracy") > random);
    const Map said = call("analyze.pruned_paths", {{"model", found.at("model")}});
    const Tensor& importance = tensor_of(said, "importance");
    BOOST_TEST(importance.number(0) + importance.number(1) > 0.9);
}

BOOST_AUTO_TEST_CASE(magnitude_keeps_the_largest) {
    Model model{"script",
                "0",
                {},
                {{"kind", "mlp"},
                 {"activation", "none"},
                 {"loss", "squared"},
                 {"input_scale", 1},
                 {"layers", 1}}};
    model.tensors["weight_1"] = Tensor::of<double>({3, 2}, {0.1, -5, 3, 0.2, -0.3, 4});
    model.tensors["bias_1"] = Tensor::vector<double>({0, 0});
    const Tensor x = uniform_inputs(50, 3, 2);
    const Map found = call("prune.magnitude", {{"model", model},
                                               {"inputs", x},
                                               {"targets", uniform_inputs(50, 2, 3)},
                                               {"density", 0.5},
                                               {"fine_tune_epochs", 0}});
    BOOST_TEST(model_of(found).tensors.at("mask_1").same_as(
        Tensor::of<uint8_t>({3, 2}, {0, 1, 1, 0, 0, 1})));
    BOOST_TEST(model_of(found)
                   .tensors.at("weight_1")
                   .same_as(Tensor::of<float>({3, 2}, {0, -5, 3, 0, 0, 4})));
}

BOOST_AUTO_TEST_CASE(a_ticket_has_the_first_values) {
    const Map found = call("prune.iterative_magnitude", task_of("prune.iterative_magnitude", 0.2));
    const auto &ticket = model_of(found, "ticket").tensors,
               &first = model_of(dense(), "initial").tensors;
    for (const char* name : {"1", "2", "3"}) {
        const Tensor& mask = ticket.at("mask_" + std::string(name));
        const Tensor& weights = ticket.at("weight_" + std::string(name));
        for (int64_t i = 0; i < mask.size(); ++i)
            BOOST_REQUIRE(
                weights.number(i) ==
                (mask.number(i) != 0 ? first.at("weight_" + std::string(name)).number(i) : 0));
    }
    const Tensor densities = column_of(found, "rounds", "density");
    BOOST_TEST(densities.size() == 8); // 0.8^7 > 0.2 > 0.8^8
    for (int64_t i = 1; i < densities.size(); ++i)
        BOOST_TEST(densities.number(i) > 0.79 * densities.number(i - 1));
}

BOOST_AUTO_TEST_CASE(rounds_learn_whether_or_not_fine_tuning_follows) {
    Map arguments = task_of("prune.iterative_magnitude", 0.3);
    arguments["round_epochs"] = 20, arguments["learning_rate"] = 0.01;
    const auto as_the_last_begins = [&](int64_t fine_tune_epochs) {
        arguments["fine_tune_epochs"] = fine_tune_epochs;
        const Map found = call("prune.iterative_magnitude", arguments);
        const Tensor accuracies = column_of(found, "rounds", "accuracy");
        return accuracies.number(accuracies.size() - 1);
    };
    const double accuracy = as_the_last_begins(0);
    BOOST_TEST(accuracy > 0.9); // it began at the first values: a quarter
    BOOST_TEST(as_the_last_begins(3) == accuracy);
}

BOOST_AUTO_TEST_CASE(who_pays_only_leaves_and_who_pays_nothing_stays) {
    Map game = task_of("prune.game", 0);
    game["benefit"] = 0, game["epochs"] = 5, game["gate_rate"] = 1e-3;
    game["participation_cost"] = 0, game["fine_tune_epochs"] = 0;
    const Map free = call("prune.game", game);
    BOOST_TEST(free.at("neurons_kept").as<int64_t>() == 40);
    // Five epochs of ten steps: s = 1 - 50 * 1e-3 * cost.
    game["participation_cost"] = 10;
    const Tensor left = column_of(call("prune.game", game), "participation", "participation");
    for (int64_t i = 0; i < left.size(); ++i) BOOST_TEST(std::abs(left.number(i) - 0.5) < 1e-5);
    game["participation_cost"] = 19.9;
    const Map gone = call("prune.game", game);
    BOOST_TEST(gone.at("neurons_kept").as<int64_t>() == 0);
    BOOST_TEST(gone.at("kept").as<int64_t>() == 0);
}

BOOST_AUTO_TEST_CASE(mistakes_are_named) {
    Map gumbel = task_of("prune.gumbel", 0);
    BOOST_TEST(refusal_of("prune.gumbel", gumbel) ==
               "prune.gumbel: parameter 'density': must be above 0 with constraint = budget");
    Map lottery = task_of("prune.iterative_magnitude", 0.1);
    lottery.erase("initial");
    BOOST_TEST(refusal_of("prune.iterative_magnitude", lottery).find("is needed to rewind") !=
               std::string::npos);
    Map narrow = task_of("prune.magnitude", 0.1);
    narrow["inputs"] = uniform_inputs(1000, 19, 1);
    BOOST_TEST(refusal_of("prune.magnitude", narrow).find("has 19 features, the model 20 inputs") !=
               std::string::npos);
    Map untested = task_of("prune.magnitude", 0.1);
    untested["test_inputs"] = uniform_inputs(10, 20, 1);
    BOOST_TEST(refusal_of("prune.magnitude", untested).find("is needed beside 'test_inputs'") !=
               std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
