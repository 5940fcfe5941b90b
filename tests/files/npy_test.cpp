// SPDX-License-Identifier: MIT
// NPY: every element type to the bit, files as NumPy writes them, and lies in the header.
#include "folder.hpp"

#include <boost/test/unit_test.hpp>

#include <bit>
#include <cmath>
#include <limits>

using namespace espalier;
using namespace files_test;
using namespace std::string_literals;

namespace {

// A header as numpy.save writes it, for data that begins at byte 128.
std::string numpy(const std::string& dictionary, const std::string& data) {
    return "\x93NUMPY\x01\0v\0"s + dictionary + std::string(117 - dictionary.size(), ' ') + "\n" +
           data;
}

std::string plain(const std::string& type, const std::string& shape, const std::string& data) {
    return numpy("{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }",
                 data);
}

} // namespace

BOOST_AUTO_TEST_SUITE(npy)

BOOST_AUTO_TEST_CASE(every_element_type_round_trips_to_the_bit) {
    for (const DType d : {DType::boolean, DType::uint8, DType::int8, DType::int16, DType::int32,
                          DType::int64, DType::float32, DType::float64})
        for (const Shape& shape : {Shape{}, Shape{0}, Shape{7}, Shape{2, 3}, Shape{2, 0, 5}}) {
            Tensor t(d, shape);
            for (std::size_t i = 0; i < t.bytes(); ++i)
                t.writable()[i] =
                    static_cast<std::byte>(d == DType::boolean ? i % 2 : 37 * i % 127);
            const Value back = round_trip("t.npy", t);
            BOOST_TEST(back.as<Tensor>().same_as(t));
            BOOST_TEST(bytes_of("t.npy").size() % 64 == t.bytes() % 64);
        }
}

BOOST_AUTO_TEST_CASE(special_reals_keep_their_bits) {
    std::vector<double> values;
    for (const uint64_t bits : std::initializer_list<uint64_t>{
             0x7ff8000000000000U, 0x7ff0000000000001U, 0xfff8dead0000beefU, 0x8000000000000000U,
             0x0000000000000001U, 0x7ff0000000000000U, 0xfff0000000000000U})
        values.push_back(std::bit_cast<double>(bits));
    LoadOptions any;
    any.allow_nan = true;
    const Tensor t = Tensor::vector(values);
    BOOST_TEST(round_trip("special.npy", t, any).as<Tensor>().same_as(t));
    BOOST_TEST(failure([] { load("special.npy"); }) ==
               "65: special.npy: 5 of 7 numbers are not finite, the first (nan) at [0] | "
               "allow_nan = true loads them as they are");
    const float payload = std::bit_cast<float>(0x7fa00001U);
    const Tensor single = Tensor::of<float>({1, 2}, std::vector<float>{1, payload});
    BOOST_TEST(round_trip("single.npy", single, any).as<Tensor>().same_as(single));
    BOOST_TEST(failure([] { load("single.npy"); }) ==
               "65: single.npy: 1 of 2 numbers is not finite, the first (nan) at [0, 1] | "
               "allow_nan = true loads them as they are");
}

BOOST_AUTO_TEST_CASE(writes_the_bytes_that_numpy_writes) {
    save("w.npy", Tensor::vector<double>({2.5}).reshape({}));
    BOOST_TEST(bytes_of("w.npy") == plain("<f8", "()", "\0\0\0\0\0\0\x04@"s));
    save("w.npy", Tensor::vector<int16_t>({1, -2, 300}));
    BOOST_TEST(bytes_of("w.npy") == plain("<i2", "(3,)", "\x01\0\xfe\xff,\x01"s));
    save("w.npy", Tensor(DType::uint8, {2, 1}));
    BOOST_TEST(bytes_of("w.npy") == plain("|u1", "(2, 1)", "\0\0"s));
}

BOOST_AUTO_TEST_CASE(reads_what_numpy_writes) {
    const Value fortran =
        loaded("f.npy", numpy("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }",
                              "\0\0\x80?\0\0\x80@\0\0\0@\0\0\xa0@\0\0@@\0\0\xc0@"s));
    BOOST_TEST(fortran.as<Tensor>().same_as(
        Tensor::of<float>({2, 3}, std::vector<float>{1, 2, 3, 4, 5, 6})));
    const Value big = loaded("b.npy", plain(">i2", "(3,)", "\0\x01\xff\xfe\x01,"s));
    BOOST_TEST(big.as<Tensor>().same_as(Tensor::vector<int16_t>({1, -2, 300})));
    const Value reals = loaded("b8.npy", plain(">f8", "(1,)", "?\xf8\0\0\0\0\0\0"s));
    BOOST_TEST(reals.as<Tensor>().same_as(Tensor::vector<double>({1.5})));
    const Value words = loaded("u4.npy", plain("<u4", "(2,)", "\x01\0\0\0\xff\xff\xff\xff"s));
    BOOST_TEST(words.as<Tensor>().same_as(Tensor::vector<int64_t>({1, 4294967295})));
    const Value halves = loaded("u2.npy", plain(">u2", "(1,)", "\xff\xfe"s));
    BOOST_TEST(halves.as<Tensor>().same_as(Tensor::vector<int32_t>({65534})));
    const Value longer = loaded("u8.npy", plain("<u8", "(1,)", "\x07\0\0\0\0\0\0\0"s));
    BOOST_TEST(longer.as<Tensor>().same_as(Tensor::vector<int64_t>({7})));
    const std::string second = "{'descr': '<i8', 'fortran_order': False, 'shape': (1,), }";
    const Value version2 =
        loaded("v2.npy", "\x93NUMPY\x02\0t\0\0\0"s + second +
                             std::string(115 - second.size(), ' ') + "\n\x07\0\0\0\0\0\0\0"s);
    BOOST_TEST(version2.as<Tensor>().same_as(Tensor::vector<int64_t>({7})));
    // Python 2 wrote long integers, and other orders of the keys are allowed.
    const Value old = loaded("old.npy", numpy("{\"shape\": (2L,), 'fortran_order':False, "
                                              "'descr': '|b1'}",
                                              "\x01\0"s));
    BOOST_TEST((old.as<Tensor>().dtype() == DType::boolean));
    BOOST_TEST(old.as<Tensor>().number(0) == 1);
}

BOOST_AUTO_TEST_CASE(lies_and_foreign_types_are_named) {
    const auto says = [](const std::string& bytes, const std::string& message) {
        BOOST_TEST(refusal("train.npy", bytes) == message);
    };
    says(plain("|u1", "(60000, 28, 28)", std::string(1000, 'x')),
         "65: train.npy: byte 128: header promises uint8 [60000, 28, 28] = 47040000 bytes, file "
         "has 1000");
    says(plain("<f8", "(2,)", std::string(24, '\0')),
         "65: train.npy: byte 128: header promises float64 [2] = 16 bytes, file has 24");
    says(plain("<f8", "(9223372036854775807, 2)", ""),
         "65: train.npy: byte 128: header promises float64 [9223372036854775807, 2], which nothing "
         "can hold");
    says(plain("<f8", "(9223372036854775808,)", ""),
         "65: train.npy: byte 61: an axis of length '9223372036854775808' is impossible");
    says(plain("<f8", "(4611686018427387904, 4, 0)", ""),
         "65: train.npy: byte 128: header promises float64 [4611686018427387904, 4, 0], which "
         "nothing can hold");
    says(plain("<f8", "(-1,)", ""), "65: train.npy: byte 61: the shape has no length of an axis "
                                    "here");
    says(plain("|O", "(1,)", "\x80\x03cposix\nsystem\n"s),
         "65: train.npy: byte 20: an array of Python objects | save numbers: array.astype(float)");
    says(numpy("{'descr': [('a', '<i4')], 'fortran_order': False, 'shape': (1,), }", "abcd"),
         "65: train.npy: byte 20: an array of records | save each field as an array of its own");
    says(plain("<c16", "(1,)", std::string(16, '\0')),
         "65: train.npy: byte 20: elements of type '<c16' | bool, integers of 8 to 64 bits, "
         "float32 and float64 are read");
    says(plain("<f2", "(1,)", "ab"),
         "65: train.npy: byte 20: elements of type '<f2' | bool, integers of 8 to 64 bits, float32 "
         "and float64 are read");
    says(plain("<u8", "(2,)", "\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x80"s),
         "65: train.npy: byte 136: 9223372036854775808 does not fit into int64");
    says(plain("|b1", "(3,)", "\0\x01\x02"s), "65: train.npy: byte 130: 2 is not a bool");
    says("\x93NUMPY\x09\0v\0"s,
         "65: train.npy: byte 6: NPY version 9.0; 1.0, 2.0 and 3.0 are read");
    says("\x93NUMPY\x02\0\xff\xff\xff\xff"s + std::string(100, ' '),
         "65: train.npy: byte 8: a header of 4294967295 bytes; 65536 at most");
    says("PK\x03\x04 no array", "65: train.npy: byte 0: not an NPY file");
    says("", "65: train.npy: byte 0: the file ends inside the header");
    says(numpy("{'descr': '<f8', 'shape': (1,), }", ""),
         "65: train.npy: byte 43: the header has no fortran_order");
    says(numpy("{'descr': '<f8', 'descr': '<f8', }", ""),
         "65: train.npy: byte 27: the header's key 'descr' is given twice");
    says(numpy("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), 'x': 1}", ""),
         "65: train.npy: byte 66: the header's key 'x' is not one of descr, fortran_order, shape");
    says(numpy("__import__('os').system('true')", ""),
         "65: train.npy: byte 10: the header has no '{' here");
}

BOOST_AUTO_TEST_CASE(a_thousand_million_axes_are_refused_before_they_cost_anything) {
    std::string dictionary = "{'descr': '<f8', 'fortran_order': False, 'shape': (";
    while (dictionary.size() < 60000) dictionary += "1, ";
    const std::string bytes =
        "\x93NUMPY\x02\0\x60\xea\0\0"s + dictionary + std::string(60000 - dictionary.size(), ' ');
    BOOST_TEST(refusal("axes.npy", bytes).starts_with("65: axes.npy: byte 2"));
    BOOST_TEST(refusal("axes.npy", bytes).ends_with("more than 64 axes"));
}

BOOST_AUTO_TEST_SUITE_END()
