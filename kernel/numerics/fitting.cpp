// SPDX-License-Identifier: MIT
// Steps and epochs of fitting.
#include "espalier/numerics/fitting.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace espalier::numerics {

Fitting::Fitting(const Task& task, PerceptronNetwork& network, const Perceptron& mask,
                 Batches& batches, const FitSettings& settings)
    : task_(task), network_(network), mask_(mask), batches_(batches), settings_(settings),
      parallel_({&network.parameters()}, rows_together),
      adam_(network.parameters(), {.weight_decay = settings.weight_decay, .decoupled = true}),
      descent_(network.parameters(),
               {.momentum = settings.momentum, .weight_decay = settings.weight_decay}) {}

double Fitting::step() {
    const auto loop = [this](Index n, Index grain, auto&& body) {
        task_.parallel_for(n, grain, body);
    };
    const MatrixView<const float> x = batches_.inputs();
    const double loss =
        parallel_.step(loop, x.rows, [&](Tape<float>& tape, Index begin, Index end) {
            const auto outputs = network_(tape.constant(x.slice_rows(begin, end)));
            return batch_loss(mask_.loss, batches_, outputs, begin, end);
        });
    network_.mask_gradients(mask_);
    const double rate = settings_.schedule.rate(step_++);
    if (settings_.adam)
        adam_.set_learning_rate(rate), adam_.step(loop);
    else
        descent_.set_learning_rate(rate), descent_.step(loop);
    return loss;
}

double Fitting::advance(std::int64_t steps) {
    const Index per_epoch = batches_.per_epoch();
    double sum = 0;
    Index rows = 0;
    for (; steps > 0; --steps) {
        task_.check_cancelled();
        const std::int64_t epoch = step_ / per_epoch;
        if (epoch != std::exchange(shuffled_, epoch))
            batches_.shuffle(static_cast<std::uint32_t>(epoch));
        batches_.load(step_ % per_epoch);
        const double loss = step();
        if (!std::isfinite(loss))
            throw Diverged("model", "the loss is not finite in epoch " + std::to_string(epoch + 1) +
                                        ": lower learning_rate");
        sum += loss * static_cast<double>(batches_.inputs().rows);
        rows += batches_.inputs().rows;
    }
    return sum / static_cast<double>(rows);
}

namespace {

Perceptron without_dead_ends(Perceptron model) {
    remove_dead_ends(model);
    return model;
}

} // namespace

PrunedFitting::PrunedFitting(const Task& task, Perceptron model, const Samples& samples,
                             Index batch, const Key& key, const FitSettings& settings)
    : whole_(without_dead_ends(std::move(model))), small_(compact(whole_)), network_(small_.model),
      batches_(samples, batch, key, whole_.input_scale, {}, small_.units.front()),
      fitting_(task, network_, small_.model, batches_, settings), epochs_(settings.epochs) {}

bool PrunedFitting::advance() {
    if (fitting_.steps() >= epochs_ * batches_.per_epoch()) return false;
    fitting_.advance(batches_.per_epoch());
    return true;
}

double PrunedFitting::share() const noexcept {
    const auto all = static_cast<double>(std::max<Index>(1, epochs_ * batches_.per_epoch()));
    return static_cast<double>(fitting_.steps()) / all;
}

Perceptron PrunedFitting::model() const {
    Perceptron model = whole_;
    CompactPerceptron small = small_;
    network_.store(small.model);
    expand(small, model);
    return model;
}

} // namespace espalier::numerics
