// SPDX-License-Identifier: MIT
// Plans: keys and seeds that stay, constraints, limits, and what is said of a plan.
#include "plans.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <set>

using namespace espalier;
using namespace espalier::test;

namespace {

std::set<Digest> keys_of(const std::vector<RunTask>& tasks) {
    std::set<Digest> keys;
    for (const RunTask& task : tasks) keys.insert(task.key);
    return keys;
}

bool within(const std::set<Digest>& part, const std::set<Digest>& whole) {
    return std::includes(whole.begin(), whole.end(), part.begin(), part.end());
}

// The largest resident memory so far, in bytes.
int64_t peak_memory() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmHWM:")) return std::stoll(line.substr(6)) * 1024;
    return 0;
}

} // namespace

BOOST_AUTO_TEST_CASE(without_a_sweep_there_is_one_point) {
    Plan plan(experiment(), {}, 7);
    const auto tasks = plan.first();
    BOOST_REQUIRE(tasks.size() == 1u);
    const Map point{{"nodes", 10}, {"coupling", 0.5}, {"mode", "linear"}, {"temperature", 1.0}};
    BOOST_TEST((tasks[0].key == task_of(point, 7).key));
    BOOST_TEST(tasks[0].seed == task_of(point, 7).seed);
    BOOST_TEST(plan.count() == 1);
    BOOST_TEST(!plan.adaptive());
    BOOST_TEST(plan.next({}).empty());
    BOOST_TEST(Value(plan.fixed()).text() == Value(point).text());
}

BOOST_AUTO_TEST_CASE(extending_and_reordering_keep_every_key) {
    const Value small = sweep("grid", {{"nodes", List{10, 20}}, {"coupling", List{0.1, 0.2}}});
    const Value larger =
        sweep("grid", {{"nodes", List{40, 20, 10}}, {"coupling", List{0.3, 0.2, 0.1}}});
    const auto some = keys_of(tasks_of(experiment(small)));
    const auto all = keys_of(tasks_of(experiment(larger)));
    BOOST_TEST(some.size() == 4u);
    BOOST_TEST(all.size() == 9u);
    BOOST_TEST(within(some, all));
    // An axis at its default value, another kind of sweep, the command line: the same points.
    const Value wider = sweep("grid", {{"nodes", List{10, 20}},
                                       {"coupling", List{0.1, 0.2}},
                                       {"temperature", List{1}},
                                       {"mode", List{"cubic", "linear"}}});
    BOOST_TEST(within(some, keys_of(tasks_of(experiment(wider)))));
    BOOST_TEST((keys_of(tasks_of(experiment(), {"coupling=0.2,0.1", "nodes=10,20"})) == some));
    // More replicates keep the first ones; a constraint only leaves out.
    Experiment repeated = experiment(small);
    repeated.replicates.count = 3;
    const auto three = keys_of(tasks_of(repeated));
    BOOST_TEST(three.size() == 12u);
    BOOST_TEST(within(some, three));
    repeated.replicates.count = 5;
    BOOST_TEST(within(three, keys_of(tasks_of(repeated))));
    // Seeds too, and another run's seed changes all of them.
    std::map<Digest, int64_t> seeds;
    for (const RunTask& task : tasks_of(experiment(larger))) seeds[task.key] = task.seed;
    for (const RunTask& task : tasks_of(experiment(small)))
        BOOST_TEST(seeds.at(task.key) == task.seed);
    for (const Digest& key : keys_of(tasks_of(experiment(small), {}, 2)))
        BOOST_TEST(!some.contains(key));
    // A further parameter changes the point, and so the key.
    Experiment further = experiment(small);
    further.parameters.all.push_back(parameter("noise", 0.0));
    for (const Digest& key : keys_of(tasks_of(further))) BOOST_TEST(!some.contains(key));
}

BOOST_AUTO_TEST_CASE(replicates_never_share_a_seed) {
    Experiment e = experiment(sweep("grid", {{"seed", List{1, 2}}}));
    e.parameters.all.push_back(parameter("seed", 0));
    e.replicates.count = 50;
    std::set<int64_t> seeds;
    int64_t next = 0;
    for (const RunTask& task : tasks_of(e)) {
        BOOST_TEST(task.point.at("seed").as<int64_t>() == task.seed);
        BOOST_TEST(task.point.contains("replicate") == (next % 50 != 0));
        if (next % 50) BOOST_TEST(task.point.at("replicate").as<int64_t>() == next % 50);
        seeds.insert(task.seed);
        ++next;
    }
    BOOST_TEST(seeds.size() == 100u);
    BOOST_TEST(seeds.contains(1));
    BOOST_TEST(seeds.contains(2));
    seeds.clear();
    Experiment plain = experiment();
    plain.replicates.count = 100;
    for (const RunTask& task : tasks_of(plain)) seeds.insert(task.seed);
    BOOST_TEST(seeds.size() == 100u);
}

BOOST_AUTO_TEST_CASE(where_leaves_points_out) {
    Experiment e =
        experiment(sweep("grid", {{"nodes", List{1, 2, 3}}, {"coupling", List{1, 2, 3}}}));
    int asked = 0;
    e.where = [&](const Map& point) {
        ++asked;
        return *point.at("coupling").number() < *point.at("nodes").number();
    };
    BOOST_TEST(texts_of(tasks_of(e), {"coupling", "nodes"}) == "1 2; 1 3; 2 3");
    BOOST_TEST(asked == 9);
    e.where = [](const Map&) -> bool { throw Failure(Exit::script, "x.lua:3: no"); };
    BOOST_TEST(failure_of([&] { tasks_of(e); }) == "x.lua:3: no");
}

BOOST_AUTO_TEST_CASE(a_million_million_tasks_are_refused_before_any_is_made) {
    List many;
    for (int i = 1; i <= 1000; ++i) many.emplace_back(i);
    Experiment e =
        experiment(sweep("grid", {{"nodes", many}, {"coupling", many}, {"temperature", many}}));
    e.replicates.count = 1000;
    int asked = 0;
    e.where = [&](const Map&) { return ++asked > 0; };
    const int64_t before = peak_memory();
    BOOST_TEST(
        failure_of([&] { Plan(e, {}, 1); }) ==
        "study: the sweep has 1000000000000 tasks, at most 1000000 are planned | esp.random, "
        "esp.latin_hypercube and esp.sobol visit a part of a large space; --max-tasks N "
        "allows more");
    BOOST_TEST(asked == 0);
    BOOST_TEST(peak_memory() - before < 16 << 20);
    e.replicates.count = INT64_MAX;
    BOOST_TEST(failure_of([&] {
                   Plan(e, {}, 1);
               }).starts_with("study: the sweep has more than 18446744073709551615 tasks"));
    // The limit is the caller's.
    const Experiment six =
        experiment(sweep("grid", {{"nodes", List{1, 2, 3}}, {"coupling", List{1, 2}}}));
    BOOST_TEST(Plan(six, {}, 1, 6).first().size() == 6u);
    BOOST_CHECK_THROW(Plan(six, {}, 1, 5), Failure);
}

BOOST_AUTO_TEST_CASE(a_hundred_thousand_tasks) {
    List many;
    for (int i = 1; i <= 1000; ++i) many.emplace_back(i);
    List hundred(many.begin(), many.begin() + 100);
    const auto tasks =
        tasks_of(experiment(sweep("grid", {{"nodes", many}, {"coupling", hundred}})));
    BOOST_TEST(tasks.size() == 100'000u);
    BOOST_TEST(keys_of(tasks).size() == 100'000u);
}

BOOST_AUTO_TEST_CASE(a_point_must_be_whole) {
    Experiment e =
        experiment(Map{{"kind", "list"}, {"points", List{Map{{"file", "a"}}, Map{{"nodes", 3}}}}});
    ScriptParameter file = parameter("file", "");
    file.required = true, file.initial = {};
    e.parameters.all.push_back(file);
    BOOST_TEST(failure_of([&] { tasks_of(e); }) ==
               "study: a point of the sweep has no 'file', which has no default");
    e.sweep = {};
    BOOST_TEST(failure_of([&] { tasks_of(e); }) == "command line: x.lua needs file=VALUE: a text");
    e.parameters.all.push_back(parameter("replicate", 1));
    BOOST_TEST(failure_of([&] { tasks_of(e); }) ==
               "esp.experiment: 'replicate' is no parameter: it numbers the replicates of a point");
}

BOOST_AUTO_TEST_CASE(a_plan_says_what_it_will_do) {
    Experiment e = experiment(
        parts("product", {sweep("grid", {{"nodes", List{10, 20, 40}}}),
                          drawn("random", {{"coupling", between("log_uniform", 0.1, 10)}}, 50),
                          Map{{"kind", "bisect"},
                              {"parameter", "temperature"},
                              {"metric", "m"},
                              {"from", 1},
                              {"to", 3},
                              {"target", 0.5},
                              {"tolerance", 0.01}}}));
    e.replicates.count = 4;
    const Plan plan(e, arguments({"mode=linear,cubic"}), 1);
    const Value said = plan.description();
    BOOST_TEST(said.as<Map>().at("points").as<int64_t>() == 300);
    BOOST_TEST(said.as<Map>().at("tasks").as<int64_t>() == 2400);
    BOOST_TEST(
        text_of_plan(said) ==
        "grid             mode                       2 values  linear .. cubic\n"
        "grid             nodes                      3 values  10 .. 40\n"
        "random           coupling                  50 values  0.1 .. 10, log_uniform\n"
        "bisect           temperature          1 .. 3, uniform\n"
        "                 m = 0.5, to 0.01\n"
        "300 points x 4 replicates: 2400 tasks at first; later rounds follow from results\n");
    BOOST_TEST(plan.fixed().empty());
    BOOST_TEST(plan.adaptive());
    BOOST_TEST(plan.reads() == Texts{"m"});
    Experiment plain = experiment();
    plain.replicates.metric = "m", plain.replicates.count = 8, plain.replicates.error = 0.001;
    BOOST_TEST(text_of_plan(Plan(plain, {}, 1).description()) ==
               "1 point x 8 .. 400 replicates, until the error of m is 0.001: 8 tasks at first; "
               "later rounds follow from results\n");
}
