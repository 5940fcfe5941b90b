// SPDX-License-Identifier: MIT
// Stages and schedules of the alternation, its curves and its progress.
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
constexpr double centring_ends = 0.7; // of the epochs
constexpr double refining_fall = 20;  // of the learning rate, from its final one

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
    enter(warming);
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

double Training::search(const Parallel& parallel) {
    draw(search_picks_, search_picks, search_step_);
    const Key key = task_.key(soft_edges);
    const uint32_t number = search_step_++;
    if (shape_.classes)
        return class_search_.search(parallel, network_, data_, belief_, search_picks_, ascent(),
                                    recipe_.samples, key, number);
    return edge_search_.search(parallel, network_, data_, belief_, search_picks_, ascent(),
                               recipe_.samples, key, number);
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

int64_t Training::length(int64_t stage) const {
    switch (stage) {
    case warming: return recipe_.warm_up;
    case learning: return recipe_.learner_steps;
    case searching: return recipe_.generator_batches;
    case refining: return recipe_.refine_steps;
    default: return 0;
    }
}

double Training::share() const {
    return recipe_.epochs > 1
               ? static_cast<double>(epoch_) / static_cast<double>(recipe_.epochs - 1)
               : 0;
}

double Training::learning_rate() const {
    const double last = recipe_.final_learning_rate;
    if (stage_ != refining) return between(recipe_.learning_rate, last, share());
    return between(last, last / refining_fall,
                   static_cast<double>(steps_) / static_cast<double>(recipe_.refine_steps));
}

Ascent Training::ascent() const {
    Ascent how;
    how.rate = recipe_.generator_rate, how.sparsity = recipe_.sparsity;
    how.temperature = between(recipe_.temperature, recipe_.final_temperature, share());
    how.centring = recipe_.centring * std::max(0.0, 1 - share() / centring_ends);
    return how;
}

void Training::enter(int64_t stage) {
    while (stage != over && length(stage) == 0) ++stage;
    stage_ = stage, steps_ = 0, loss_ = 0;
    if (stage == warming || stage == learning) belief_.prepare_samples();
    if (stage == refining) likely_ = belief_.likely();
}

void Training::leave(const Parallel& parallel) {
    if (stage_ == learning) learned_ = loss_;
    if (stage_ == searching) {
        record({learned_, loss_, validate(parallel), 0, 0, ascent().temperature, learning_rate()});
        if (++epoch_ < recipe_.epochs) return enter(learning);
    }
    if (stage_ == refining)
        record(
            {loss_, 0, validate(parallel), 0, 0, 0, recipe_.final_learning_rate / refining_fall});
    enter(stage_ + 1);
}

bool Training::advance(const Parallel& parallel) {
    if (stage_ == over) return false;
    const bool refines = stage_ == refining, searches = stage_ == searching;
    const double found =
        searches ? search(parallel) : step(parallel, refines ? &likely_ : nullptr, learning_rate());
    loss_ += found / static_cast<double>(length(stage_));
    if (!searches && steps_ % 16 == 0) {
        const double all = static_cast<double>(
            recipe_.warm_up + recipe_.epochs * recipe_.learner_steps + recipe_.refine_steps + 1);
        task_.progress(static_cast<double>(learner_step_) / all, refines ? "refining" : "learner");
    }
    if (++steps_ == length(stage_)) leave(parallel);
    return true;
}

void Training::check() const {
    for (const float v : network_.values())
        if (!std::isfinite(v))
            throw Diverged("model", "the learner left the finite range: lower learning_rate");
}

} // namespace espalier::reconstruction
