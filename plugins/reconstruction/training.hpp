// SPDX-License-Identifier: MIT
// The alternation: learner on sampled networks, generator through the fixed learner.
#pragma once

#include "class_training.hpp"
#include "edge_training.hpp"
#include "series.hpp"

#include <espalier/keep_column.hpp>

namespace espalier::reconstruction {

struct Recipe {
    int64_t epochs = 20, warm_up = 400, learner_steps = 100, batch = 128;
    int64_t generator_batches = 10, generator_batch = 64, samples = 4;
    int64_t refine_steps = 500;
    double learning_rate = 2e-3, final_learning_rate = 2e-4, generator_rate = 0.1;
    double temperature = 2, final_temperature = 0.5;
    double sparsity = 0.001, degree = 4, centring = 1;
    bool self_loops = false;
};

// One row of the curves; the last one is after refining.
struct Epoch {
    double learner_loss, generator_loss, validation_loss, expected_edges, undecided, temperature,
        learning_rate;
};

class Training {
public:
    // Data must outlive the training; `held_out` may be empty.
    Training(const Recipe& recipe, const Shape& shape, const Transitions<float>& data,
             const Transitions<float>& held_out, const Task& task);

    // One step of the learner or one batch of the generator; false when none was left.
    bool advance(const Parallel& parallel);
    void check() const; // after the last step; throws Diverged

    const MessageNetwork<float>& network() const noexcept { return network_; }
    const NetworkBelief<float>& belief() const noexcept { return belief_; }
    const std::vector<Epoch>& curves() const noexcept { return curves_; }

    template <class Keep> void keep(Keep& keep); // a checkpoint

private:
    enum Stage : int64_t { warming, learning, searching, refining, over };

    int64_t length(int64_t stage) const; // in steps
    double share() const;                // of the epochs, at the present one
    double learning_rate() const;
    Ascent ascent() const;
    void enter(int64_t stage); // or the first after it that has steps
    void leave(const Parallel& parallel);
    double step(const Parallel& parallel, const EdgeList* given, double rate);
    double search(const Parallel& parallel);
    double validate(const Parallel& parallel);
    void record(Epoch epoch);
    void draw(std::vector<Index>& picks, uint64_t stream, uint32_t step) const;

    Recipe recipe_;
    Shape shape_;
    const Transitions<float>&data_, &held_out_;
    Task task_;
    MessageNetwork<float> network_;
    NetworkBelief<float> belief_;
    EdgeTraining<float> edge_training_;
    EdgeSearch<float> edge_search_;
    ClassTraining<float> class_training_;
    ClassSearch<float> class_search_;
    std::vector<Index> picks_, search_picks_, held_out_picks_;
    EdgeList likely_; // while refining

    int64_t stage_ = over, epoch_ = 0, steps_ = 0; // steps: taken in this stage
    double loss_ = 0, learned_ = 0;                // mean of this stage so far, of the learner's
    uint32_t learner_step_ = 0, search_step_ = 0;
    std::vector<Epoch> curves_;
};

template <class Keep> void Training::keep(Keep& keep) {
    keep("network", network_), keep("belief", belief_);
    keep("stage", stage_), keep("epoch", epoch_), keep("steps", steps_);
    keep("loss", loss_), keep("learned", learned_);
    keep("learner_step", learner_step_), keep("search_step", search_step_);
    const auto column = [&](const char* name, auto member) {
        keep_column(keep, name, curves_, member);
    };
    column("learner_loss", &Epoch::learner_loss), column("generator_loss", &Epoch::generator_loss);
    column("validation_loss", &Epoch::validation_loss);
    column("expected_edges", &Epoch::expected_edges), column("undecided", &Epoch::undecided);
    column("temperature", &Epoch::temperature), column("learning_rate", &Epoch::learning_rate);
    if (Keep::loading && stage_ == refining) likely_ = belief_.likely();
}

} // namespace espalier::reconstruction
