// SPDX-License-Identifier: MIT
// RData: data frames, factors, matrices and lists as R writes them, packed and plain, and files
// that are cut, damaged or hostile.
#include "folder.hpp"

#include <boost/test/unit_test.hpp>
#include <zlib.h>

#include <bit>
#include <cmath>

using namespace espalier;
using namespace files_test;

namespace {

// R's portable form, written by hand.
struct Writer {
    std::string bytes = "RDX2\nX\n";

    Writer() { word(2), word(0x00040201), word(0x00020300); }
    Writer& word(uint32_t v) {
        for (int shift = 24; shift >= 0; shift -= 8)
            bytes.push_back(static_cast<char>(v >> shift & 0xFF));
        return *this;
    }
    Writer& real(double v) {
        const auto bits = std::bit_cast<uint64_t>(v);
        return word(static_cast<uint32_t>(bits >> 32)).word(static_cast<uint32_t>(bits));
    }
    Writer& characters(const std::string& s) {
        word(0x00040009).word(static_cast<uint32_t>(s.size()));
        bytes += s;
        return *this;
    }
    // A pair begins, tagged by a symbol that was not seen before.
    Writer& tag(const std::string& name) { return word(0x402).word(1).characters(name); }
    Writer& reals(const std::vector<double>& v, bool attributes = false) {
        word(attributes ? 0x20E : 0xE).word(static_cast<uint32_t>(v.size()));
        for (const double x : v) real(x);
        return *this;
    }
    Writer& integers(const std::vector<int32_t>& v, bool attributes = false) {
        word(attributes ? 0x20D : 0xD).word(static_cast<uint32_t>(v.size()));
        for (const int32_t x : v) word(static_cast<uint32_t>(x));
        return *this;
    }
    Writer& texts(const std::vector<std::string>& v) {
        word(0x10).word(static_cast<uint32_t>(v.size()));
        for (const auto& x : v) characters(x);
        return *this;
    }
    Writer& end() { return word(0xFE); }
};

constexpr int32_t absent = std::numeric_limits<int32_t>::min();

std::string frame() {
    Writer w;
    w.tag("firms").word(0x313).word(4); // a list with attributes
    w.reals({1.5, 2.5, NAN});
    w.integers({7, absent, 9});
    w.texts({"a", "b", "c"});
    w.integers({2, 1, absent}, true).tag("levels").texts({"low", "high"}).tag("class");
    w.texts({"factor"}).end();
    w.tag("names").texts({"size", "count", "name", "kind"});
    w.word(0x402).word(0x3FF).texts({"data.frame"}); // "class" again, by reference 3
    w.end();
    return w.end().bytes;
}

std::string gzipped(const std::string& plain) {
    z_stream stream{};
    BOOST_REQUIRE(deflateInit2(&stream, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    std::string out(plain.size() + 100, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
    stream.avail_in = static_cast<uInt>(plain.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

Value read(const std::string& bytes) { return loaded("x.rda", bytes); }
// Empty when it is read.
std::string refusal_of(const std::string& bytes) {
    const std::string message = refusal("x.rda", bytes);
    if (message == "nothing") return "";
    BOOST_TEST(message.starts_with("65: x.rda: "), message);
    return message;
}
bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(rdata)

BOOST_AUTO_TEST_CASE(a_data_frame_is_a_table) {
    for (const std::string& bytes : {frame(), gzipped(frame())}) {
        const Value value = read(bytes);
        const Table& table = value.as<Table>();
        BOOST_TEST(table.rows == 3);
        BOOST_TEST(table.columns.size() == 4u);
        const Tensor& size = std::get<Tensor>(*table.find("size"));
        BOOST_TEST(size.number(1) == 2.5);
        BOOST_TEST(std::isnan(size.number(2)));
        const Tensor& count = std::get<Tensor>(*table.find("count"));
        BOOST_TEST((count.dtype() == DType::float64)); // it lacks one
        BOOST_TEST(count.number(0) == 7);
        BOOST_TEST(std::isnan(count.number(1)));
        const Texts names{"a", "b", "c"}, kinds{"high", "low", "NA"};
        BOOST_TEST(*std::get<1>(*table.find("name")) == names);
        BOOST_TEST(*std::get<1>(*table.find("kind")) == kinds);
    }
}

BOOST_AUTO_TEST_CASE(a_matrix_is_turned_row_by_row) {
    Writer w;
    w.tag("m").integers({1, 2, 3, 4, 5, 6}, true).tag("dim").integers({2, 3}).end();
    const Value value = read(w.end().bytes);
    const Tensor& m = value.as<Tensor>();
    const Shape shape{2, 3};
    BOOST_TEST(m.shape() == shape);
    BOOST_TEST((m.dtype() == DType::int64));
    BOOST_TEST(m.number(1) == 3); // row 1, column 2 of columns (1 2) (3 4) (5 6)
}

BOOST_AUTO_TEST_CASE(several_objects_are_a_map) {
    Writer w;
    w.tag("a").reals({1, 2}).tag("b").texts({"x"});
    const Value value = read(w.end().bytes);
    BOOST_TEST(value.as<Map>().at("a").as<Tensor>().number(1) == 2);
    BOOST_TEST(value.as<Map>().at("b").as<List>()[0].as<std::string>() == "x");
}

BOOST_AUTO_TEST_CASE(every_cut_is_refused) {
    const std::string whole = frame(), packed = gzipped(whole);
    for (std::size_t length = 0; length < whole.size(); ++length)
        BOOST_TEST(!refusal_of(whole.substr(0, length)).empty(), "length " << length);
    for (std::size_t length = 0; length < packed.size(); ++length)
        BOOST_TEST(!refusal_of(packed.substr(0, length)).empty(), "length " << length);
    BOOST_TEST(has(refusal_of(whole + "x"), "goes on after its data"));
}

BOOST_AUTO_TEST_CASE(damaged_bytes_crash_nothing) {
    // Any byte may say anything; what it says is read or refused.
    const std::string whole = frame();
    for (std::size_t at = 0; at < whole.size(); ++at)
        for (const int value : {0x00, 0x02, 0x13, 0x7F, 0xFF}) {
            std::string bytes = whole;
            bytes[at] = static_cast<char>(value);
            try {
                read(bytes);
            } catch (const Failure&) {
            }
        }
}

BOOST_AUTO_TEST_CASE(what_is_not_data_is_named) {
    Writer closure;
    closure.tag("f").word(0x3);
    BOOST_TEST(has(refusal_of(closure.bytes), "holds an R object of type 3, which is not read"));
    Writer promise;
    promise.tag("x").word(0xE).word(0x7FFFFFFF);
    BOOST_TEST(has(refusal_of(promise.bytes), "2147483647 elements are promised"));
    Writer deep;
    deep.tag("x");
    for (int k = 0; k < 100; ++k) deep.word(0x13).word(1);
    BOOST_TEST(has(refusal_of(deep.reals({}).end().bytes), "nested too deep"));
    BOOST_TEST(has(refusal_of("RDA2\nA\n"), "is not RData in R's portable binary form"));
    BOOST_TEST(has(refusal_of("BZh9 and more"), "is packed by bzip2, which is not read"));
    BOOST_TEST(has(refusal_of(std::string("\xfd"
                                          "7zXZ\0 and more",
                                          15)),
                   "its packing (xz) is damaged"));
}

BOOST_AUTO_TEST_SUITE_END()
