// SPDX-License-Identifier: MIT
// Packed files: gzip read and written, damage, and bombs that unpack to more than their size
// warrants.
#include "folder.hpp"

#include <boost/test/unit_test.hpp>

#include <sys/resource.h>
#include <zlib.h>

using namespace espalier;
using namespace files_test;

namespace {

std::string packed(std::string_view text) {
    put("plain", text);
    std::string out;
    gzFile file = gzopen("packed", "wb9");
    BOOST_REQUIRE(file);
    gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
    gzclose(file);
    return bytes_of("packed");
}

} // namespace

BOOST_AUTO_TEST_SUITE(gzip)

BOOST_AUTO_TEST_CASE(equal_values_give_equal_bytes) {
    const Value v(Tensor(DType::int64, {1000}));
    save("a.npy.gz", v);
    save("b.npy.gz", v);
    BOOST_TEST(bytes_of("a.npy.gz") == bytes_of("b.npy.gz"));
    BOOST_TEST(bytes_of("a.npy.gz").size() < 300U);
    BOOST_TEST(equal(load("a.npy.gz"), v));
}

BOOST_AUTO_TEST_CASE(several_members_are_one_file) {
    const Value t = loaded("m.csv.gz", packed("a,b\n1,2\n") + packed("3,4\n"));
    BOOST_TEST(t.as<Table>().rows == 2);
    BOOST_TEST(loaded("e.edges.gz", packed("0 1\n")).as<Graph>().nodes() == 2);
}

BOOST_AUTO_TEST_CASE(damage_is_named) {
    const std::string good = packed("a,b\n1,2\n3,4\n");
    BOOST_TEST(refusal("d.csv.gz", "a,b\n1,2\n") == "65: d.csv.gz: byte 0: not a gzip file");
    BOOST_TEST(refusal("d.csv.gz", "") == "65: d.csv.gz: byte 0: the packed data ends too early");
    BOOST_TEST(refusal("d.csv.gz", good.substr(0, good.size() - 3)) ==
               "65: d.csv.gz: byte " + std::to_string(good.size() - 3) +
                   ": the packed data ends too early");
    std::string flipped = good;
    flipped[good.size() - 5] = static_cast<char>(flipped[good.size() - 5] ^ 1);
    BOOST_TEST(refusal("d.csv.gz", flipped).ends_with(": the packed data is damaged"));
}

BOOST_AUTO_TEST_CASE(bombs_are_refused_within_the_memory_they_warrant) {
    std::string bomb = packed(std::string(64 << 20, '1'));
    for (int i = 0; i < 2; ++i) bomb += bomb; // 256 MiB behind 260 KB
    rusage before{}, after{};
    getrusage(RUSAGE_SELF, &before);
    const std::string message = refusal("bomb.csv.gz", bomb);
    getrusage(RUSAGE_SELF, &after);
    const std::size_t limit = std::max<std::size_t>(bomb.size() * 200, 1 << 24);
    BOOST_TEST(message == "65: bomb.csv.gz: its " + std::to_string(bomb.size()) +
                              " bytes unpack to more than " + std::to_string(limit) +
                              " | size_limit = N, in bytes, loads it if it can be trusted");
    BOOST_TEST(static_cast<std::size_t>(after.ru_maxrss - before.ru_maxrss) * 1024 < 3 * limit);
    LoadOptions trusted;
    trusted.size_limit = int64_t{1} << 20;
    const std::string few = packed(std::string(1 << 20, '1'));
    BOOST_TEST(failure([&] { loaded("few.csv.gz", few, trusted); }) == "nothing");
    --*trusted.size_limit;
    BOOST_TEST(refusal("few.csv.gz", few, trusted).find("unpack to more than 1048575") !=
               std::string::npos);
    // An array's header is believed only as far as the packed size goes.
    const std::string header = [] {
        save("h.npy", Tensor(DType::uint8, {1}));
        std::string bytes = bytes_of("h.npy");
        bytes.replace(bytes.find("(1,)"), 4, "(99999999999,)");
        bytes.erase(bytes.find("  "), 10);
        return bytes;
    }();
    BOOST_TEST(refusal("h.npy.gz", packed(header)) ==
               "65: h.npy.gz: byte 128: header promises uint8 [99999999999] = 99999999999 bytes, "
               "file has at most 16777088");
}

BOOST_AUTO_TEST_SUITE_END()
