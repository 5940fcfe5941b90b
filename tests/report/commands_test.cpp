// SPDX-License-Identifier: MIT
// What a report holds of a run, and what `espalier watch` shows while another process computes it.
#include "program/child.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <thread>

using namespace program;
using nlohmann::json;

namespace {

const std::string script = ESPALIER_SOURCE_FOLDER "/tests/report/learning.lua";

const json& column(const json& document, const std::string& name) {
    for (const json& one : document.at("table").at("columns"))
        if (one.at("name") == name) return one.at("values");
    throw std::runtime_error("no column " + name);
}

// The script run once for all cases.
struct Run {
    Folder folder;
    json document;
    Run() {
        const Outcome ran = folder.run({"run", script, "-q"});
        BOOST_REQUIRE_MESSAGE(ran.code == 1, ran.err);
        const std::map<std::string, std::string> manifest{
            {"ESPALIER_DATASETS", ESPALIER_SOURCE_FOLDER "/datasets/manifest.json"}};
        document = json::parse(folder.run({"report", "--json"}, manifest).out);
    }
};
const Run& once() {
    static const Run run;
    return run;
}

// A run that lasts until it is ended, once it has told of its first steps.
struct Slow {
    Folder folder;
    Child child;
    explicit Slow(const std::string& pause)
        : child({{"run", script, "pause=" + pause, "rate=0.1,0.2", "-j", "1"},
                 {},
                 folder.path(),
                 {}}) {
        for (int i = 0; i < 400 && !has(watch_once(), "loss"); ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    std::string watch_once() const { return folder.run({"watch", "last", "--once"}).out; }
};

} // namespace

BOOST_AUTO_TEST_CASE(the_document_says_what_was_asked_and_what_came_out) {
    const json& d = once().document;
    BOOST_TEST(d.at("name") == "learning");
    BOOST_TEST(d.at("tasks") == 6);
    BOOST_TEST(d.at("states") == (json{{"done", 3}, {"failed", 3}}));
    BOOST_TEST(d.at("asked").at("swept") == (json{"rate"}));
    BOOST_TEST(d.at("asked").at("parameters").at("pause") == 0);
    BOOST_TEST(column(d, "rate").size() == 6u);
    BOOST_TEST(std::abs(column(d, "final")[1].get<double>() - std::pow(0.998, 1200)) < 1e-6);
    BOOST_TEST(column(d, "final")[4].is_null());
    BOOST_TEST(
        d.at("scorecard") ==
        (json::array(
            {{{"name", "falls"}, {"wanted", "below 1"}, {"ours", "0.301"}, {"verdict", "pass"}}})));
    BOOST_REQUIRE(d.at("pictures").size() == 1u);
    BOOST_TEST(d.at("pictures")[0].at("curves")[0].at("y").size() == 3u);
}

BOOST_AUTO_TEST_CASE(failures_stand_by_their_cause_the_most_frequent_first) {
    const json& failures = once().document.at("failures");
    BOOST_REQUIRE(failures.size() == 2u);
    BOOST_TEST(failures[0].at("tasks") == (json{5, 6}));
    BOOST_TEST(has(failures[0].at("message"), "the rate is too large"));
    BOOST_TEST(failures[1].at("tasks") == (json{4}));
    BOOST_TEST(has(failures[1].at("message"), "nodes"));
}

BOOST_AUTO_TEST_CASE(long_series_are_thinned_to_their_shape) {
    const json& curves = once().document.at("curves");
    BOOST_TEST(curves.at("thinned").get<bool>());
    BOOST_TEST(curves.at("tasks") == 3);
    BOOST_REQUIRE(curves.at("names").size() == 1u);
    const json& series = curves.at("names")[0].at("series");
    BOOST_REQUIRE(series.size() == 3u);
    for (const json& one : series) {
        BOOST_REQUIRE(one.at("steps").size() == 500u);
        BOOST_TEST(one.at("values").size() == 500u);
        BOOST_TEST((one.at("steps").front() == 1 && one.at("steps").back() == 1200));
        BOOST_TEST(std::is_sorted(one.at("steps").begin(), one.at("steps").end()));
    }
    const double step = series[2].at("steps")[250].get<double>();
    BOOST_TEST(std::abs(series[2].at("values")[250].get<double>() / std::pow(0.996, step) - 1) <
               1e-5);
}

BOOST_AUTO_TEST_CASE(where_it_comes_from_stands_there) {
    const json& origin = once().document.at("origin");
    BOOST_TEST(has(origin.at("text"), "Tasks that say how they get on"));
    BOOST_REQUIRE(origin.at("plugins").size() == 1u);
    BOOST_TEST(has(origin.at("plugins")[0].at("plugin"), "org.espalier.networks"));
    BOOST_TEST(origin.at("plugins")[0].at("sha256").get<std::string>().size() == 64u);
    BOOST_REQUIRE(origin.at("data").size() == 1u);
    BOOST_TEST(origin.at("data")[0].at("licence") == "BSD-3-Clause");
    BOOST_TEST(has(origin.at("data")[0].at("citation"), "10.24432/C50P49"));
    BOOST_TEST(origin.at("facts").contains("compiler"));
}

// The words by which the page lets a cell be computed again, in a store that knows nothing.
BOOST_AUTO_TEST_CASE(the_command_of_a_cell_gives_its_number_again) {
    const json& redo = once().document.at("redo");
    std::vector<std::string> words;
    for (const json& word : redo.at("words")) words.push_back(word);
    BOOST_TEST(words.front() == "espalier");
    words.erase(words.begin());
    for (const json& word : redo.at("fixed")) words.push_back(word);
    BOOST_REQUIRE(redo.at("swept") == (json{"rate"}));
    words.push_back("rate=" + column(once().document, "rate")[2].dump());
    words.insert(words.end(), {"--seed", redo.at("seed").dump(), "-q"});
    const Folder elsewhere;
    const Outcome again = elsewhere.run(words);
    BOOST_REQUIRE_MESSAGE(again.code == 0, again.err);
    const json document = json::parse(elsewhere.run({"report", "--json"}).out);
    BOOST_TEST(document.at("tasks") == 1);
    BOOST_TEST(column(document, "final")[0] == column(once().document, "final")[2]);
}

BOOST_AUTO_TEST_CASE(a_report_is_one_file_or_says_what_is_missing) {
    const Outcome made = once().folder.run({"report", "learning", "-o", "page.html"});
    if (made.code == 69) {
        BOOST_TEST(has(made.err, "install nodejs and npm"));
        return;
    }
    BOOST_REQUIRE_MESSAGE(made.code == 0, made.err);
    const std::string page = once().folder.read("page.html");
    BOOST_TEST(page.starts_with("<!doctype html>"));
    BOOST_TEST(!has(page, " src="));
    const Outcome wrong = once().folder.run({"report", "lerning"});
    BOOST_TEST(wrong.code == 2);
    BOOST_TEST(has(wrong.err, "did you mean 'learning'?"));
}

BOOST_AUTO_TEST_CASE(a_run_that_has_ended_is_shown_and_left) {
    const Outcome seen = once().folder.run({"watch", "learning"});
    BOOST_TEST(seen.code == 0);
    BOOST_TEST(seen.out.starts_with("run 1 'learning': finished\n"));
    BOOST_TEST(has(seen.out, "100.0 %"));
    BOOST_TEST(has(seen.out, "3 done, 3 failed"));
    BOOST_TEST(has(seen.out, "loss"));
    BOOST_TEST(!has(seen.out, "\033"));
}

BOOST_AUTO_TEST_CASE(a_running_sweep_is_followed_until_it_ends) {
    Slow slow("600000");
    Child terminal({{"watch"}, {}, slow.folder.path(), {}}, Streams::terminal);
    const Outcome seen = slow.folder.run({"watch", "last"}); // on a pipe; returns when it has ended
    BOOST_TEST(seen.code == 0);
    BOOST_TEST(has(seen.out, "run 1 'learning': finished\n"));
    BOOST_TEST(has(seen.out, "2 done"));
    const std::size_t picture = seen.out.find("run 1 'learning'");
    BOOST_TEST(has(seen.out.substr(0, picture), "/2 tasks"));
    BOOST_TEST(!has(seen.out, "\033"));
    const Outcome drawn = terminal.finish();
    BOOST_TEST(drawn.code == 0);
    BOOST_TEST(has(drawn.out, "run 1 'learning': running"));
    BOOST_TEST(has(drawn.out, "\033["));
    BOOST_TEST(has(drawn.out, "\u2502")); // the axis of its curves
    BOOST_TEST(slow.child.finish().code == 0);
}

BOOST_AUTO_TEST_CASE(a_run_without_its_process_is_not_waited_for) {
    Slow slow("2000000");
    BOOST_TEST(has(slow.watch_once(), "run 1 'learning': running\n"));
    slow.child.signal(SIGKILL);
    slow.child.finish();
    const Outcome seen = slow.folder.run({"watch"});
    BOOST_TEST(seen.code == 0);
    BOOST_TEST(has(seen.out, "no process computes it"));
}

BOOST_AUTO_TEST_CASE(a_run_ends_with_its_picture_on_a_terminal_alone) {
    const Folder folder;
    const std::vector<std::string> words{"run", script, "rate=0.1,0.2,0.4"};
    const Outcome drawn = Child({words, {}, folder.path(), {}}, Streams::terminal).finish();
    BOOST_TEST(has(drawn.out, "What is left"));
    BOOST_TEST(has(drawn.out, "\u2502"));
    BOOST_TEST(!has(folder.run(words).err, "\u2502"));
}
