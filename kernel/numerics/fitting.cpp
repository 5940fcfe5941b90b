// SPDX-License-Identifier: MIT
// Steps and epochs of fitting.
#include "espalier/numerics/fitting.hpp"

#include <cmath>

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

double Fitting::epoch() {
    batches_.shuffle(static_cast<std::uint32_t>(epoch_));
    double sum = 0;
    for (Index k = 0; k < batches_.per_epoch(); ++k) {
        task_.check_cancelled();
        batches_.load(k);
        const double loss = step();
        if (!std::isfinite(loss))
            throw Diverged("model", "the loss is not finite in epoch " +
                                        std::to_string(epoch_ + 1) + ": lower learning_rate");
        sum += loss * static_cast<double>(batches_.inputs().rows);
    }
    ++epoch_;
    return sum / static_cast<double>(batches_.used());
}

void fit_pruned(const Task& task, Perceptron& model, const Samples& samples, Index batch,
                const Key& key, const FitSettings& settings, double begun) {
    remove_dead_ends(model);
    CompactPerceptron small = compact(model);
    PerceptronNetwork network(small.model);
    Batches batches(samples, batch, key, model.input_scale, {}, small.units.front());
    Fitting fitting(task, network, small.model, batches, settings);
    for (std::int64_t epoch = 0; epoch < settings.epochs; ++epoch) {
        const double share = static_cast<double>(epoch) / static_cast<double>(settings.epochs);
        task.progress(begun + (1 - begun) * share, "fine-tuning");
        fitting.epoch();
    }
    network.store(small.model);
    expand(small, model);
}

} // namespace espalier::numerics
