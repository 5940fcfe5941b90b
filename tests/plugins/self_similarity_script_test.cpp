// SPDX-License-Identifier: MIT
// The script of self-similar dynamics at smoke size: its tasks end well, its scorecard passes, its
// pictures are drawn.
#include "program/child.hpp"

#include <boost/test/unit_test.hpp>

using namespace program;

BOOST_AUTO_TEST_CASE(self_similarity_at_smoke_size) {
    const Folder folder;
    const Outcome o = folder.run({"paper", "check", "self_similar", "size=smoke", "-q"});
    BOOST_TEST(o.code == 0, o.err);
    for (const char* part : {"1 verdicts for blocks of 3", "3 z, from the T", "4 order at eta",
                             "5 learned: T_c / exact", "5 learned P: beta / nu"})
        BOOST_TEST((o.out.find(part) != std::string::npos), part);
    BOOST_TEST((o.out.find("fail") == std::string::npos), o.out);
    // Declared as the eighth: score against the step of the blocks.
    BOOST_TEST(folder.run({"plot", "last", "8", "-o", "score.svg"}).code == 0);
    BOOST_TEST((folder.read("score.svg").find("sweeps that are a step") != std::string::npos));
    BOOST_TEST(folder.run({"report", "-o", "page.html"}).code == 0);
}
