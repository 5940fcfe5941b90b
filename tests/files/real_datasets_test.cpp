// SPDX-License-Identifier: MIT
// The pictures and panels of the manifest, fetched, verified and read; the numbers are those that
// their authors and the libraries that ship them publish.
#include "fetched.hpp"

#include <algorithm>
#include <set>

using namespace espalier;
using files_test::manifest, files_test::present;

namespace {

// How often each class from 0 to 9 stands in a tensor of labels.
std::vector<int64_t> counted(const Value& labels) {
    std::vector<int64_t> counts(10, 0);
    for (const uint8_t label : labels.as<Tensor>().values<uint8_t>()) ++counts.at(label);
    return counts;
}

void has_shape(const Value& value, const Shape& shape) {
    BOOST_TEST(value.as<Tensor>().shape() == shape, boost::test_tools::per_element());
}

double mean_of(const Value& images) {
    const auto pixels = images.as<Tensor>().values<uint8_t>();
    double sum = 0;
    for (const uint8_t pixel : pixels) sum += pixel;
    return sum / static_cast<double>(pixels.size());
}

// The only column set of a file with a table.
const Table& table_in(const Map& set) {
    BOOST_REQUIRE(set.size() == 1u);
    return set.begin()->second.as<Table>();
}

std::size_t different(const Table& table, const char* name) {
    BOOST_REQUIRE(table.find(name));
    const Tensor& numbers = std::get<Tensor>(*table.find(name));
    std::set<double> seen;
    for (int64_t i = 0; i < numbers.size(); ++i) seen.insert(numbers.number(i));
    return seen.size();
}

} // namespace

BOOST_AUTO_TEST_CASE(mnist) {
    const auto sets = manifest();
    const auto found = present(sets, {"mnist"});
    if (found.empty()) return;
    const Map set = data::read(*found[0]);
    has_shape(set.at("train_images"), {60000, 28, 28});
    has_shape(set.at("test_images"), {10000, 28, 28});
    BOOST_TEST(
        counted(set.at("train_labels")) ==
            (std::vector<int64_t>{5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949}),
        boost::test_tools::per_element());
    BOOST_TEST(counted(set.at("test_labels")) ==
                   (std::vector<int64_t>{980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009}),
               boost::test_tools::per_element());
    BOOST_TEST(std::abs(mean_of(set.at("train_images")) / 255 - 0.1307) < 5e-5);
}

BOOST_AUTO_TEST_CASE(fashion) {
    const auto sets = manifest();
    const auto found = present(sets, {"fashion-mnist"});
    if (found.empty()) return;
    const Map set = data::read(*found[0]);
    has_shape(set.at("train_images"), {60000, 28, 28});
    has_shape(set.at("test_images"), {10000, 28, 28});
    for (const auto& [labels, each] : {std::pair("train_labels", 6000), {"test_labels", 1000}})
        for (const int64_t count : counted(set.at(labels))) BOOST_TEST(count == each);
    BOOST_TEST(std::abs(mean_of(set.at("train_images")) / 255 - 0.2860) < 5e-5);
}

BOOST_AUTO_TEST_CASE(digits) {
    const auto sets = manifest();
    const auto found = present(sets, {"digits"});
    if (found.empty()) return;
    const Map set = data::read(*found[0]);
    has_shape(set.at("images"), {1797, 8, 8});
    BOOST_TEST(counted(set.at("labels")) ==
                   (std::vector<int64_t>{178, 182, 177, 183, 181, 182, 181, 179, 174, 180}),
               boost::test_tools::per_element());
    const auto pixels = set.at("images").as<Tensor>().values<uint8_t>();
    BOOST_TEST(int{*std::max_element(pixels.begin(), pixels.end())} == 16);
}

BOOST_AUTO_TEST_CASE(firms) {
    const auto sets = manifest();
    const auto found = present(sets, {"snmesp", "empl-uk"});
    if (found.empty()) return;
    const Table spain = table_in(data::read(*found[0]));
    BOOST_TEST(spain.rows == 738 * 8);
    BOOST_TEST(different(spain, "firm") == 738u);
    BOOST_TEST(different(spain, "year") == 8u);
    const Table britain = table_in(data::read(*found[1]));
    BOOST_TEST(britain.rows == 1031);
    BOOST_TEST(different(britain, "firm") == 140u);
    BOOST_TEST(different(britain, "sector") == 9u);
}
