// SPDX-License-Identifier: MIT
// Runs every script of tests/scripts/language: what they assert is what a user may rely on.
#include "fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>

using namespace espalier;

namespace {

void run_file(const std::string& name) {
    test::Fixture f;
    const auto folder = std::filesystem::path(ESPALIER_SOURCE_FOLDER) / "tests/scripts/language";
    f.options.output = std::filesystem::temp_directory_path() / "espalier-script-language";
    std::filesystem::create_directories(f.options.output);
    try {
        Interpreter interpreter(f.session, f.options);
        const Value checks = interpreter.run_file(folder / (name + ".lua"));
        // A script returns how many checks it made, so that an empty one cannot pass.
        BOOST_TEST(checks.as<int64_t>() > 10);
    } catch (const Failure& failure) {
        BOOST_ERROR(failure.what() << "\n" << failure.hint());
    }
    std::filesystem::remove_all(f.options.output);
}

} // namespace

BOOST_AUTO_TEST_CASE(tensors) { run_file("tensors"); }
BOOST_AUTO_TEST_CASE(tensor_arithmetic) { run_file("tensor_arithmetic"); }
BOOST_AUTO_TEST_CASE(graphs) { run_file("graphs"); }
BOOST_AUTO_TEST_CASE(tables_models_and_records) { run_file("data"); }
BOOST_AUTO_TEST_CASE(language) { run_file("language"); }
BOOST_AUTO_TEST_CASE(coroutines) { run_file("coroutines"); }
BOOST_AUTO_TEST_CASE(calls_and_files) { run_file("calls"); }
