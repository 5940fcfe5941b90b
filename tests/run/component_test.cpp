// SPDX-License-Identifier: MIT
// A sweep over one component, without a script.
#include "../scripts/fixture.hpp"
#include "plans.hpp"
#include "schema/component.hpp"

#include <boost/test/unit_test.hpp>

using namespace espalier;
using namespace espalier::test;

BOOST_AUTO_TEST_CASE(a_component_is_an_experiment) {
    Session session(session_options());
    const Component& mirror = session.registry().at("analyze.mirror");
    const Experiment e = experiment_of(mirror, session);
    BOOST_TEST(e.name == "analyze.mirror");
    const auto tasks = tasks_of(e, {"amount=0.25,0.75", "mode=linear,cubic"});
    BOOST_REQUIRE(tasks.size() == 4u);
    for (const RunTask& task : tasks)
        BOOST_TEST(*e.run(task.point).as<Map>().at("amount").number() ==
                   *task.point.at("amount").number());
    Experiment repeated = e;
    repeated.replicates = replicates_from("2");
    for (const RunTask& task : tasks_of(repeated)) BOOST_TEST(e.run(task.point).get<Map>());
    const std::string wrong = failure_of([&] { tasks_of(e, {"amonut=1", "amount=2", "steps=x"}); });
    BOOST_TEST(wrong.find("analyze.mirror has no parameter 'amonut'") != std::string::npos, wrong);
    BOOST_TEST(wrong.find("parameter 'amount' = 2: must be a number in [0, 1], unit J") !=
                   std::string::npos,
               wrong);
    BOOST_TEST(wrong.find("did you mean 'amount'?") != std::string::npos, wrong);
}
