// SPDX-License-Identifier: MIT
// Every call that writes fails once, or for good; the process is killed in the midst of any: what
// was acknowledged is there, and the same line again ends with the same bytes.
#include "faults/spawn.hpp"
#include "store/workload.hpp"

#include "values/failure.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <csignal>
#include <fstream>
#include <map>
#include <random>

#include <unistd.h>

using namespace espalier;
using faults::Driver;
using workload::Folder;

namespace {

constexpr int64_t count = 18;
const std::vector<std::string> words{std::to_string(count), "1"};

const std::string& reference() {
    static const std::string text = [] {
        const Folder folder;
        Store store(folder / "runs", Access::write);
        const auto tasks = workload::tasks(count);
        workload::compute(store, store.begin(workload::record(), tasks), tasks, 1);
        return workload::canonical(store, 1);
    }();
    return text;
}

// Goes on in this process and compares with a run that nothing disturbed. `told`: the keys that the
// driver acknowledged; none may be missing before the first task is computed again.
void go_on(const Folder& folder, const std::vector<std::string>& told, const std::string& what) {
    const auto tasks = workload::tasks(count);
    Store store(folder / "runs", Access::write);
    BOOST_TEST(store.take_warnings().empty(), what);
    const auto run = store.begin(workload::record(), tasks);
    std::map<std::string, bool> missing;
    for (const auto place : store.unfinished(run)) missing[tasks[place].key.hex()] = true;
    for (const auto& key : told) BOOST_TEST(!missing.contains(key), what << ": lost " << key);
    workload::compute(store, run, tasks, 5);
    BOOST_TEST((workload::canonical(store, run) == reference()), what << ": another export");
    BOOST_TEST(store.verify(std::nullopt).empty(), what);
}

long calls_of_a_run() {
    const Folder folder;
    const auto file = folder / "count";
    Driver driver("store_driver", folder.path(), words, {{"ESPALIER_FAULT_COUNT", file.string()}});
    BOOST_REQUIRE(driver.finish().code == 0);
    long calls = 0;
    std::ifstream(file) >> calls;
    return calls;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_call_that_fails_is_told_and_costs_nothing_acknowledged) {
    const long calls = calls_of_a_run();
    BOOST_TEST(calls > 100);
    struct Kind {
        int error;
        const char* how;
    };
    std::vector<Kind> kinds{{ENOSPC, "sticky"}, {EIO, "once"}};
    if (faults::rounds(0) > 0)
        kinds.insert(kinds.end(), {{ENOSPC, "once"}, {EIO, "sticky"}, {EDQUOT, "sticky"}});
    int clean = 0, tolerated = 0;
    for (const auto& [error, how] : kinds)
        for (long at = 1; at <= calls; ++at) {
            const Folder folder;
            const std::string fault = std::to_string(at) + ':' + std::to_string(error) + ':' + how;
            const auto ended =
                Driver("store_driver", folder.path(), words, {{"ESPALIER_FAULT", fault}}).finish();
            const auto what = "fault " + fault + ": " + ended.err;
            clean += ended.code == static_cast<int>(Exit::input_output);
            tolerated += ended.code == 0;
            BOOST_TEST((ended.code == 0 || ended.code == static_cast<int>(Exit::input_output)),
                       what << ended.code);
            if (ended.code != 0) // it says which file
                BOOST_TEST(ended.err.starts_with((folder / "runs").string()), what);
            go_on(folder, faults::lines_of(ended.out), what);
        }
    BOOST_TEST(clean > tolerated);
    BOOST_TEST_MESSAGE(clean + tolerated << " injections in " << calls << " calls: " << clean
                                         << " ended with exit 74, " << tolerated
                                         << " were tolerated");
}

BOOST_AUTO_TEST_CASE(short_and_interrupted_writes_are_continued) {
    for (const std::string& fault : {std::string("0:short"), std::to_string(30) + ":4:once"}) {
        const Folder folder;
        const auto ended =
            Driver("store_driver", folder.path(), words, {{"ESPALIER_FAULT", fault}}).finish();
        BOOST_TEST(ended.code == 0, ended.err);
        const Store store(folder / "runs", Access::read);
        BOOST_TEST((workload::canonical(store, 1) == reference()));
    }
}

BOOST_AUTO_TEST_CASE(a_kill_at_any_moment_costs_nothing_acknowledged) {
    const long calls = calls_of_a_run();
    std::mt19937_64 random(3);
    const int kills = faults::rounds(20);
    int acknowledged = 0;
    for (int i = 0; i < kills; ++i) {
        const Folder folder;
        std::vector<std::string> told;
        // Half of them in the midst of a call, half at a moment that nothing aligns.
        if (i % 2 == 0) {
            const long at = 1 + static_cast<long>(random() % static_cast<uint64_t>(calls));
            const auto ended = Driver("store_driver", folder.path(), words,
                                      {{"ESPALIER_FAULT", std::to_string(at) + ":kill"}})
                                   .finish();
            BOOST_TEST(ended.code == 128 + SIGKILL);
            told = faults::lines_of(ended.out);
        } else {
            Driver driver("store_driver", folder.path(), words, {});
            usleep(static_cast<useconds_t>(random() % 20'000));
            driver.kill();
            told = faults::lines_of(driver.finish().out);
        }
        acknowledged += static_cast<int>(told.size());
        go_on(folder, told, "kill " + std::to_string(i));
    }
    BOOST_TEST(acknowledged > 0);
    BOOST_TEST_MESSAGE(kills << " kills, " << acknowledged << " tasks acknowledged, 0 lost");
}

BOOST_AUTO_TEST_CASE(a_network_file_system_is_refused) {
    const Folder folder;
    const auto ended =
        Driver("store_driver", folder.path(), words, {{"ESPALIER_FAULT", "0:network"}}).finish();
    BOOST_TEST(ended.code == static_cast<int>(Exit::permissions));
    BOOST_TEST(ended.err == (folder / "runs").string() +
                                ": lies on a network file system (NFS), which cannot keep a store "
                                "safe\n");
    BOOST_TEST(!std::filesystem::exists(folder / "runs" / "store.sqlite"));
}
