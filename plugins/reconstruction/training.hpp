// SPDX-License-Identifier: MIT
// The alternation: learner on sampled networks, generator through the fixed learner.
#pragma once

#include "class_training.hpp"
#include "edge_training.hpp"
#include "series.hpp"

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

    void run(const Parallel& parallel);

    const MessageNetwork<float>& network() const noexcept { return network_; }
    const NetworkBelief<float>& belief() const noexcept { return belief_; }
    const std::vector<Epoch>& curves() const noexcept { return curves_; }

private:
    double learn(const Parallel& parallel, int64_t steps, double rate);
    double search(const Parallel& parallel, const Ascent& how);
    double refine(const Parallel& parallel);
    double validate(const Parallel& parallel);
    void record(Epoch epoch);
    void draw(std::vector<Index>& picks, uint64_t stream, uint32_t step) const;
    double step(const Parallel& parallel, const EdgeList* given, double rate);

    Recipe recipe_;
    Shape shape_;
    const Transitions<float>& data_;
    const Transitions<float>& held_out_;
    const Task& task_;
    MessageNetwork<float> network_;
    NetworkBelief<float> belief_;
    EdgeTraining<float> edge_training_;
    EdgeSearch<float> edge_search_;
    ClassTraining<float> class_training_;
    ClassSearch<float> class_search_;
    std::vector<Index> picks_, search_picks_, held_out_picks_;
    std::vector<Epoch> curves_;
    uint32_t learner_step_ = 0, search_step_ = 0;
    double work_done_ = 0, work_ = 1;
};

} // namespace espalier::reconstruction
