// SPDX-License-Identifier: MIT
// Replicates until the error is small: not before, not for ever, and the same when resumed.
#include "plans.hpp"
#include "run/statistics.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace espalier;
using namespace espalier::test;

namespace {

Experiment measured(double error, int64_t least, int64_t most) {
    Experiment e = experiment(sweep("grid", {{"temperature", List{0.5, 1, 4}}}));
    e.replicates = {least, "m", error, false, most};
    return e;
}

// Around 3, of deviation `temperature`, from the task's own seed: twelve uniform numbers less six
// are almost normal.
Value noisy(const RunTask& task) {
    auto state = static_cast<uint64_t>(task.seed);
    double sum = -6;
    for (int i = 0; i < 12; ++i) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        sum += static_cast<double>(state >> 11) * 0x1p-53;
    }
    return Map{{"m", 3 + task.point.at("temperature").as<double>() * sum}};
}

template <class Run>
std::vector<std::vector<RunTask>> rounds_of(Plan& plan, Finished& finished, Run run) {
    std::vector<std::vector<RunTask>> rounds;
    for (auto round = plan.first(); !round.empty(); round = plan.next(finished)) {
        for (const RunTask& task : round) finished[task.key] = run(task);
        rounds.push_back(std::move(round));
    }
    return rounds;
}

} // namespace

BOOST_AUTO_TEST_CASE(stops_when_the_error_is_small_and_not_before) {
    const double wanted = 0.1;
    Plan plan(measured(wanted, 4, 5000), {}, 1);
    Finished finished;
    const auto rounds = rounds_of(plan, finished, noisy);
    std::map<double, std::vector<double>> values;
    for (const auto& round : rounds)
        for (const RunTask& task : round)
            values[task.point.at("temperature").as<double>()].push_back(
                finished.at(task.key)->as<Map>().at("m").as<double>());
    for (const auto& [deviation, seen] : values) {
        BOOST_TEST(summary_of(seen).standard_error <= wanted);
        // (deviation / wanted)^2, the error of which is sqrt(2 / n): 4 of them, and the steps.
        const double n = std::pow(deviation / wanted, 2);
        BOOST_TEST(static_cast<double>(seen.size()) > n * (1 - 4 * std::sqrt(2 / n)));
        BOOST_TEST(static_cast<double>(seen.size()) < n * (1 + 4 * std::sqrt(2 / n)) + 8);
    }
    // Before the last round of each point the error was too large: nothing is computed for nothing.
    std::map<double, std::vector<double>> before;
    for (std::size_t r = 0; r < rounds.size(); ++r) {
        for (const RunTask& task : rounds[r]) {
            const double t = task.point.at("temperature").as<double>();
            if (r > 0 && before.contains(t))
                BOOST_TEST(summary_of(before.at(t)).standard_error > wanted);
        }
        for (const RunTask& task : rounds[r])
            before[task.point.at("temperature").as<double>()].push_back(
                finished.at(task.key)->as<Map>().at("m").as<double>());
    }
    BOOST_TEST(plan.next(finished).empty());
    BOOST_TEST(plan.count() == static_cast<int64_t>(finished.size()));
}

BOOST_AUTO_TEST_CASE(a_resumed_plan_sees_the_same_rounds) {
    Finished finished;
    Plan first(measured(0.2, 4, 1000), {}, 1);
    const auto rounds = rounds_of(first, finished, noisy);
    BOOST_REQUIRE(rounds.size() > 3u);
    Finished everything = finished;
    Plan again(measured(0.2, 4, 1000), {}, 1);
    const auto same = rounds_of(again, everything, noisy);
    BOOST_REQUIRE(same.size() == rounds.size());
    for (std::size_t r = 0; r < rounds.size(); ++r) {
        BOOST_REQUIRE(same[r].size() == rounds[r].size());
        for (std::size_t i = 0; i < rounds[r].size(); ++i)
            BOOST_TEST((same[r][i].key == rounds[r][i].key));
    }
    // What is not finished holds up its own point only.
    Plan waiting(measured(0.2, 4, 1000), {}, 1);
    Finished some;
    const auto start = waiting.first();
    for (const RunTask& task : start)
        if (task.point.at("temperature").as<double>() == 4.0) some[task.key] = noisy(task);
    for (const RunTask& task : waiting.next(some))
        BOOST_TEST(task.point.at("temperature").text() == "4");
}

BOOST_AUTO_TEST_CASE(failures_limits_and_relative_errors) {
    const auto count = [](Experiment e, auto run) {
        Plan plan(e, {}, 1);
        Finished finished;
        rounds_of(plan, finished, run);
        return plan.count();
    };
    Experiment single = experiment();
    single.replicates = {4, "m", 1e-9, false, 50};
    BOOST_TEST(count(single, noisy) == 50); // never small enough
    single.replicates = {4, "m", 1e-9, false, 4};
    BOOST_TEST(count(single, noisy) == 4);
    single.replicates = {4, "m", 1e-9, false, 50};
    BOOST_TEST(count(single, [](const RunTask&) { return Map{{"m", 2}}; }) == 4); // no spread
    // All of the first ones failed: more would, too.
    BOOST_TEST(count(single, [](const RunTask&) { return std::optional<Value>(); }) == 4);
    BOOST_TEST(count(single, [](const RunTask&) { return Value(Map{{"m", std::nan("")}}); }) == 4);
    // Some failed: the error is that of the others.
    single.replicates = {8, "m", 0.1, false, 5000};
    int64_t at = 0;
    const int64_t half = count(single, [&](const RunTask& task) {
        return ++at % 2 ? std::optional<Value>(noisy(task)) : std::nullopt;
    });
    BOOST_TEST(half > 120);
    BOOST_TEST(half < 320); // 200 on average: 100 of deviation 1
    single.replicates = {4, "m", 0.01, true, 50000};
    const int64_t relative = count(single, noisy); // 0.03 of 3: about 1111
    BOOST_TEST(relative > 900);
    BOOST_TEST(relative < 1350);
}

BOOST_AUTO_TEST_CASE(a_result_without_the_metric_is_named) {
    Experiment e = experiment();
    e.replicates = {2, "magnetisation", 0.1, false, 10};
    const auto with = [&](const Value& result) {
        Plan plan(e, {}, 1);
        Finished finished;
        for (const RunTask& task : plan.first()) finished[task.key] = result;
        return failure_of([&] { plan.next(finished); });
    };
    const std::string hint = " | replicates and searches read this metric; run returns { name = "
                             "number, ... }";
    BOOST_TEST(with(Map{{"magnetization", 1}, {"energy", 2}}) ==
               "esp.experiment: what run returns has no number 'magnetisation', did you mean "
               "'magnetization'?" +
                   hint);
    BOOST_TEST(with(3) == "esp.experiment: what run returns has no number 'magnetisation'" + hint);
    Plan small(measured(1e-9, 4, 1000), {}, 1, 20);
    Finished finished;
    BOOST_TEST(failure_of([&] { rounds_of(small, finished, noisy); }) ==
               "study: this round needs more than the 20 tasks that may be planned | --max-tasks N "
               "allows more");
}
