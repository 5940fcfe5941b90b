// SPDX-License-Identifier: MIT
// What a tape promises: exact small cases, frozen sets, inference, refusals with their shapes.
#include "espalier/numerics/numerics.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <string>
#include <vector>

using namespace espalier::numerics;

namespace {

// The message of what `action` throws.
template <class Action> std::string refusal(Action action) {
    try {
        action();
    } catch (const std::invalid_argument& e) {
        return e.what();
    }
    return "nothing was thrown";
}

std::vector<double> numbers(const MatrixView<const double>& m) {
    return {m.data, m.data + m.size()};
}

} // namespace

BOOST_AUTO_TEST_SUITE(tape)

BOOST_AUTO_TEST_CASE(a_product_by_hand) {
    // loss = sum((A B)^2): dA = 2 (A B) B^T, dB = 2 A^T (A B)
    const std::vector<double> a = {1, 2, 3, 4}, b = {0, 1, -1, 2};
    Tape<double> tape;
    const auto x = tape.variable({a.data(), 2, 2}), y = tape.variable({b.data(), 2, 2});
    const auto product = matmul(x, y);
    const auto loss = sum(square(product));
    BOOST_TEST(numbers(product.value()) == (std::vector<double>{-2, 5, -4, 11}),
               boost::test_tools::per_element());
    BOOST_TEST(loss.scalar() == 4 + 25 + 16 + 121);
    tape.backward(loss);
    BOOST_TEST(numbers(x.gradient()) == (std::vector<double>{10, 24, 22, 52}),
               boost::test_tools::per_element());
    BOOST_TEST(numbers(y.gradient()) == (std::vector<double>{-28, 76, -40, 108}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(index_operations_by_hand) {
    const std::vector<double> x = {1, 2, 3, 4, 5, 6};
    const std::vector<std::int32_t> rows = {2, 0, 2};
    const std::vector<std::int64_t> offsets = {0, 1, 1, 3};
    Tape<double> tape;
    const auto m = tape.constant({x.data(), 3, 2});
    const auto is = [](Variable<double> v, std::vector<double> wanted) {
        BOOST_TEST(numbers(v.value()) == wanted, boost::test_tools::per_element());
    };
    is(gather_rows(m, rows), {5, 6, 1, 2, 5, 6});
    is(scatter_add_rows(m, rows, 4), {3, 4, 0, 0, 6, 8, 0, 0});
    is(segment_sum(m, offsets), {1, 2, 0, 0, 8, 10});
    is(sparse_product(CompressedRows{offsets, rows, 3}, m), {5, 6, 0, 0, 6, 8});
    is(transpose(m), {1, 3, 5, 2, 4, 6});
    is(slice_columns(m, 1, 2), {2, 4, 6});
    is(slice_rows(m, 1, 3), {3, 4, 5, 6});
    is(concatenate_columns(m, slice_columns(m, 0, 1)), {1, 2, 1, 3, 4, 3, 5, 6, 5});
    is(m - tape.constant(1, 2, 1), {0, 1, 2, 3, 4, 5});
}

BOOST_AUTO_TEST_CASE(softmax_of_extreme_logits_stays_finite) {
    const std::vector<float> x = {1000, -1000, 0, -500, -500, -500};
    const std::vector<std::int32_t> labels = {1, 2};
    Tape<float> tape;
    const auto logits = tape.variable({x.data(), 2, 3});
    const auto p = softmax(logits);
    BOOST_TEST(p.value()(0, 0) == 1.0f);
    BOOST_TEST(p.value()(1, 1) == 1.0f / 3, boost::test_tools::tolerance(1e-6f));
    const auto loss = cross_entropy(logits, labels);
    BOOST_TEST(loss.scalar() == (2000.0f + std::log(3.0f)) / 2,
               boost::test_tools::tolerance(1e-6f));
    tape.backward(loss);
    BOOST_TEST(logits.gradient()(0, 1) == -0.5f);
}

BOOST_AUTO_TEST_CASE(a_frozen_set_gets_no_gradient_and_the_rest_does) {
    Parameters<double> frozen, free;
    const MultilayerPerceptron<double> first(frozen, "a", {2, 3, 2}, {1, 1});
    const MultilayerPerceptron<double> second(free, "b", {2, 2}, {1, 2});
    frozen.freeze();
    Tape<double> tape;
    tape.backward(sum(second(first(tape.constant(4, 2, 0.5)))));
    for (Index i = 0; i < frozen.count(); ++i) BOOST_TEST(!frozen.gradients().written(i));
    for (Index i = 0; i < free.count(); ++i) BOOST_TEST(free.gradients().written(i));
}

BOOST_AUTO_TEST_CASE(inference_records_nothing) {
    Parameters<double> parameters;
    const MultilayerPerceptron<double> model(parameters, "m", {2, 3, 1}, {1, 1});
    Tape<double> tape;
    tape.record(false);
    const auto loss = sum(model(tape.constant(4, 2, 0.5)));
    tape.backward(loss);
    for (Index i = 0; i < parameters.count(); ++i) BOOST_TEST(!parameters.gradients().written(i));
}

BOOST_AUTO_TEST_CASE(parameters_are_saved_and_loaded_by_name) {
    Parameters<double> from, to;
    const MultilayerPerceptron<double> a(from, "m", {3, 4, 2}, {1, 1}),
        b(to, "m", {3, 4, 2}, {2, 2});
    std::vector<std::string> names;
    from.visit([&](const std::string& name, Index rows, Index cols, const double* data) {
        names.push_back(name);
        to.assign(name, {data, rows, cols});
    });
    BOOST_TEST(names ==
                   (std::vector<std::string>{"m.0.weight", "m.0.bias", "m.1.weight", "m.1.bias"}),
               boost::test_tools::per_element());
    Tape<double> tape;
    const auto x = tape.constant(1, 3, 0.3);
    BOOST_TEST(numbers(a(x).value()) == numbers(b(x).value()), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(refusals_name_the_shapes) {
    Tape<double> tape;
    const auto a = tape.constant(2, 3, 1), b = tape.constant(4, 5, 1);
    const std::vector<std::int32_t> indices = {0, 2};
    const std::vector<std::int64_t> offsets = {0, 2, 1};
    BOOST_TEST(refusal([&] { matmul(a, b); }) == "matmul: 2x3 times 4x5");
    BOOST_TEST(refusal([&] { add(a, b); }) == "add: shapes 2x3 and 4x5 do not fit");
    BOOST_TEST(refusal([&] { affine(a, b, a); }) == "affine: 2x3 times 4x5 plus 2x3");
    BOOST_TEST(refusal([&] { reshape(a, 4, 2); }) == "reshape: 2x3 to 4x2");
    BOOST_TEST(refusal([&] { slice_columns(a, 2, 4); }) == "slice_columns: 2 to 4 of 3");
    BOOST_TEST(refusal([&] { gather_rows(a, indices); }) == "gather_rows: index 2 of 2 rows");
    BOOST_TEST(refusal([&] { segment_sum(a, offsets); }) ==
               "segment_sum: offsets must ascend from 0 to 2");
    BOOST_TEST(refusal([&] {
                   cross_entropy(a, std::vector<std::int32_t>{0, 3});
               }) == "cross_entropy: label 3 of 3 classes");
    BOOST_TEST(refusal([&] { l2_loss(a, b); }) == "l2_loss: prediction is 2x3, target 4x5");
    BOOST_TEST(refusal([&] { tape.backward(a); }) == "backward: the loss must be 1x1, is 2x3");
    BOOST_TEST(refusal([&] { gumbel_softmax(a, 0, {}); }) ==
               "gumbel_softmax: temperature = 0.000000, must be > 0");
    BOOST_TEST(refusal([&] { activation_from("rellu"); }) ==
               "unknown activation 'rellu'; there are none, relu, leaky_relu, tanh, sigmoid, "
               "softplus, silu");
    Parameters<double> set;
    set.add("w", 2, 2);
    BOOST_TEST(refusal([&] { set.add("w", 1, 1); }) == "there is already a parameter 'w'");
    BOOST_TEST(refusal([&] { set.assign("v", a.value()); }) == "there is no parameter 'v'");
    BOOST_TEST(refusal([&] { set.assign("w", a.value()); }) == "parameter 'w' is 2x2, not 2x3");
}

BOOST_AUTO_TEST_SUITE_END()
