// SPDX-License-Identifier: MIT
// The power goes out at any moment: nothing acknowledged is lost, nothing is corrupt. And stores
// with one step of the protocol left out are caught, so that the proof proves something.
#include "faults/disk.hpp"
#include "faults/spawn.hpp"
#include "store/workload.hpp"

#include "values/failure.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <set>

using namespace espalier;
using workload::Folder;
namespace fs = std::filesystem;

namespace {

constexpr int64_t count = 18;

struct Reference {
    std::vector<RunTask> tasks = workload::tasks(count);
    std::string canonical;
    Reference() {
        const Folder folder;
        Store store(folder / "runs", Access::write);
        workload::compute(store, store.begin(workload::record(), tasks), tasks, 1);
        canonical = workload::canonical(store, 1);
    }
};
const Reference& reference() {
    static const Reference r;
    return r;
}

// The calls of a driver, and where its folder was.
struct Log {
    std::string folder;
    std::vector<faults::Event> events;
};
Log record(const std::string& driver) {
    const Folder folder;
    faults::Driver child(driver, folder.path(), {std::to_string(count), "1"},
                         {{"ESPALIER_RECORD", (folder / "log").string()}});
    const auto ended = child.finish();
    BOOST_REQUIRE_MESSAGE(ended.code == 0, ended.err);
    return {(folder / "runs").string(), faults::events_in(folder / "log")};
}

struct Verdict {
    bool corrupt = false, lost = false, dangling = false, other_result = false;
    bool bad() const { return corrupt || lost || dangling || other_result; }
};

bool is_sound(const fs::path& file) {
    sqlite3* database = nullptr;
    sqlite3_stmt* check = nullptr;
    const bool sound =
        sqlite3_open(file.c_str(), &database) == SQLITE_OK &&
        sqlite3_prepare_v2(database, "PRAGMA integrity_check", -1, &check, nullptr) == SQLITE_OK &&
        sqlite3_step(check) == SQLITE_ROW &&
        std::string(reinterpret_cast<const char*>(sqlite3_column_text(check, 0))) == "ok";
    sqlite3_finalize(check);
    sqlite3_close(database);
    return sound;
}

Verdict judge(const fs::path& runs, const std::set<std::string>& told) {
    Verdict verdict;
    const auto& tasks = reference().tasks;
    try {
        {
            Store store(runs, Access::write);
            verdict.dangling =
                !store.take_warnings().empty() || !store.verify(std::nullopt, true).empty();
            const auto run = store.begin(workload::record(), tasks);
            for (const auto place : store.unfinished(run))
                if (told.contains(tasks[place].key.hex())) verdict.lost = true;
            workload::compute(store, run, tasks, 1);
            verdict.other_result = workload::canonical(store, run) != reference().canonical;
        }
        verdict.corrupt = !is_sound(runs / "store.sqlite");
    } catch (const Failure& failure) {
        BOOST_TEST_MESSAGE("refused: " << failure.what());
        verdict.corrupt = true;
    }
    return verdict;
}

struct Figures {
    int images = 0, corrupt = 0, lost = 0, dangling = 0, other_result = 0, bad = 0;
    int acknowledged = 0; // in all images together
};

Figures cut_power(const Log& log, int images, uint64_t seed) {
    Figures figures;
    std::mt19937_64 random(seed);
    for (; figures.images < images; ++figures.images) {
        faults::Disk disk(log.folder);
        std::set<std::string> told;
        const auto end = random() % (log.events.size() + 1);
        for (std::size_t i = 0; i < end; ++i) {
            disk.play(log.events[i]);
            if (log.events[i].kind == faults::Kind::said)
                for (const auto& key : faults::lines_of(log.events[i].first)) told.insert(key);
        }
        const Folder folder;
        disk.crash(random, folder.path());
        const Verdict verdict = judge(folder / "runs", told);
        figures.corrupt += verdict.corrupt;
        figures.lost += verdict.lost;
        figures.dangling += verdict.dangling;
        figures.other_result += verdict.other_result;
        figures.bad += verdict.bad();
        figures.acknowledged += static_cast<int>(told.size());
    }
    return figures;
}

void tell(const std::string& what, const Figures& f) {
    BOOST_TEST_MESSAGE(what << ": " << f.images << " images, " << f.acknowledged
                            << " acknowledged tasks in them, " << f.bad << " bad (" << f.corrupt
                            << " corrupt, " << f.lost << " lost an acknowledged task, "
                            << f.dangling << " with a row without its array, " << f.other_result
                            << " with another export)");
}

} // namespace

BOOST_AUTO_TEST_CASE(a_power_cut_loses_nothing_acknowledged) {
    const Log log = record("store_driver");
    const Figures figures = cut_power(log, faults::rounds(200), 1);
    tell("whole", figures);
    BOOST_TEST(figures.bad == 0);
    BOOST_TEST(figures.acknowledged > figures.images);
}

// A guard that nothing misses is none.
BOOST_AUTO_TEST_CASE(a_protocol_with_a_step_left_out_is_caught) {
    for (const char* step : {"file_flush", "folder_flush", "array_before_row", "full_commit"}) {
        const Log log = record(fmt::format("store_driver_without_{}", step));
        const Figures figures = cut_power(log, 40, 2);
        tell(fmt::format("without {}", step), figures);
        BOOST_TEST(figures.bad > 0, step);
    }
}
