// SPDX-License-Identifier: MIT
// The passes over parameters, gradients and moments.
#include "espalier/numerics/optimisers.hpp"

#include "espalier/numerics/loops.hpp"
#include "for_reals.hpp"

#include <cmath>
#include <limits>

namespace espalier::numerics {

namespace {
constexpr Index piece_size = 32 * 1024;
}

template <class Real> double clip_gradient_norm(Parameters<Real>& parameters, double limit) {
    const double norm = std::sqrt(parameters.squared_gradient_norm());
    if (norm > limit) parameters.scale_gradients(static_cast<Real>(limit / norm));
    return norm;
}

template <class Real> void clip_gradient_value(Parameters<Real>& parameters, double limit) {
    Gradients<Real>& gradients = parameters.gradients();
    for (Index i = 0; i < parameters.count(); ++i) {
        if (!gradients.written(i)) continue;
        for_each_index(parameters.value(i).size(), [g = gradients.data(parameters.offset(i)),
                                                    bound = static_cast<Real>(limit)](Index j) {
            const Real low = g[j] < -bound ? -bound : g[j];
            g[j] = low > bound ? bound : low;
        });
    }
}

template <class Real> std::span<const typename Optimiser<Real>::Piece> Optimiser<Real>::pieces() {
    pieces_.clear();
    for (Index i = 0; i < parameters_->count(); ++i) {
        if (!parameters_->gradients().written(i)) continue;
        const Index begin = parameters_->offset(i), end = begin + parameters_->value(i).size();
        for (Index at = begin; at < end; at += piece_size)
            pieces_.push_back({at, std::min(end, at + piece_size)});
    }
    return pieces_;
}

template <class Real> void GradientDescent<Real>::begin() {
    if (settings_.momentum != 0) velocity_.resize(this->parameters_->flat().size());
}

template <class Real>
void GradientDescent<Real>::update(typename Optimiser<Real>::Piece piece) noexcept {
    Real* const p = this->parameters_->flat().data() + piece.begin;
    const Real* const g = this->parameters_->gradients().data(piece.begin);
    const Index n = piece.end - piece.begin;
    const Real rate = static_cast<Real>(this->learning_rate_);
    const Real decay = static_cast<Real>(settings_.weight_decay);
    const Real momentum = static_cast<Real>(settings_.momentum);
    if (settings_.momentum == 0)
        return for_each_index(n, [=](Index i) { p[i] -= rate * (g[i] + decay * p[i]); });
    Real* const v = velocity_.data() + piece.begin;
    const Real own = settings_.nesterov ? Real(1) : Real(0);
    const Real carried = settings_.nesterov ? momentum : Real(1);
    constexpr Real least = std::numeric_limits<Real>::min() * Real(1 << 24);
    for_each_index(n, [=](Index i) {
        const Real pull = g[i] + decay * p[i];
        const Real speed = momentum * v[i] + pull;
        v[i] = std::abs(speed) < least ? Real(0) : speed;
        p[i] -= rate * (own * pull + carried * speed);
    });
}

template <class Real> void GradientDescent<Real>::end() noexcept {
    ++this->steps_;
    this->parameters_->gradients().clear();
}

template <class Real> void Adam<Real>::begin() {
    ++this->steps_;
    first_.resize(this->parameters_->flat().size());
    second_.resize(this->parameters_->flat().size());
}

template <class Real>
AdamStep<Real>::AdamStep(const AdamSettings& s, double learning_rate, std::int64_t step)
    : beta1(static_cast<Real>(s.beta1)), rest1(static_cast<Real>(1 - s.beta1)),
      beta2(static_cast<Real>(s.beta2)), rest2(static_cast<Real>(1 - s.beta2)),
      size(static_cast<Real>(learning_rate / (1 - std::pow(s.beta1, static_cast<double>(step))))),
      unbias(static_cast<Real>(1 / std::sqrt(1 - std::pow(s.beta2, static_cast<double>(step))))),
      epsilon(static_cast<Real>(s.epsilon)),
      shrink(static_cast<Real>(s.decoupled ? 1 - learning_rate * s.weight_decay : 1)),
      decay(static_cast<Real>(s.decoupled ? 0 : s.weight_decay)),
      least_gradient(static_cast<Real>(
          2 * std::sqrt(static_cast<double>(least) / std::max(1 - s.beta2, 1e-12)))) {}

template <class Real> void Adam<Real>::update(typename Optimiser<Real>::Piece piece) noexcept {
    Real* const p = this->parameters_->flat().data() + piece.begin;
    const Real* const gradient = this->parameters_->gradients().data(piece.begin);
    Real* const first = first_.data() + piece.begin;
    Real* const second = second_.data() + piece.begin;
    for_each_index(piece.end - piece.begin, [=, step = arithmetic()](Index i) {
        step(p[i], gradient[i], first[i], second[i]);
    });
}

template <class Real> void Adam<Real>::end() noexcept { this->parameters_->gradients().clear(); }

#define ESPALIER_OPTIMISERS(Real)                                                                  \
    template double clip_gradient_norm(Parameters<Real>&, double);                                 \
    template void clip_gradient_value(Parameters<Real>&, double);
ESPALIER_OPTIMISERS(float)
ESPALIER_OPTIMISERS(double)
ESPALIER_FOR_REALS(struct AdamStep)
ESPALIER_FOR_REALS(class Optimiser)
ESPALIER_FOR_REALS(class GradientDescent)
ESPALIER_FOR_REALS(class Adam)

} // namespace espalier::numerics
