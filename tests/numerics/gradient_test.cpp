// SPDX-License-Identifier: MIT
// Every operation against central differences, in double.
#include "espalier/numerics/numerics.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <functional>
#include <vector>

using namespace espalier::numerics;

namespace {

using Var = Variable<double>;
using Inputs = std::vector<Var>;

struct Shape {
    Index rows, cols;
};
struct Case {
    const char* name;
    std::vector<Shape> shapes;
    std::function<Var(const Inputs&)> apply;
    double low = -2, high = 2; // range of the inputs
};

const Place noise_place{{7, 8}, 1, 2, 3};
const std::vector<std::int32_t> labels = {2, 0, 1, 1};
const std::vector<std::int32_t> rows_taken = {3, 0, 3, 1, 2, 3};
const std::vector<std::int64_t> segments = {0, 2, 2, 3, 6};
const std::vector<std::int64_t> row_offsets = {0, 2, 3, 3, 5};
const std::vector<std::int32_t> columns = {0, 2, 1, 0, 2};
const CompressedRows structure{row_offsets, columns, 3};

Case dense_case(const char* name, Activation activation) {
    return {name, {{4, 3}, {3, 5}, {1, 5}}, [activation](const Inputs& v) {
                return affine(v[0], v[1], v[2], activation);
            }};
}

template <class Operation>
void add_binary(std::vector<Case>& cases, const char* name, Operation operation, double low) {
    for (const auto& [a, b] : std::vector<std::pair<Shape, Shape>>{{{4, 3}, {4, 3}},
                                                                   {{4, 3}, {1, 3}},
                                                                   {{4, 3}, {4, 1}},
                                                                   {{4, 3}, {1, 1}},
                                                                   {{1, 3}, {4, 3}},
                                                                   {{4, 1}, {1, 3}}})
        cases.push_back(
            {name, {a, b}, [operation](const Inputs& v) { return operation(v[0], v[1]); }, low, 2});
}

std::vector<Case> arithmetic_cases() {
    std::vector<Case> cases;
    add_binary(
        cases, "add", [](Var a, Var b) { return a + b; }, -2);
    add_binary(
        cases, "subtract", [](Var a, Var b) { return a - b; }, -2);
    add_binary(
        cases, "multiply", [](Var a, Var b) { return a * b; }, -2);
    add_binary(
        cases, "divide", [](Var a, Var b) { return a / b; }, 0.5);
    const auto one = [&](const char* name, auto operation, double low = -2, double high = 2) {
        cases.push_back(
            {name, {{3, 7}}, [=](const Inputs& v) { return operation(v[0]); }, low, high});
    };
    one("scale", [](Var x) { return scale(x, -1.5, 0.25); });
    one("negate", [](Var x) { return -x; });
    one("exp", [](Var x) { return exp(x); });
    one(
        "log", [](Var x) { return log(x); }, 0.3, 3);
    one("abs", [](Var x) { return abs(x); });
    one("square", [](Var x) { return square(x); });
    one("relu", [](Var x) { return relu(x); });
    one("leaky_relu", [](Var x) { return leaky_relu(x, 0.2); });
    one("tanh", [](Var x) { return tanh(x); });
    one("sigmoid", [](Var x) { return sigmoid(x); });
    one("softplus", [](Var x) { return softplus(x); });
    one("silu", [](Var x) { return silu(x); });
    one("softmax", [](Var x) { return softmax(x); });
    one("log_softmax", [](Var x) { return log_softmax(x); });
    one("sum", [](Var x) { return sum(x); });
    one("mean", [](Var x) { return mean(x); });
    one("row_sums", [](Var x) { return row_sums(x); });
    one("column_sums", [](Var x) { return column_sums(x); });
    return cases;
}

std::vector<Case> matrix_cases() {
    return {
        {"matmul", {{4, 3}, {3, 5}}, [](const Inputs& v) { return matmul(v[0], v[1]); }},
        {"matmul, packed",
         {{40, 30}, {30, 35}},
         [](const Inputs& v) { return matmul(v[0], v[1]); }},
        {"matmul, one row",
         {{1, 130}, {130, 120}},
         [](const Inputs& v) { return matmul(v[0], v[1]); }},
        dense_case("affine", Activation::none),
        dense_case("affine, relu", Activation::relu),
        dense_case("affine, leaky_relu", Activation::leaky_relu),
        dense_case("affine, tanh", Activation::tanh),
        dense_case("affine, sigmoid", Activation::sigmoid),
        dense_case("affine, softplus", Activation::softplus),
        dense_case("affine, silu", Activation::silu),
        {"transpose", {{3, 5}}, [](const Inputs& v) { return transpose(v[0]); }},
        {"reshape", {{3, 4}}, [](const Inputs& v) { return reshape(v[0], 2, 6); }},
        {"concatenate_columns",
         {{3, 2}, {3, 4}, {3, 1}},
         [](const Inputs& v) { return concatenate_columns(std::span<const Var>(v)); }},
        {"concatenate_columns, the same twice",
         {{3, 2}},
         [](const Inputs& v) { return concatenate_columns(v[0], v[0]); }},
        {"slice_columns", {{3, 5}}, [](const Inputs& v) { return slice_columns(v[0], 1, 4); }},
        {"slice_rows", {{5, 3}}, [](const Inputs& v) { return slice_rows(v[0], 2, 4); }},
        {"gather_rows", {{4, 3}}, [](const Inputs& v) { return gather_rows(v[0], rows_taken); }},
        {"scatter_add_rows",
         {{6, 3}},
         [](const Inputs& v) { return scatter_add_rows(v[0], rows_taken, 5); }},
        {"segment_sum", {{6, 3}}, [](const Inputs& v) { return segment_sum(v[0], segments); }},
        {"sparse_product",
         {{1, 5}, {3, 4}},
         [](const Inputs& v) { return sparse_product(structure, v[0], v[1]); }},
        {"sparse_product, ones",
         {{3, 4}},
         [](const Inputs& v) { return sparse_product(structure, v[0]); }},
    };
}

std::vector<Case> loss_and_sample_cases() {
    return {
        {"cross_entropy", {{4, 3}}, [](const Inputs& v) { return cross_entropy(v[0], labels); }},
        {"binary_cross_entropy_with_logits",
         {{4, 3}, {4, 3}},
         [](const Inputs& v) { return binary_cross_entropy_with_logits(v[0], sigmoid(v[1])); }},
        {"l1_loss", {{4, 3}, {4, 3}}, [](const Inputs& v) { return l1_loss(v[0], v[1]); }},
        {"l2_loss", {{4, 3}, {4, 3}}, [](const Inputs& v) { return l2_loss(v[0], v[1]); }},
        {"gumbel_softmax",
         {{4, 3}},
         [](const Inputs& v) { return gumbel_softmax(v[0], 0.7, noise_place); }},
        {"gumbel_sigmoid",
         {{4, 3}},
         [](const Inputs& v) { return gumbel_sigmoid(v[0], 0.7, noise_place); }},
        {"dropout", {{4, 3}}, [](const Inputs& v) { return dropout(v[0], 0.4, noise_place); }},
        {"a rollout that uses its weights three times",
         {{2, 3}, {3, 3}, {1, 3}},
         [](const Inputs& v) {
             Var x = v[0];
             for (int t = 0; t < 3; ++t) x = x + affine(x, v[1], v[2], Activation::tanh);
             return x;
         }},
    };
}

// A loss that weights every element of the result differently; `busy` also uses the inputs in a
// second place, so that contributions are added to what is there.
class Check {
public:
    Check(const Case& c, bool busy) : case_(c), busy_(busy) {
        std::uint32_t index = 0;
        for (const Shape& s : c.shapes) {
            values_.emplace_back(static_cast<std::size_t>(s.rows * s.cols));
            fill_uniform(MatrixView<double>(values_.back().data(), s.rows, s.cols), c.low, c.high,
                         {{1, 2}, index++});
        }
    }
    void run() {
        const Var loss = evaluate();
        loss_ = loss.scalar();
        tape_.backward(loss);
        std::vector<std::vector<double>> gradients;
        for (const Var& v : inputs_) {
            const auto g = v.gradient();
            BOOST_REQUIRE(g.data);
            gradients.emplace_back(g.data, g.data + g.size());
        }
        for (std::size_t i = 0; i < values_.size(); ++i)
            for (std::size_t j = 0; j < values_[i].size(); ++j) compare(i, j, gradients[i][j]);
    }

private:
    Var evaluate() {
        tape_.clear();
        inputs_.clear();
        for (std::size_t i = 0; i < values_.size(); ++i)
            inputs_.push_back(
                tape_.variable({values_[i].data(), case_.shapes[i].rows, case_.shapes[i].cols}));
        const Var y = case_.apply(inputs_);
        weights_.resize(static_cast<std::size_t>(y.size()));
        fill_uniform(MatrixView<double>(weights_.data(), y.rows(), y.cols()), -1, 1, {{3, 4}});
        Var loss = sum(y * tape_.constant({weights_.data(), y.rows(), y.cols()}));
        if (busy_)
            for (const Var& v : inputs_) loss = loss + sum(square(v));
        return loss;
    }
    double loss_at(std::size_t i, std::size_t j, double x) {
        const double kept = std::exchange(values_[i][j], x);
        const double loss = evaluate().scalar();
        values_[i][j] = kept;
        return loss;
    }
    void compare(std::size_t i, std::size_t j, double gradient) {
        // Of the difference: h^2 f'''/6 is cut off, and the loss is rounded.
        constexpr double h = 1e-5;
        const double x = values_[i][j];
        const double difference = (loss_at(i, j, x + h) - loss_at(i, j, x - h)) / (2 * h);
        BOOST_TEST_CONTEXT(case_.name << (busy_ ? ", added" : "") << ", input " << i << ", element "
                                      << j << ": gradient " << gradient << ", difference "
                                      << difference)
        BOOST_TEST(std::abs(gradient - difference) <
                   1e-7 * (1 + std::abs(difference)) + 4 * 1.1e-16 * std::abs(loss_) / h);
    }

    const Case& case_;
    bool busy_;
    double loss_ = 0;
    Tape<double> tape_;
    Inputs inputs_;
    std::vector<std::vector<double>> values_;
    std::vector<double> weights_;
};

void check_all(const std::vector<Case>& cases) {
    for (const Case& c : cases)
        for (const bool busy : {false, true}) Check(c, busy).run();
}

// The gradient at an input of sum(w * operation(x)).
template <class Operation>
std::vector<double> gradient_of(const std::vector<double>& x, Shape s, Operation operation) {
    Tape<double> tape;
    std::vector<double> w(x.size());
    fill_uniform(MatrixView<double>(w.data(), s.rows, s.cols), -1, 1, {{3, 4}});
    const Var in = tape.variable({x.data(), s.rows, s.cols});
    tape.backward(sum(operation(in) * tape.constant({w.data(), s.rows, s.cols})));
    const auto g = in.gradient();
    return {g.data, g.data + g.size()};
}

} // namespace

BOOST_AUTO_TEST_SUITE(gradients)

BOOST_AUTO_TEST_CASE(arithmetic_and_functions) { check_all(arithmetic_cases()); }
BOOST_AUTO_TEST_CASE(matrices_and_graphs) { check_all(matrix_cases()); }
BOOST_AUTO_TEST_CASE(losses_and_samples) { check_all(loss_and_sample_cases()); }

BOOST_AUTO_TEST_CASE(straight_through_has_the_gradient_of_the_soft_sample) {
    const Shape shape{5, 4};
    std::vector<double> x(20);
    fill_uniform(MatrixView<double>(x.data(), 5, 4), -2, 2, {{9, 9}});
    const auto with = [&](auto operation, Sample sample) {
        return gradient_of(x, shape, [&](Var v) { return operation(v, sample); });
    };
    const auto categories = [](Var v, Sample s) { return gumbel_softmax(v, 0.5, noise_place, s); };
    const auto bits = [](Var v, Sample s) { return gumbel_sigmoid(v, 0.5, noise_place, s); };
    BOOST_TEST(with(categories, Sample::hard) == with(categories, Sample::soft),
               boost::test_tools::per_element());
    BOOST_TEST(with(bits, Sample::hard) == with(bits, Sample::soft),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(float_agrees_with_double) {
    const auto gradient = [](auto zero) {
        using Real = decltype(zero);
        Parameters<Real> parameters;
        const MultilayerPerceptron<Real> model(parameters, "m", {6, 17, 5}, {1, 2},
                                               {Activation::tanh});
        // The same numbers in both: multiples of 1/64.
        for (Index p = 0; p < parameters.count(); ++p)
            for (Index i = 0; i < parameters.value(p).size(); ++i)
                parameters.value(p).data[i] = static_cast<Real>((i * 37 + p * 11) % 64 - 32) / 64;
        std::vector<Real> x(8 * 6), y(8 * 5, Real(0.5));
        for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<Real>(i % 13) / 8 - 1;
        Tape<Real> tape;
        tape.backward(
            l2_loss(model(tape.constant({x.data(), 8, 6})), tape.constant({y.data(), 8, 5})));
        std::vector<double> out;
        for (Index p = 0; p < parameters.count(); ++p)
            for (Index i = 0; i < parameters.value(p).size(); ++i)
                out.push_back(static_cast<double>(parameters.gradient(p).data[i]));
        return out;
    };
    const auto exact = gradient(0.0), single = gradient(0.0f);
    double largest = 0, difference = 0;
    for (std::size_t i = 0; i < exact.size(); ++i) {
        largest = std::max(largest, std::abs(exact[i]));
        difference = std::max(difference, std::abs(exact[i] - single[i]));
    }
    BOOST_TEST(largest > 0.01);
    BOOST_TEST(difference < 100 * 6e-8 * largest); // sums of about a hundred rounded terms
}

BOOST_AUTO_TEST_SUITE_END()
