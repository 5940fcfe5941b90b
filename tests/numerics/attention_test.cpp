// SPDX-License-Identifier: MIT
// Attention and row normalisation: against their formulas and central differences.
#include "espalier/numerics/attention.hpp"
#include "espalier/numerics/elementwise.hpp"
#include "espalier/numerics/initialisers.hpp"
#include "espalier/numerics/reductions.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <functional>
#include <vector>

using namespace espalier::numerics;
namespace tt = boost::test_tools;

namespace {

using Var = Variable<double>;

std::vector<double> drawn(Index count, std::uint32_t index) {
    std::vector<double> values(static_cast<std::size_t>(count));
    fill_uniform(MatrixView<double>(values.data(), 1, count), -1.5, 1.5, {{5, 6}, index});
    return values;
}

struct Shape {
    Index rows, cols;
};

// Gradients of a loss that weights every element differently, by central differences.
void check_gradients(std::vector<Shape> shapes, std::function<Var(const std::vector<Var>&)> apply) {
    std::vector<std::vector<double>> values;
    for (const Shape& s : shapes)
        values.push_back(drawn(s.rows * s.cols, static_cast<std::uint32_t>(values.size())));
    Tape<double> tape;
    std::vector<double> weights;
    std::vector<Var> inputs;
    const auto loss = [&] {
        tape.clear();
        inputs.clear();
        for (std::size_t i = 0; i < values.size(); ++i)
            inputs.push_back(tape.variable({values[i].data(), shapes[i].rows, shapes[i].cols}));
        const Var y = apply(inputs);
        weights = drawn(y.size(), 99);
        Var total = sum(y * tape.constant({weights.data(), y.rows(), y.cols()}));
        for (const Var& v : inputs) total = total + sum(square(v)); // inputs used twice
        return total;
    };
    tape.backward(loss());
    std::vector<std::vector<double>> gradients;
    for (const Var& v : inputs) {
        const auto g = v.gradient();
        BOOST_TEST_REQUIRE((g.data != nullptr));
        gradients.emplace_back(g.data, g.data + g.size());
    }
    constexpr double h = 1e-5;
    for (std::size_t i = 0; i < values.size(); ++i)
        for (std::size_t j = 0; j < values[i].size(); ++j) {
            const double kept = values[i][j];
            values[i][j] = kept + h;
            const double above = loss().scalar();
            values[i][j] = kept - h;
            const double below = loss().scalar();
            values[i][j] = kept;
            BOOST_TEST(std::abs((above - below) / (2 * h) - gradients[i][j]) < 1e-7,
                       "input " << i << " element " << j);
        }
}

} // namespace

BOOST_AUTO_TEST_SUITE(attention_and_norm)

BOOST_AUTO_TEST_CASE(gradients_agree_with_differences) {
    check_gradients({{6, 4}, {6, 4}, {6, 4}},
                    [](const auto& v) { return attention(v[0], v[1], v[2], 3, 2); });
    check_gradients({{4, 3}}, [](const auto& v) { return attention(v[0], v[0], v[0], 4, 1); });
    check_gradients({{3, 18}, {1, 18}, {1, 18}},
                    [](const auto& v) { return layer_norm(v[0], v[1], v[2]); });
}

BOOST_AUTO_TEST_CASE(blocks_and_heads_by_the_formula) {
    constexpr Index tokens = 3, heads = 2, width = 4, rows = 6, group = width / heads;
    const auto q = drawn(rows * width, 1), k = drawn(rows * width, 2), v = drawn(rows * width, 3);
    const auto at = [](const std::vector<double>& m, Index row, Index col) {
        return m[static_cast<std::size_t>(row * width + col)];
    };
    Tape<double> tape;
    const auto wrap = [&](const std::vector<double>& m) {
        return tape.constant({m.data(), rows, width});
    };
    const auto y = attention(wrap(q), wrap(k), wrap(v), tokens, heads).value();
    for (Index i = 0; i < rows; ++i)
        for (Index c = 0; c < width; ++c) {
            const Index block = i / tokens * tokens, first = c / group * group;
            double total = 0, mixed = 0;
            for (Index j = block; j < block + tokens; ++j) {
                double product = 0;
                for (Index d = first; d < first + group; ++d) product += at(q, i, d) * at(k, j, d);
                const double weight = std::exp(product / std::sqrt(2.0));
                total += weight, mixed += weight * at(v, j, c);
            }
            BOOST_TEST(y(i, c) == mixed / total, tt::tolerance(1e-12));
        }
}

BOOST_AUTO_TEST_CASE(the_order_of_a_block_moves_with_it) {
    // Attention knows no order: rows of a block that trade places trade results.
    auto x = drawn(8, 4);
    Tape<double> tape;
    const auto attend = [&] {
        tape.clear();
        const Var v = tape.constant({x.data(), 2, 4});
        const auto y = attention(v, v, v, 2, 1).value();
        return std::vector<double>(y.data, y.data + 8);
    };
    const auto before = attend();
    std::swap_ranges(x.begin(), x.begin() + 4, x.begin() + 4);
    const auto after = attend();
    for (std::size_t i = 0; i < 8; ++i)
        BOOST_TEST(after[i] == before[(i + 4) % 8], tt::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(rows_are_normalised) {
    const auto x = drawn(40, 7);
    const std::vector<double> ones(20, 1.0), zeros(20, 0.0);
    Tape<double> tape;
    const auto y = layer_norm(tape.constant({x.data(), 2, 20}), tape.constant({ones.data(), 1, 20}),
                              tape.constant({zeros.data(), 1, 20}))
                       .value();
    for (Index r = 0; r < 2; ++r) {
        double mean = 0, square = 0;
        for (Index c = 0; c < 20; ++c) mean += y(r, c) / 20, square += y(r, c) * y(r, c) / 20;
        BOOST_TEST(std::abs(mean) < 1e-12);
        BOOST_TEST(square == 1.0, tt::tolerance(1e-4)); // 1e-5 is added to the variance
    }
}

BOOST_AUTO_TEST_CASE(shapes_that_do_not_fit_are_refused) {
    const std::vector<double> x(24);
    Tape<double> tape;
    const Var a = tape.constant({x.data(), 6, 4}), b = tape.constant({x.data(), 4, 6});
    BOOST_CHECK_THROW(attention(a, b, a, 3, 2), std::invalid_argument);
    BOOST_CHECK_THROW(attention(a, a, a, 4, 2), std::invalid_argument);
    BOOST_CHECK_THROW(attention(a, a, a, 3, 3), std::invalid_argument);
    BOOST_CHECK_THROW(layer_norm(a, b, b), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
