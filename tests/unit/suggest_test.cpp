// SPDX-License-Identifier: MIT
// The name that was meant.
#include "schema/suggest.hpp"

#include <boost/test/unit_test.hpp>

using namespace espalier;

BOOST_AUTO_TEST_CASE(near_names_are_found) {
    const std::vector<std::string> names{"coupling", "steps", "temperature", "nodes"};
    BOOST_TEST(nearest("coupling_strength", names).value() == "coupling");
    BOOST_TEST(nearest("tempertaure", names).value() == "temperature");
    BOOST_TEST(nearest("step", names).value() == "steps");
    BOOST_TEST(nearest("ndoes", names).value() == "nodes");
    BOOST_TEST(!nearest("zebra", names));
    BOOST_TEST(suggestion("n", names).empty());
}
