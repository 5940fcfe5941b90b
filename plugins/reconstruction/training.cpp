// SPDX-License-Identifier: MIT
// Schedules of the alternation, its curves and its progress.
#include "training.hpp"

#include <algorithm>
#include <cmath>

namespace espalier::reconstruction {

namespace {

enum Stream : uint64_t { weights = 1, logits, learner_picks, hard_edges, search_picks, soft_edges };

// Expected senders of a receiver at the start, as a logit; at most an even chance.
double first_logit(const Recipe& recipe, Index nodes) {
    const double candidates = static_cast<double>(recipe.self_loops ? nodes : nodes - 1);
    const double p = std::min(0.5, recipe.degree / candidates);
    return std::log(p / (1 - p));
}

double between(double first, double last, double share) {
    return first * std::pow(last / first, share);
}

constexpr Index most_held_out = 512;

} // namespace

Training::Training(const Recipe& recipe, const Shape& shape, const Transitions<float>& data,
                   const Transitions<float>& held_out, const Task& task)
    : recipe_(recipe), shape_(shape), data_(data), held_out_(held_out), task_(task),
      network_(shape, task.key(weights)),
      belief_(shape.nodes, recipe.self_loops, first_logit(recipe, shape.nodes), task.key(logits)),
      picks_(static_cast<std::size_t>(recipe.batch)),
      search_picks_(static_cast<std::size_t>(recipe.generator_batch)) {
    const Index checked = std::min(held_out.pairs, most_held_out);
    for (Index k = 0; k < checked; ++k) held_out_picks_.push_back(k * held_out.pairs / checked);
}

void Training::draw(std::vector<Index>& picks, uint64_t stream, uint32_t step) const {
    Random random(task_.key(stream), step);
    for (Index& pick : picks)
        pick = static_cast<Index>(random.below(static_cast<uint64_t>(data_.pairs)));
}

double Training::step(const Parallel& parallel, const EdgeList* given, double rate) {
    draw(picks_, learner_picks, learner_step_);
    const Key key = task_.key(hard_edges);
    const uint32_t number = learner_step_++;
    if (shape_.classes)
        return class_training_.learn(parallel, network_, data_, &belief_, given, picks_, key,
                                     number, rate);
    if (given) return edge_training_.learn(parallel, network_, data_, *given, picks_, rate);
    return edge_training_.learn(parallel, network_, data_, belief_, picks_, key, number, rate);
}

double Training::learn(const Parallel& parallel, int64_t steps, double rate) {
    belief_.prepare_samples();
    double loss = 0;
    for (int64_t k = 0; k < steps; ++k) {
        loss += step(parallel, nullptr, rate) / static_cast<double>(steps);
        work_done_ += 1;
        if (k % 16 == 0) task_.progress(work_done_ / work_, "learner");
    }
    return loss;
}

double Training::search(const Parallel& parallel, const Ascent& how) {
    double loss = 0;
    for (int64_t k = 0; k < recipe_.generator_batches; ++k) {
        draw(search_picks_, search_picks, search_step_);
        const Key key = task_.key(soft_edges);
        const uint32_t number = search_step_++;
        const double found =
            shape_.classes ? class_search_.search(parallel, network_, data_, belief_, search_picks_,
                                                  how, recipe_.samples, key, number)
                           : edge_search_.search(parallel, network_, data_, belief_, search_picks_,
                                                 how, recipe_.samples, key, number);
        loss += found / static_cast<double>(recipe_.generator_batches);
        task_.check_cancelled();
    }
    return loss;
}

double Training::refine(const Parallel& parallel) {
    const EdgeList edges = belief_.likely();
    const double steps = static_cast<double>(recipe_.refine_steps);
    double loss = 0;
    for (int64_t k = 0; k < recipe_.refine_steps; ++k) {
        const double share = static_cast<double>(k) / steps;
        const double rate =
            between(recipe_.final_learning_rate, recipe_.final_learning_rate / 20, share);
        loss += step(parallel, &edges, rate) / steps;
        work_done_ += 1;
        if (k % 16 == 0) task_.progress(work_done_ / work_, "refining");
    }
    return loss;
}

double Training::validate(const Parallel& parallel) {
    if (held_out_picks_.empty()) return 0;
    const EdgeList edges = belief_.likely();
    if (shape_.classes)
        return class_training_.learn(parallel, network_, held_out_, nullptr, &edges,
                                     held_out_picks_, Key{}, 0, 0);
    return edge_training_.learn(parallel, network_, held_out_, edges, held_out_picks_, 0);
}

void Training::record(Epoch epoch) {
    Index open = 0;
    for (Index i = 0; i < shape_.nodes; ++i)
        for (Index j = 0; j < shape_.nodes; ++j) {
            const double p = belief_.probability(i, j);
            open += p > 0.1 && p < 0.9;
        }
    epoch.expected_edges = belief_.expected_edges();
    epoch.undecided = static_cast<double>(open);
    const auto at = static_cast<int64_t>(curves_.size()) + 1;
    task_.metric("learner_loss", at, epoch.learner_loss);
    task_.metric("validation_loss", at, epoch.validation_loss);
    task_.metric("expected_edges", at, epoch.expected_edges);
    curves_.push_back(epoch);
}

void Training::run(const Parallel& parallel) {
    const int64_t epochs = recipe_.epochs;
    work_ = static_cast<double>(recipe_.warm_up + epochs * recipe_.learner_steps +
                                recipe_.refine_steps) +
            1;
    constexpr double centring_ends = 0.7; // of the epochs
    double before = 0;
    for (int64_t e = 0; e < epochs; ++e) {
        const double share =
            epochs > 1 ? static_cast<double>(e) / static_cast<double>(epochs - 1) : 0;
        const double rate = between(recipe_.learning_rate, recipe_.final_learning_rate, share);
        Ascent how;
        how.rate = recipe_.generator_rate, how.sparsity = recipe_.sparsity;
        how.temperature = between(recipe_.temperature, recipe_.final_temperature, share);
        how.centring = recipe_.centring * std::max(0.0, 1 - share / centring_ends);
        if (e == 0 && recipe_.warm_up > 0) learn(parallel, recipe_.warm_up, rate);
        before = learn(parallel, recipe_.learner_steps, rate);
        const double searched = search(parallel, how);
        record({before, searched, validate(parallel), 0, 0, how.temperature, rate});
    }
    if (recipe_.refine_steps > 0) {
        const double refined = refine(parallel);
        record({refined, 0, validate(parallel), 0, 0, 0, recipe_.final_learning_rate / 20});
    }
    for (const float v : network_.values())
        if (!std::isfinite(v))
            throw Diverged("model", "the learner left the finite range: lower learning_rate");
}

} // namespace espalier::reconstruction
