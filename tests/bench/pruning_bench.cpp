// SPDX-License-Identifier: MIT
// One thread of learn.mlp, prune.gumbel and predict.mlp on 784-300-100-10: lines "case,per_second"
// of processor time. pruning_torch.py runs the same cases in PyTorch.
#include "gate_training.hpp"
#include "plugins/serial_host.hpp"

#include <espalier/numerics/sparse_perceptron.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <functional>
#include <string>
#include <vector>

using namespace espalier;
using namespace espalier::numerics;
using namespace espalier::pruning;

namespace {

constexpr Index rows = 4096, features = 784;
constexpr Index just_read = 64; // samples that inference is asked about one by one

struct Case {
    std::string name;
    std::function<void()> step;
    int together = 4; // steps between two looks at the clock
};

// Medians of nine rounds of a fifth of a second each; rounds of cases that are compared alternate,
// so that a busy moment of the machine meets all of them.
void measure(const std::vector<Case>& cases) {
    constexpr std::size_t rounds = 9;
    std::vector<std::array<double, rounds>> rates(cases.size());
    for (const Case& c : cases) c.step(), c.step();
    for (std::size_t round = 0; round < rounds; ++round)
        for (std::size_t i = 0; i < cases.size(); ++i) {
            const std::clock_t start = std::clock(); // of this process: others cost nothing
            double passed = 0;
            long calls = 0;
            while (passed < 0.2) {
                for (int k = 0; k < cases[i].together; ++k) cases[i].step();
                calls += cases[i].together;
                passed = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
            }
            rates[i][round] = static_cast<double>(calls) / passed;
        }
    for (std::size_t i = 0; i < cases.size(); ++i) {
        std::sort(rates[i].begin(), rates[i].end());
        std::printf("%s,%.4g\n", cases[i].name.c_str(), rates[i][rounds / 2]);
    }
    std::fflush(stdout);
}

// Strokes rather than noise: four fifths of the inputs are 0, as in MNIST.
std::vector<float> images() {
    std::vector<float> x(rows * features);
    fill_uniform(std::span<float>(x), {{1, 2}});
    for (float& value : x) value = value < 0.8f ? 0.0f : value;
    return x;
}

void inference(const Problem& problem) {
    Perceptron small = problem.model;
    std::vector<std::vector<float>> scores;
    uint32_t layer = 0;
    for (const PerceptronLayer& l : small.layers) {
        scores.emplace_back(l.weights.size());
        fill_uniform(std::span<float>(scores.back()), {{7, 8}, layer++});
    }
    // As many connections a layer as a network of 399 that prune.gumbel has found.
    const Index wanted[] = {304, 62, 33};
    for (std::size_t k = 0; k < 3; ++k)
        for (float& score : scores[k])
            score *= static_cast<float>(wanted[k]) / static_cast<float>(scores[k].size()) * 100;
    keep_highest(small, scores, 399);
    remove_dead_ends(small);
    const PerceptronNetwork network(problem.model);
    const SparsePerceptron sparse(small);
    Tape<float> tape;
    tape.record(false);
    Index at = 0;
    float outputs[10], sum = 0;
    const auto dense = [&](Index samples) {
        tape.clear();
        at = (at + samples) % just_read;
        sum += network(tape.constant(problem.samples.inputs.slice_rows(at, at + samples)))
                   .value()(0, 0);
    };
    measure({{"infer_dense_1", [&] { dense(1); }, 100},
             {"infer_sparse_1",
              [&] {
                  at = (at + 1) % just_read;
                  sparse.apply(problem.samples.inputs.slice_rows(at, at + 1), outputs);
                  sum += outputs[0];
              },
              1000}});
    measure({{"infer_dense_1000", [&] { dense(1000); }, 1}});
    if (sum == 0.25f) std::puts("never"); // the results are used
}

} // namespace

int main() {
    const std::vector<float> x = images();
    const Task task(&serial_host(), nullptr);
    Problem problem;
    problem.samples.inputs = {x.data(), rows, features};
    for (Index r = 0; r < rows; ++r)
        problem.samples.labels.push_back(static_cast<int32_t>(r * 7 % 10));
    const Index sizes[] = {features, 300, 100, 10};
    problem.model = new_perceptron(sizes, {3, 4});
    for (const Index batch : {64, 256}) {
        PerceptronNetwork network(problem.model);
        Batches batches(problem.samples, batch, {5, 6}, 1);
        Fitting fitting(task, network, problem.model, batches, {});
        GateRecipe recipe;
        recipe.batch = batch;
        GateTraining training(task, problem, recipe);
        Index k = 0;
        const auto next = [&] { return k++ % batches.per_epoch(); };
        measure({{"train_dense_" + std::to_string(batch),
                  [&] { batches.load(next()), fitting.step(); }},
                 {"train_gated_" + std::to_string(batch),
                  [&] { training.load(next()), training.step(); }}});
    }
    inference(problem);
}
