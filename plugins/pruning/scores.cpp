// SPDX-License-Identifier: MIT
// Magnitudes, ranks and random scores; pruning by them.
#include "scores.hpp"

#include <cmath>
#include <limits>
#include <numeric>

namespace espalier::pruning {

namespace {

constexpr float never = -std::numeric_limits<float>::infinity();

template <class Score> Scores scored(const Perceptron& model, Score score) {
    Scores all;
    for (std::size_t k = 0; k < model.layers.size(); ++k) {
        const PerceptronLayer& layer = model.layers[k];
        all.emplace_back();
        for (std::size_t i = 0; i < layer.weights.size(); ++i)
            all.back().push_back(layer.mask.empty() || layer.mask[i] ? score(k, i) : never);
    }
    return all;
}

} // namespace

Scores magnitudes(const Perceptron& model) {
    return scored(
        model, [&](std::size_t k, std::size_t i) { return std::abs(model.layers[k].weights[i]); });
}

Scores random_scores(const Perceptron& model, const Key& key) {
    uint32_t layer = 0;
    std::vector<Random> streams;
    for (std::size_t k = 0; k < model.layers.size(); ++k) streams.emplace_back(key, layer++);
    return scored(model, [&](std::size_t k, std::size_t) {
        return static_cast<float>(streams[k].uniform_positive());
    });
}

Scores shares_of_layers(Scores scores) {
    for (auto& layer : scores) {
        std::vector<std::size_t> order(layer.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::stable_sort(order.begin(), order.end(),
                         [&](std::size_t a, std::size_t b) { return layer[a] > layer[b]; });
        const auto total = static_cast<float>(layer.size());
        for (std::size_t rank = 0; rank < order.size(); ++rank)
            if (float& score = layer[order[rank]]; score > never)
                score = 1 - static_cast<float>(rank) / total;
    }
    return scores;
}

void OneShot::prune(const Task& task, Problem& problem, Scores scores) const {
    Perceptron& model = problem.model;
    if (scope == "layer") scores = shares_of_layers(std::move(scores));
    keep_highest(model, scores, count_of(density, model.weights()));
    apply(task, model, problem.samples, 0, 0);
    report(task, problem, model);
}

} // namespace espalier::pruning
