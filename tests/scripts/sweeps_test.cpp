// SPDX-License-Identifier: MIT
// Sweeps, constraints, replicates, searches and statistics as scripts write them.
#include "fixture.hpp"
#include "run/plan.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace espalier;

namespace {

const std::string start = "local esp = require 'espalier'\nreturn esp.experiment { name = 'study', "
                          "params = { nodes = { default = 10, min = 1 }, coupling = 0.5, mode = "
                          "{ default = 'a', choices = { 'a', 'b' } } },\n";
const std::string end = "run = function(p) return { m = (p.coupling - 0.3) ^ 2 + p.nodes } end }";

// Loads the script and goes through its plan.
struct Study {
    test::Fixture fixture;
    Interpreter interpreter{fixture.session, fixture.options};
    Experiment experiment;

    explicit Study(const std::string& fields)
        : experiment(interpreter.load_text(start + fields + end, "x.lua").experiment.value()) {}

    Plan plan(const std::vector<std::string>& given = {}) {
        std::vector<Argument> arguments;
        for (const std::string& text : given) arguments.push_back(argument_from(text));
        return {experiment, arguments, 1};
    }
    std::vector<RunTask> tasks(const std::vector<std::string>& given = {}) {
        Plan all = plan(given);
        Finished finished;
        std::vector<RunTask> done;
        for (auto round = all.first(); !round.empty(); round = all.next(finished))
            for (RunTask& task : round) {
                finished[task.key] = experiment.run(task.point);
                done.push_back(std::move(task));
            }
        return done;
    }
    std::string points(const std::vector<std::string>& given = {}) {
        std::string text;
        for (const RunTask& task : tasks(given))
            text += task.point.at("nodes").text() + ' ' + task.point.at("coupling").text() + ' ' +
                    task.point.at("mode").text() + "; ";
        return text;
    }
};

std::string wrong(const std::string& fields) {
    test::Fixture fixture;
    return fixture.failure(start + fields + end);
}

} // namespace

BOOST_AUTO_TEST_CASE(sweeps_as_scripts_write_them) {
    BOOST_TEST(
        Study("sweep = esp.grid { nodes = esp.range(1, 2), coupling = { 1, 0.25 } },").points() ==
        "1 1 a; 2 1 a; 1 0.25 a; 2 0.25 a; ");
    BOOST_TEST(Study("sweep = esp.zip { nodes = { 3, 4 }, coupling = esp.logspace(1, 100, 2) },")
                   .points() == "3 1 a; 4 100 a; ");
    BOOST_TEST(
        Study("sweep = esp.list { { nodes = 3 }, { mode = 'b', coupling = 2 } },").points() ==
        "3 0.5 a; 10 2 b; ");
    BOOST_TEST(Study("sweep = esp.product { esp.grid { mode = { 'b', 'a' } }, esp.chain { esp.grid "
                     "{ nodes = 1 },"
                     " esp.list { { nodes = 2, coupling = 7 } } } },")
                   .points() == "1 0.5 b; 2 7 b; 1 0.5 a; 2 7 a; ");
    BOOST_TEST(Study("sweep = esp.grid { nodes = { 1, 2, 3 }, coupling = { 1, 2 } },"
                     "where = function(p) return p.nodes > p.coupling end,")
                   .points() == "2 1 a; 3 1 a; 3 2 a; ");
    BOOST_TEST(
        Study("sweep = esp.grid { nodes = { 1, 2 } },").points({"nodes=5", "coupling=1:2:3"}) ==
        "5 1 a; 5 1.5 a; 5 2 a; ");
    // Script and command line mean the same values, and so share their tasks.
    const std::vector<std::pair<std::string, std::string>> alike{
        {"esp.linspace(0.1, 0.7, 30)", "0.1:0.7:30"},
        {"esp.logspace(0.1, 70, 30)", "0.1:70:30log"}};
    for (const auto& [script, line] : alike) {
        const auto ours = Study("sweep = esp.grid { coupling = " + script + " },").tasks();
        const auto theirs = Study("").tasks({"coupling=" + line});
        BOOST_REQUIRE(ours.size() == 30u);
        BOOST_REQUIRE(theirs.size() == 30u);
        for (std::size_t i = 0; i < 30; ++i) BOOST_TEST((ours[i].key == theirs[i].key));
    }
    for (const std::string kind : {"random", "latin_hypercube", "sobol"}) {
        Study study(
            "sweep = esp." + kind +
            " { nodes = esp.uniform(1, 1000), coupling = esp.normal(0, 1), mode = { 'a', 'b' }, "
            "count = 16 },");
        BOOST_TEST(study.tasks().size() == 16u);
    }
}

BOOST_AUTO_TEST_CASE(the_function_of_a_script_is_what_a_search_follows) {
    Study study(
        "sweep = esp.minimize { metric = 'm', over = { coupling = { -1, 1 } }, evaluations = 60, "
        "method = 'cobyla' },");
    Plan plan = study.plan({"nodes=2,3"});
    Finished finished;
    for (auto round = plan.first(); !round.empty(); round = plan.next(finished))
        for (const RunTask& task : round) finished[task.key] = study.experiment.run(task.point);
    const Value all = plan.found();
    BOOST_REQUIRE(all.as<List>().size() == 2u);
    for (const Value& each : all.as<List>())
        BOOST_TEST(std::abs(each.as<Map>().at("at").as<Map>().at("coupling").as<double>() - 0.3) <
                   1e-3);
    BOOST_TEST(Study("sweep = esp.bisect { parameter = 'nodes', from = 1, to = 1024, metric = 'm', "
                     "target = 300, "
                     "tolerance = 1 },")
                   .tasks()
                   .size() == 12u);
    BOOST_TEST(Study("sweep = esp.refine('coupling', { metric = 'm', from = 0, to = 1, points = 5, "
                     "rounds = 2, "
                     "add = 3 }),")
                   .tasks()
                   .size() == 11u);
    BOOST_TEST(Study("replicates = 7,").tasks().size() == 7u);
    BOOST_TEST(
        Study("replicates = esp.until_error('m', 0.1, { min = 3, max = 9 }),").tasks().size() ==
        3u);
    BOOST_TEST(
        Study("sweep = esp.maximize { metric = 'm', over = { coupling = esp.log_uniform(0.1, 9) }, "
              "evaluations = 5 },")
            .tasks()
            .size() == 5u);
}

BOOST_AUTO_TEST_CASE(mistakes_name_the_function) {
    BOOST_TEST(wrong("sweep = esp.grid { nodes = {} },") ==
               "x.lua:3: esp.grid: 'nodes' has no values");
    BOOST_TEST(wrong("sweep = esp.zip { nodes = esp.zeros(2, 2) },") ==
               "x.lua:3: esp.zip: 'nodes' is a tensor, wanted a list of values");
    BOOST_TEST(wrong("sweep = esp.random { nodes = esp.uniform(1, 2) },") ==
               "x.lua:3: esp.random: 'count' is missing: how many points");
    BOOST_TEST(wrong("sweep = esp.random { nodes = esp.uniform(1) },") ==
               "x.lua:3: esp.uniform: 'to' is missing: a number");
    BOOST_TEST(wrong("sweep = esp.grid { nodes = { 0, 'x' } },") ==
               "x.lua:2: esp.grid: 'nodes' = 0: must be an integer >= 1");
    BOOST_TEST(wrong("sweep = esp.bisect { parameter = 'coupling', form = 1 },") ==
               "x.lua:3: esp.bisect: unknown field 'form', did you mean 'from'?");
    BOOST_TEST(wrong("sweep = esp.bisect { parameter = 'coupling', from = 1, to = 2 },") ==
               "x.lua:2: esp.bisect: 'metric' is missing: a field of what run returns\n"
               "x.lua:2: esp.bisect: 'tolerance' is missing");
    BOOST_TEST(wrong("sweep = esp.bisect { parameter = 'nodes', from = 'a', to = 2, metric = 'm', "
                     "tolerance = 1 },") ==
               "x.lua:2: esp.bisect: 'nodes': 'from' = a: must be a number");
    BOOST_TEST(
        wrong("sweep = esp.bisect { parameter = 'nodes', from = 0, to = 2.5, metric = 'm', "
              "tolerance = 1 },") ==
        "x.lua:2: esp.bisect: 'nodes' from 0 to 2.5: both must be integers, as the parameter is\n"
        "x.lua:2: esp.bisect: 'nodes' from 0 to 2.5: must be an integer >= 1");
    BOOST_TEST(wrong("replicates = 0,") ==
               "x.lua:2: esp.experiment: 'replicates' = 0: must be an integer >= 1");
    BOOST_TEST(wrong("replicates = {},") ==
               "x.lua:2: esp.experiment: 'replicates' = {}: must be an integer >= 1");
    BOOST_TEST(wrong("replicates = esp.until_error('m', -1),") ==
               "x.lua:2: esp.experiment: esp.until_error: 'error' = -1: must be > 0");
    BOOST_TEST(wrong("replicates = esp.until_error('m', 1, { min = 5, max = 4 }),") ==
               "x.lua:2: esp.experiment: esp.until_error: 'max' = 4: must be an integer >= 5");
    BOOST_TEST(wrong("where = 3,") ==
               "x.lua:2: esp.experiment: 'where' is no function of the parameters");
    const auto planning = [](const std::string& fields) {
        Study study(fields);
        try {
            study.tasks();
        } catch (const Failure& failure) {
            return std::string(failure.what());
        }
        return std::string("nothing failed");
    };
    BOOST_TEST(planning("where = function(p) return p.nodse > 1 end,") ==
               "x.lua:3: the point has no field 'nodse', did you mean 'nodes'?");
    BOOST_TEST(planning("where = function(p) return 1 end,") ==
               "esp.experiment: 'where' returned 1, wanted true or false");
    BOOST_TEST(planning("replicates = esp.until_error('k', 1),") ==
               "esp.experiment: what run returns has no number 'k', did you mean 'm'?");
}

BOOST_AUTO_TEST_CASE(statistics_of_scripts) {
    test::Fixture fixture;
    const Map s =
        fixture
            .run("local esp = require 'espalier' local s = esp.statistics({ 1, 2, 0 / 0, 3 }, "
                 "{ confidence = 0.9, resamples = 500 }) return { count = s.count, finite = "
                 "s.finite, mean = s.mean, error = s.standard_error, low = s.low, high = s.high, "
                 "time = s.autocorrelation_time }")
            .as<Map>();
    BOOST_TEST(s.at("count").as<int64_t>() == 4);
    BOOST_TEST(s.at("finite").as<int64_t>() == 3);
    BOOST_TEST(s.at("mean").as<double>() == 2);
    BOOST_TEST(std::abs(s.at("error").as<double>() - std::sqrt(1 / 3.0)) < 1e-15);
    BOOST_TEST(s.at("low").as<double>() < 2);
    BOOST_TEST(s.at("high").as<double>() > 2);
    BOOST_TEST(std::isnan(s.at("time").as<double>()));
    BOOST_TEST(fixture.failure("require 'espalier'.statistics({ 1, 2 }, { confidence = 1 })") ==
               "x.lua:1: esp.statistics: 'confidence' = 1: must be in (0, 1)");
    BOOST_TEST(fixture.failure("require 'espalier'.logspace(0, 2, 3)") ==
               "x.lua:1: esp.logspace: 0 to 2: both ends must be > 0 and finite");
    BOOST_TEST(fixture.run("return require 'espalier'.logspace(1, 1000, 4):sum()").as<double>() ==
               1111);
}
