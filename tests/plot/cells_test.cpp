// SPDX-License-Identifier: MIT
// Matrices, images and space-time diagrams.
#include "plot/picture.hpp"

#include "values/failure.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>

namespace espalier::plot {

BOOST_AUTO_TEST_CASE(a_matrix_beside_the_truth_tells_what_became_of_each_entry) {
    const List truth{List{0, 1}, List{1, 0}}, estimate{List{0.1, 0.9}, List{0.2, 0.7}};
    const Picture p = picture_of({{"plot", "matrix"}, {"estimate", estimate}, {"truth", truth}});
    BOOST_TEST((p.palette == Palette::verdict));
    // absent, found, missed, wrong
    BOOST_TEST(p.cells.at(0).values == (std::vector<double>{0, 1, 2, 3}),
               boost::test_tools::per_element());
    BOOST_CHECK_THROW(
        picture_of({{"plot", "matrix"}, {"estimate", estimate}, {"truth", List{List{1}}}}),
        Failure);
}

BOOST_AUTO_TEST_CASE(a_heat_map_of_columns_averages_what_falls_together) {
    Table table;
    table.add("a", Tensor::vector(std::vector<double>{2, 1, 1, 1}));
    table.add("b", Tensor::vector(std::vector<double>{5, 5, 5, 6}));
    table.add("z", Tensor::vector(std::vector<double>{7, 1, 3, 4}));
    const Source source{table, {}, {}};
    const Picture p =
        picture_of({{"plot", "heat_map"}, {"x", "a"}, {"y", "b"}, {"value", "z"}}, &source);
    const Cells& cells = p.cells.at(0);
    BOOST_TEST(cells.rows == 2);
    BOOST_TEST(cells.values[0] == 2); // a = 1, b = 5
    BOOST_TEST(cells.values[1] == 7);
    BOOST_TEST(cells.values[2] == 4);
    BOOST_TEST(std::isnan(cells.values[3]));
    BOOST_TEST(p.x.categories == (Texts{"1", "2"}), boost::test_tools::per_element());
    BOOST_TEST(p.colour.label == "z");
}

BOOST_AUTO_TEST_CASE(images_are_panels) {
    const Tensor pixels =
        Tensor::vector(std::vector<double>{1, 0, 0, 1, 0.5, 0.5, 0.5, 0.5, 0, 0, 0, 0})
            .reshape({3, 4});
    const Picture p = picture_of({{"plot", "image_grid"},
                                  {"images", pixels},
                                  {"shape", List{2, 2}},
                                  {"titles", List{"one", "two", "three"}}});
    BOOST_REQUIRE_EQUAL(p.cells.size(), 3u);
    BOOST_TEST(p.cells[1].rows == 2);
    BOOST_TEST(p.cells[1].values[3] == 0.5);
    BOOST_TEST(p.cells[2].title == "three");
    BOOST_CHECK_THROW(
        picture_of({{"plot", "image_grid"}, {"images", pixels}, {"shape", List{3, 3}}}), Failure);
}

BOOST_AUTO_TEST_CASE(a_long_space_time_diagram_is_thinned_by_means) {
    Tensor states(DType::float64, {2000, 4});
    auto values = states.writable_values<double>();
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = static_cast<double>(i / 4); // the time
    const Picture p = picture_of({{"plot", "space_time"}, {"values", states}});
    const Cells& cells = p.cells.at(0);
    BOOST_TEST(cells.rows == 500);
    BOOST_TEST(cells.columns == 1);
    BOOST_TEST(cells.values[0] == 1.5);
    BOOST_TEST(cells.bottom == 1999);
}

} // namespace espalier::plot
