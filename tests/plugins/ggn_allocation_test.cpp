// SPDX-License-Identifier: MIT
// A training step of learn.ggn allocates nothing after the first.
#include "class_training.hpp"
#include "edge_training.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {
std::atomic<long> allocations = 0;
} // namespace

// GCC does not see that both sides are replaced.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
void* operator new(std::size_t size) {
    ++allocations;
    if (void* p = std::malloc(size ? size : 1)) return p;
    throw std::bad_alloc();
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }

using namespace espalier;
using namespace espalier::reconstruction;

namespace {

constexpr Index nodes = 10, pairs = 200;

template <class Step> long allocations_after_the_first(Step&& step) {
    step(0u);
    const long before = allocations;
    for (uint32_t k = 1; k < 20; ++k) step(k);
    return allocations - before;
}

std::vector<Index> every(Index count) {
    std::vector<Index> picks;
    for (Index k = 0; k < count; ++k) picks.push_back(k);
    return picks;
}

} // namespace

BOOST_AUTO_TEST_SUITE(ggn_allocation)

BOOST_AUTO_TEST_CASE(steps_on_numbers_reuse_their_memory) {
    Transitions<float> data{pairs,
                            nodes,
                            std::vector<float>(pairs * nodes, 0.3f),
                            std::vector<float>(pairs * nodes, 0.1f),
                            {},
                            {}};
    MessageNetwork<float> net({nodes, 1, 1, 32, 0}, Key{1, 1});
    NetworkBelief<float> belief(nodes, false, 0, Key{2, 2});
    belief.prepare_samples();
    EdgeTraining<float> training;
    EdgeSearch<float> search;
    const auto picks = every(128);
    const Serial serial;
    BOOST_TEST(allocations_after_the_first([&](uint32_t k) {
                   training.learn(serial, net, data, belief, picks, Key{3, 3}, k, 1e-3);
                   search.search(serial, net, data, belief, picks, Ascent{}, 2, Key{4, 4}, k);
               }) == 0);
}

BOOST_AUTO_TEST_CASE(steps_on_classes_reuse_their_memory) {
    Transitions<float> data{pairs, nodes, {}, {}, {}, {}};
    Random random({5, 5}, 0);
    for (Index k = 0; k < pairs * nodes; ++k) {
        data.state.push_back(static_cast<uint8_t>(random.below(2)));
        data.next.push_back(static_cast<uint8_t>(random.below(2)));
    }
    MessageNetwork<float> net({nodes, 2, 2, 32, 2}, Key{1, 1});
    NetworkBelief<float> belief(nodes, true, 0, Key{2, 2});
    belief.prepare_samples();
    ClassTraining<float> training;
    ClassSearch<float> search;
    const auto picks = every(128);
    const Serial serial;
    BOOST_TEST(allocations_after_the_first([&](uint32_t k) {
                   training.learn(serial, net, data, &belief, nullptr, picks, Key{3, 3}, k, 1e-3);
                   search.search(serial, net, data, belief, picks, Ascent{}, 2, Key{4, 4}, k);
               }) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
