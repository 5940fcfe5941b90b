// SPDX-License-Identifier: MIT
// Scorecards of papers, and the two scripts that a newcomer runs, at smoke size.
#include "program/child.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>

using namespace program;

namespace {

std::string source(const std::string& name) {
    return std::string(ESPALIER_SOURCE_FOLDER) + "/scripts/" + name;
}

} // namespace

BOOST_AUTO_TEST_CASE(papers_are_listed_with_what_they_are) {
    const Outcome o = run({"paper", "list"});
    BOOST_TEST(o.code == 0);
    BOOST_TEST(has(o.out, "ggn"));
}

BOOST_AUTO_TEST_CASE(a_scorecard_with_a_failing_row_ends_with_one) {
    const Folder folder;
    std::filesystem::create_directories(folder / "bin");
    std::filesystem::create_directories(folder / "share/espalier/scripts/papers");
    std::filesystem::copy_file(ESPALIER_PROGRAM, folder / "bin/espalier");
    folder.write(
        "share/espalier/scripts/papers/wheel.lua",
        "-- A paper about wheels.\n"
        "local p = require('espalier').params { spokes = 3 }\n"
        "return { rows = { { name = 'round', wanted = 1, ours = 1, verdict = 'pass' },\n"
        "  { name = 'spokes', wanted = '>= 4', ours = p.spokes, verdict = p.spokes >= 4 } } }\n");
    const auto shell = [&](const std::string& words) {
        std::string line = "cd '";
        line.append(folder.path()).append("' && bin/espalier ").append(words);
        return WEXITSTATUS(std::system(line.append(" > out 2> err").c_str()));
    };
    BOOST_TEST(shell("paper list") == 0);
    BOOST_TEST(folder.read("out") == "wheel  A paper about wheels.\n");
    BOOST_TEST(shell("paper check wheel") == 1);
    BOOST_TEST(folder.read("out") == "case    wanted  ours  verdict\n"
                                     "round   1       1     pass\n"
                                     "spokes  >= 4    3     fail\n");
    BOOST_TEST(folder.read("err") == "1 of 2 rows fall short\n");
    BOOST_TEST(shell("paper check wheel spokes=5") == 0);
    BOOST_TEST(folder.read("err") == "");

    folder.write("share/espalier/scripts/papers/wheels.lua",
                 "local esp = require 'espalier'\n"
                 "return esp.experiment { name = 'wheels', params = { spokes = 3 },\n"
                 "  run = function(p) return { spokes = p.spokes } end }\n");
    BOOST_TEST(shell("paper check wheels --dry-run") == 0);
    BOOST_TEST(has(folder.read("out"), "wheels"));
}

BOOST_AUTO_TEST_CASE(the_demo_says_how_right_it_is_and_writes_a_page) {
    const Folder folder;
    const Outcome o = folder.run({"run", source("demo.lua"), "nodes=8", "runs=6", "steps=40",
                                  "epochs=1", "-q", "-o", "demo"});
    BOOST_TEST(o.code == 0);
    BOOST_TEST(o.err == "");
    BOOST_TEST(has(o.out, "hidden     8 nodes, 16 edges\nseen       6 runs of 40 steps\n"));
    BOOST_TEST(has(o.out, "AUC 0.") != has(o.out, "AUC 1.000"));
    BOOST_TEST(has(o.out, "report     demo/report.html\n"));
    BOOST_TEST(has(folder.read("demo/report.html"), "<svg"));
    for (const char* file : {"edge_probability.npy", "forecast.csv", "model.npz", "truth.graphml",
                             "adjacency.svg", "network.svg"})
        BOOST_TEST(std::filesystem::exists(folder / "demo" / file));
}

BOOST_AUTO_TEST_CASE(a_series_of_ones_own_is_reconstructed_and_its_gaps_are_named) {
    const Folder folder;
    std::string rows = "step,run,north,south,west\n";
    double x = 0.3, y = 0.6, z = 0.8; // maps that feel their left neighbour
    for (int step = 0; step < 90; ++step) {
        const std::string south = step == 20 ? "" : std::to_string(y);
        rows += std::to_string(step) + "," + (step < 50 ? "1" : "2") + "," + std::to_string(x) +
                "," + south + "," + std::to_string(z) + "\n";
        const auto f = [](double v) { return 3.7 * v * (1 - v); };
        const double a = 0.7 * f(x) + 0.3 * f(z), b = 0.7 * f(y) + 0.3 * f(x);
        z = 0.7 * f(z) + 0.3 * f(y), x = a, y = b;
    }
    folder.write("series.csv", rows);
    const Outcome o = folder.run(
        {"run", source("reconstruct.lua"), "trajectories=series.csv", "epochs=1", "-o", "mine"});
    BOOST_TEST(o.code == 0);
    BOOST_TEST(has(o.err, "series.csv: column 'step' is taken for a clock and left out\n"));
    BOOST_TEST(has(o.out, "series     2 runs, 50 steps, 3 nodes, 1 feature\n"));
    // The second run is ten steps shorter.
    BOOST_TEST(has(o.out,
                   "missing    31 of 300 values\n"
                   "missing    node north: 10, the first in run 2 at step 41\n"
                   "missing    node south: 11, the first in run 1 at step 21\n"
                   "missing    node west: 10, the first in run 2 at step 41\n"
                   "skipped    12 of 98 steps from one state to the next, for missing values\n"));
    const std::string edges = folder.read("mine/edges.csv");
    BOOST_TEST(edges.starts_with("sender,receiver,probability\n"));
    BOOST_TEST(std::count(edges.begin(), edges.end(), '\n') == 7);
    for (const char* file : {"adjacency.svg", "forecast.csv", "calibration.csv", "report.html"})
        BOOST_TEST(std::filesystem::exists(folder / "mine" / file));
}

BOOST_AUTO_TEST_CASE(a_series_that_cannot_be_used_is_refused) {
    const Folder folder;
    folder.write("words.csv", "a,b\nx,1\ny,2\n");
    const Outcome words = folder.run({"run", source("reconstruct.lua"), "trajectories=words.csv"});
    BOOST_TEST(words.code == 78);
    BOOST_TEST(has(words.err, "words.csv: column 'a' holds texts, wanted numbers"));
    const Outcome none = folder.run({"run", source("reconstruct.lua")});
    BOOST_TEST(none.code == 2);
    BOOST_TEST(has(none.err, "needs trajectories=VALUE: a text\n"));
}

BOOST_AUTO_TEST_CASE(annual_statements_become_a_panel_that_is_forecast) {
    const Folder folder;
    std::string rows = "gvkey,fyear,at,lt,ni,revt\n", prices = "year,index\n";
    for (int firm = 0; firm < 60; ++firm) {
        double assets = 10 + 5.0 * firm; // millions
        for (int year = 2001; year <= 2014; ++year) {
            const int unrest = (firm * 7919 + year * 104729) % 101; // growth of -2 to 18 percent
            assets *= 0.98 + 0.002 * unrest;
            rows += std::to_string(1000 + firm) + "," + std::to_string(year) + "," +
                    std::to_string(assets) + "," + std::to_string(0.5 * assets) + "," +
                    std::to_string(unrest < 20 ? -0.1 * assets : 0.06 * assets) + "," +
                    (unrest == 50 ? "" : std::to_string(1.2 * assets)) + "\n";
        }
    }
    for (int year = 2001; year <= 2014; ++year)
        prices += std::to_string(year) + "," + std::to_string(80 + year - 2000) + "\n";
    folder.write("funda.csv", rows), folder.write("cpi.csv", prices);
    const Outcome made = folder.run({"run", source("company_panel.lua"), "statements=funda.csv",
                                     "prices=cpi.csv", "base_year=2014", "-o", "firms"});
    BOOST_TEST(made.code == 0);
    BOOST_TEST(has(made.err, "funda.csv: column 'revt': 9 missing values read as NaN\n"));
    const Outcome o =
        folder.run({"run", source("papers/company_growth.lua"), "size=smoke",
                    "panel=firms/panel.npz", "only=own", "report=page.html", "-q", "-o", "out"});
    BOOST_TEST(o.code == 0);
    BOOST_TEST(o.err == "saved out/results.json\n");
    BOOST_TEST(has(o.out, "5 firms/panel.npz: hybrid VAR + MLP / last value"));
    BOOST_TEST(has(o.out, "7 firms/panel.npz: growth rates"));
    BOOST_TEST(has(folder.read("out/page.html"), "hybrid VAR + MLP"));
    const Outcome none =
        folder.run({"run", source("papers/company_growth.lua"), "size=smoke", "only=own"});
    BOOST_TEST(none.code != 0);
    BOOST_TEST(has(none.err, "only = own needs panel = FILE"));
}

BOOST_AUTO_TEST_CASE(the_script_of_the_readme_runs_and_gives_what_it_says) {
    const Folder folder;
    std::ifstream in(std::string(ESPALIER_SOURCE_FOLDER) + "/README.md");
    const std::string readme(std::istreambuf_iterator<char>(in), {});
    const std::string open = "```lua\n";
    const std::size_t begin = readme.find(open) + open.size();
    BOOST_REQUIRE(begin > open.size());
    folder.write("rings.lua", readme.substr(begin, readme.find("```", begin) - begin));
    const Outcome o = folder.run({"run", "rings.lua", "coupling=3", "-o", "results/rings"});
    BOOST_TEST(o.code == 0);
    BOOST_TEST(
        has(readme, "$ espalier run rings.lua coupling=3 -o results/rings\n" + o.out + o.err));
    const Outcome wrong = folder.run({"run", "rings.lua", "copling=3"});
    BOOST_TEST(has(readme, "$ espalier run rings.lua copling=3\n" + wrong.err));
}

BOOST_AUTO_TEST_CASE(the_readme_names_every_component) {
    std::ifstream in(std::string(ESPALIER_SOURCE_FOLDER) + "/README.md");
    const std::string readme(std::istreambuf_iterator<char>(in), {});
    for (const auto& c : nlohmann::json::parse(run({"list", "--json"}).out)) {
        const std::string name = c.at("name").get<std::string>();
        const std::string row = "`" + name.substr(name.find('.') + 1) + "`";
        BOOST_TEST(has(readme, row), row);
    }
}
