// SPDX-License-Identifier: MIT
// Searches find roots, minima and bends of known functions, and replay from what has finished.
#include "plans.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>

using namespace espalier;
using namespace espalier::test;

namespace {

double real(const Map& point, const char* name) { return *point.at(name).number(); }

template <class Metric>
std::vector<RunTask> tried(Plan& plan, Metric metric, Finished* seen = nullptr) {
    Finished finished;
    std::vector<RunTask> all;
    for (auto round = plan.first(); !round.empty(); round = plan.next(finished)) {
        for (const RunTask& task : round) {
            if constexpr (std::is_same_v<decltype(metric(task.point)), double>)
                finished[task.key] = Map{{"m", metric(task.point)}};
            else
                finished[task.key] = metric(task.point);
            all.push_back(task);
        }
    }
    if (seen) *seen = finished;
    return all;
}

Map found(const Plan& plan, std::size_t which = 0) {
    return plan.found().as<List>().at(which).as<Map>();
}

Value bisect(const char* parameter, double from, double to, double target, double tolerance) {
    return Map{
        {"kind", "bisect"}, {"parameter", parameter}, {"metric", "m"},         {"from", from},
        {"to", to},         {"target", target},       {"tolerance", tolerance}};
}

Value extreme(const char* kind, Map over, int64_t evaluations, const char* method,
              double tolerance = 1e-7) {
    return Map{{"kind", kind},     {"over", over},
               {"metric", "m"},    {"evaluations", evaluations},
               {"method", method}, {"tolerance", tolerance}};
}

} // namespace

BOOST_AUTO_TEST_CASE(bisection_finds_a_root) {
    for (const double sign : {1.0, -1.0}) {
        Plan plan(experiment(bisect("temperature", 1, 3, 0, 1e-6)), {}, 1);
        const auto tasks = tried(plan, [&](const Map& p) {
            return sign * (std::pow(real(p, "temperature"), 3) - 11.6);
        });
        // Both ends, then 2 / 2^21 < 1e-6.
        BOOST_TEST(tasks.size() == 2u + 21u);
        BOOST_TEST(std::abs(*found(plan).at("at").as<Map>().at("temperature").number() -
                            std::cbrt(11.6)) < 1e-6);
    }
    Plan whole(experiment(bisect("nodes", 1, 1000, 500, 0)), {}, 1);
    tried(whole, [](const Map& p) { return real(p, "nodes") * 1.3; });
    BOOST_TEST(found(whole).at("at").as<Map>().at("nodes").as<int64_t>() == 385); // 384.6
    Plan none(experiment(bisect("coupling", 0, 1, 5, 0.1)), {}, 1);
    BOOST_TEST(tried(none, [](const Map& p) { return real(p, "coupling"); }).size() == 2u);
    BOOST_TEST(found(none).at("message").as<std::string>() ==
               "m does not cross 5 between coupling = 0 and 1: it is 0 and 1");
    BOOST_TEST(!found(none).contains("at"));
    Plan broken(experiment(bisect("coupling", 0, 1, 0, 0.1)), {}, 1);
    tried(broken, [](const Map& p) -> std::optional<Value> {
        const double x = real(p, "coupling");
        if (x == 0.5) return {};
        return Map{{"m", x - 0.3}};
    });
    BOOST_TEST(found(broken).at("message").as<std::string>() ==
               "m is not finite at coupling = 0.5");
}

BOOST_AUTO_TEST_CASE(a_search_runs_in_every_other_point) {
    Plan plan(experiment(parts("product", {sweep("grid", {{"nodes", List{2, 3, 5}}}),
                                           bisect("coupling", 0, 10, 0, 1e-9)})),
              arguments({"mode=linear,cubic"}), 1);
    tried(plan, [](const Map& p) {
        const double x = real(p, "coupling");
        return (p.at("mode").as<std::string>() == "cubic" ? x * x * x : x) - real(p, "nodes");
    });
    const Value all = plan.found();
    BOOST_REQUIRE(all.as<List>().size() == 6u);
    for (const Value& each : all.as<List>()) {
        const Map& point = each.as<Map>().at("point").as<Map>();
        const double n = real(point, "nodes");
        const double root = point.at("mode").as<std::string>() == "cubic" ? std::cbrt(n) : n;
        BOOST_TEST(std::abs(*each.as<Map>().at("at").as<Map>().at("coupling").number() - root) <
                   1e-9);
        BOOST_TEST(point.size() == 2u);
    }
}

BOOST_AUTO_TEST_CASE(refinement_goes_where_the_curve_moves) {
    const Value data = Map{{"kind", "refine"}, {"parameter", "temperature"},
                           {"metric", "m"},    {"from", 1},
                           {"to", 3},          {"points", 9},
                           {"rounds", 6},      {"add", 4}};
    Plan plan(experiment(data), {}, 1);
    const auto step = [](const Map& p) { return std::tanh(40 * (real(p, "temperature") - 2.27)); };
    std::vector<double> places;
    for (const RunTask& task : tried(plan, step)) places.push_back(real(task.point, "temperature"));
    BOOST_TEST(places.size() == 9u + 6u * 4u);
    for (std::size_t i = 0; i < 9; ++i) BOOST_TEST(places[i] == 1 + 0.25 * static_cast<double>(i));
    const auto near = std::count_if(places.begin() + 9, places.end(),
                                    [](double t) { return std::abs(t - 2.27) < 0.15; });
    BOOST_TEST(near >= 14); // evenly it would be 4 of 24
    std::sort(places.begin(), places.end());
    double widest = 0; // of the rise between neighbours: 2 at first
    for (std::size_t i = 1; i < places.size(); ++i)
        widest = std::max(widest, std::tanh(40 * (places[i] - 2.27)) -
                                      std::tanh(40 * (places[i - 1] - 2.27)));
    BOOST_TEST(widest < 0.5);
    // Whole numbers are used up; failed tasks are a gap, not an end.
    Plan whole(experiment(Map{{"kind", "refine"},
                              {"parameter", "nodes"},
                              {"metric", "m"},
                              {"from", 1},
                              {"to", 12},
                              {"points", 3},
                              {"rounds", 50}}),
               {}, 1);
    const auto tasks = tried(whole, [](const Map& p) -> std::optional<Value> {
        if (real(p, "nodes") == 4) return {};
        return Map{{"m", real(p, "nodes")}};
    });
    BOOST_TEST(tasks.size() == 12u);
}

BOOST_AUTO_TEST_CASE(optimisers_find_known_extremes) {
    const auto bowl = [](const Map& p) {
        const double x = real(p, "coupling") - 0.3, y = std::log(real(p, "temperature") / 2);
        return x * x + y * y + 0.5 * x * y + 1;
    };
    for (const std::string& method : search_methods()) {
        const bool global = method == "direct";
        const Map over{{"coupling", List{-1, 1}}, {"temperature", between("log_uniform", 0.1, 10)}};
        Plan plan(experiment(extreme("minimize", over, 300, method.c_str())), {}, 1);
        const auto tasks = tried(plan, bowl);
        BOOST_TEST(tasks.size() <= 300u);
        const Map best = found(plan);
        const double near = global ? 2e-2 : 2e-3;
        BOOST_TEST(std::abs(*best.at("at").as<Map>().at("coupling").number() - 0.3) < near, method);
        BOOST_TEST(std::abs(*best.at("at").as<Map>().at("temperature").number() - 2) < 2 * near,
                   method);
        BOOST_TEST(best.at("value").as<double>() < 1 + near * near);
    }
    // The global one is not caught in the shallow well; whole numbers stay whole.
    const auto wells = [](const Map& p) {
        const double n = real(p, "nodes");
        return std::max(2 * std::exp(-std::pow((n - 840) / 60, 2)),
                        std::exp(-std::pow((n - 100) / 60, 2)));
    };
    Plan deep(experiment(extreme("maximize", {{"nodes", List{1, 1000}}}, 60, "direct")), {}, 1);
    tried(deep, wells);
    BOOST_TEST(std::abs(found(deep).at("at").as<Map>().at("nodes").as<int64_t>() - 840) <= 3);
    // Points that fail, or that `where` leaves out, are worse than all others.
    Experiment half = experiment(extreme("minimize", {{"coupling", List{-1, 1}}}, 80, "sbplx"));
    half.where = [](const Map& p) { return real(p, "coupling") >= 0.2371; };
    Plan limited(half, {}, 1);
    const auto allowed = tried(limited, [](const Map& p) { return real(p, "coupling"); });
    for (const RunTask& task : allowed) BOOST_TEST(real(task.point, "coupling") >= 0.2371);
    BOOST_TEST(std::abs(*found(limited).at("at").as<Map>().at("coupling").number() - 0.2371) <
               1e-3);
    Plan nowhere(experiment(extreme("minimize", {{"coupling", List{-1, 1}}}, 20, "cobyla")), {}, 1);
    tried(nowhere, [](const Map&) { return std::optional<Value>(); });
    BOOST_TEST(found(nowhere).at("message").as<std::string>() == "m was finite nowhere");
    const Map two{{"coupling", List{-1, 1}}, {"nodes", List{1, 9}}};
    BOOST_TEST(
        failure_of([&] {
            Plan(experiment(extreme("minimize", two, 9, "bobyqa")), arguments({"nodes=3"}), 1);
        }) == "command line: nodes is given, and the method bobyqa of esp.minimize wants two "
              "parameters or more");
}

BOOST_AUTO_TEST_CASE(a_search_replays_from_what_has_finished) {
    const Map over{{"coupling", List{-1, 1}}, {"temperature", List{0.5, 4}}};
    const auto metric = [](const Map& p) {
        return std::pow(real(p, "coupling") - 0.2, 2) + std::abs(real(p, "temperature") - 1.7);
    };
    for (const std::string& method : search_methods()) {
        const Experiment e = experiment(extreme("minimize", over, 60, method.c_str()));
        Plan plan(e, {}, 1);
        Finished finished;
        const auto tasks = tried(plan, metric, &finished);
        // Killed after any number of tasks: a new plan asks for the same tasks in the same order.
        for (std::size_t kept = 0; kept < tasks.size(); kept += 7) {
            Finished some;
            for (std::size_t i = 0; i < kept; ++i) some[tasks[i].key] = finished.at(tasks[i].key);
            Plan again(e, {}, 1);
            std::vector<RunTask> replayed;
            for (auto round = again.first(); !round.empty(); round = again.next(some))
                for (const RunTask& task : round) {
                    some[task.key] = Map{{"m", metric(task.point)}};
                    replayed.push_back(task);
                }
            BOOST_REQUIRE(replayed.size() == tasks.size());
            for (std::size_t i = 0; i < tasks.size(); ++i)
                BOOST_REQUIRE((replayed[i].key == tasks[i].key));
        }
    }
}

BOOST_AUTO_TEST_CASE(noise_is_averaged_over_replicates) {
    Experiment e = experiment(bisect("coupling", 0, 1, 0, 0.02));
    e.replicates = {4, "m", 0.002, false, 4000};
    Plan plan(e, {}, 1);
    Finished finished;
    int64_t rounds = 0;
    for (auto round = plan.first(); !round.empty(); round = plan.next(finished), ++rounds)
        for (const RunTask& task : round) {
            const double noise = static_cast<double>(task.seed % 2001) / 1000 - 1; // in [-1, 1]
            finished[task.key] = Map{{"m", real(task.point, "coupling") - 0.37 + 0.1 * noise}};
        }
    BOOST_TEST(rounds > 8);
    BOOST_TEST(std::abs(*found(plan).at("at").as<Map>().at("coupling").number() - 0.37) < 0.03);
}
