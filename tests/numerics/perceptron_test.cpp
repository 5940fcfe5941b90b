// SPDX-License-Identifier: MIT
// Pruned perceptrons: dead ends leave without changing the function, and what is left, packed or as
// compressed rows, computes the same.
#include "espalier/numerics/numerics.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <vector>

using namespace espalier::numerics;

namespace {

Perceptron pruned(double density, Activation activation, std::uint32_t seed,
                  const std::vector<Index>& sizes = {20, 15, 12, 6}) {
    Perceptron model = new_perceptron(sizes, {seed, 1});
    model.activation = activation, model.input_scale = 0.5;
    std::uint32_t place = 0;
    for (PerceptronLayer& layer : model.layers) {
        espalier::Random random({seed, 2}, place++);
        for (float& weight : layer.weights) {
            layer.mask.push_back(random.chance(density));
            if (!layer.mask.back()) weight = 0;
        }
    }
    return model;
}

std::vector<float> samples(Index rows, Index cols) {
    std::vector<float> x(static_cast<std::size_t>(rows * cols));
    fill_normal(std::span<float>(x), {{9, 9}});
    return x;
}

std::vector<float> outputs_of(const Perceptron& model, std::vector<float> x) {
    for (float& value : x) value *= static_cast<float>(model.input_scale);
    Tape<float> tape;
    tape.record(false);
    const PerceptronNetwork network(model);
    const auto y = network(
        tape.constant({x.data(), static_cast<Index>(x.size()) / model.inputs(), model.inputs()}));
    return {y.value().data, y.value().data + y.size()};
}

void check_close(const std::vector<float>& a, const std::vector<float>& b) {
    BOOST_REQUIRE(a.size() == b.size());
    for (std::size_t i = 0; i < a.size(); ++i)
        if (std::abs(a[i] - b[i]) > 2e-6f * (1 + std::abs(a[i])))
            BOOST_FAIL(a[i] << " and " << b[i] << " at " << i);
}

} // namespace

BOOST_AUTO_TEST_SUITE(perceptrons)

BOOST_AUTO_TEST_CASE(dead_ends_leave_the_function_as_it_was) {
    Index removed = 0;
    for (const Activation activation : {Activation::relu, Activation::tanh, Activation::silu})
        for (const double density : {0.02, 0.05, 0.1, 0.5})
            for (std::uint32_t seed = 1; seed <= 5; ++seed) {
                Perceptron model = pruned(density, activation, seed);
                const auto x = samples(30, model.inputs()), before = outputs_of(model, x);
                const Index kept = model.kept(), dead = remove_dead_ends(model);
                BOOST_TEST(kept - model.kept() == dead);
                check_close(before, outputs_of(model, x));
                BOOST_TEST(remove_dead_ends(model) == 0); // nothing is left to remove
                removed += dead;

                CompactPerceptron small = compact(model);
                BOOST_TEST(small.model.kept() == model.kept());
                std::vector<float> chosen;
                for (Index r = 0; r < 30; ++r)
                    for (const std::int32_t c : small.units.front())
                        chosen.push_back(x[static_cast<std::size_t>(r * model.inputs() + c)]);
                check_close(before, outputs_of(small.model, chosen));

                const SparsePerceptron sparse(model);
                BOOST_TEST(sparse.connections() == model.kept());
                std::vector<float> y(before.size());
                sparse.apply({x.data(), 30, model.inputs()}, y.data());
                check_close(before, y);

                for (auto& layer : small.model.layers)
                    for (float& weight : layer.weights) weight *= 2;
                expand(small, model);
                check_close(outputs_of(small.model, chosen), outputs_of(model, x));
            }
    BOOST_TEST(removed > 100);
}

// More units than the memory that is at hand holds, and units that hear many others.
BOOST_AUTO_TEST_CASE(compressed_rows_of_a_wide_network_compute_the_same) {
    const Perceptron model = pruned(0.3, Activation::relu, 1, {7, 1500, 2});
    const auto x = samples(3, 7);
    std::vector<float> y(6);
    SparsePerceptron(model).apply({x.data(), 3, 7}, y.data());
    check_close(outputs_of(model, x), y);
}

BOOST_AUTO_TEST_CASE(a_chain_with_a_broken_link_is_all_dead) {
    const Index sizes[] = {3, 2, 2, 1};
    Perceptron model = new_perceptron(sizes, {1, 1});
    for (auto& layer : model.layers) layer.mask.assign(layer.weights.size(), 1);
    model.layers[1].mask.assign(4, 0), model.layers[1].weights.assign(4, 0);
    const auto before = outputs_of(model, samples(5, 3));
    BOOST_TEST(remove_dead_ends(model) == 6 + 2);
    BOOST_TEST(model.kept() == 0);
    check_close(before, outputs_of(model, samples(5, 3)));
    std::vector<float> y(5);
    SparsePerceptron(model).apply({samples(5, 3).data(), 5, 3}, y.data());
    check_close(before, y);
}

BOOST_AUTO_TEST_CASE(orders_of_samples_depend_on_key_and_epoch_alone) {
    const auto x = samples(100, 1);
    Samples data{{x.data(), 100, 1}, std::vector<std::int32_t>(100), {}};
    const auto order = [&](std::uint32_t epoch, bool after_others) {
        Batches batches(data, 32, {4, 5}, 1);
        for (std::uint32_t e = 0; after_others && e < epoch; ++e) batches.shuffle(e);
        batches.shuffle(epoch);
        std::vector<float> seen;
        for (Index k = 0; k < batches.per_epoch(); ++k) {
            batches.load(k);
            seen.insert(seen.end(), batches.inputs().data,
                        batches.inputs().data + batches.inputs().rows);
        }
        return seen;
    };
    auto seen = order(3, false);
    BOOST_TEST((seen == order(3, true)));
    BOOST_TEST((seen != order(4, false)));
    auto all = x;
    std::sort(all.begin(), all.end());
    std::sort(seen.begin(), seen.end());
    BOOST_TEST((seen == all)); // each once
}

BOOST_AUTO_TEST_SUITE_END()
