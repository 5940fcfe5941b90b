// SPDX-License-Identifier: MIT
// What is written: SVG that any program reads, PNG, letters, and what scripts say and hear.
#include "plot/picture.hpp"

#include "fixture.hpp"
#include "values/failure.hpp"

#include <boost/test/unit_test.hpp>
#include <pugixml.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <sstream>

namespace espalier::plot {

namespace {

// One plot of each kind, with a hostile title.
const char* const hostile = "<script>alert(1)</script> & \"quoted\" \x01";
std::vector<Map> one_of_each() {
    const List numbers{1, 2, 4, 3}, matrix{List{0, 1}, List{1, 0}};
    std::vector<Map> plots{
        {{"plot", "line"}, {"y", Map{{hostile, numbers}, {"b", numbers}}}},
        {{"plot", "scatter"}, {"y", numbers}},
        {{"plot", "histogram"}, {"values", numbers}},
        {{"plot", "box"}, {"y", Map{{hostile, numbers}}}},
        {{"plot", "violin"}, {"y", Map{{"a", numbers}}}},
        {{"plot", "trajectory"}, {"values", matrix}},
        {{"plot", "phase_portrait"}, {"values", matrix}},
        {{"plot", "heat_map"}, {"cells", matrix}},
        {{"plot", "matrix"}, {"estimate", matrix}, {"truth", matrix}},
        {{"plot", "image_grid"}, {"images", matrix}},
        {{"plot", "space_time"}, {"values", matrix}},
        {{"plot", "network"}, {"graph", matrix}, {"labels", List{hostile, "b"}}}};
    for (Map& plot : plots) plot["title"] = hostile, plot["caption"] = hostile;
    return plots;
}

} // namespace

BOOST_AUTO_TEST_CASE(every_kind_is_drawn_as_well_formed_svg_in_which_text_stays_text) {
    Texts drawn;
    for (const Map& plot : one_of_each()) {
        drawn.push_back(plot.at("plot").as<std::string>());
        const Picture picture = picture_of(plot);
        const std::string svg = svg_of(picture);
        pugi::xml_document document;
        const auto parsed = document.load_buffer(svg.data(), svg.size());
        BOOST_TEST(parsed, drawn.back() << ": " << parsed.description());
        BOOST_TEST(document.select_nodes("//script").empty());
        BOOST_TEST(document.select_nodes("//path | //rect | //image | //circle").size() > 2,
                   drawn.back());
        BOOST_TEST(svg.find("nan") == std::string::npos, drawn.back());
        BOOST_TEST(svg == svg_of(picture_of(plot)), drawn.back());
        BOOST_TEST(!data_of(picture).empty());
    }
    std::sort(drawn.begin(), drawn.end());
    Texts kinds = kind_names();
    std::sort(kinds.begin(), kinds.end());
    BOOST_TEST(drawn == kinds, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_png_has_the_size_of_the_svg_times_the_scale) {
    const std::string png = png_of(picture_of({{"plot", "line"}, {"y", List{1, 2}}}), 2);
    BOOST_TEST(png.substr(1, 3) == "PNG");
    const auto side = [&](std::size_t at) {
        int n = 0;
        for (std::size_t i = at; i < at + 4; ++i) n = n * 256 + static_cast<unsigned char>(png[i]);
        return n;
    };
    pugi::xml_document document;
    document.load_string(svg_of(picture_of({{"plot", "line"}, {"y", List{1, 2}}})).c_str());
    BOOST_TEST(side(16) == std::ceil(2 * document.child("svg").attribute("width").as_double()));
    BOOST_TEST(side(20) == std::ceil(2 * document.child("svg").attribute("height").as_double()));
}

BOOST_AUTO_TEST_CASE(gaps_and_logarithms_of_zero_break_a_line_and_nothing_else) {
    const Picture p =
        picture_of({{"plot", "line"}, {"y", List{1, 0, NAN, 10, 100}}, {"y_log", true}});
    const std::string svg = svg_of(p);
    BOOST_TEST(svg.find("nan") == std::string::npos);
    BOOST_TEST(svg.find("inf") == std::string::npos);
    BOOST_TEST(svg_of(picture_of({{"plot", "line"}, {"y", List{}}})).find("nan") ==
               std::string::npos);
    BOOST_TEST(svg_of(picture_of({{"plot", "line"}, {"y", List{3, 3}}})).find("nan") ==
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_terminal_shows_a_rising_line_rising) {
    const std::string text = text_of(picture_of({{"plot", "line"}, {"y", List{0, 1}}}), 30, 4);
    std::istringstream lines(text);
    std::string line;
    std::vector<std::size_t> first; // the first dot of each line
    while (std::getline(lines, line) && first.size() < 4) {
        const auto bar = line.find("\u2502");
        BOOST_REQUIRE(bar != std::string::npos);
        std::size_t at = bar + 3;
        while (at + 3 <= line.size() && line.compare(at, 3, "\u2800") == 0) at += 3;
        first.push_back(at);
    }
    BOOST_REQUIRE_EQUAL(first.size(), 4u);
    BOOST_TEST(std::is_sorted(first.rbegin(), first.rend()));
    BOOST_TEST(first[0] > first[3]);
}

BOOST_AUTO_TEST_CASE(scripts_save_plots_and_hear_what_is_wrong) {
    const auto folder = std::filesystem::temp_directory_path() / "espalier-plot-test";
    std::filesystem::create_directories(folder);
    const std::string head = "local esp = require 'espalier' local f = '" + folder.string() + "/' ";
    test::Fixture().run(head + "esp.save(f .. 'a.svg', esp.plot.line { y = { 1, 2 } }) esp.save(f "
                               ".. 'a.png', esp.plot.line { y = { 1, 2 } })");
    BOOST_TEST(std::filesystem::file_size(folder / "a.svg") > 500);
    BOOST_TEST(std::filesystem::file_size(folder / "a.png") > 500);
    BOOST_TEST(test::Fixture()
                   .failure(head + "esp.plot.line { ys = { 1 } }")
                   .find("esp.plot.line: unknown field 'ys', did you mean 'y'?") !=
               std::string::npos);
    BOOST_TEST(test::Fixture()
                   .failure(head + "esp.plot.lines { y = { 1 } }")
                   .find("did you mean 'line'?") != std::string::npos);
    BOOST_TEST(
        test::Fixture()
            .failure(head + "esp.save(f .. 'b.svg', esp.plot.line { x = 'nodes', y = 'auc' })")
            .find("there is no table") != std::string::npos);
    BOOST_TEST(!std::filesystem::exists(folder / "b.svg"));
    std::filesystem::remove_all(folder);
}

} // namespace espalier::plot
