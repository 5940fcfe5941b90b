// SPDX-License-Identifier: MIT
// Fitting a perceptron to samples by stochastic gradient descent, its pruned weights held at zero.
#pragma once

#include "espalier/numerics/batches.hpp"
#include "espalier/numerics/optimisers.hpp"
#include "espalier/numerics/schedules.hpp"

#include <functional>
#include <memory>

namespace espalier::numerics {

struct FitSettings {
    bool adam = true; // or stochastic gradient descent with momentum
    double momentum = 0.9, weight_decay = 0;
    Schedule schedule; // of the learning rate, by step
    std::int64_t epochs = 10;
};

// Steps over the batches of an epoch. Nothing is allocated after the first step of each size.
class Fitting {
public:
    // mask: its pruned weights stay zero. All must outlive the fitting.
    Fitting(const Task& task, PerceptronNetwork& network, const Perceptron& mask, Batches& batches,
            const FitSettings& settings);
    // One epoch; the mean loss of its batches. Throws Diverged when it is not finite, Cancelled.
    double epoch();
    // One step on a loaded batch; its loss.
    double step();
    std::int64_t epochs() const noexcept { return epoch_; }
    std::int64_t steps() const noexcept { return step_; }
    double learning_rate() const noexcept { return settings_.schedule.rate(step_); }

private:
    const Task& task_;
    PerceptronNetwork& network_;
    const Perceptron& mask_;
    Batches& batches_;
    FitSettings settings_;
    DataParallel<float> parallel_;
    Adam<float> adam_;
    GradientDescent<float> descent_;
    std::int64_t epoch_ = 0, step_ = 0;
};

// Rows of a batch that are differentiated together: the loss is cut into pieces of this size.
inline constexpr Index rows_together = 128;

// Fits the live part of a pruned model alone, which is the same and quicker; removes its dead ends
// first. Progress goes from `begun` to 1.
void fit_pruned(const Task& task, Perceptron& model, const Samples& samples, Index batch,
                const Key& key, const FitSettings& settings, double begun = 0);

} // namespace espalier::numerics
