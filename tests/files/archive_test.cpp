// SPDX-License-Identifier: MIT
// NPZ: every value comes back with its digest; NumPy's archives; hostile archives.
#include "folder.hpp"

#include <boost/test/unit_test.hpp>

#include <zip.h>

#include <bit>
#include <cmath>

using namespace espalier;
using namespace files_test;
using namespace std::string_literals;

namespace {

Model trained() {
    Model m{"learn.ggn", "0.1.0", {}, {}};
    m.tensors.emplace("encoder.weight", Tensor::of<float>({2, 2}, std::vector<float>{1, 2, 3, 4}));
    m.tensors.emplace("../../etc/passwd", Tensor::vector<double>({std::nan(""), -0.0}));
    m.tensors.emplace("Encoder.weight", Tensor(DType::int8, {0, 3}));
    m.settings = Map{{"epochs", 20}, {"learning_rate", 1e-3}, {"hidden", List{64, 64}}};
    return m;
}

void add(zip_t* zip, const char* name, const std::string& bytes, int method) {
    zip_source_t* source = zip_source_buffer(zip, bytes.data(), bytes.size(), 0);
    const zip_int64_t at = zip_file_add(zip, name, source, 0);
    BOOST_REQUIRE(at >= 0);
    zip_set_file_compression(zip, static_cast<zip_uint64_t>(at), method, 9);
}

// An archive of these entries.
void make(const std::string& file, const std::vector<std::pair<std::string, std::string>>& entries,
          int method = ZIP_CM_STORE) {
    zip_t* zip = zip_open(file.c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
    BOOST_REQUIRE(zip);
    for (const auto& [name, bytes] : entries) add(zip, name.c_str(), bytes, method);
    BOOST_REQUIRE(zip_close(zip) == 0);
}

std::string from_hex(std::string_view hex) {
    std::string out;
    for (std::size_t i = 0; i < hex.size(); i += 2)
        out += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
    return out;
}

std::string settings_of(const std::string& node) {
    return R"({"format": "espalier-value", "version": 1, "value": )" + node + "}";
}

std::string refused_settings(const std::string& node) {
    save("array.npy", Tensor::vector<int64_t>({0, 1}));
    make("v.npz", {{"espalier.json", settings_of(node)}, {"a.npy", bytes_of("array.npy")}});
    return failure([] { load("v.npz"); });
}

} // namespace

BOOST_AUTO_TEST_SUITE(archive)

BOOST_AUTO_TEST_CASE(every_value_comes_back_with_its_digest) {
    Table table;
    table.add("time", Tensor::vector<double>({0.1, std::nan(""), 3}));
    table.add("who", std::make_shared<const Texts>(Texts{"a,b", "", "\xFF\xFE not UTF-8"}));
    table.add("matrix", Tensor(DType::float32, {3, 2, 2}));
    Table empty;
    empty.rows = 5;
    const double payload = std::bit_cast<double>(uint64_t{0x7ff800000000beef});
    const Map all{{"nil", Value()},
                  {"truth", true},
                  {"whole", INT64_MIN},
                  {"real", 0.1},
                  {"tiny", 5e-324},
                  {"minus zero", -0.0},
                  {"one", 1.0},
                  {"nan", payload},
                  {"infinity", -HUGE_VAL},
                  {"text", "line\n\"quoted\" \xE2\x82\xAC \x01"},
                  {"no text", "\xFF\xC0\x80"s},
                  {"", List{Value(), List{}, Map{}, List{Map{{"tensor", "a"}}}}},
                  {"tensor", Tensor(DType::boolean, {3, 0})},
                  {"table", table},
                  {"empty table", empty},
                  {"graph", rich_graph(false)},
                  {"directed", rich_graph(true)},
                  {"model", trained()}};
    const Value value(all);
    BOOST_TEST(equal(round_trip("all.npz", value), value));
    for (const auto& [name, part] : all)
        BOOST_TEST(equal(round_trip("part.npz", part), part), "the value " << name);
    const Map bad_name{{"\xFF", Tensor::vector<double>({1})}, {"ok", 2}};
    BOOST_TEST(equal(round_trip("bad.npz", bad_name), bad_name));
}

BOOST_AUTO_TEST_CASE(equal_values_give_equal_bytes) {
    save("one.model.npz", trained());
    save("two.model.npz", trained());
    BOOST_TEST(bytes_of("one.model.npz") == bytes_of("two.model.npz"));
    SaveOptions packed;
    packed.compress = true;
    const Value zeros(Tensor(DType::float64, {10000}));
    save("packed.npz", zeros, packed);
    BOOST_TEST(bytes_of("packed.npz").size() < 2000U);
    BOOST_TEST(equal(load("packed.npz"), zeros));
}

BOOST_AUTO_TEST_CASE(names_of_entries_stay_inside_a_folder) {
    save("m.npz", trained());
    zip_t* zip = zip_open("m.npz", ZIP_RDONLY, nullptr);
    BOOST_REQUIRE(zip);
    std::vector<std::string> names;
    for (zip_int64_t i = 0; i < zip_get_num_entries(zip, 0); ++i)
        names.emplace_back(zip_get_name(zip, static_cast<zip_uint64_t>(i), 0));
    zip_discard(zip);
    const std::vector<std::string> expected{"espalier.json", "_._.._etc_passwd.npy",
                                            "Encoder.weight.npy", "encoder.weight.npy"};
    BOOST_TEST(names == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(reads_what_numpy_writes) {
    // numpy.savez_compressed(f, a=numpy.arange(3), b=numpy.array([0.5]))
    const std::string bytes = from_hex(
        "504b030414000000080000002100f74012ea4c0000009800000005001400612e6e707901001000980000000000"
        "00004c000000000000009bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a06e9369a1aea3a09e965f54529498"
        "179f5f94920a12774bcc294e058a17672416a402f91ac63a9a3a0ab50a14002e06286084d24c501a00504b0304"
        "14000000080000002100eac5199d490000008800000005001400622e6e70790100100088000000000000004900"
        "0000000000009bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a06e9366a1aea3a09e965f54529498179f5f94"
        "920a12774bcc294e058a17672416a402f91a863a9a3a0ab50a14002e063078600f00504b010214031400000008"
        "0000002100f74012ea4c00000098000000050000000000000000000000800100000000612e6e7079504b010214"
        "0314000000080000002100eac5199d4900000088000000050000000000000000000000800183000000622e6e70"
        "79504b0506000000000200020066000000030100000000");
    const Map expected{{"a", Tensor::vector<int64_t>({0, 1, 2})},
                       {"b", Tensor::vector<double>({0.5})}};
    BOOST_TEST(equal(loaded("numpy.npz", bytes), expected));
}

BOOST_AUTO_TEST_CASE(paths_in_names_are_labels) {
    save("array.npy", Tensor::vector<double>({1}));
    const std::string array = bytes_of("array.npy");
    make("evil.npz", {{"../../escaped.npy", array}, {"/absolute.npy", array}, {"readme", "x"}});
    LoadReport report;
    const Value value = load("evil.npz", {}, &report);
    BOOST_TEST(value.as<Map>().contains("../../escaped"));
    BOOST_TEST(value.as<Map>().contains("/absolute"));
    BOOST_TEST(!std::filesystem::exists("../../escaped.npy"));
    BOOST_REQUIRE(report.notes.size() == 1U);
    BOOST_TEST(report.notes[0] == "entry 'readme' is no array and was left out");
}

BOOST_AUTO_TEST_CASE(bombs_are_refused_before_they_unpack) {
    const std::string zeros(64 << 20, '\0');
    make("bomb.npz", {{"a.npy", zeros}}, ZIP_CM_DEFLATE);
    const auto size = std::filesystem::file_size("bomb.npz");
    BOOST_TEST(size < 100000U);
    BOOST_TEST(failure([] { load("bomb.npz"); }) ==
               "65: bomb.npz: its " + std::to_string(size) +
                   " bytes unpack to more than 16777216 | size_limit = N, in bytes, loads it if it "
                   "can be trusted");
}

BOOST_AUTO_TEST_CASE(a_false_description_is_refused) {
    BOOST_TEST(refused_settings(R"({"tensor": "b"})") ==
               "65: v.npz: entry 'espalier.json': the entry 'b.npy' is missing");
    BOOST_TEST(refused_settings(R"({"tensor": "a", "map": {}})") ==
               "65: v.npz: entry 'espalier.json': an object of the value does not have one key");
    BOOST_TEST(refused_settings(R"({"object": 1})") ==
               "65: v.npz: entry 'espalier.json': a value of type 'object'");
    BOOST_TEST(refused_settings(R"({"real": "7ff8x"})") ==
               "65: v.npz: entry 'espalier.json': '7ff8x' are not the bits of a real");
    BOOST_TEST(refused_settings(R"({"bytes": "abc"})") ==
               "65: v.npz: entry 'espalier.json': 'abc' are not bytes in hexadecimal");
    BOOST_TEST(refused_settings(R"({"table": {"rows": 7, "columns": [["x", "a"]]}})") ==
               "65: v.npz: entry 'espalier.json': a table of 7 rows has columns of 2");
    BOOST_TEST(refused_settings(R"({"graph": {"directed": true, "offsets": "a", "targets": "a",
        "node_attributes": {"rows": 0, "columns": []},
        "edge_attributes": {"rows": 0, "columns": []}}})") ==
               "65: v.npz: entry 'espalier.json': graph: targets must be int32 [entries]");
    make("v.npz", {{"espalier.json", R"({"format": "espalier-value", "version": 2, "value": 1})"}});
    BOOST_TEST(failure([] { load("v.npz"); }) ==
               "65: v.npz: entry 'espalier.json': version 2 of the format; this program reads "
               "version 1");
    make("v.npz", {{"espalier.json", "[1]"}});
    BOOST_TEST(failure([] { load("v.npz"); }) ==
               "65: v.npz: entry 'espalier.json': not the description of a value");
    make("v.npz", {{"espalier.json", std::string(300, '[')}});
    BOOST_TEST(failure([] { load("v.npz"); }) ==
               "65: v.npz: entry 'espalier.json':1:257: more than 256 levels of lists and maps");
}

BOOST_AUTO_TEST_CASE(what_is_no_archive_is_said) {
    BOOST_TEST(refusal("no.npz", "hello") ==
               "65: no.npz: not a readable zip file: Not a zip archive");
    save("array.npy", Tensor::vector<double>({1, HUGE_VAL}));
    make("inf.npz", {{"a.npy", bytes_of("array.npy")}});
    BOOST_TEST(failure([] { load("inf.npz"); }) ==
               "65: inf.npz: entry 'a': 1 of 2 numbers is not finite, the first (inf) at [1] | "
               "allow_nan = true loads them as they are");
    make("cut.npz", {{"a.npy", bytes_of("array.npy").substr(0, 140)}});
    BOOST_TEST(failure([] { load("cut.npz"); }) ==
               "65: cut.npz: entry 'a.npy': byte 128: header promises float64 [2] = 16 bytes, file "
               "has 12");
    std::string damaged = bytes_of("inf.npz");
    damaged[170] ^= 1; // in the data of a stored entry: the checksum sees it
    BOOST_TEST(refusal("damaged.npz", damaged) == "65: damaged.npz: entry 'a.npy': CRC error");
}

BOOST_AUTO_TEST_CASE(values_nest_as_deeply_as_can_be_read_back) {
    Value deep(1);
    for (int i = 0; i < 80; ++i) deep = i % 2 ? Value(List{deep}) : Value(Map{{"\xFF", deep}});
    BOOST_TEST(equal(round_trip("deep.npz", deep), deep));
    deep = List{deep};
    BOOST_TEST(failure([&] { save("deeper.npz", deep); }) ==
               "65: deeper.npz: more than 80 levels of lists and maps");
}

BOOST_AUTO_TEST_SUITE_END()
