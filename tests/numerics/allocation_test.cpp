// SPDX-License-Identifier: MIT
// After the first step of a training no memory is allocated, by operator new or by malloc.
#include "espalier/numerics/numerics.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cstddef>
#include <vector>

using namespace espalier::numerics;

namespace {

std::atomic<long> allocations = 0;
thread_local bool counting = false;

[[maybe_unused]] void count() noexcept {
    if (counting) allocations.fetch_add(1, std::memory_order_relaxed);
}

} // namespace

// The C library's own stay behind these; operator new comes here too. Sanitizers bring theirs.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#pragma GCC visibility push(default)
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);

void* malloc(std::size_t bytes) {
    count();
    return __libc_malloc(bytes);
}
void* calloc(std::size_t n, std::size_t bytes) {
    count();
    return __libc_calloc(n, bytes);
}
void* realloc(void* p, std::size_t bytes) {
    count();
    return __libc_realloc(p, bytes);
}
void* aligned_alloc(std::size_t boundary, std::size_t bytes) {
    count();
    return __libc_memalign(boundary, bytes);
}
int posix_memalign(void** p, std::size_t boundary, std::size_t bytes) {
    count();
    *p = __libc_memalign(boundary, bytes);
    return *p ? 0 : 12;
}
}
#pragma GCC visibility pop
#define ESPALIER_COUNTS_ALLOCATIONS
#endif

namespace {

// Allocations during `body`.
template <class Body> long allocations_in(Body&& body) {
    allocations = 0;
    counting = true;
    body();
    counting = false;
    return allocations;
}

template <class Real> struct Training {
    static constexpr Index rows = 200, nodes = 20;
    Training() {
        fill_normal(std::span<Real>(x), {{1, 1}});
        for (Index i = 0; i < rows; ++i)
            indices[static_cast<std::size_t>(i)] = static_cast<std::int32_t>(i % nodes);
        for (Index s = 0; s <= nodes; ++s) offsets[static_cast<std::size_t>(s)] = s * rows / nodes;
    }
    void operator()() {
        tape.clear();
        const auto in = tape.constant({x.data(), rows, 100});
        const auto hidden = model(in);
        const auto edges =
            gumbel_softmax(slice_columns(hidden, 0, 4), 0.5, {{2, 2}, step++}, Sample::hard);
        const auto sums = segment_sum(concatenate_columns(edges, hidden), offsets);
        const auto spread = gather_rows(tanh(sums), indices);
        const auto scattered = scatter_add_rows(spread, indices, nodes);
        const auto mixed = sparse_product(CompressedRows{offsets, indices, nodes}, scattered);
        const auto loss = mean(square(mixed)) + cross_entropy(hidden, indices) +
                          mean(log_softmax(hidden) * softmax(hidden));
        tape.backward(loss);
        clip_gradient_norm(parameters, 1.0);
        adam.step();
    }

    std::vector<Real> x = std::vector<Real>(rows * 100);
    std::vector<std::int32_t> indices = std::vector<std::int32_t>(rows);
    std::vector<std::int64_t> offsets = std::vector<std::int64_t>(nodes + 1);
    Parameters<Real> parameters;
    MultilayerPerceptron<Real> model{parameters, "m", {100, 130, 20}, {1, 2}};
    Adam<Real> adam{parameters};
    Tape<Real> tape;
    std::uint32_t step = 0;
};

template <class Real> void check_step() {
    Training<Real> training;
    BOOST_TEST(allocations_in(training) > 0); // the counter counts
    BOOST_TEST(allocations_in([&] {
                   for (int t = 0; t < 10; ++t) training();
               }) == 0);
}

} // namespace

BOOST_AUTO_TEST_SUITE(allocation)

#ifdef ESPALIER_COUNTS_ALLOCATIONS
BOOST_AUTO_TEST_CASE(a_training_step_allocates_nothing_after_the_first) {
    check_step<float>();
    check_step<double>();
}

BOOST_AUTO_TEST_CASE(nor_does_a_step_in_chunks) {
    constexpr Index rows = 500;
    std::vector<float> x(rows * 60);
    fill_normal(std::span<float>(x), {{1, 1}});
    const MatrixView<const float> samples(x.data(), rows, 60);
    Parameters<float> parameters;
    const MultilayerPerceptron<float> model(parameters, "m", {60, 90, 4}, {1, 2});
    GradientDescent<float> descent(parameters, {.momentum = 0.9});
    DataParallel<float> batch({&parameters}, 128);
    const auto step = [&] {
        batch.step(serial_loop, rows, [&](Tape<float>& tape, Index begin, Index end) {
            return mean(square(model(tape.constant(samples.slice_rows(begin, end)))));
        });
        descent.step(serial_loop);
    };
    BOOST_TEST(allocations_in(step) > 0);
    BOOST_TEST(allocations_in([&] {
                   for (int t = 0; t < 10; ++t) step();
               }) == 0);
}
#endif

BOOST_AUTO_TEST_CASE(the_arena_keeps_its_size_when_steps_repeat) {
    Training<float> training;
    training();
    const std::size_t held = training.tape.arena().capacity();
    for (int t = 0; t < 10; ++t) training();
    BOOST_TEST(training.tape.arena().capacity() == held);
}

BOOST_AUTO_TEST_SUITE_END()
