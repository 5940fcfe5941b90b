// SPDX-License-Identifier: MIT
// Weights and gates trained together: gates drawn at every step, their density led to a target.
#pragma once

#include "pruned.hpp"

#include <espalier/keep_column.hpp>
#include <espalier/numerics/gates.hpp>
#include <espalier/numerics/loops.hpp>

#include <memory>

namespace espalier::pruning {

enum class Gated { weights, units, inputs, neurons };
enum class Constraint { budget, penalty };

struct GateRecipe {
    double density = 0.01;
    Gated gated = Gated::weights;
    Constraint constraint = Constraint::budget;
    int64_t epochs = 20, batch = 0; // batch: as in fine-tuning
    double learning_rate = 7e-3, final_learning_rate = 3e-3, gate_rate = 0.02;
    double initial_density = 0.5, anneal = 0.4, penalty = 0.01;
    double temperature = 1, final_temperature = 1, noise = 1, final_noise = 0.1;
    double gate_spread = 0.01;
};

struct GateEpoch {
    double loss, density, decided, temperature, noise;
};

class GateTraining {
public:
    // problem must outlive it.
    GateTraining(const Task& task, const Problem& problem, const GateRecipe& recipe);
    bool advance();                // an epoch; false when none was left
    double share() const noexcept; // of the epochs that are done

    // The weights with the gates that are most likely open, dead ends not counted.
    Perceptron pruned() const;
    const std::vector<GateEpoch>& curves() const noexcept { return curves_; }
    void load(Index batch) { batches_.load(batch); }
    double step(); // on the batch that is loaded; its loss

    template <class Keep> void keep(Keep& keep); // a checkpoint

private:
    struct Block { // rows of one layer that are drawn together
        std::size_t layer;
        Index begin, end;
    };
    void close_constant_inputs();
    template <class Body> void each_block(Body&& body) const; // body(block)
    void draw();
    void draw(Index block);
    numerics::Place place_of(Index block) const; // of the random numbers of its gates
    void copy_ungated();                         // biases, and layers without gates
    struct Loop {
        const Task& task;
        template <class Body> void operator()(Index n, Index grain, Body&& body) const {
            task.parallel_for(n, grain, body);
        }
    };
    struct Way { // how weights and gates of a step descend
        numerics::GateLaw law;
        float closing; // what the penalty adds
        numerics::AdamStep<float> weights, gates;
    };
    void descend(const Loop& loop); // weights and gates, which are then drawn for the next step
    void descend_and_draw(Index block, const Way& way);
    float push() const;
    void send_back_to_units(float push);
    void follow_budget();
    void schedule();
    GateEpoch judge(double loss);
    numerics::MeanGate expected() const; // number of open gates
    double mean_gate() const;            // their share
    std::vector<std::vector<float>> scores() const;

    Task task_;
    const Problem& problem_;
    GateRecipe recipe_;
    Perceptron model_;                            // shape and biases to begin with
    numerics::PerceptronNetwork network_;         // gated weights
    numerics::Parameters<float> weights_, gates_; // raw; a layer without gates has none
    std::vector<Index> gate_of_layer_;            // place in gates_, or -1
    std::vector<numerics::AlignedVector<float>> soft_;
    std::vector<Block> blocks_;
    numerics::Batches batches_;
    numerics::DataParallel<float> parallel_;
    std::unique_ptr<numerics::Adam<float>> weight_steps_, gate_steps_;
    numerics::GateLaw law_; // of the gates that are drawn
    double density_ = 1, dead_share_ = 0;
    Index gates_total_ = 0;
    uint32_t step_ = 0;
    std::vector<GateEpoch> curves_;
};

template <class Keep> void GateTraining::keep(Keep& keep) {
    keep("step", step_), keep("shift", law_.shift), keep("dead_share", dead_share_);
    auto weights = weights_.flat(), gates = gates_.flat();
    keep("weights", weights), keep("gates", gates);
    keep("weight_steps", *weight_steps_), keep("gate_steps", *gate_steps_);
    const auto column = [&](const char* name, auto member) {
        keep_column(keep, name, curves_, member);
    };
    column("loss", &GateEpoch::loss), column("density", &GateEpoch::density);
    column("decided", &GateEpoch::decided), column("temperature", &GateEpoch::temperature);
    column("noise", &GateEpoch::noise);
    if (Keep::loading) schedule(), draw();
}

} // namespace espalier::pruning
