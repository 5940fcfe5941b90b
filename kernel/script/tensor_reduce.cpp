// SPDX-License-Identifier: MIT
// Sums, means and extremes of tensors, in a fixed order.
#include "script/tensor_math.hpp"
#include "values/failure.hpp"

#include <fmt/format.h>

#include <cmath>

namespace espalier::script {

namespace {

// A tensor as outer x length x inner, to be reduced over `length`.
struct Blocks {
    int64_t outer = 1, length = 1, inner = 1;
    Shape left; // what remains

    Blocks(const Tensor& t, std::optional<std::size_t> axis) {
        if (!axis) {
            length = t.size();
            return;
        }
        if (*axis >= t.axes())
            throw Failure(Exit::script,
                          fmt::format("axis {} is not in shape {}", *axis + 1, text_of(t.shape())));
        left = t.shape();
        left.erase(left.begin() + static_cast<std::ptrdiff_t>(*axis));
        length = t.shape()[*axis];
        for (std::size_t i = 0; i < t.axes(); ++i)
            if (i != *axis) (i < *axis ? outer : inner) *= t.shape()[i];
    }
};

// The elements of one line, `stride` apart.
template <class T> struct Line {
    const T* data;
    int64_t length, stride;
    T operator[](int64_t i) const { return data[i * stride]; }
};

// Out = fold(line) for every line.
template <class Out, class In, class Fold>
Tensor fold_lines(const Tensor& t, const Blocks& b, Fold fold) {
    Tensor out(dtype_for<Out>(), b.left);
    Out* to = out.writable_values<Out>().data();
    const In* from = t.values<In>().data();
    for (int64_t o = 0; o < b.outer; ++o)
        for (int64_t i = 0; i < b.inner; ++i)
            *to++ = fold(Line<In>{from + o * b.length * b.inner + i, b.length, b.inner});
    return out;
}

// Blocks of 256 keep the rounding error of a long sum small.
template <class Term> double summed(int64_t length, Term term) {
    double total = 0;
    for (int64_t begin = 0; begin < length; begin += 256) {
        double part = 0;
        for (int64_t i = begin; i < std::min(length, begin + 256); ++i) part += term(i);
        total += part;
    }
    return total;
}

double mean_of(Line<double> x) {
    return summed(x.length, [&](int64_t i) { return x[i]; }) / static_cast<double>(x.length);
}

double std_of(Line<double> x) {
    const double mean = mean_of(x);
    const double squares =
        summed(x.length, [&](int64_t i) { return (x[i] - mean) * (x[i] - mean); });
    return std::sqrt(squares / static_cast<double>(x.length));
}

template <class T> int64_t extreme(Line<T> x, bool greatest) {
    int64_t best = 0;
    for (int64_t i = 1; i < x.length; ++i) {
        if constexpr (std::is_floating_point_v<T>) {
            if (std::isnan(x[best])) break;
            if (std::isnan(x[i])) best = i;
        }
        if (greatest ? x[i] > x[best] : x[i] < x[best]) best = i;
    }
    return best;
}

Tensor sum_of(const Tensor& t, const Blocks& b) {
    if (is_real(t.dtype()))
        return fold_lines<double, double>(t.as(DType::float64), b, [](Line<double> x) {
            return summed(x.length, [&](int64_t i) { return x[i]; });
        });
    return fold_lines<int64_t, int64_t>(t.as(DType::int64), b, [](Line<int64_t> x) {
        uint64_t total = 0;
        for (int64_t i = 0; i < x.length; ++i) total += static_cast<uint64_t>(x[i]);
        return static_cast<int64_t>(total);
    });
}

Tensor extremes(Reduction what, const Tensor& t, const Blocks& b) {
    const bool greatest = what == Reduction::max || what == Reduction::argmax;
    return with_type(t.dtype(), [&](auto zero) {
        using T = decltype(zero);
        if (what == Reduction::min || what == Reduction::max)
            return fold_lines<T, T>(t, b, [&](Line<T> x) { return x[extreme(x, greatest)]; });
        return fold_lines<int64_t, T>(t, b, [&](Line<T> x) { return extreme(x, greatest) + 1; });
    });
}

Tensor truths(Reduction what, const Tensor& t, const Blocks& b) {
    const bool all = what == Reduction::all;
    return fold_lines<bool, double>(t.as(DType::float64), b, [&](Line<double> x) {
        for (int64_t i = 0; i < x.length; ++i)
            if ((x[i] != 0) != all) return !all;
        return all;
    });
}

} // namespace

Tensor reduce(Reduction what, const Tensor& t, std::optional<std::size_t> axis) {
    const Blocks b(t, axis);
    if (what == Reduction::sum) return sum_of(t, b);
    if (what == Reduction::all || what == Reduction::any) return truths(what, t, b);
    if (b.length == 0)
        throw Failure(Exit::script,
                      fmt::format("nothing to reduce in shape {}", text_of(t.shape())));
    if (what == Reduction::mean)
        return fold_lines<double, double>(t.as(DType::float64), b, mean_of);
    if (what == Reduction::std) return fold_lines<double, double>(t.as(DType::float64), b, std_of);
    return extremes(what, t, b);
}

} // namespace espalier::script
