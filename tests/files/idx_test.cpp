// SPDX-License-Identifier: MIT
// IDX: every element type, packed or not, and lies in the header with their byte.
#include "folder.hpp"

#include <boost/test/unit_test.hpp>

using namespace espalier;
using namespace files_test;
using namespace std::string_literals;

BOOST_AUTO_TEST_SUITE(idx)

BOOST_AUTO_TEST_CASE(every_element_type_is_read) {
    const auto one_axis = [](char type, const std::string& data) {
        return loaded("a.idx", "\0\0"s + type + "\1\0\0\0\2"s + data).as<Tensor>();
    };
    BOOST_TEST(one_axis(8, "\1\xff"s).same_as(Tensor::vector<uint8_t>({1, 255})));
    BOOST_TEST(one_axis(9, "\1\xff"s).same_as(Tensor::vector<int8_t>({1, -1})));
    BOOST_TEST(one_axis(11, "\1\2\xff\xfe"s).same_as(Tensor::vector<int16_t>({258, -2})));
    BOOST_TEST(
        one_axis(12, "\0\0\1\2\xff\xff\xff\xfe"s).same_as(Tensor::vector<int32_t>({258, -2})));
    BOOST_TEST(one_axis(13, "\x3f\x80\0\0\xc0\x20\0\0"s).same_as(Tensor::vector<float>({1, -2.5})));
    BOOST_TEST(one_axis(14, "\x3f\xf0\0\0\0\0\0\0\xc0\x04\0\0\0\0\0\0"s)
                   .same_as(Tensor::vector<double>({1, -2.5})));
}

BOOST_AUTO_TEST_CASE(axes_are_in_order_and_the_names_of_mnist_are_known) {
    const std::string bytes = "\0\0\x08\3\0\0\0\1\0\0\0\2\0\0\0\3abcdef"s;
    const Tensor t = loaded("train-images-idx3-ubyte", bytes).as<Tensor>();
    BOOST_TEST((t.shape() == Shape{1, 2, 3}));
    BOOST_TEST(t.number(4) == 'e');
    BOOST_TEST(loaded("x.idx", bytes).as<Tensor>().same_as(t));
    BOOST_TEST(loaded("empty.idx", "\0\0\x08\1\0\0\0\0"s).as<Tensor>().size() == 0);
}

BOOST_AUTO_TEST_CASE(lies_are_refused_with_their_byte) {
    const auto refused = [](const std::string& bytes) { return refusal("x.idx", bytes); };
    BOOST_TEST(refused("") == "65: x.idx: byte 0: the file ends inside the header: 4 bytes are "
                              "missing");
    BOOST_TEST(refused("GIF89a"s) ==
               "65: x.idx: byte 0: is not an IDX file: it begins with two zeros");
    BOOST_TEST(refused("\0\0\x0a\1\0\0\0\1x"s) == "65: x.idx: byte 2: 0x0a is no element type of "
                                                  "IDX (0x08, 0x09, 0x0b to 0x0e)");
    BOOST_TEST(refused("\0\0\x08\0x"s) == "65: x.idx: byte 3: an array has at least one axis");
    BOOST_TEST(refused("\0\0\x08\2\0\0\0\1\0\0"s) ==
               "65: x.idx: byte 10: the file ends inside the axes: 2 bytes are missing");
    BOOST_TEST(refused("\0\0\x08\1\0\0\0\5abc"s) ==
               "65: x.idx: byte 8: header promises uint8 [5] = 5 bytes, file has 3");
    BOOST_TEST(refused("\0\0\x08\1\0\0\0\2abc"s) ==
               "65: x.idx: byte 8: header promises uint8 [2] = 2 bytes, file has 3");
    // Nothing is allocated for what the file cannot hold, and the product does not overflow.
    const std::string huge = "\xff\xff\xff\xff"s;
    BOOST_TEST(refused("\0\0\x0e\4"s + huge + huge + huge + huge)
                   .starts_with("65: x.idx: byte 20: header promises float64 [4294967295, "));
}

BOOST_AUTO_TEST_CASE(it_is_not_written) {
    BOOST_TEST(failure([] { save("x.idx", Tensor::vector<double>({1})); }) ==
               "78: x.idx: IDX files are read, not written | an array is saved as .npy");
}

BOOST_AUTO_TEST_SUITE_END()
