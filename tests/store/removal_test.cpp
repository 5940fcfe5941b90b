// SPDX-License-Identifier: MIT
// Runs that are removed take with them what only they had, and nothing else, wherever it ends.
#include "store/workload.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <random>

#include <sys/wait.h>
#include <unistd.h>

using namespace espalier;
using workload::Folder;
namespace fs = std::filesystem;

namespace {

// Runs 1 and 2 share twelve tasks; run 3 has arrays of the same content, and other tasks.
void fill_three_runs(const fs::path& folder) {
    Store store(folder, Access::write);
    for (const int64_t count : {12, 20}) {
        const auto tasks = workload::tasks(count);
        workload::compute(store, store.begin(workload::record(), tasks), tasks, 1);
    }
    const auto tasks = workload::tasks(5, 10);
    workload::compute(store, store.begin(workload::record("other"), tasks), tasks, 1);
}

std::size_t array_files(const fs::path& folder) {
    std::size_t files = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder / "arrays"))
        files += entry.is_regular_file();
    return files;
}

bool has_run(const Store& store, int64_t number) {
    for (const RunSummary& run : store.runs())
        if (run.number == number) return true;
    return false;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_removed_run_takes_only_what_no_other_has) {
    const Folder folder;
    fill_three_runs(folder / "runs");
    Store store(folder / "runs", Access::write);
    const std::string second = workload::canonical(store, 2), third = workload::canonical(store, 3);
    // Of tasks 0 to 19 two fail, and the others have a large array each.
    BOOST_TEST(array_files(folder / "runs") == 18u);

    const Removal shared = store.remove({1});
    BOOST_TEST((shared.planned == 12 && shared.tasks == 0 && shared.arrays == 0));
    BOOST_TEST(shared.bytes == 0);
    BOOST_TEST(!has_run(store, 1));
    BOOST_TEST((workload::canonical(store, 2) == second));

    const Removal tried = store.remove({2}, true);
    BOOST_TEST((tried.planned == 20 && tried.tasks == 20));
    BOOST_TEST((workload::canonical(store, 2) == second));
    BOOST_TEST(array_files(folder / "runs") == 18u);

    const Removal done = store.remove({2});
    BOOST_TEST((done.tasks == tried.tasks && done.arrays == tried.arrays));
    BOOST_TEST(done.bytes == tried.bytes);
    BOOST_TEST(done.bytes > 14 * 4500 * 8); // 14 arrays of 4,500 numbers each, and what is small
    BOOST_TEST(array_files(folder / "runs") == 4u); // of tasks 10 to 14 one fails
    BOOST_TEST((workload::canonical(store, 3) == third));
    BOOST_TEST(store.verify(std::nullopt).empty());

    const auto tasks = workload::tasks(20);
    const int64_t again = store.begin(workload::record(), tasks);
    BOOST_TEST(store.unfinished(again).size() == 20u);
    workload::compute(store, again, tasks, 2);
    BOOST_TEST((workload::canonical(store, again) == second));
}

BOOST_AUTO_TEST_CASE(an_emptied_store_is_small_again) {
    const Folder folder;
    fill_three_runs(folder / "runs");
    const fs::path database = folder / "runs" / "store.sqlite";
    const auto full = fs::file_size(database);
    {
        Store store(folder / "runs", Access::write);
        store.remove({1, 2, 3});
        BOOST_TEST(store.runs().empty());
    }
    BOOST_TEST(array_files(folder / "runs") == 0u);
    BOOST_TEST(fs::file_size(database) < full);
}

BOOST_AUTO_TEST_CASE(a_removal_that_is_killed_is_whole_or_not_begun) {
    const Folder folder;
    fill_three_runs(folder / "filled");
    std::string second, third;
    {
        const Store store(folder / "filled", Access::read);
        second = workload::canonical(store, 2), third = workload::canonical(store, 3);
    }
    std::mt19937 random(1);
    int removed = 0;
    constexpr int times = 40;
    for (int i = 0; i < times; ++i) {
        const fs::path runs = folder / ("runs" + std::to_string(i));
        fs::copy(folder / "filled", runs, fs::copy_options::recursive);
        int ready[2];
        BOOST_REQUIRE(::pipe(ready) == 0);
        const pid_t child = ::fork();
        if (child == 0) {
            Store store(runs, Access::write);
            const bool told = ::write(ready[1], "r", 1) == 1;
            if (told) store.remove({1, 2});
            ::_exit(0);
        }
        char begun = 0;
        BOOST_REQUIRE(::read(ready[0], &begun, 1) == 1);
        ::usleep(1U << random() % 14);
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        ::close(ready[0]), ::close(ready[1]);

        Store store(runs, Access::write);
        BOOST_TEST(store.take_warnings().empty());
        BOOST_TEST(store.verify(std::nullopt).empty());
        BOOST_TEST((workload::canonical(store, 3) == third));
        BOOST_TEST(has_run(store, 1) == has_run(store, 2));
        if (has_run(store, 2))
            BOOST_TEST((workload::canonical(store, 2) == second));
        else
            ++removed;
        BOOST_TEST(array_files(runs) == (has_run(store, 2) ? 18u : 4u));
    }
    BOOST_TEST_MESSAGE(removed << " of " << times << " were removed before the end");
}
