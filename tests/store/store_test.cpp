// SPDX-License-Identifier: MIT
// What a store is given comes back with the same bits, and a run goes on where it was left.
#include "store/workload.hpp"

#include "values/failure.hpp"

#include <boost/test/unit_test.hpp>

#include <bit>
#include <random>
#include <set>

using namespace espalier;
using workload::Folder;

namespace {

Store filled(const std::filesystem::path& folder, int64_t count, uint64_t shuffle = 1) {
    Store store(folder, Access::write);
    const auto tasks = workload::tasks(count);
    workload::compute(store, store.begin(workload::record(), tasks), tasks, shuffle);
    return store;
}

bool same(const Value& a, const Value& b) { return digest_of(a) == digest_of(b); }

} // namespace

BOOST_AUTO_TEST_CASE(ten_thousand_reals_keep_their_bits) {
    std::mt19937_64 random(1);
    constexpr std::size_t of_each = 2500;
    std::vector<double> patterns;
    for (std::size_t i = 0; i < of_each; ++i) {
        const uint64_t bits = random();
        patterns.push_back(std::bit_cast<double>(bits));                          // anything
        patterns.push_back(std::bit_cast<double>(bits | 0x7FF0'0000'0000'0001U)); // NaN payloads
        patterns.push_back(std::bit_cast<double>(bits & 0x800F'FFFF'FFFF'FFFFU)); // subnormal
        patterns.push_back(std::bit_cast<double>(bits & 0xFFF0'0000'0000'0000U)); // -0.0, inf
    }
    const Folder folder;
    const auto tasks = workload::tasks(1);
    Map result;
    for (std::size_t i = 0; i < patterns.size(); ++i) result["r" + std::to_string(i)] = patterns[i];
    result["zero"] = -0.0;
    result["array"] = Tensor::vector(patterns);
    Outcome outcome;
    outcome.state = TaskState::done;
    outcome.result = result;
    std::vector<int64_t> steps(patterns.size());
    outcome.metrics["loss"] = {steps, patterns};
    {
        Store store(folder / "runs", Access::write);
        store.keep(store.begin(workload::record(), tasks), tasks[0], outcome);
        store.commit();
    }
    const Store store(folder / "runs", Access::read);
    store.outcomes(1, Detail::everything,
                   [&](std::size_t, const RunTask& task, const Outcome& read) {
                       BOOST_TEST(same(read.result, outcome.result));
                       BOOST_TEST(same(task.point, tasks[0].point));
                       BOOST_TEST((task.key == tasks[0].key && task.seed == tasks[0].seed));
                       const auto& values = read.metrics.at("loss").values;
                       BOOST_TEST(same(Tensor::vector(values), Tensor::vector(patterns)));
                       return true;
                   });
    // The scalars of the tables too: they are what reports and spreadsheets see.
    std::size_t wrong = 0;
    store.outcomes(1, Detail::scalars, [&](std::size_t, const RunTask&, const Outcome& read) {
        const Map& scalars = read.result.as<Map>();
        for (std::size_t i = 0; i < patterns.size(); ++i)
            wrong += std::bit_cast<uint64_t>(scalars.at("r" + std::to_string(i)).as<double>()) !=
                     std::bit_cast<uint64_t>(patterns[i]);
        wrong += !std::signbit(scalars.at("zero").as<double>());
        BOOST_TEST(scalars.size() == patterns.size() + 1);
        return true;
    });
    BOOST_TEST(wrong == 0u);
}

BOOST_AUTO_TEST_CASE(every_kind_of_value_comes_back) {
    const Folder folder;
    const auto tasks = workload::tasks(1);
    Graph graph = graph_from_edges(3, {{0, 1, 0.5}, {1, 2, 2}}, false, true);
    Table table;
    table.add("name", std::make_shared<const Texts>(Texts{"a", "\xFF\xFE", ""}));
    table.add("mass", Tensor::vector<double>({1, -0.0, 3}));
    Model model{"learn.ggn", "0.1.0", {{"weight", Tensor(DType::float32, {40, 200})}}, {{"k", 3}}};
    Outcome outcome;
    outcome.state = TaskState::done;
    outcome.result = Map{{"graph", graph},
                         {"table", table},
                         {"model", model},
                         {"nothing", Value()},
                         {"big", INT64_MIN},
                         {"truth", true},
                         {"list", List{1, 2.5, "x", List{}, Map{}}},
                         {"\xFF odd name", std::string("nul\0inside", 10)},
                         {"empty", Tensor(DType::int64, {0, 3})}};
    outcome.message = "";
    outcome.output = "printed\n";
    outcome.seconds = 0.25;
    outcome.peak_bytes = int64_t{1} << 40;
    outcome.attempts = 2;
    outcome.plugins = {"a 1", "b 2"};
    Store store(folder / "runs", Access::write);
    const auto run = store.begin(workload::record(), tasks);
    store.keep(run, tasks[0], outcome);
    store.commit();
    const auto read = store.outcome(basis_of(workload::record()), tasks[0].key);
    BOOST_REQUIRE(read);
    BOOST_TEST(same(read->result, outcome.result));
    BOOST_TEST((read->output == "printed\n" && read->seconds == 0.25 && read->attempts == 2));
    BOOST_TEST((read->peak_bytes == outcome.peak_bytes && read->plugins == outcome.plugins));
    BOOST_TEST(!store.outcome(Digest{}, tasks[0].key));
    BOOST_TEST((store.state(basis_of(workload::record()), tasks[0].key) == TaskState::done));
    BOOST_TEST((store.state(Digest{}, tasks[0].key) == TaskState::pending));
    // Equal arrays are kept once; a value that is too deep is refused and the store goes on.
    Value deep = 1;
    for (int i = 0; i < 100; ++i) deep = List{deep};
    Outcome bad = outcome;
    bad.result = deep;
    BOOST_TEST(workload::failure([&] { store.keep(run, tasks[0], bad); }).starts_with("65: "));
    store.keep(run, tasks[0], outcome);
    BOOST_TEST(store.commit().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_record_comes_back) {
    const Folder folder;
    const auto given = workload::record();
    Store store(folder / "runs", Access::write);
    const auto run = store.begin(given, workload::tasks(2));
    const RunRecord read = store.record(run);
    BOOST_TEST((read.name == given.name && read.script == given.script));
    BOOST_TEST((read.script_text == given.script_text && read.modules == given.modules));
    BOOST_TEST((read.seed == given.seed && read.arguments == given.arguments));
    BOOST_TEST((same(read.parameters, given.parameters) && same(read.plan, given.plan)));
    BOOST_TEST((same(read.provenance, given.provenance) && read.basis == basis_of(given)));
    BOOST_TEST(same(store.task(run, 1).point, workload::tasks(2)[1].point));
    auto other = given;
    other.modules["helpers"] += "-- changed";
    BOOST_TEST((basis_of(other) != basis_of(given)));
    other = given;
    other.seed = 8;
    BOOST_TEST((basis_of(other) != basis_of(given)));
    other = given;
    other.provenance["program"] = "9", other.arguments = {}, other.script = "elsewhere.lua";
    BOOST_TEST((basis_of(other) == basis_of(given)));
}

BOOST_AUTO_TEST_CASE(the_same_line_again_resumes) {
    const Folder folder;
    const auto tasks = workload::tasks(12);
    {
        Store store(folder / "runs", Access::write);
        const auto run = store.begin(workload::record(), tasks);
        BOOST_TEST(store.unfinished(run).size() == 12u);
        for (std::size_t i = 0; i < 5; ++i) store.keep(run, tasks[i], workload::outcome(tasks[i]));
        BOOST_TEST(store.commit().size() == 5u);
        store.keep(run, tasks[5], workload::outcome(tasks[5])); // never acknowledged
    }
    Store store(folder / "runs", Access::write);
    const auto run = store.begin(workload::record(), tasks);
    BOOST_TEST(run == 1);
    BOOST_TEST(store.unfinished(run) == (std::vector<std::size_t>{5, 6, 7, 8, 9, 10, 11}));
    workload::compute(store, run, tasks, 3);
    BOOST_TEST(store.unfinished(run).empty());
    BOOST_TEST(store.runs().size() == 1u);
    const Folder other;
    BOOST_TEST(workload::canonical(store, run) ==
               workload::canonical(filled(other / "runs", 12, 99), 1));
}

BOOST_AUTO_TEST_CASE(a_larger_or_reordered_sweep_computes_the_difference) {
    const Folder folder;
    Store store = filled(folder / "runs", 6);
    auto larger = workload::tasks(9, 0);
    std::reverse(larger.begin(), larger.end());
    const auto run = store.begin(workload::record(), larger);
    BOOST_TEST(run == 2);
    BOOST_TEST(store.unfinished(run) == (std::vector<std::size_t>{0, 1, 2})); // x = 8, 7, 6
    workload::compute(store, run, larger, 1);
    std::map<int64_t, Digest> results[2];
    for (const int64_t one : {1, 2})
        store.outcomes(
            one, Detail::everything, [&](std::size_t, const RunTask& task, const Outcome& outcome) {
                results[one - 1][task.point.at("x").as<int64_t>()] = digest_of(outcome.result);
                return true;
            });
    for (const auto& [x, digest] : results[0]) BOOST_TEST((results[1].at(x) == digest));
    // Another script has no share in it.
    auto changed = workload::record();
    changed.script_text += "-- changed";
    BOOST_TEST(store.unfinished(store.begin(changed, larger)).size() == 9u);
}

BOOST_AUTO_TEST_CASE(a_search_extends_its_run_and_finds_it_again) {
    const Folder folder;
    const auto first = workload::tasks(3), more = workload::tasks(4, 2); // x = 2 is there already
    Store store(folder / "runs", Access::write);
    const auto run = store.begin(workload::record(), first);
    BOOST_TEST(store.extend(run, more) == (std::vector<std::size_t>{2, 3, 4, 5}));
    BOOST_TEST(store.task_count(run) == 6u);
    BOOST_TEST(store.begin(workload::record(), first) == run);
    BOOST_TEST(store.extend(run, more) == (std::vector<std::size_t>{2, 3, 4, 5}));
    BOOST_TEST(store.task_count(run) == 6u);
}

BOOST_AUTO_TEST_CASE(what_is_not_final_is_tried_again) {
    const Folder folder;
    const auto tasks = workload::tasks(9);
    Store store(folder / "runs", Access::write);
    const auto run = store.begin(workload::record(), tasks);
    for (std::size_t i = 0; i < 9; ++i) {
        Outcome outcome = workload::outcome(tasks[0]);
        outcome.state = static_cast<TaskState>(i);
        if (i > 0) store.keep(run, tasks[i], outcome);
    }
    store.commit();
    // pending 0, done 1, failed 2, diverged 3, timeout 4, out of memory 5, crashed 6, skipped 7,
    // cancelled 8
    BOOST_TEST(store.unfinished(run) == (std::vector<std::size_t>{0, 7, 8}));
    BOOST_TEST(store.unfinished(run, {true, {}}) ==
               (std::vector<std::size_t>{0, 2, 3, 4, 5, 6, 7, 8}));
    const RunSummary summary = store.summary(run);
    for (std::size_t i = 0; i < 9; ++i) BOOST_TEST(summary.by_state[i] == 1);
}

BOOST_AUTO_TEST_CASE(results_of_another_plugin_version_no_longer_hold) {
    const Folder folder;
    Store store = filled(folder / "runs", 3);
    BOOST_TEST(store.unfinished(1, {false, {"org.espalier.networks 0.1.0"}}).empty());
    BOOST_TEST(store.take_warnings().empty());
    BOOST_TEST(store.unfinished(1, {false, {"org.espalier.networks 0.2.0"}}).size() == 3u);
    const Texts warnings = store.take_warnings();
    BOOST_TEST(warnings == Texts{"results of org.espalier.networks 0.1.0 are computed again: "
                                 "org.espalier.networks 0.2.0 is installed"});
    BOOST_TEST(store.unfinished(1, {false, {"org.other 1"}}).size() == 3u);
    BOOST_TEST(store.take_warnings() == Texts{"results of org.espalier.networks 0.1.0 are computed "
                                              "again: it is not installed"});
    store.unfinished(1, {false, {"org.other 1"}});
    BOOST_TEST(store.take_warnings().empty()); // said once
}

BOOST_AUTO_TEST_CASE(no_order_of_the_tasks_changes_the_canonical_exports) {
    const Folder folder;
    std::set<std::string> json, sqlite;
    for (uint64_t shuffle = 0; shuffle < 8; ++shuffle) {
        const Store store = filled(folder / std::to_string(shuffle), 20, shuffle);
        json.insert(workload::canonical(store, 1));
        const auto file = folder / "export.sqlite";
        store.export_sqlite(1, true, file);
        sqlite.insert(digest_of_file(file).hex());
    }
    BOOST_TEST(json.size() == 1u);
    BOOST_TEST(sqlite.size() == 1u);
    BOOST_TEST(json.begin()->find("\"label\": \"=1+0\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_merge_of_shards_is_the_single_run) {
    const Folder folder;
    const auto tasks = workload::tasks(20);
    for (std::size_t shard = 0; shard < 3; ++shard) {
        Store store(folder / std::to_string(shard), Access::write, shard == 1);
        const auto run = store.begin(workload::record(), tasks);
        for (std::size_t i = shard; i < tasks.size(); i += 3)
            store.keep(run, tasks[i], workload::outcome(tasks[i]));
        store.finish(run, "done");
    }
    Store all(folder / "all", Access::write);
    for (const char* shard : {"2", "0", "1"}) all.merge(Store(folder / shard, Access::read));
    BOOST_TEST(all.runs().size() == 1u);
    BOOST_TEST(workload::canonical(all, 1) == workload::canonical(filled(folder / "one", 20), 1));
    all.merge(Store(folder / "0", Access::read)); // again: nothing new
    BOOST_TEST(all.verify(std::nullopt).empty());

    Store other(folder / "other", Access::write);
    const auto run = other.begin(workload::record(), tasks);
    Outcome differs = workload::outcome(tasks[4]);
    differs.result = 1.5;
    other.keep(run, tasks[4], differs);
    other.commit();
    BOOST_TEST(workload::failure([&] { all.merge(other); }) ==
               "65: " + (folder / "other").string() +
                   ": task 5 of sweep/1 has two results that differ (done and done) | 'espalier "
                   "diff' shows where; the stores cannot come from the same program");
}

BOOST_AUTO_TEST_CASE(runs_are_found_by_what_users_call_them) {
    const Folder folder;
    Store store(folder / "runs", Access::write);
    BOOST_TEST(workload::failure([&] { store.find("last"); }) ==
               "2: command line: there is no run 'last' | the store is empty");
    for (const char* name : {"ising", "ggn", "ising"}) {
        auto record = workload::record(name);
        record.seed = static_cast<int64_t>(store.runs().size());
        store.begin(record, workload::tasks(2));
    }
    BOOST_TEST(store.find("last") == 3);
    BOOST_TEST(store.find("2") == 2);
    BOOST_TEST(store.find("ising") == 3);
    BOOST_TEST(store.find("ising/1") == 1);
    BOOST_TEST(store.find("ggn") == 2);
    BOOST_TEST(workload::failure([&] { store.find("isnig"); }) ==
               "2: command line: there is no run 'isnig' | did you mean 'ising'?");
    BOOST_TEST(workload::failure([&] { store.find("9"); }) ==
               "2: command line: there is no run '9' | 'espalier runs' lists them");
    BOOST_TEST(workload::failure([&] { store.find("ising/2"); }).starts_with("2: "));
    BOOST_TEST(workload::failure([&] { store.find("ising/2x"); }).starts_with("2: "));
}

BOOST_AUTO_TEST_CASE(the_price_of_a_task_is_known_from_history) {
    const Folder folder;
    Store store(folder / "runs", Access::write);
    const auto tasks = workload::tasks(4);
    const auto run = store.begin(workload::record(), tasks);
    BOOST_TEST(store.price(basis_of(workload::record()), "sweep").tasks == 0);
    for (int i = 0; i < 3; ++i) {
        Outcome outcome = workload::outcome(tasks[static_cast<std::size_t>(i)]);
        outcome.seconds = i + 1;
        outcome.peak_bytes = 100 * (i + 1);
        store.keep(run, tasks[static_cast<std::size_t>(i)], outcome);
    }
    store.commit();
    for (const auto& basis : {basis_of(workload::record()), Digest{}}) {
        const Price price = store.price(basis, "sweep");
        BOOST_TEST((price.tasks == 3 && price.seconds == 2 && price.peak_bytes == 300));
        BOOST_TEST((price.stored_bytes > 36'000 && price.stored_bytes < 40'000));
    }
    BOOST_TEST(store.price(Digest{}, "another").tasks == 0);
}

BOOST_AUTO_TEST_CASE(a_group_is_due_by_number_or_by_time) {
    const Folder folder;
    Store store(folder / "runs", Access::write);
    const auto tasks = workload::tasks(static_cast<int64_t>(Store::group_tasks));
    const auto run = store.begin(workload::record(), tasks);
    const auto now = std::chrono::steady_clock::now();
    BOOST_TEST(!store.commit_due(now + std::chrono::hours(1)));
    Outcome outcome;
    outcome.state = TaskState::done;
    for (const RunTask& task : tasks) {
        BOOST_TEST(!store.commit_due(now));
        store.keep(run, task, outcome);
        BOOST_TEST(store.commit_due(now + std::chrono::hours(1)));
    }
    BOOST_TEST(store.commit_due(now));
    BOOST_TEST(store.commit().size() == tasks.size());
    BOOST_TEST(!store.commit_due(now + std::chrono::hours(1)));
}
