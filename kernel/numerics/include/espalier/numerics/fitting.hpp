// SPDX-License-Identifier: MIT
// Fitting a perceptron to samples by stochastic gradient descent, its pruned weights held at zero.
#pragma once

#include "espalier/numerics/batches.hpp"
#include "espalier/numerics/optimisers.hpp"
#include "espalier/numerics/schedules.hpp"

namespace espalier::numerics {

struct FitSettings {
    bool adam = true; // or stochastic gradient descent with momentum
    double momentum = 0.9, weight_decay = 0;
    Schedule schedule; // of the learning rate, by step
    std::int64_t epochs = 10;
};

// Steps over the batches of one epoch after another. Nothing is allocated after the first step of
// each size.
class Fitting {
public:
    // mask: its pruned weights stay zero. All but the task must outlive the fitting.
    Fitting(const Task& task, PerceptronNetwork& network, const Perceptron& mask, Batches& batches,
            const FitSettings& settings);
    // So many steps; the mean loss of their batches. Throws Diverged when it is not finite,
    // Cancelled.
    double advance(std::int64_t steps);
    // One step on a loaded batch; its loss.
    double step();
    std::int64_t steps() const noexcept { return step_; }
    double learning_rate() const noexcept { return settings_.schedule.rate(step_); }
    template <class Keep> void keep(Keep& keep) { // a checkpoint
        keep("step", step_), keep("adam", adam_), keep("descent", descent_);
        auto values = network_.parameters().flat();
        keep("values", values);
    }

private:
    Task task_;
    PerceptronNetwork& network_;
    const Perceptron& mask_;
    Batches& batches_;
    FitSettings settings_;
    DataParallel<float> parallel_;
    Adam<float> adam_;
    GradientDescent<float> descent_;
    std::int64_t step_ = 0, shuffled_ = -1; // shuffled: the epoch whose order the batches have
};

// Rows of a batch that are differentiated together: the loss is cut into pieces of this size.
inline constexpr Index rows_together = 128;

// Fits the live part of a pruned model alone, which is the same and quicker; removes its dead ends
// first. The samples must outlive it.
class PrunedFitting {
public:
    PrunedFitting(const Task& task, Perceptron model, const Samples& samples, Index batch,
                  const Key& key, const FitSettings& settings);
    bool advance();                // an epoch; false when none was left
    double share() const noexcept; // of the epochs that are done
    Perceptron model() const;      // as it is now
    template <class Keep> void keep(Keep& keep) { keep("fitting", fitting_); }

private:
    Perceptron whole_;
    CompactPerceptron small_;
    PerceptronNetwork network_;
    Batches batches_;
    Fitting fitting_;
    std::int64_t epochs_;
};

} // namespace espalier::numerics
