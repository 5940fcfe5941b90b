// SPDX-License-Identifier: MIT
// The script of the exponents at smoke size: every row of its table passes, and the page is
// written.
#include "plugins/session.hpp"
#include "script/interpreter.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>

using namespace espalier;
namespace fs = std::filesystem;

BOOST_AUTO_TEST_CASE(exponents_at_smoke_size) {
    const fs::path scripts = fs::path(ESPALIER_SOURCE_FOLDER) / "scripts";
    ScriptOptions options;
    options.library = scripts / "lib";
    options.output = fs::temp_directory_path() / "espalier-ising-exponents";
    options.arguments = {argument_from("size=smoke")};
    options.print = [](std::string_view) {};
    Interpreter interpreter(test_session(), options);
    const Value result = interpreter.run_file(scripts / "papers" / "ising_exponents.lua");
    const List rows = result.as<Map>().at("rows").as<List>();
    BOOST_TEST(rows.size() == 12u);
    for (const Value& row : rows) {
        const Map& cells = row.as<Map>();
        BOOST_TEST(cells.at("verdict").as<bool>(), cells.at("name").as<std::string>()
                                                       << ": "
                                                       << cells.at("ours").as<std::string>());
    }
    BOOST_TEST(fs::file_size(options.output / "ising.html") > 1000u);
    fs::remove_all(options.output);
}
