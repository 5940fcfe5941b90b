// SPDX-License-Identifier: MIT
// The law of motion f that a network learns: the state of a site from those around it a step
// before.
#pragma once

#include "fields.hpp"

#include <espalier/numerics/numerics.hpp>

#include <cmath>
#include <memory>
#include <numbers>

namespace espalier::self_similarity {

using numerics::Activation;
using numerics::Border;
using numerics::Parameter;
using numerics::Parameters;
using numerics::Tape;
using numerics::Variable;

struct Design {
    Kind kind = Kind::binary;
    Index axes = 1, channels = 1, kernel = 3, hidden = 16;
    Border border = Border::circular;

    // Throws Invalid when these fields have other axes or channels.
    void require(const Fields& fields) const;
};

// binary, vector: convolution, leaky ReLU, one dense layer, and for binary a sigmoid. density: one
// convolution with zero border whose weights are a softmax.
class Dynamics {
public:
    Dynamics(const Design& design, const Key& key);
    // Throws Invalid when the model is not such a law.
    explicit Dynamics(const Bundle& model);

    const Design& design() const noexcept { return design_; }
    Parameters<float>& parameters() noexcept { return *parameters_; }
    // What follows a frame. binary: as logits; state_of() makes them probabilities.
    Variable<float> operator()(Variable<float> x, const Window::Axes& size) const;
    void write(const Bundle& model) const;
    // density: the weights; empty otherwise.
    std::vector<float> weights() const;

private:
    std::vector<Index> add_parameters();

    Design design_;
    std::unique_ptr<Parameters<float>> parameters_; // handles point to it
};

// What a network's output means as a state.
Variable<float> state_of(Kind kind, Variable<float> output);
// Mean over sites of the cross-entropy in nats (binary), mean over frames of the Kullback-Leibler
// divergence in nats (density; targets of `frames` frames, columns apart), or mean squared
// difference (vector).
Variable<float> loss_of(Kind kind, Variable<float> output, Variable<float> target, Index frames);

// Uniform in +-1 / sqrt(fan_in), each parameter at a place of its own.
void draw_values(Parameters<float>& parameters, const std::vector<Index>& fan_in, const Key& key);

// f(fields) beside what followed `lag` frames later, over given pieces.
struct Judgement {
    double loss = 0;     // as loss_of
    double error = 0;    // mean squared difference of states
    double variance = 0; // of the states to be foretold, mean over channels
    double accuracy = 0; // binary: share of the sites that are foretold
};
Judgement judge(const Task& task, const Dynamics& f, const Fields& fields,
                const std::vector<Pick>& picks, Index lag);
void write_judgement(const Task& task, const Judgement& judgement);

template <class T> void describe_judgement(Schema<T>& s, const char* of) {
    s.output_real("loss", of);
    s.output_real("error", "Mean squared difference of states.");
    s.output_real("variance",
                  "Of the states to be foretold, mean over channels: the error of their means.");
    s.output_real("accuracy", "binary: share of the sites that are foretold; 0 otherwise.");
}

// Frames of a batch that one tape differentiates together: about so many sites.
inline constexpr Index sites_together = 4096;
inline Index frames_together(Index sites) { return std::max<Index>(1, sites_together / sites); }

// Adam for so many steps, the rate falling as half a cosine. body(tape, step, begin, end) gives the
// mean loss of samples begin .. end - 1 of that step's batch. Throws Diverged.
struct Descent {
    int64_t steps = 1000, batch = 64;
    double learning_rate = 1e-2, weight_decay = 0;
};
template <class Parallel, class Prepare, class Body>
void descend(const Task& task, std::initializer_list<Parameters<float>*> sets, const Descent& how,
             Index frames, Parallel&& parallel, Prepare&& prepare, Body&& body) {
    numerics::DataParallel<float> batch(sets, frames);
    std::vector<std::unique_ptr<numerics::Adam<float>>> optimisers;
    for (auto* set : sets) {
        numerics::AdamSettings settings;
        settings.weight_decay = how.weight_decay;
        optimisers.push_back(std::make_unique<numerics::Adam<float>>(*set, settings));
    }
    for (int64_t step = 0; step < how.steps; ++step) {
        if (step % 16 == 0) task.check_cancelled();
        prepare(step);
        const double loss = batch.step(parallel, how.batch, body);
        if (!std::isfinite(loss))
            throw Diverged("learning_rate",
                           "the loss is not finite at step " + std::to_string(step) + ": lower it");
        const double share = static_cast<double>(step) / static_cast<double>(how.steps);
        for (auto& optimiser : optimisers) {
            optimiser->set_learning_rate(how.learning_rate *
                                         (0.01 + 0.495 * (1 + std::cos(std::numbers::pi * share))));
            optimiser->step();
        }
    }
}

// train(restart, parallel) for each: side by side when there are several, otherwise with the
// threads inside.
template <class Train> void for_each_restart(const Task& task, int64_t restarts, Train&& train) {
    if (restarts == 1)
        return train(int64_t{0},
                     [&](Index n, Index grain, auto&& body) { task.parallel_for(n, grain, body); });
    task.parallel_for(restarts, 1, [&](int64_t begin, int64_t end) {
        for (int64_t k = begin; k < end; ++k) train(k, numerics::serial_loop);
    });
}

template <class T> void describe_descent(Schema<T>& s) {
    s.param("steps", &T::steps).range(1, 1e9).doc("Steps of Adam.");
    s.param("batch", &T::batch).range(1, 1 << 20).doc("Frames in a step.");
    s.param("learning_rate", &T::learning_rate)
        .above(0)
        .max(10)
        .log_scale()
        .doc("At the start; it falls to a hundredth as half a cosine.");
    s.param("weight_decay", &T::weight_decay)
        .range(0, 10)
        .doc("Times the parameter is added to its gradient.");
    s.param("restarts", &T::restarts)
        .range(1, 1e6)
        .doc("Trainings from different values; the one that judges best is kept.");
    s.param("held_out", &T::held_out)
        .above(0)
        .below(1)
        .doc("Share of the runs, the last ones, that are only judged.");
}
template <class T> Descent descent_of(const T& t) {
    return {t.steps, t.batch, t.learning_rate, t.weight_decay};
}

} // namespace espalier::self_similarity
