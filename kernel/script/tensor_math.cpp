// SPDX-License-Identifier: MIT
// Elementwise arithmetic, comparison, joining and products of tensors.
#include "script/tensor_math.hpp"

#include "script/border.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

namespace espalier::script {

namespace {

DType widened(DType d) { return is_real(d) ? d : DType::int64; }

// The element type in which two tensors meet; a tensor without axes yields to one with axes.
DType meeting(const Tensor& a, const Tensor& b, bool real) {
    const DType x = widened(a.dtype()), y = widened(b.dtype());
    DType d = x == y ? x : DType::float64;
    if (x == DType::float32 && b.axes() == 0 && a.axes() > 0) d = DType::float32;
    if (y == DType::float32 && a.axes() == 0 && b.axes() > 0) d = DType::float32;
    return real && d == DType::int64 ? DType::float64 : d;
}

Shape meeting_shape(const Tensor& a, const Tensor& b) {
    if (b.axes() == 0 || a.shape() == b.shape()) return a.shape();
    if (a.axes() == 0) return b.shape();
    refuse(fmt::format("shapes {} and {} differ", text_of(a.shape()), text_of(b.shape())));
}

template <class T> T operate(Op op, T a, T b) {
    if constexpr (std::is_same_v<T, int64_t>) {
        const auto x = static_cast<uint64_t>(a), y = static_cast<uint64_t>(b);
        if (op == Op::add) return static_cast<int64_t>(x + y);
        return static_cast<int64_t>(op == Op::subtract ? x - y : x * y);
    } else {
        switch (op) {
        case Op::add: return a + b;
        case Op::subtract: return a - b;
        case Op::multiply: return a * b;
        case Op::divide: return a / b;
        default: return static_cast<T>(b == 2 ? a * a : std::pow(a, b));
        }
    }
}

template <class T> bool holds(Comparison c, T a, T b) {
    switch (c) {
    case Comparison::lt: return a < b;
    case Comparison::le: return a <= b;
    case Comparison::gt: return a > b;
    case Comparison::ge: return a >= b;
    case Comparison::eq: return a == b;
    default: return a != b;
    }
}

// out[i] = body(a[i], b[i]) with T as the type in which they meet.
template <class T, class Out, class Body>
Tensor zip(const Tensor& left, const Tensor& right, Body body) {
    Tensor out(dtype_for<Out>(), meeting_shape(left, right));
    const Tensor a = left.as(dtype_for<T>()), b = right.as(dtype_for<T>());
    const auto x = a.template values<T>(), y = b.template values<T>();
    const std::size_t step_x = a.axes() == 0 ? 0 : 1, step_y = b.axes() == 0 ? 0 : 1;
    auto result = out.template writable_values<Out>();
    for (std::size_t i = 0; i < result.size(); ++i) result[i] = body(x[i * step_x], y[i * step_y]);
    return out;
}

// Calls body with a zero of the type that `d` computes in.
template <class Body> decltype(auto) computing(DType d, Body body) {
    if (d == DType::int64) return body(int64_t{});
    return d == DType::float32 ? body(float{}) : body(double{});
}

DType common_type(const std::vector<Tensor>& parts) {
    DType d = parts.front().dtype();
    for (const Tensor& t : parts)
        if (t.dtype() != d) d = widened(d) == widened(t.dtype()) ? widened(d) : DType::float64;
    return d;
}

} // namespace

Tensor number_tensor(int64_t x) { return Tensor::of<int64_t>({}, {&x, 1}); }
Tensor number_tensor(double x) { return Tensor::of<double>({}, {&x, 1}); }

Tensor combine(Op op, const Tensor& a, const Tensor& b) {
    const bool real = op == Op::divide || op == Op::power;
    return computing(meeting(a, b, real), [&](auto zero) {
        using T = decltype(zero);
        // A switch inside the loop would keep it from being vectorised.
        switch (op) {
        case Op::add: return zip<T, T>(a, b, [](T x, T y) { return operate(Op::add, x, y); });
        case Op::subtract:
            return zip<T, T>(a, b, [](T x, T y) { return operate(Op::subtract, x, y); });
        case Op::multiply:
            return zip<T, T>(a, b, [](T x, T y) { return operate(Op::multiply, x, y); });
        case Op::divide: return zip<T, T>(a, b, [](T x, T y) { return operate(Op::divide, x, y); });
        default: return zip<T, T>(a, b, [](T x, T y) { return operate(Op::power, x, y); });
        }
    });
}

Tensor compare(Comparison c, const Tensor& a, const Tensor& b) {
    // float32 against a plain number: compared as float64, so that 0.1 is not rounded first.
    const bool whole = widened(a.dtype()) == DType::int64 && widened(b.dtype()) == DType::int64;
    return computing(whole ? DType::int64 : DType::float64, [&](auto zero) {
        using T = decltype(zero);
        return zip<T, bool>(a, b, [c](T x, T y) { return holds(c, x, y); });
    });
}

bool equal(const Tensor& a, const Tensor& b) noexcept {
    if (a.shape() != b.shape()) return false;
    if (widened(a.dtype()) == DType::int64 && a.dtype() == b.dtype())
        return std::memcmp(a.data(), b.data(), a.bytes()) == 0;
    for (int64_t i = 0; i < a.size(); ++i)
        if (a.number(i) != b.number(i)) return false;
    return true;
}

Tensor negate(const Tensor& t) {
    return computing(widened(t.dtype()), [&](auto zero) {
        using T = decltype(zero);
        return zip<T, T>(t, number_tensor(int64_t{-1}),
                         [](T x, T y) { return operate(Op::multiply, x, y); });
    });
}

Tensor absolute(const Tensor& t) {
    return computing(widened(t.dtype()), [&](auto zero) {
        using T = decltype(zero);
        return zip<T, T>(t, number_tensor(int64_t{0}), [](T x, T) {
            return x < T(0) ? operate(Op::subtract, T(0), x) : T(x + T(0));
        });
    });
}

Tensor apply(double (*function)(double), const Tensor& t) {
    const DType d = t.dtype() == DType::float32 ? DType::float32 : DType::float64;
    return computing(d, [&](auto zero) {
        using T = decltype(zero);
        return zip<T, T>(t, number_tensor(int64_t{0}), [function](T x, T) {
            return static_cast<T>(function(static_cast<double>(x)));
        });
    });
}

Tensor concat(const std::vector<Tensor>& parts, std::size_t axis) {
    if (parts.empty()) refuse("there is nothing to join");
    const Tensor& first = parts.front();
    if (axis >= first.axes())
        refuse(fmt::format("axis {} is not in shape {}", axis + 1, text_of(first.shape())));
    Shape shape = first.shape();
    shape[axis] = 0;
    for (const Tensor& t : parts) {
        Shape own = t.shape();
        if (axis < own.size()) shape[axis] += std::exchange(own[axis], first.shape()[axis]);
        if (own != first.shape())
            refuse(fmt::format("shapes {} and {} do not fit along axis {}", text_of(first.shape()),
                               text_of(t.shape()), axis + 1));
    }
    Tensor out(common_type(parts), shape);
    int64_t outer = 1;
    for (std::size_t i = 0; i < axis; ++i) outer *= shape[i];
    std::byte* to = out.writable();
    std::vector<Tensor> same;
    for (const Tensor& t : parts) same.push_back(t.as(out.dtype()));
    for (int64_t o = 0; o < outer; ++o)
        for (const Tensor& t : same) {
            const std::size_t block = t.bytes() / static_cast<std::size_t>(outer);
            if (block) std::memcpy(to, t.data() + static_cast<std::size_t>(o) * block, block);
            to += block;
        }
    return out;
}

Tensor stack(const std::vector<Tensor>& parts, std::size_t axis) {
    std::vector<Tensor> taller;
    for (const Tensor& t : parts) {
        Shape shape = t.shape();
        if (axis > shape.size())
            refuse(fmt::format("a new axis {} does not fit shape {}", axis + 1, text_of(shape)));
        shape.insert(shape.begin() + static_cast<std::ptrdiff_t>(axis), 1);
        taller.push_back(t.reshape(shape));
    }
    return concat(taller, axis);
}

Tensor dot(const Tensor& a, const Tensor& b) {
    if (a.axes() < 1 || a.axes() > 2 || b.axes() < 1 || b.axes() > 2 ||
        a.shape().back() != b.shape().front())
        refuse(fmt::format("shapes {} and {} cannot be multiplied", text_of(a.shape()),
                           text_of(b.shape())));
    const int64_t inner = b.shape()[0];
    const int64_t rows = a.axes() == 2 ? a.shape()[0] : 1;
    const int64_t columns = b.axes() == 2 ? b.shape()[1] : 1;
    Shape shape;
    if (a.axes() == 2) shape.push_back(rows);
    if (b.axes() == 2) shape.push_back(columns);
    return computing(meeting(a, b, false), [&](auto zero) {
        using T = decltype(zero);
        Tensor out(dtype_for<T>(), shape);
        const Tensor left = a.as(dtype_for<T>()), right = b.as(dtype_for<T>());
        const T *x = left.values<T>().data(), *y = right.values<T>().data();
        T* result = out.writable_values<T>().data();
        for (int64_t i = 0; i < rows; ++i)
            for (int64_t k = 0; k < inner; ++k)
                for (int64_t j = 0; j < columns; ++j)
                    result[i * columns + j] =
                        operate(Op::add, result[i * columns + j],
                                operate(Op::multiply, x[i * inner + k], y[k * columns + j]));
        return out;
    });
}

} // namespace espalier::script
