// SPDX-License-Identifier: MIT
// Every script of scripts/examples runs at smoke size and says something.
#include "script/interpreter.hpp"
#include "values/failure.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <set>

using namespace espalier;
namespace fs = std::filesystem;

namespace {

const fs::path scripts = fs::path(ESPALIER_SOURCE_FOLDER) / "scripts";

// Parameters that make an example small; those not named are small by themselves.
const std::map<std::string, std::vector<std::string>> smoke{
    {"recovery", {"nodes=6", "runs=4", "epochs=1"}}, {"synchrony", {"steps=400", "nodes=30"}}};

} // namespace

BOOST_AUTO_TEST_CASE(examples_run) {
    SessionOptions options;
    options.threads = 2;
    options.registry.folders = {ESPALIER_TEST_PLUGINS};
    Session session(options);
    int count = 0;
    for (const auto& entry : fs::directory_iterator(scripts / "examples")) {
        if (entry.path().extension() != ".lua") continue;
        ++count;
        int lines = 0;
        ScriptOptions script;
        script.library = scripts / "lib";
        script.output = fs::temp_directory_path() / "espalier-examples";
        script.print = [&](std::string_view) { ++lines; };
        if (const auto small = smoke.find(entry.path().stem().string()); small != smoke.end())
            for (const auto& argument : small->second)
                script.arguments.push_back(argument_from(argument));
        try {
            Interpreter interpreter(session, script);
            const Value result = interpreter.run_file(entry.path());
            BOOST_TEST((lines > 0 || !result.is_nil()), entry.path() << " says nothing");
        } catch (const Failure& failure) {
            BOOST_ERROR(failure.what() << "\n" << failure.hint());
        }
    }
    BOOST_TEST(count >= 5);
    fs::remove_all(fs::temp_directory_path() / "espalier-examples");
}
