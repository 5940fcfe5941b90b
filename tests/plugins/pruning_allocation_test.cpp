// SPDX-License-Identifier: MIT
// A step of learning and a step with gates allocate nothing after the first.
#include "gate_training.hpp"
#include "plugins/serial_host.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {
std::atomic<long> allocations = 0;

void* counted(std::size_t size, std::size_t boundary) {
    ++allocations;
    const std::size_t room = (size + boundary - 1) / boundary * boundary;
    if (void* p = std::aligned_alloc(boundary, room ? room : boundary)) return p;
    throw std::bad_alloc();
}
} // namespace

// GCC does not see that both sides are replaced.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
void* operator new(std::size_t size) { return counted(size, alignof(std::max_align_t)); }
void* operator new(std::size_t size, std::align_val_t boundary) {
    return counted(size, static_cast<std::size_t>(boundary));
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }

using namespace espalier;
using namespace espalier::numerics;
using namespace espalier::pruning;

namespace {

constexpr Index rows = 300, features = 50;

struct Small {
    std::vector<float> inputs = std::vector<float>(rows * features);
    Problem problem;
    Task task{&serial_host(), nullptr};

    Small() {
        fill_normal(std::span<float>(inputs), {{1, 2}});
        problem.samples.inputs = {inputs.data(), rows, features};
        problem.samples.labels.assign(rows, 1);
        const Index sizes[] = {features, 40, 3};
        problem.model = new_perceptron(sizes, {3, 4});
    }
};

template <class Step> long allocations_after_the_first(Step&& step) {
    step();
    step();
    const long before = allocations;
    for (int k = 0; k < 20; ++k) step();
    return allocations - before;
}

} // namespace

BOOST_AUTO_TEST_SUITE(pruning_allocation)

BOOST_AUTO_TEST_CASE(steps_of_learning_reuse_their_memory) {
    for (const bool adam : {true, false}) {
        Small small;
        PerceptronNetwork network(small.problem.model);
        Batches batches(small.problem.samples, 200, {5, 6}, 1);
        FitSettings settings;
        settings.adam = adam;
        Fitting fitting(small.task, network, small.problem.model, batches, settings);
        Index k = 0;
        BOOST_TEST(allocations > 0);
        BOOST_TEST(allocations_after_the_first([&] {
                       batches.load(k++ % batches.per_epoch());
                       fitting.step();
                   }) == 0);
    }
}

BOOST_AUTO_TEST_CASE(steps_with_gates_reuse_their_memory) {
    for (const Gated gated : {Gated::weights, Gated::units}) {
        Small small;
        GateRecipe recipe;
        recipe.batch = 200, recipe.gated = gated;
        GateTraining training(small.task, small.problem, recipe);
        Index k = 0;
        BOOST_TEST(allocations_after_the_first([&] {
                       training.load(k++ % 2);
                       training.step();
                   }) == 0);
    }
}

BOOST_AUTO_TEST_SUITE_END()
