// SPDX-License-Identifier: MIT
// Tensors: shape, sharing, slices, conversion.
#include "values/digest.hpp"
#include "values/failure.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>

using namespace espalier;

namespace {

Tensor counting(Shape shape) {
    Tensor t(DType::int64, std::move(shape));
    auto values = t.writable_values<int64_t>();
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<int64_t>(i);
    return t;
}

std::vector<int64_t> numbers(const Tensor& t) {
    const auto values = t.values<int64_t>();
    return {values.begin(), values.end()};
}

template <class Body> std::string failure(Body&& body) {
    try {
        body();
        return "";
    } catch (const Failure& f) {
        return f.what();
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(a_new_tensor_is_zero_and_aligned) {
    const Tensor t(DType::float32, {3, 5});
    BOOST_TEST(reinterpret_cast<std::uintptr_t>(t.data()) % 64 == 0u);
    for (float x : t.values<float>()) BOOST_TEST(x == 0.0f);
}

BOOST_AUTO_TEST_CASE(rows_share_memory_and_slices_are_copies) {
    const Tensor t = counting({4, 3});
    BOOST_TEST(numbers(t.row(2)) == (std::vector<int64_t>{6, 7, 8}),
               boost::test_tools::per_element());
    BOOST_TEST(t.row(2).data() == t.data() + 6 * 8);
    BOOST_TEST(numbers(t.slice(1, 0, 3, 2)) == (std::vector<int64_t>{0, 2, 3, 5, 6, 8, 9, 11}),
               boost::test_tools::per_element());
    BOOST_TEST(t.slice(0, 2, 2).size() == 0);
}

BOOST_AUTO_TEST_CASE(transposition_moves_axes) {
    const Tensor t = counting({2, 3, 4}).transpose({2, 0, 1});
    BOOST_TEST((t.shape() == Shape{4, 2, 3}));
    for (int64_t i = 0; i < 4; ++i)
        for (int64_t j = 0; j < 2; ++j)
            for (int64_t k = 0; k < 3; ++k)
                BOOST_TEST(t.number((i * 2 + j) * 3 + k) ==
                           static_cast<double>((j * 3 + k) * 4 + i));
    BOOST_TEST(failure([] {
                   counting({2, 2}).transpose({0, 0});
               }) == "the order of 2 axes must name each once");
}

BOOST_AUTO_TEST_CASE(conversion_loses_nothing_silently) {
    const auto reals = Tensor::vector(std::vector<double>{1, -2, 3.5});
    BOOST_TEST(failure([&] { reals.as(DType::int8); }) ==
               "element 3 is 3.5, which int8 cannot hold");
    BOOST_TEST(failure([&] { reals.rows(0, 2).as(DType::uint8); }) ==
               "element 2 is -2, which uint8 cannot hold");
    BOOST_TEST(failure([] { Tensor::vector(std::vector<double>{0x1p63}).as(DType::int64); }) ==
               "element 1 is 9.223372036854776e+18, which int64 cannot hold");
    BOOST_TEST(!failure([] { Tensor::vector(std::vector<double>{NAN}).as(DType::int64); }).empty());
    BOOST_TEST(numbers(Tensor::vector(std::vector<double>{-0x1p63}).as(DType::int64))[0] ==
               std::numeric_limits<int64_t>::min());
}

BOOST_AUTO_TEST_CASE(impossible_shapes_are_refused_before_any_memory) {
    BOOST_TEST(failure([] {
                   Tensor(DType::int8, {int64_t{1} << 40, int64_t{1} << 40});
               }) == "[1099511627776, 1099511627776] is not a possible shape");
    BOOST_TEST(failure([] { Tensor(DType::int8, {3, -1}); }) == "[3, -1] is not a possible shape");
    BOOST_TEST(failure([] { counting({6}).reshape({4}); }) ==
               "shape [6] cannot become [4]: 6 elements against 4");
}

BOOST_AUTO_TEST_CASE(digests_follow_content) {
    const Tensor t = counting({2, 3});
    BOOST_TEST(digest_of(t).hex() == digest_of(counting({2, 3})).hex());
    BOOST_TEST(digest_of(t).hex() != digest_of(t.reshape({3, 2})).hex());
    BOOST_TEST(digest_of(t).hex() != digest_of(t.as(DType::int32)).hex());
    BOOST_TEST(digest_of(counting({4, 3}).rows(1, 3)).hex() ==
               digest_of(counting({4, 3}).slice(0, 1, 3)).hex());
    BOOST_TEST(digest_of(Value(0.0)).hex() != digest_of(Value(-0.0)).hex());
    BOOST_TEST(digest_of(Value(List{"ab", "c"})).hex() != digest_of(Value(List{"a", "bc"})).hex());
    BOOST_TEST(Hasher().add("abc", 3).digest().hex() ==
               "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
