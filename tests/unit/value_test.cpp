// SPDX-License-Identifier: MIT
// Values: nested lists as tensors, tables, short texts.
#include "values/failure.hpp"
#include "values/value.hpp"

#include <boost/test/unit_test.hpp>

using namespace espalier;

namespace {

std::string refusal(const List& list) {
    try {
        tensor_from(list);
        return "";
    } catch (const Failure& f) {
        return f.what();
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(nested_lists_become_tensors) {
    const Tensor whole = tensor_from({List{1, 2}, List{3, 4}, List{5, 6}});
    BOOST_TEST(whole.text() == "tensor int64 [3, 2] {1, 2, 3, 4, 5, 6}");
    BOOST_TEST(tensor_from({1, 2.5}).text() == "tensor float64 [2] {1, 2.5}");
    BOOST_TEST(tensor_from({true, false}).text() == "tensor bool [2] {1, 0}");
    BOOST_TEST(tensor_from({List{}, List{}}).text() == "tensor int64 [2, 0] {}");
    BOOST_TEST(refusal({List{1, 2}, List{3}}) ==
               "ragged: a list of 1 stands beside one of 2 (axis 2)");
    BOOST_TEST(refusal({List{1}, 2}) == "ragged: an integer stands beside a list");
    BOOST_TEST(refusal({1, "two"}) == "a text stands among numbers");
    BOOST_TEST(refusal({1, true}) == "a boolean stands among numbers");
}

BOOST_AUTO_TEST_CASE(columns_have_one_length_and_one_name) {
    Table t;
    t.add("x", Tensor::vector(std::vector<double>{1, 2}));
    t.add("name", std::make_shared<const Texts>(Texts{"a", "b"}));
    BOOST_TEST(Value(t).text() == "table 2 rows (x, name)");
    BOOST_CHECK_EXCEPTION(
        t.add("x", Tensor::vector(std::vector<double>{1, 2})), Failure,
        [](const Failure& f) { return f.what() == std::string("column 'x' stands twice"); });
    BOOST_CHECK_EXCEPTION(
        t.add("y", Tensor::vector(std::vector<double>{1})), Failure, [](const Failure& f) {
            return f.what() == std::string("column 'y' has 1 rows, the others have 2");
        });
}

BOOST_AUTO_TEST_CASE(texts_are_short) {
    BOOST_TEST(Value(Map{{"a", 1}, {"b", List{1.5, "x"}}}).text() == "{a = 1, b = {1.5, x}}");
    BOOST_TEST(Value().text() == "nil");
    Model m;
    m.component = "learn.ggn", m.version = "0.1.0";
    m.tensors["W"] = Tensor(DType::float32, {2, 3});
    BOOST_TEST(Value(m).text() == "model learn.ggn 0.1.0 (1 tensors, 6 numbers)");
}
