// SPDX-License-Identifier: MIT
// Parameters, optimiser and node half of the message-passing model.
#include "message_network.hpp"

#include <espalier/numerics/transcendental.hpp>

#include <algorithm>
#include <cmath>

namespace espalier::reconstruction {

Layout::Layout(const Shape& s) {
    Index next = 0;
    const auto take = [&](Index count) {
        const Index here = next;
        next += (count + 15) / 16 * 16; // every part starts at a full vector
        return here;
    };
    const Index h = s.hidden;
    U = take(s.inputs * h), V = take(s.inputs * h), b1 = take(h);
    W2 = take(h * h), b2 = take(h);
    W3 = take(h * h), V3 = take(s.inputs * h), b3 = take(h);
    W4 = take(h * h), b4 = take(h);
    X5 = take(s.outputs * s.inputs), H5 = take(s.outputs * h), b5 = take(s.outputs);
    size = next;
}

// Uniform with variance 2 / (inputs of the layer) before a rectifier (He et al. 2015,
// arXiv:1502.01852) and 1 / inputs elsewhere.
template <class Real>
MessageNetwork<Real>::MessageNetwork(const Shape& shape, const Key& key)
    : shape_(shape), at_(shape), values_(static_cast<std::size_t>(at_.size)), mean_(values_),
      square_(values_), transposed2_(static_cast<std::size_t>(shape.hidden * shape.hidden)),
      transposed3_(transposed2_), transposed4_(transposed2_) {
    const Index h = shape.hidden, d = shape.inputs, o = shape.outputs;
    uint32_t place = 0;
    const auto fill = [&](Index offset, Index count, double variance) {
        Random random(key, place++);
        const double bound = std::sqrt(3 * variance);
        for (Index i = 0; i < count; ++i)
            values_[offset + i] = static_cast<Real>(bound * (2 * random.uniform() - 1));
    };
    const double wide = 2.0 / static_cast<double>(h);
    const double both = 0.5 / static_cast<double>(d);
    const double last = 1.0 / static_cast<double>(d + h);
    fill(at_.U, d * h, both), fill(at_.V, d * h, both), fill(at_.b1, h, 1.0 / 12);
    fill(at_.W2, h * h, wide), fill(at_.W3, h * h, wide), fill(at_.W4, h * h, wide);
    fill(at_.V3, d * h, both), fill(at_.X5, o * d, last), fill(at_.H5, o * h, last);
    transpose();
}

template <class Real> void MessageNetwork<Real>::assign(const Real* values) {
    std::copy_n(values, at_.size, values_.begin());
    transpose();
}

template <class Real> void MessageNetwork<Real>::transpose() {
    const Index h = shape_.hidden;
    const auto turn = [&](Index offset, std::vector<Real>& to) {
        for (Index i = 0; i < h; ++i)
            for (Index j = 0; j < h; ++j) to[j * h + i] = values_[offset + i * h + j];
    };
    turn(at_.W2, transposed2_), turn(at_.W3, transposed3_), turn(at_.W4, transposed4_);
}

template <class Real>
void MessageNetwork<Real>::descend(const std::vector<Real>& gradient, double learning_rate) {
    constexpr double first = 0.9, second = 0.999;
    ++steps_;
    const double t = static_cast<double>(steps_);
    const Real rate = static_cast<Real>(learning_rate / (1 - std::pow(first, t)));
    const Real scale = static_cast<Real>(1 / (1 - std::pow(second, t)));
    constexpr Real tiny = Real(1e-30); // below, moments would end as slow denormal numbers
    const auto step = [&](Real& value, Real& mean, Real& square, Real g) {
        const Real m = Real(first) * mean + Real(1 - first) * g;
        const Real v = Real(second) * square + Real(1 - second) * g * g;
        mean = std::abs(m) < tiny ? Real(0) : m;
        square = v < tiny ? Real(0) : v;
        value -= rate * mean / (std::sqrt(square * scale) + Real(1e-8));
    };
    for (Index i = 0; i < at_.size; ++i) step(values_[i], mean_[i], square_[i], gradient[i]);
    transpose();
}

template <class Real> void NodePass<Real>::resize(Index rows, const Shape& s) {
    for (auto* v : {&h3_, &h4_, &d3_, &d4_}) at_least(*v, rows * s.hidden);
    for (auto* v : {&out_, &slope_}) at_least(*v, rows * s.outputs);
}

template <class Real>
void NodePass<Real>::forward(const MessageNetwork<Real>& net, const Real* m, const Real* x,
                             Index rows) {
    const Layout& at = net.at();
    const Index h = net.shape().hidden;
    thin_dense(x, net.part(at.V3), net.part(at.b3), first(), rows, net.shape().inputs, h);
    dense_added_rectified(m, net.part(at.W3), first(), rows, h, h);
    last_layer(net, x, rows);
}

template <class Real>
void NodePass<Real>::forward_from_first(const MessageNetwork<Real>& net, const Real* x,
                                        Index rows) {
    const Index h = net.shape().hidden;
    for (Index k = 0; k < rows * h; k += lanes<Real>)
        store(first() + k, rectified<Real>(load(first() + k)));
    last_layer(net, x, rows);
}

template <class Real>
void NodePass<Real>::last_layer(const MessageNetwork<Real>& net, const Real* x, Index rows) {
    const Layout& at = net.at();
    const Index h = net.shape().hidden, d = net.shape().inputs, o = net.shape().outputs;
    dense_rectified(first(), net.part(at.W4), net.part(at.b4), h4_.data(), rows, h, h);
    for (Index r = 0; r < rows; ++r)
        for (Index k = 0; k < o; ++k) {
            Real y = dot(h4_.data() + r * h, net.part(at.H5) + k * h, h) + net.part(at.b5)[k];
            for (Index c = 0; c < d; ++c) y += x[r * d + c] * net.part(at.X5)[k * d + c];
            out_[r * o + k] = y;
        }
}

template <class Real>
void NodePass<Real>::backward_to_first(const MessageNetwork<Real>& net, Index rows) {
    const Layout& at = net.at();
    const Index h = net.shape().hidden, o = net.shape().outputs;
    for (Index r = 0; r < rows; ++r)
        for (Index k = 0; k < h; k += lanes<Real>) {
            Packet<Real> sum = spread<Real>(0);
            for (Index c = 0; c < o; ++c)
                sum = Eigen::internal::pmadd(spread(slope_[r * o + c]),
                                             load(net.part(at.H5) + c * h + k), sum);
            store(&d4_[r * h + k], gated<Real>(load(&h4_[r * h + k]), sum));
        }
    dense_backward_gated(d4_.data(), net.transposed4(), h3_.data(), d3_.data(), rows, h, h);
}

template <class Real>
void NodePass<Real>::backward_messages(const MessageNetwork<Real>& net, Index rows, Real* dm) {
    const Index h = net.shape().hidden;
    dense(d3_.data(), net.transposed3(), dm, rows, h, h);
}

template <class Real>
void NodePass<Real>::add_gradient(const MessageNetwork<Real>& net, const Real* m, const Real* x,
                                  Index rows, Real* g) {
    const Layout& at = net.at();
    const Index h = net.shape().hidden, d = net.shape().inputs, o = net.shape().outputs;
    if (m) dense_weights(m, d3_.data(), g + at.W3, rows, h, h);
    dense_weights(h3_.data(), d4_.data(), g + at.W4, rows, h, h);
    thin_weights(x, d3_.data(), g + at.V3, rows, d, h);
    add_rows(d3_.data(), g + at.b3, rows, h);
    add_rows(d4_.data(), g + at.b4, rows, h);
    for (Index r = 0; r < rows; ++r)
        for (Index k = 0; k < o; ++k) {
            const Real slope = slope_[r * o + k];
            g[at.b5 + k] += slope;
            for (Index c = 0; c < d; ++c) g[at.X5 + k * d + c] += slope * x[r * d + c];
            add_scaled(slope, h4_.data() + r * h, g + at.H5 + k * h, h);
        }
}

template <class Real>
double squared_loss(const Real* out, const Real* wanted, Real* slope, Index count, Real weight) {
    double sum = 0;
    for (Index i = 0; i < count; ++i) {
        const Real error = out[i] - wanted[i];
        sum += 0.5 * static_cast<double>(error) * static_cast<double>(error);
        slope[i] = weight * error;
    }
    return sum;
}

template <class Real>
double entropy_loss(const Real* out, const Real* amount, Real* slope, Index rows, Index classes,
                    Real weight) {
    using numerics::fast_exp, numerics::fast_log;
    double sum = 0;
    for (Index r = 0; r < rows; ++r, out += classes, amount += classes, slope += classes) {
        const Real top = *std::max_element(out, out + classes);
        Real total = 0, all = 0;
        for (Index c = 0; c < classes; ++c) {
            slope[c] = fast_exp(out[c] - top);
            total += slope[c], all += amount[c];
        }
        const Real log_total = fast_log(total) + top;
        for (Index c = 0; c < classes; ++c) {
            sum += static_cast<double>(amount[c] * (log_total - out[c]));
            slope[c] = weight * (all * slope[c] / total - amount[c]);
        }
    }
    return sum;
}

template class MessageNetwork<float>;
template class MessageNetwork<double>;
template class NodePass<float>;
template class NodePass<double>;
template double squared_loss(const float*, const float*, float*, Index, float);
template double squared_loss(const double*, const double*, double*, Index, double);
template double entropy_loss(const float*, const float*, float*, Index, Index, float);
template double entropy_loss(const double*, const double*, double*, Index, Index, double);

} // namespace espalier::reconstruction
