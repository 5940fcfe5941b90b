// SPDX-License-Identifier: MIT
// Activation functions with their slopes. Where a slope follows from the value alone,
// slope_of_value lets an affine map carry the activation without keeping what it was applied to.
#pragma once

#include "espalier/numerics/activations.hpp"
#include "espalier/numerics/transcendental.hpp"

namespace espalier::numerics {

struct Relu {
    template <class R> static R value(R x, R = 0, R = 0) { return x > 0 ? x : R(0); }
    template <class R> static R slope(R x, R, R, R) { return x > 0 ? R(1) : R(0); }
    template <class R> static R slope_of_value(R y) { return y > 0 ? R(1) : R(0); }
};
struct LeakyRelu {
    template <class R> static R value(R x, R slope = R(leaky_slope), R = 0) {
        return x > 0 ? x : slope * x;
    }
    template <class R> static R slope(R x, R, R slope, R) { return x > 0 ? R(1) : slope; }
    template <class R> static R slope_of_value(R y) { return y > 0 ? R(1) : R(leaky_slope); }
};
struct Tanh {
    template <class R> static R value(R x, R = 0, R = 0) { return fast_tanh(x); }
    template <class R> static R slope(R, R y, R, R) { return 1 - y * y; }
    template <class R> static R slope_of_value(R y) { return 1 - y * y; }
};
struct Sigmoid {
    template <class R> static R value(R x, R = 0, R = 0) { return fast_sigmoid(x); }
    template <class R> static R slope(R, R y, R, R) { return y * (1 - y); }
    template <class R> static R slope_of_value(R y) { return y * (1 - y); }
};
struct Softplus {
    template <class R> static R value(R x, R = 0, R = 0) { return fast_softplus(x); }
    template <class R> static R slope(R x, R, R, R) { return fast_sigmoid(x); }
    // y = log(1 + e^x), so sigmoid(x) = 1 - e^-y.
    template <class R> static R slope_of_value(R y) { return 1 - fast_exp(-y); }
};

// Its slope does not follow from its value: an operation of its own.
struct Silu {
    template <class R> static R value(R x, R = 0, R = 0) { return x * fast_sigmoid(x); }
    template <class R> static R slope(R x, R y, R, R) {
        const R s = fast_sigmoid(x);
        return s + y * (1 - s);
    }
};

// run(function) with the type of the activation; not for none and silu.
template <class Run> inline void with_activation(Activation activation, Run run) {
    switch (activation) {
    case Activation::none:
    case Activation::silu: return;
    case Activation::relu: return run(Relu{});
    case Activation::leaky_relu: return run(LeakyRelu{});
    case Activation::tanh: return run(Tanh{});
    case Activation::sigmoid: return run(Sigmoid{});
    case Activation::softplus: return run(Softplus{});
    }
}

} // namespace espalier::numerics
