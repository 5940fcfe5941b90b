// SPDX-License-Identifier: MIT
// The script of C-GIN at smoke size: its tasks end well, its scorecard passes, its pictures are
// drawn.
#include "program/child.hpp"

#include <boost/test/unit_test.hpp>

using namespace program;

BOOST_AUTO_TEST_CASE(completion_at_smoke_size) {
    const Folder folder;
    const Outcome o = folder.run({"paper", "check", "c_gin", "size=smoke", "-q"});
    BOOST_TEST(o.code == 0, o.err);
    for (const char* part : {"3 small_world, encoders", "3 small_world, baselines", "100 exact",
                             "7 AUC under other names"})
        BOOST_TEST((o.out.find(part) != std::string::npos), part);
    BOOST_TEST((o.out.find("fail") == std::string::npos), o.out);
    // Declared as the fifth: what was hidden, found and missed.
    BOOST_TEST(folder.run({"plot", "last", "5", "-o", "network.svg"}).code == 0);
    const std::string drawn = folder.read("network.svg");
    for (const char* part : {"missed", "found", "hidden node"})
        BOOST_TEST((drawn.find(part) != std::string::npos), part);
    BOOST_TEST(folder.run({"report", "-o", "page.html"}).code == 0);
}
