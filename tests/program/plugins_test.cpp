// SPDX-License-Identifier: MIT
// Bad plugins met on the command line: a clear line, exit 69, and every other component at work.
#include "program/child.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <fstream>
#include <iterator>

using namespace program;

namespace {

namespace fs = std::filesystem;

std::string contract(const std::string& name) {
    return std::string(ESPALIER_CONTRACT) + '/' + name;
}

struct Bad {
    std::string folders, file, reason, component;
};

std::ostream& operator<<(std::ostream& out, const Bad& bad) { return out << bad.file; }

std::vector<Bad> bad_plugins() {
    return {{contract("wrong_major"), contract("wrong_major/wrong_major.so"),
             "was built for plugin ABI 99.0, this program speaks 1.0: rebuild it with this "
             "program's headers",
             "generate.nothing"},
            {contract("twin_a") + ':' + contract("twin_b"), contract("twin_a/twin_a.so"),
             "plugin id 'org.example.nothing' is also in " + contract("twin_b/twin_b.so") +
                 ": both are refused",
             "generate.nothing"}};
}

void check_refused(const Bad& bad) {
    const Folder folder;
    const std::map<std::string, std::string> path{{"ESPALIER_PLUGIN_PATH", bad.folders}};
    const std::string warning = "warning: " + bad.file + ": " + bad.reason + '\n';

    const Outcome doctor = folder.run({"doctor", "--json"}, path);
    BOOST_TEST(doctor.code == 69);
    const auto refused = nlohmann::json::parse(doctor.out).at("refused");
    BOOST_TEST(refused.at(0).at("file") == bad.file);
    BOOST_TEST(refused.at(0).at("reason") == bad.reason);

    const Outcome called = folder.run({"call", bad.component}, path);
    BOOST_TEST(called.code == 69);
    BOOST_TEST(called.err.starts_with("there is no component '" + bad.component + "'"));
    BOOST_TEST(called.err.find("  hint: refused plugin: " + bad.file + ": " + bad.reason) !=
               std::string::npos);

    const Outcome list = folder.run({"list"}, path);
    BOOST_TEST(list.code == 0);
    BOOST_TEST(list.err.find(warning) != std::string::npos);
    BOOST_TEST(list.out.find("generate.ring") != std::string::npos);
    BOOST_TEST(folder.run({"call", "generate.ring", "nodes=5"}, path).code == 0);
}

} // namespace

BOOST_DATA_TEST_CASE(is_refused_and_harms_nobody, boost::unit_test::data::make(bad_plugins()),
                     bad) {
    check_refused(bad);
}

BOOST_AUTO_TEST_CASE(a_truncated_plugin_is_refused_and_harms_nobody) {
    std::ifstream in(contract("plain_c/plain_c.so"), std::ios::binary);
    const std::string whole(std::istreambuf_iterator<char>(in), {});
    const Folder folder;
    folder.write("cut.so", whole.substr(0, whole.size() / 2));
    const std::map<std::string, std::string> path{{"ESPALIER_PLUGIN_PATH", folder.path().string()}};
    const Outcome doctor = folder.run({"doctor", "--json"}, path);
    BOOST_TEST(doctor.code == 69);
    const auto refused = nlohmann::json::parse(doctor.out).at("refused");
    BOOST_REQUIRE(refused.size() == 1u);
    check_refused({folder.path().string(), (folder / "cut.so").string(),
                   refused.at(0).at("reason").get<std::string>(), "generate.squares"});
    BOOST_TEST(refused.at(0).at("reason").get<std::string>().find("truncated") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_a_plugin_throws_is_one_line_and_exit_69) {
    const Folder folder;
    folder.write("after.lua", "local esp = require 'espalier'\n"
                              "local fine, why = pcall(esp.generate.throws_across, {})\n"
                              "print(fine, why)\n"
                              "print(esp.generate.ring { nodes = 5 }.graph)\n"
                              "esp.generate.throws { how = 'exception' }\n");
    const std::map<std::string, std::string> path{{"ESPALIER_PLUGIN_PATH", contract("throwing")}};
    const Outcome call = folder.run({"call", "generate.throws"}, path);
    BOOST_TEST(call.code == 69);
    BOOST_TEST(call.err == "generate.throws: the disk of time is full\n");
    const Outcome script = folder.run({"run", "after.lua"}, path);
    BOOST_TEST(script.code == 69);
    BOOST_TEST(script.out ==
               "false\tafter.lua:2: generate.throws_across: threw an exception across "
               "the border\ngraph 5 nodes, 5 edges, undirected\n");
    BOOST_TEST(script.err == "after.lua:5: generate.throws: the disk of time is full\n");
}
