// SPDX-License-Identifier: MIT
// Every kind of sweep visits exactly its points, in order, with the declared types.
#include "plans.hpp"

#include <boost/test/unit_test.hpp>

using namespace espalier;
using namespace espalier::test;

namespace {

std::string points(const Value& data, const std::vector<std::string>& names) {
    return texts_of(tasks_of(experiment(data)), names);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_grid_is_every_combination_the_first_axis_slowest) {
    const Value grid = sweep("grid", {{"nodes", List{10, 20}}, {"coupling", List{1, 2.5, 3}}});
    BOOST_TEST(points(grid, {"coupling", "nodes"}) == "1 10; 1 20; 2.5 10; 2.5 20; 3 10; 3 20");
    const auto tasks = tasks_of(experiment(grid));
    for (const RunTask& task : tasks) {
        BOOST_TEST(task.point.at("coupling").type() == "real");
        BOOST_TEST(task.point.at("nodes").type() == "integer");
        BOOST_TEST(task.point.at("mode").as<std::string>() == "linear");
        BOOST_TEST(task.point.size() == 4u);
        BOOST_TEST((task.key == task_of(task.point, 1).key));
    }
}

BOOST_AUTO_TEST_CASE(zip_list_product_and_chain) {
    BOOST_TEST(points(sweep("zip", {{"nodes", List{10, 20}}, {"coupling", List{1, 2}}}),
                      {"nodes", "coupling"}) == "10 1; 20 2");
    const Value list = Map{{"kind", "list"},
                           {"points", List{Map{{"nodes", 7}, {"mode", "cubic"}},
                                           Map{{"coupling", 3}}, Map{{"nodes", 8}}}}};
    BOOST_TEST(points(list, {"nodes", "mode", "coupling"}) ==
               "7 cubic 0.5; 10 linear 3; 8 linear 0.5");
    const Value temperatures = sweep("grid", {{"temperature", List{1, 2}}});
    BOOST_TEST(
        points(parts("product", {temperatures, list}), {"temperature", "nodes", "coupling"}) ==
        "1 7 0.5; 1 10 3; 1 8 0.5; 2 7 0.5; 2 10 3; 2 8 0.5");
    // A part of a chain sets nothing in the other parts, nor in the next round of a product.
    const Value chain = parts("chain", {sweep("grid", {{"nodes", List{3}}}),
                                        sweep("grid", {{"coupling", List{0.25, 0.75}}})});
    BOOST_TEST(points(chain, {"nodes", "coupling"}) == "3 0.5; 10 0.25; 10 0.75");
    BOOST_TEST(
        points(parts("product", {temperatures, chain}), {"temperature", "nodes", "coupling"}) ==
        "1 3 0.5; 1 10 0.25; 1 10 0.75; 2 3 0.5; 2 10 0.25; 2 10 0.75");
}

BOOST_AUTO_TEST_CASE(counting_makes_no_point) {
    const ScriptParameters parameters = experiment().parameters;
    List many;
    for (int i = 0; i < 1000; ++i) many.emplace_back(0.001 * i + 0.001);
    const Value axes = sweep("grid", {{"coupling", many}, {"temperature", many}});
    BOOST_TEST(points_of(sweeps_from(axes, parameters).points) == 1'000'000u);
    const Value chain =
        parts("chain", {axes, axes, drawn("random", {{"nodes", between("uniform", 1, 9)}}, 5)});
    BOOST_TEST(points_of(sweeps_from(chain, parameters).points) == 2'000'005u);
    BOOST_TEST(points_of(Sweep()) == 1u);
    Sweep huge = sweeps_from(axes, parameters).points;
    for (int i = 0; i < 3; ++i) {
        Sweep twice;
        twice.kind = Sweep::Kind::product, twice.parts = {huge, huge};
        huge = twice;
    }
    BOOST_TEST(points_of(huge) == UINT64_MAX); // 10^48
}

BOOST_AUTO_TEST_CASE(the_same_point_twice_is_one_task) {
    // 10^4 grids with repeated values and overlapping parts, against a count by hand.
    uint64_t state = 1;
    const auto below = [&](uint64_t n) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        return static_cast<int64_t>((state >> 33) % n);
    };
    for (int trial = 0; trial < 10'000; ++trial) {
        List chain;
        std::map<std::pair<int64_t, int64_t>, int> distinct;
        for (int64_t part = 0; part <= below(3); ++part) {
            List nodes, couplings;
            for (int64_t i = 0; i <= below(4); ++i) nodes.emplace_back(1 + below(5));
            for (int64_t i = 0; i <= below(4); ++i) couplings.emplace_back(below(3));
            for (const Value& n : nodes)
                for (const Value& c : couplings) ++distinct[{n.as<int64_t>(), c.as<int64_t>()}];
            chain.push_back(sweep("grid", {{"nodes", nodes}, {"coupling", couplings}}));
        }
        const auto tasks = tasks_of(experiment(parts("chain", chain)));
        std::map<Digest, int> keys;
        for (const RunTask& task : tasks) ++keys[task.key];
        BOOST_REQUIRE(tasks.size() == distinct.size());
        BOOST_REQUIRE(keys.size() == distinct.size());
    }
}

BOOST_AUTO_TEST_CASE(wrong_sweeps_are_told_all_at_once) {
    const auto wrong = [](const Value& data) {
        return failure_of([&] { sweeps_from(data, experiment().parameters); });
    };
    BOOST_TEST(wrong(3) ==
               "esp.experiment: 'sweep' is an integer, wanted esp.grid { ... } or another "
               "sweep");
    BOOST_TEST(
        wrong(sweep("grid",
                    {{"ndoes", List{1}}, {"nodes", List{2.5, 3}}, {"mode", List{"kubic"}}})) ==
        "esp.experiment: 'params' has no parameter 'ndoes', did you mean 'nodes'?\n"
        "esp.grid: 'mode' = kubic: must be one of: linear, cubic\n"
        "esp.grid: 'nodes' = 2.5: must be an integer in [1, 1000]");
    BOOST_TEST(wrong(sweep("zip", {{"nodes", List{1, 2}}, {"coupling", List{1}}})) ==
               "esp.zip: 'coupling' has 1 values, 'nodes' 2: one each is wanted");
    BOOST_TEST(wrong(sweep("grid", {{"nodes", List{}}})) == "esp.grid: 'nodes' has no values");
    BOOST_TEST(wrong(Map{{"kind", "list"}, {"points", List{3}}}) ==
               "esp.list: point 1 is an integer, wanted { name = value, ... }");
    BOOST_TEST(
        wrong(drawn("random", {{"coupling", 3}}, 5)) ==
        "esp.random: 'coupling' is an integer, wanted esp.uniform, esp.log_uniform, esp.normal "
        "or a list");
    BOOST_TEST(wrong(drawn("random", {{"mode", between("uniform", 0, 1)}}, 5)) ==
               "esp.random: 'mode' is one of: linear, cubic: esp.uniform draws numbers");
    BOOST_TEST(wrong(drawn("sobol", {{"temperature", between("log_uniform", 0, 1)}}, 5)) ==
               "esp.sobol: 'temperature' = esp.log_uniform(0, 1): both must be > 0");
    BOOST_TEST(
        wrong(drawn("sobol", {{"nodes", between("uniform", 1.5, 2000)}}, 0)) ==
        "esp.sobol: 'count' = 0: must be an integer in [1, 1000000000]\n"
        "esp.sobol: 'nodes' = esp.uniform(1.5, 2000): both must be integers, as the parameter "
        "is\n"
        "esp.sobol: 'nodes' = esp.uniform(1.5, 2000): must be an integer in [1, 1000]");
    const Value negative = Map{{"kind", "normal"}, {"mean", -5}, {"deviation", 1}};
    BOOST_TEST(wrong(drawn("random", {{"temperature", negative}}, 5)) ==
               "esp.random: 'temperature' = esp.normal(-5, 1) lies outside: must be a number > 0");
    const Value nodes = sweep("grid", {{"nodes", List{1}}});
    BOOST_TEST(wrong(parts("product", {nodes, nodes})) ==
               "esp.product: 'nodes' stands in two of its parts");
    const Value search =
        Map{{"kind", "bisect"}, {"parameter", "coupling"}, {"metric", "m"}, {"from", 0},
            {"to", 1},          {"tolerance", 0.1}};
    BOOST_TEST(wrong(parts("chain", {nodes, search})) ==
               "esp.chain: esp.bisect is no part of a chain");
    BOOST_TEST(wrong(parts("product", {search, Map{{"kind", "refine"},
                                                   {"parameter", "temperature"},
                                                   {"metric", "m"},
                                                   {"from", 1},
                                                   {"to", 2}}})) ==
               "esp.refine: a sweep has one search only");
    BOOST_TEST(wrong(Map{{"kind", "minimize"},
                         {"over", Map{{"coupling", List{1, 0}}}},
                         {"method", "newton"}}) ==
               "esp.minimize: 'coupling' from 1 to 0: the second must be larger\n"
               "esp.minimize: 'method' is none of: bobyqa, cobyla, direct, nelder_mead, sbplx\n"
               "esp.minimize: 'metric' is missing: a field of what run returns");
}
