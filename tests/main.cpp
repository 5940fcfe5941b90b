// SPDX-License-Identifier: MIT
// main() of every program of tests; its cases stand under its own name.
#include <boost/test/unit_test.hpp>

#include <filesystem>

namespace {

bool take_name() {
    auto& suite = boost::unit_test::framework::master_test_suite();
    suite.p_name.value = std::filesystem::path(suite.argv[0]).filename().string();
    return true;
}

} // namespace

int main(int count, char** words) {
    return boost::unit_test::unit_test_main(take_name, count, words);
}
