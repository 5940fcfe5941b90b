// SPDX-License-Identifier: MIT
// Gradient descent, Adam and AdamW, each one pass over memory, and clipping of gradients.
//
// step() applies the gradients of one set of parameters and forgets them. A parameter that got no
// gradient since the last step is left as it is, its moments too. `parallel` as in
// data_parallel.hpp; without it the step is serial, with the same bits.
#pragma once

#include "espalier/numerics/parameters.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

namespace espalier::numerics {

// Scales all gradients so that their Euclidean norm is at most `limit`; the norm before.
template <class Real> double clip_gradient_norm(Parameters<Real>& parameters, double limit);
// Cuts each element to [-limit, limit].
template <class Real> void clip_gradient_value(Parameters<Real>& parameters, double limit);

// v = momentum v + g + weight_decay p; p -= rate v, or with Nesterov rate (g + momentum v). As
// PyTorch's SGD.
struct DescentSettings {
    double learning_rate = 0.01, momentum = 0, weight_decay = 0;
    bool nesterov = false;
};

// Kingma and Ba 2015, arXiv:1412.6980; weight decay added to the gradient, or decoupled (AdamW,
// Loshchilov and Hutter 2019, arXiv:1711.05101: p shrinks by 1 - rate * decay first).
struct AdamSettings {
    double learning_rate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weight_decay = 0;
    bool decoupled = false;
};

// The arithmetic of one step of Adam on one number. Moments and squares that would become denormal
// are set to zero, without relying on the processor's mode.
template <class Real> struct AdamStep {
    AdamStep(const AdamSettings& settings, double learning_rate, std::int64_t step);

    void operator()(Real& value, Real gradient, Real& first, Real& second) const noexcept {
        const Real pull = gradient + decay * value;
        const Real g = std::abs(pull) < least_gradient ? Real(0) : pull;
        Real m = beta1 * first + rest1 * g;
        m = std::abs(m) < least_first ? Real(0) : m;
        Real v = beta2 * second + rest2 * g * g;
        v = v < least ? Real(0) : v;
        first = m, second = v;
        value = shrink * value - size * m / (std::sqrt(v) * unbias + epsilon);
    }

    Real beta1, rest1, beta2, rest2, size, unbias, epsilon, shrink, decay;
    // A gradient whose square would be denormal counts as 0: it is far below epsilon.
    Real least_gradient;
    static constexpr Real least = std::numeric_limits<Real>::min();
    static constexpr Real least_first = least * Real(1 << 24);
};

// What optimisers share: the walk over parameters in pieces of a fixed size.
template <class Real> class Optimiser {
public:
    double learning_rate() const noexcept { return learning_rate_; }
    void set_learning_rate(double rate) noexcept { learning_rate_ = rate; }
    // Steps done.
    std::int64_t steps() const noexcept { return steps_; }

protected:
    struct Piece {
        Index begin, end; // in the flat memory
    };
    Optimiser(Parameters<Real>& parameters, double learning_rate)
        : parameters_(&parameters), learning_rate_(learning_rate) {}
    // Pieces of the parameters that got a gradient. Allocates the first time only.
    std::span<const Piece> pieces();

    Parameters<Real>* parameters_;
    double learning_rate_;
    std::int64_t steps_ = 0;

private:
    std::vector<Piece> pieces_;
};

template <class Real> class GradientDescent : public Optimiser<Real> {
public:
    explicit GradientDescent(Parameters<Real>& parameters, const DescentSettings& settings = {})
        : Optimiser<Real>(parameters, settings.learning_rate), settings_(settings) {}

    void step() {
        begin();
        for (const auto& piece : this->pieces()) update(piece);
        end();
    }
    template <class Parallel> void step(Parallel&& parallel) {
        begin();
        const auto pieces = this->pieces();
        parallel(static_cast<Index>(pieces.size()), Index(1), [&](Index from, Index to) {
            for (Index i = from; i < to; ++i) update(pieces[static_cast<std::size_t>(i)]);
        });
        end();
    }
    template <class Keep> void keep(Keep& keep) { // a checkpoint; v is laid out as the parameters
        keep("steps", this->steps_), keep("velocity", velocity_);
    }

private:
    void begin();
    void update(typename Optimiser<Real>::Piece piece) noexcept;
    void end() noexcept;

    DescentSettings settings_;
    AlignedVector<Real> velocity_;
};

template <class Real> class Adam : public Optimiser<Real> {
public:
    explicit Adam(Parameters<Real>& parameters, const AdamSettings& settings = {})
        : Optimiser<Real>(parameters, settings.learning_rate), settings_(settings) {}

    void step() {
        begin();
        for (const auto& piece : this->pieces()) update(piece);
        end();
    }
    template <class Parallel> void step(Parallel&& parallel) {
        begin();
        const auto pieces = this->pieces();
        parallel(static_cast<Index>(pieces.size()), Index(1), [&](Index from, Index to) {
            for (Index i = from; i < to; ++i) update(pieces[static_cast<std::size_t>(i)]);
        });
        end();
    }
    // What the last step did to each number.
    AdamStep<Real> arithmetic() const {
        return {settings_, this->learning_rate_, std::max<std::int64_t>(1, this->steps_)};
    }
    // Laid out as parameters.flat(): with steps() what a checkpoint keeps.
    std::span<Real> first_moment() noexcept { return first_; }
    std::span<Real> second_moment() noexcept { return second_; }
    // Makes room for the moments, which the checkpoint then fills.
    void restore_steps(std::int64_t steps) {
        this->steps_ = steps;
        if (steps == 0) return;
        first_.resize(this->parameters_->flat().size());
        second_.resize(this->parameters_->flat().size());
    }
    template <class Keep> void keep(Keep& keep) {
        std::int64_t steps = this->steps_;
        keep("steps", steps);
        if (Keep::loading) restore_steps(steps);
        auto first = first_moment(), second = second_moment();
        keep("first_moment", first), keep("second_moment", second);
    }

private:
    void begin();
    void update(typename Optimiser<Real>::Piece piece) noexcept;
    void end() noexcept;

    AdamSettings settings_;
    AlignedVector<Real> first_, second_;
};

} // namespace espalier::numerics
