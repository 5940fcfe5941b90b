// SPDX-License-Identifier: MIT
// Bad neighbours: each is refused by name, with the reason, and harms nobody else.
#include "call/session.hpp"
#include "values/failure.hpp"

#include <boost/test/unit_test.hpp>

#include <cfenv>
#include <fstream>
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#endif

using namespace espalier;

namespace {

namespace fs = std::filesystem;

fs::path folder(const std::string& name) { return fs::path(ESPALIER_CONTRACT) / name; }

SessionOptions with(std::vector<fs::path> folders) {
    SessionOptions options;
    options.threads = 2;
    options.registry.folders = std::move(folders);
    return options;
}

// The one refusal among these folders, beside a good plugin that must have been loaded.
std::string refusal(const std::vector<std::string>& names) {
    std::vector<fs::path> folders{folder("plain_c")};
    for (const auto& name : names) folders.push_back(folder(name));
    const Registry registry(with(folders).registry);
    BOOST_TEST(registry.find("generate.squares") != nullptr);
    BOOST_REQUIRE(!registry.refusals().empty());
    return registry.refusals().front().reason;
}

struct Outcome {
    Exit exit = Exit::done;
    std::string message, hint;
};

Outcome outcome(Session& session, std::string_view component, const Map& arguments) {
    try {
        session.call(component, arguments);
        return {};
    } catch (const Failure& failure) {
        return {failure.exit(), failure.what(), failure.hint()};
    }
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

} // namespace

BOOST_TEST_DONT_PRINT_LOG_VALUE(Exit)

BOOST_AUTO_TEST_CASE(a_plugin_in_plain_c_runs) {
    Session session(with({folder("plain_c")}));
    const Map out = session.call("generate.squares", {{"count", 2500}});
    const auto squares = out.at("squares").as<Tensor>().values<int64_t>();
    BOOST_TEST(squares.size() == 2500u);
    BOOST_TEST(squares[2499] == int64_t{2499} * 2499);
}

BOOST_AUTO_TEST_CASE(another_major_version_is_refused) {
    BOOST_TEST(refusal({"wrong_major"}) ==
               "was built for plugin ABI 99.0, this program speaks 1.0: rebuild it with "
               "this program's headers");
}

BOOST_AUTO_TEST_CASE(a_newer_minor_version_is_refused) {
    BOOST_TEST(refusal({"newer_minor"}) ==
               "was built for plugin ABI 1.7, this program speaks only 1.0: a newer "
               "Espalier is needed");
}

BOOST_AUTO_TEST_CASE(duplicates_are_both_refused) {
    const Registry registry(with({folder("plain_c"), folder("twin_a"), folder("twin_b")}).registry);
    BOOST_REQUIRE(registry.refusals().size() == 2u);
    BOOST_TEST(has(registry.refusals()[0].reason, "plugin id 'org.example.nothing' is also in"));
    BOOST_TEST(has(registry.refusals()[0].reason, "twin_b.so: both are refused"));
    BOOST_TEST(registry.find("generate.nothing") == nullptr);
    BOOST_TEST(registry.find("generate.squares") != nullptr);
}

BOOST_AUTO_TEST_CASE(the_same_file_twice_is_one_plugin) {
    const Registry registry(with({folder("plain_c"), folder("plain_c")}).registry);
    BOOST_TEST(registry.refusals().empty());
    BOOST_TEST(registry.plugins().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_declaration_that_contradicts_itself_is_refused) {
    BOOST_TEST(refusal({"bad_default"}) ==
               "component 'nothing' parameter 'count' has a default outside its range");
}

BOOST_AUTO_TEST_CASE(a_library_that_is_no_plugin_is_refused) {
    BOOST_TEST(refusal({"no_entry"}) == "does not export espalier_plugin_entry: it is no plugin");
}

BOOST_AUTO_TEST_CASE(a_missing_symbol_is_found_at_load) {
    BOOST_TEST(has(refusal({"missing_symbol"}), "undefined symbol: a_function_that_nobody_has"));
}

BOOST_AUTO_TEST_CASE(every_truncation_is_refused) {
    const fs::path whole = folder("plain_c") / "plain_c.so";
    std::ifstream in(whole, std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(in)), {});
    const fs::path cut = folder("cut_short");
    fs::create_directories(cut);
    for (std::size_t length = 0; length < bytes.size(); length += 97) {
        std::ofstream(cut / "cut_short.so", std::ios::binary | std::ios::trunc)
            .write(bytes.data(), static_cast<std::streamsize>(length));
        const Registry registry(with({cut}).registry);
        BOOST_REQUIRE_MESSAGE(registry.refusals().size() == 1u && registry.plugins().empty(),
                              "length " << length);
    }
    std::ofstream(cut / "cut_short.so", std::ios::trunc)
        << "#!/bin/sh\necho this is no library at all, only a script\n";
    BOOST_TEST(Registry(with({cut}).registry).refusals().front().reason ==
               "is 56 bytes, too short for a shared library");
    fs::remove_all(cut);
}

BOOST_AUTO_TEST_CASE(a_missing_component_names_the_refused_plugin) {
    Session session(with({folder("plain_c"), folder("wrong_major")}));
    const Outcome o = outcome(session, "generate.square", {});
    BOOST_TEST(o.exit == Exit::plugin);
    BOOST_TEST(o.message ==
               "there is no component 'generate.square', did you mean 'generate.squares'?");
    BOOST_TEST(has(o.hint, "wrong_major.so: was built for plugin ABI 99.0"));
}

BOOST_AUTO_TEST_CASE(what_a_plugin_throws_becomes_one_line) {
    Session session(with({folder("throwing"), folder("plain_c")}));
    const auto thrown = [&](const char* how) {
        return outcome(session, "generate.throws", {{"how", how}});
    };
    BOOST_TEST(thrown("exception").message == "generate.throws: the disk of time is full");
    BOOST_TEST(thrown("exception").exit == Exit::plugin);
    BOOST_TEST(thrown("number").message == "generate.throws: an exception of a foreign type");
    BOOST_TEST(thrown("invalid").message == "generate.throws: parameter 'how': is invalid");
    BOOST_TEST(thrown("in_check").message ==
               "generate.throws: parameter 'how': must not be 'in_check' today");
    BOOST_TEST(thrown("in_check").exit == Exit::script);
    BOOST_TEST(thrown("in_parallel").message == "generate.throws: chunk 50");
    BOOST_TEST(thrown("diverged").message == "generate.throws: 'number': is infinite at step 7");
    BOOST_TEST(thrown("diverged").exit == Exit::some_failed);
    BOOST_TEST(thrown("memory").message == "generate.throws: out of memory");
#ifdef __SANITIZE_ADDRESS__
    const __lsan::ScopedDisabler not_entered_again; // nor is what it had made given back
#endif
    const Outcome across = outcome(session, "generate.throws_across", {});
    BOOST_TEST(across.message == "generate.throws_across: threw an exception across the border");
    BOOST_TEST(across.exit == Exit::plugin);
    BOOST_TEST(session.call("generate.squares", {}).at("squares").as<Tensor>().size() == 4);
}

BOOST_AUTO_TEST_CASE(outputs_are_checked_against_their_declaration) {
    Session session(with({folder("careless")}));
    const auto broken = [&](const char* how) {
        const Outcome o = outcome(session, "generate.careless", {{"how", how}});
        BOOST_TEST(o.exit == Exit::plugin);
        return o.message;
    };
    BOOST_TEST(broken("nothing") == "generate.careless: output 'numbers' is not set");
    BOOST_TEST(broken("other_type") ==
               "generate.careless: output 'numbers' holds float32, declared as float64");
    BOOST_TEST(broken("other_axes") ==
               "generate.careless: output 'numbers' has shape [1, 1], declared as [index]");
    BOOST_TEST(broken("unsorted") == "generate.careless: output 'graph' graph: the edges of node 0 "
                                     "are not ascending: 1 after 2");
    BOOST_TEST(
        broken("one_row") ==
        "generate.careless: output 'graph' graph: undirected, but 0 - 1 stands in one row only");
    BOOST_TEST(broken("undeclared") == "generate.careless: something: is not a declared output");
}

BOOST_AUTO_TEST_CASE(the_arithmetic_of_the_program_survives_its_plugins) {
    const volatile double tiny = 1e-310;
    BOOST_TEST(refusal({"fast_math"}) == "its entry returned no manifest");
    BOOST_TEST(tiny * 0.5 != 0.0);
    Session session(with({folder("careless")}));
    BOOST_TEST(outcome(session, "generate.careless", {{"how", "rounding"}})
                   .message.find("left another arithmetic behind") != std::string::npos);
    BOOST_TEST(std::fegetround() == FE_TONEAREST);
}

BOOST_AUTO_TEST_CASE(a_missing_folder_is_empty) {
    BOOST_TEST(Registry(with({"/no/such/folder"}).registry).plugins().empty());
}
