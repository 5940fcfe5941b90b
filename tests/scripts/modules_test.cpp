// SPDX-License-Identifier: MIT
// require: files beside the script and in the library, and nothing else.
#include "fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>

#include <unistd.h>

using namespace espalier;
namespace fs = std::filesystem;

namespace {

// project/ with a script's modules, library/, and outside/ that must stay out of reach.
struct Folders : test::Fixture {
    fs::path root = fs::temp_directory_path() / ("espalier-modules-" + std::to_string(getpid()));

    Folders() {
        for (const char* folder : {"project/part", "library", "outside"})
            fs::create_directories(root / folder);
        write("project/near.lua", "return { name = 'near' }");
        write("project/part/inner.lua", "return { name = 'inner' }");
        write("project/broken.lua", "local x = nil\nreturn x.y");
        write("project/loop.lua", "return require 'loop'");
        write("project/counted.lua", "print 'run' return {}");
        write("project/binary.lua", "\033Lua");
        write("library/page.lua", "return { name = 'page' }");
        write("library/near.lua", "return { name = 'far' }");
        write("outside/secret.lua", "return { name = 'secret' }");
        fs::create_symlink(root / "outside/secret.lua", root / "project/link.lua");
        fs::create_symlink(root / "outside", root / "project/away");
        options.library = root / "library";
    }
    ~Folders() { fs::remove_all(root); }

    void write(const std::string& name, const std::string& text) {
        std::ofstream(root / name) << text;
    }
    Value run_main(const std::string& text) {
        write("project/main.lua", text);
        Interpreter interpreter(session, options);
        return interpreter.run_file(root / "project/main.lua");
    }
    std::string message(const std::string& text) {
        try {
            run_main(text);
        } catch (const Failure& failure) {
            std::string all = failure.what();
            for (std::size_t at; (at = all.find(root.string() + "/")) != std::string::npos;)
                all.erase(at, root.string().size() + 1);
            return all;
        }
        return "nothing failed";
    }
};

} // namespace

BOOST_FIXTURE_TEST_CASE(modules_are_found_near_first, Folders) {
    BOOST_TEST(run_main("return require('near').name").as<std::string>() == "near");
    BOOST_TEST(run_main("return require('part.inner').name").as<std::string>() == "inner");
    BOOST_TEST(run_main("return require('page').name").as<std::string>() == "page");
    BOOST_TEST(run_main("return require 'espalier'.require('page').name").as<std::string>() ==
               "page");
}

BOOST_FIXTURE_TEST_CASE(a_module_runs_once, Folders) {
    BOOST_TEST(run_main("return require 'counted' == require 'counted'").as<bool>());
    BOOST_TEST(printed.size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(nothing_outside_can_be_reached, Folders) {
    for (const char* name : {"link", "away.secret", "away/secret", "/etc/passwd",
                             "..outside.secret", "../outside/secret", "part/../../outside/secret",
                             "secret", "", "near\\0x", "~/x", "./near/../../outside/secret"}) {
        const std::string found = message("return require '" + std::string(name) + "'");
        BOOST_TEST(found.starts_with("project/main.lua:1: require: "), name << ": " << found);
    }
}

BOOST_FIXTURE_TEST_CASE(failures_name_their_file, Folders) {
    BOOST_TEST(message("require 'broken'") ==
               "project/broken.lua:2: attempt to index a nil value (local 'x')");
    BOOST_TEST(message("require 'loop'") ==
               "project/loop.lua:1: require: project/loop.lua requires "
               "itself");
    BOOST_TEST(message("require 'binary'") ==
               "project/main.lua:1: project/binary.lua: precompiled Lua is not accepted");
    BOOST_TEST(message("require 'naer'") ==
               "project/main.lua:1: require: there is no module 'naer', did you mean 'near'?");
    BOOST_TEST(message("\n\nrequire(3)") ==
               "project/main.lua:3: require: 'name' is an integer, wanted a text");
}

BOOST_FIXTURE_TEST_CASE(a_missing_script, Folders) {
    Interpreter interpreter(session, options);
    BOOST_CHECK_EXCEPTION(interpreter.run_file(root / "project/gone.lua"), Failure,
                          [](const Failure& f) {
                              return f.exit() == Exit::missing_input &&
                                     std::string(f.what()).ends_with("there is no such script");
                          });
    BOOST_CHECK_THROW(interpreter.run_file(root / "project"), Failure);
    BOOST_CHECK_THROW(interpreter.run_file(root / "project/binary.lua"), Failure);
}
