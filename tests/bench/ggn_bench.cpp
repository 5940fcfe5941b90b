// SPDX-License-Identifier: MIT
// One thread of learn.ggn: steps per second of processor time and bytes allocated for each step of
// learner and generator, as lines "case,steps_per_second,bytes_per_step". An argument chooses the
// cases that begin with it. ggn_torch.py runs the same cases in PyTorch.
#include "class_training.hpp"
#include "edge_training.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <new>
#include <string>

namespace {
long allocated = 0;
} // namespace

void* operator new(std::size_t size) {
    allocated += static_cast<long>(size);
    if (void* p = std::malloc(size ? size : 1)) return p;
    throw std::bad_alloc();
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }

using namespace espalier;
using namespace espalier::reconstruction;

namespace {

constexpr Index batch = 128, pairs = 1000;

// The median rate of five rounds, and the bytes of all of them.
template <class Step> void measure(const std::string& name, double steps_a_call, Step&& step) {
    uint32_t number = 0;
    step(number++);
    step(number++);
    const long before = allocated;
    double rates[5];
    long calls = 0;
    for (double& rate : rates) {
        const std::clock_t start = std::clock(); // of this process: other programs cost nothing
        double passed = 0;
        int count = 0;
        while (passed < 0.3) {
            step(number++);
            ++count;
            passed = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
        }
        rate = steps_a_call * count / passed;
        calls += count;
    }
    const long bytes = allocated - before;
    std::sort(std::begin(rates), std::end(rates));
    std::printf("%s,%.4g,%.4g\n", name.c_str(), rates[2],
                static_cast<double>(bytes) / (steps_a_call * static_cast<double>(calls)));
    std::fflush(stdout);
}

std::vector<Index> picks_of(Index count) {
    std::vector<Index> picks;
    for (Index k = 0; k < count; ++k) picks.push_back(k * 7 % pairs);
    return picks;
}

// A belief with this expected number of senders.
NetworkBelief<float> belief_with(Index nodes, double senders) {
    const double p = senders / static_cast<double>(nodes - 1);
    NetworkBelief<float> belief(nodes, false, std::log(p / (1 - p)), Key{1, 1});
    belief.prepare_samples();
    return belief;
}

template <class Training, class Search>
void measure_both(const std::string& name, const Shape& shape, const Transitions<float>& data,
                  Training&& train, Search& search) {
    const Serial serial;
    const auto picks = picks_of(batch);
    MessageNetwork<float> net(shape, Key{2, 2});
    const double half = static_cast<double>(shape.nodes - 1) / 2;
    const auto unknown = belief_with(shape.nodes, half), sparse = belief_with(shape.nodes, 4);
    measure(name + " learner half of all edges", 1,
            [&](uint32_t k) { train(net, unknown, picks, k); });
    measure(name + " learner degree 4", 1, [&](uint32_t k) { train(net, sparse, picks, k); });
    auto belief = belief_with(shape.nodes, half);
    for (const Index samples : {1, 4})
        measure(
            name + (samples == 1 ? " generator" : " generator 4 samples a batch"),
            static_cast<double>(samples), [&](uint32_t k) {
                search.search(serial, net, data, belief, picks, Ascent{}, samples, Key{3, 3}, k);
            });
}

void on_numbers(Index nodes) {
    Transitions<float> data{pairs, nodes, {}, {}, {}, {}};
    Random random({4, 4}, 0);
    for (Index k = 0; k < pairs * nodes; ++k) {
        data.before.push_back(static_cast<float>(random.normal()));
        data.after.push_back(static_cast<float>(random.normal()));
    }
    EdgeTraining<float> training;
    EdgeSearch<float> search;
    const Shape shape{nodes, 1, 1, 128, 0};
    measure_both(
        "lattice " + std::to_string(nodes), shape, data,
        [&](auto& net, const auto& belief, const auto& picks, uint32_t k) {
            training.learn(Serial(), net, data, belief, picks, Key{5, 5}, k, 1e-4);
        },
        search);
}

void on_classes(Index nodes) {
    Transitions<float> data{pairs, nodes, {}, {}, {}, {}};
    Random random({6, 6}, 0);
    for (Index k = 0; k < pairs * nodes; ++k) {
        data.state.push_back(static_cast<uint8_t>(random.below(2)));
        data.next.push_back(static_cast<uint8_t>(random.below(2)));
    }
    ClassTraining<float> training;
    ClassSearch<float> search;
    const Shape shape{nodes, 2, 2, 256, 2};
    measure_both(
        "boolean " + std::to_string(nodes), shape, data,
        [&](auto& net, const auto& belief, const auto& picks, uint32_t k) {
            training.learn(Serial(), net, data, &belief, nullptr, picks, Key{7, 7}, k, 1e-4);
        },
        search);
}

} // namespace

int main(int count, char** words) {
    const std::string wanted = count > 1 ? words[1] : "";
    for (const Index nodes : {10, 30}) {
        if (("lattice " + std::to_string(nodes)).starts_with(wanted)) on_numbers(nodes);
        if (("boolean " + std::to_string(nodes)).starts_with(wanted)) on_classes(nodes);
    }
}
