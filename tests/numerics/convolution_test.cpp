// SPDX-License-Identifier: MIT
// Convolutions against their definition, and their gradients against central differences.
#include "espalier/numerics/numerics.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <vector>

using namespace espalier::numerics;

namespace {

struct Case {
    const char* name;
    Window window;
    Index fields, inputs, outputs;
};

Window window(Window::Axes size, Window::Axes kernel, Window::Axes stride, Window::Axes padding,
              Border border) {
    return {size, kernel, stride, padding, border};
}

const std::vector<Case> cases{
    {"line, zeros", same_size({1, 1, 11}, {1, 1, 3}, Border::zero), 3, 2, 4},
    {"ring", same_size({1, 1, 11}, {1, 1, 5}, Border::circular), 2, 1, 3},
    {"ring as long as the kernel", same_size({1, 1, 3}, {1, 1, 3}, Border::circular), 2, 1, 2},
    {"even kernel, stride", window({1, 1, 9}, {1, 1, 4}, {1, 1, 2}, {0, 0, 1}, Border::zero), 2, 3,
     2},
    {"torus", same_size({1, 6, 7}, {1, 3, 5}, Border::circular), 2, 2, 3},
    {"plane, stride and zeros", window({1, 7, 8}, {1, 3, 2}, {1, 2, 3}, {0, 1, 1}, Border::zero), 2,
     2, 2},
    {"plane, stride on a torus",
     window({1, 6, 8}, {1, 3, 4}, {1, 2, 4}, {0, 1, 2}, Border::circular), 1, 2, 2},
    {"blocks of a plane", blocks({1, 6, 9}, {1, 2, 3}), 3, 1, 4},
    {"box", same_size({4, 3, 5}, {3, 3, 3}, Border::zero), 2, 2, 2},
    {"three-torus", same_size({3, 4, 3}, {3, 1, 3}, Border::circular), 1, 2, 3},
    {"blocks of a box", blocks({4, 4, 6}, {4, 2, 3}), 1, 2, 3},
    {"one site", {}, 5, 3, 2},
    {"many tiles", same_size({1, 60, 60}, {1, 3, 3}, Border::circular), 2, 3, 2},
};

// relation(output row, tap, input row) for every tap that sees a site.
template <class Relation> void for_each_tap(const Window& w, Index fields, Relation relation) {
    const Window::Axes out = w.output();
    Index row = 0;
    for (Index f = 0; f < fields; ++f)
        for (Index z = 0; z < out[0]; ++z)
            for (Index y = 0; y < out[1]; ++y)
                for (Index x = 0; x < out[2]; ++x, ++row)
                    for (Index tap = 0; tap < w.taps(); ++tap) {
                        const Window::Axes output{z, y, x};
                        const Window::Axes k{tap / (w.kernel[1] * w.kernel[2]),
                                             tap / w.kernel[2] % w.kernel[1], tap % w.kernel[2]};
                        Index site = 0;
                        bool inside = true;
                        for (std::size_t a = 0; a < 3; ++a) {
                            Index at = output[a] * w.stride[a] - w.padding[a] + k[a];
                            if (w.border == Border::circular) at = (at + w.size[a]) % w.size[a];
                            inside = inside && at >= 0 && at < w.size[a];
                            site = site * w.size[a] + at;
                        }
                        if (inside) relation(row, tap, f * w.sites() + site);
                    }
}

using Values = std::vector<double>;

Values uniform(Index size, std::uint32_t place) {
    Values v(static_cast<std::size_t>(size));
    fill_uniform(MatrixView<double>(v.data(), 1, size), -1, 1, {{5, 6}, place});
    return v;
}

struct Operands {
    Index rows, inputs, weight_rows, weight_cols, outputs;
    Values x, weight, bias;

    Operands(const Case& c, bool transposed)
        : rows(c.fields * (transposed ? c.window.output_sites() : c.window.sites())),
          inputs(c.inputs), weight_rows(transposed ? c.inputs : c.window.taps() * c.inputs),
          weight_cols(transposed ? c.window.taps() * c.outputs : c.outputs), outputs(c.outputs),
          x(uniform(rows * inputs, 1)), weight(uniform(weight_rows * weight_cols, 2)),
          bias(uniform(outputs, 3)) {}

    Variable<double> apply(Tape<double>& tape, const Case& c, bool transposed,
                           Activation activation, std::vector<Variable<double>>* leaves = nullptr) {
        const std::vector<Variable<double>> in{
            tape.variable({x.data(), rows, inputs}),
            tape.variable({weight.data(), weight_rows, weight_cols}),
            tape.variable({bias.data(), 1, outputs})};
        if (leaves) *leaves = in;
        return transposed ? transposed_convolution(in[0], in[1], in[2], c.window, activation)
                          : convolution(in[0], in[1], in[2], c.window, activation);
    }
};

void check_gradients(const Case& c, bool transposed, Activation activation) {
    Operands o(c, transposed);
    Tape<double> tape;
    std::vector<Variable<double>> leaves;
    const Variable<double> y = o.apply(tape, c, transposed, activation, &leaves);
    const Values w = uniform(y.size(), 4);
    const auto loss = [&](const Variable<double>& result) {
        return sum(result * result.tape->constant({w.data(), result.rows(), result.cols()}));
    };
    const Variable<double> total = loss(y);
    const double scale = std::abs(total.scalar()) + static_cast<double>(y.size());
    tape.backward(total);
    std::vector<Values> gradients;
    for (const auto& leaf : leaves) {
        const auto g = leaf.gradient();
        BOOST_REQUIRE(g.data);
        gradients.emplace_back(g.data, g.data + g.size());
    }
    constexpr double h = 1e-5;
    std::size_t input = 0;
    for (Values* values : {&o.x, &o.weight, &o.bias}) {
        const std::size_t stride = std::max<std::size_t>(1, values->size() / 40);
        for (std::size_t i = 0; i < values->size(); i += stride) {
            const double kept = (*values)[i];
            const auto at = [&](double v) {
                (*values)[i] = v;
                Tape<double> fresh;
                return loss(o.apply(fresh, c, transposed, activation)).scalar();
            };
            const double difference = (at(kept + h) - at(kept - h)) / (2 * h);
            (*values)[i] = kept;
            BOOST_TEST_CONTEXT(c.name << ", input " << input << ", element " << i)
            BOOST_TEST(std::abs(gradients[input][i] - difference) <
                       1e-7 * (1 + std::abs(difference)) + 4 * 1.1e-16 * scale / h);
        }
        ++input;
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(convolutions)

BOOST_AUTO_TEST_CASE(values_follow_the_definition) {
    for (const Case& c : cases) {
        BOOST_TEST_CONTEXT(c.name) {
            for (const bool transposed : {false, true}) {
                Operands o(c, transposed);
                const Index rows =
                    c.fields * (transposed ? c.window.sites() : c.window.output_sites());
                Values wanted;
                for (Index r = 0; r < rows; ++r)
                    wanted.insert(wanted.end(), o.bias.begin(), o.bias.end());
                for_each_tap(c.window, c.fields, [&](Index output, Index tap, Index input) {
                    for (Index i = 0; i < c.inputs; ++i)
                        for (Index j = 0; j < c.outputs; ++j)
                            if (transposed)
                                wanted[static_cast<std::size_t>(input * c.outputs + j)] +=
                                    o.x[static_cast<std::size_t>(output * c.inputs + i)] *
                                    o.weight[static_cast<std::size_t>(i * o.weight_cols +
                                                                      tap * c.outputs + j)];
                            else
                                wanted[static_cast<std::size_t>(output * c.outputs + j)] +=
                                    o.x[static_cast<std::size_t>(input * c.inputs + i)] *
                                    o.weight[static_cast<std::size_t>(
                                        (tap * c.inputs + i) * c.outputs + j)];
                });
                Tape<double> tape;
                const auto y = o.apply(tape, c, transposed, Activation::none);
                BOOST_REQUIRE_EQUAL(y.rows(), rows);
                BOOST_REQUIRE_EQUAL(y.cols(), c.outputs);
                double worst = 0;
                for (Index i = 0; i < y.size(); ++i)
                    worst = std::max(
                        worst, std::abs(y.value().data[i] - wanted[static_cast<std::size_t>(i)]));
                BOOST_TEST(worst < 1e-13);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(gradients_follow_differences) {
    for (const Case& c : cases)
        for (const bool transposed : {false, true})
            check_gradients(c, transposed, Activation::tanh);
    for (const Activation a : {Activation::none, Activation::sigmoid, Activation::silu})
        check_gradients(cases.front(), false, a);
}

BOOST_AUTO_TEST_CASE(a_transpose_is_the_adjoint) {
    // <conv(x), y> = <x, transposed(y)> with the weights of one column each way.
    for (const Case& c : cases) {
        Case one = c;
        one.inputs = one.outputs = 1;
        Operands forward(one, false), back(one, true);
        back.weight = forward.weight;
        forward.bias = back.bias = {0};
        Tape<double> tape;
        const auto cx = forward.apply(tape, one, false, Activation::none);
        const auto ty = back.apply(tape, one, true, Activation::none);
        double left = 0, right = 0;
        for (Index i = 0; i < cx.size(); ++i)
            left += cx.value().data[i] * back.x[static_cast<std::size_t>(i)];
        for (Index i = 0; i < ty.size(); ++i)
            right += ty.value().data[i] * forward.x[static_cast<std::size_t>(i)];
        BOOST_TEST(std::abs(left - right) < 1e-12 * (1 + std::abs(left)), c.name);
    }
}

BOOST_AUTO_TEST_CASE(shapes_that_do_not_fit_are_refused) {
    Tape<double> tape;
    const auto x = tape.constant(10, 2, 0.5), w = tape.constant(6, 3, 0.5),
               b = tape.constant(1, 3, 0.5);
    const auto on = [&](Index size, Index kernel, Index padding, Border border) {
        Window v{{1, 1, size}, {1, 1, kernel}};
        v.padding[2] = padding, v.border = border;
        return v;
    };
    BOOST_CHECK_NO_THROW(convolution(x, w, b, on(5, 3, 1, Border::zero)));
    BOOST_CHECK_THROW(convolution(x, w, b, on(4, 3, 1, Border::zero)), std::invalid_argument);
    BOOST_CHECK_THROW(convolution(x, w, b, on(5, 2, 1, Border::zero)), std::invalid_argument);
    BOOST_CHECK_THROW(convolution(x, w, b, on(2, 3, 0, Border::zero)), std::invalid_argument);
    BOOST_CHECK_THROW(convolution(x, w, b, on(1, 3, 2, Border::circular)), std::invalid_argument);
    BOOST_CHECK_THROW(transposed_convolution(x, w, b, on(5, 3, 1, Border::zero)),
                      std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
