// SPDX-License-Identifier: MIT
// A plugin built against ABI 1.0 goes on working: today, and in a kernel whose structs have grown.
#include "files/files.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include <unistd.h>

using namespace espalier;

namespace {

std::string output_of(const std::string& command) {
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen((command + " 2>&1").c_str(), "r"),
                                                     &pclose);
    BOOST_REQUIRE(pipe);
    std::string text;
    std::array<char, 4096> block{};
    while (const std::size_t n = std::fread(block.data(), 1, block.size(), pipe.get()))
        text.append(block.data(), n);
    return text;
}

// What `program` makes of the plugin in `folder`: two digests, or a message.
std::string called(const std::string& program, const std::string& folder) {
    const std::filesystem::path arguments =
        std::filesystem::temp_directory_path() / ("abi-" + std::to_string(getpid()) + ".npz");
    List series;
    for (int t = 0; t < 200; ++t) series.emplace_back(double(t * t % 17));
    save(arguments, Map{{"series", series}, {"lags", int64_t{12}}});
    const std::string text = output_of(program + " " + folder + " analyze.my_plugin " +
                                       arguments.string() + " 2 " + folder + " 0");
    std::filesystem::remove(arguments);
    return text;
}

} // namespace

BOOST_AUTO_TEST_CASE(no_field_of_1_0_moved_and_no_code_changed) {
    const std::string frozen = output_of(LAYOUT_FROZEN);
    BOOST_TEST(frozen.size() > 2000u);
    BOOST_TEST(output_of(LAYOUT_TODAY) == frozen);
}

BOOST_AUTO_TEST_CASE(a_plugin_of_1_0_gives_the_same_bits_everywhere) {
    const std::string today = called(ONE_CALL, ABI_TODAY);
    BOOST_TEST_REQUIRE(today.size() == 2 * 64 + 2, today);
    BOOST_TEST(called(ONE_CALL, ABI_FROZEN) == today);
    BOOST_TEST(called(ONE_GROWN_CALL, ABI_FROZEN) == today);
}
