// SPDX-License-Identifier: MIT
// HDF5: round trips, what is refused, damaged bytes; without libhdf5 what the program says.
#include "folder.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <limits>

using namespace espalier;
using namespace files_test;

namespace {

bool built() {
    return std::filesystem::exists(ESPALIER_BUILD_FOLDER "/lib/espalier/libespalier_hdf5.so");
}

struct IfBuilt {
    boost::test_tools::assertion_result operator()(boost::unit_test::test_unit_id) {
        boost::test_tools::assertion_result result(built());
        result.message() << "libhdf5-dev is missing";
        return result;
    }
};

Map every_type() {
    Map map;
    for (const DType d : {DType::boolean, DType::uint8, DType::int8, DType::int16, DType::int32,
                          DType::int64, DType::float32, DType::float64}) {
        Tensor t(d, {2, 3});
        with_type(d, [&](auto zero) {
            using T = decltype(zero);
            const auto out = t.writable_values<T>();
            for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<T>(i % 2);
            out[5] = std::numeric_limits<T>::max();
            out[4] = std::numeric_limits<T>::lowest();
        });
        map[std::string(name_of(d))] = t;
    }
    return map;
}

} // namespace

BOOST_AUTO_TEST_SUITE(hdf5)

BOOST_AUTO_TEST_CASE(without_the_library_it_says_how_to_get_it) {
    if (built()) return;
    BOOST_TEST(failure([] { save("a.h5", Tensor(DType::float64, {3})); }) ==
               "69: a.h5: this program was built without libhdf5 | install libhdf5-dev, then "
               "configure and build again (./bootstrap does both)");
}

BOOST_AUTO_TEST_CASE(written_and_read_again, *boost::unit_test::precondition(IfBuilt())) {
    const Tensor alone = Tensor::vector(std::vector<double>{1, 2.5, -3e-300});
    BOOST_TEST(equal(round_trip("a.h5", Value(alone)), Value(alone)));
    const Value tree(Map{{"types", every_type()},
                         {"deep", Map{{"er", Map{{"x", alone}}}}},
                         {"empty", Tensor(DType::int32, {0, 4})},
                         {"number", 0.5},
                         {"whole", int64_t{1} << 60},
                         {"truth", true}});
    BOOST_TEST(equal(round_trip("t.hdf5", tree), tree));
    save("one.h5", tree);
    save("two.h5", tree);
    BOOST_TEST(bytes_of("one.h5") == bytes_of("two.h5"));
}

BOOST_AUTO_TEST_CASE(what_is_refused, *boost::unit_test::precondition(IfBuilt())) {
    BOOST_TEST(failure([] { save("r.h5", rich_graph(false)); }) ==
               "65: r.h5: HDF5 files hold tensors, numbers and maps here, this is of type graph | "
               "save it as .npz, which holds every value");
    BOOST_TEST(failure([] {
                   save("r.h5", Map{{"a", Map{{"b", "text"}}}});
               }).starts_with("65: r.h5: HDF5 files hold tensors, numbers and maps here, 'a/b'"));
    BOOST_TEST(failure([] {
                   save("r.h5", Map{{"a/b", 1}});
               }).starts_with("65: r.h5: HDF5 cannot hold the name 'a/b'"));
    BOOST_TEST(refusal("n.h5", "nonsense") == "65: n.h5: no HDF5 file, or one that is damaged");
    BOOST_TEST(failure([] { load("missing.h5"); }).starts_with("66: "));
    Tensor gap = Tensor::vector(std::vector<double>{1, std::numeric_limits<double>::quiet_NaN()});
    save("gap.h5", gap);
    BOOST_TEST(failure([] { load("gap.h5"); }).starts_with("65: gap.h5: value"));
    LoadOptions gaps;
    gaps.allow_nan = true;
    BOOST_TEST(equal(load("gap.h5", gaps), gap));
}

// A large array that takes no room in the file is not believed.
BOOST_AUTO_TEST_CASE(no_more_than_the_file_warrants, *boost::unit_test::precondition(IfBuilt())) {
    LoadOptions little;
    little.size_limit = 100;
    save("l.h5", Tensor(DType::float64, {100}));
    BOOST_TEST(failure([&] { load("l.h5", little); }) ==
               "65: l.h5: value is larger than the file warrants");
}

BOOST_AUTO_TEST_CASE(cut_files_are_refused, *boost::unit_test::precondition(IfBuilt())) {
    save("c.h5", Map{{"x", Tensor(DType::float64, {3, 4})}, {"y", 1}});
    const std::string whole = bytes_of("c.h5");
    for (std::size_t length = 0; length < whole.size(); length += 37)
        BOOST_TEST(refusal("cut.h5", std::string_view(whole).substr(0, length))
                       .starts_with("65: cut.h5: "),
                   length);
}

BOOST_AUTO_TEST_SUITE_END()
