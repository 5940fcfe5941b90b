// SPDX-License-Identifier: MIT
// Opening a store: one writer, files of others refused by name, what is lost computed again.
#include "store/workload.hpp"

#include "values/failure.hpp"

#include <boost/test/unit_test.hpp>
#include <sqlite3.h>

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <random>

using namespace espalier;
using workload::Folder;
namespace fs = std::filesystem;

namespace {

constexpr int64_t count = 8;

void fill(const fs::path& folder) {
    Store store(folder, Access::write);
    const auto tasks = workload::tasks(count);
    workload::compute(store, store.begin(workload::record(), tasks), tasks, 1);
}

void sql(const fs::path& file, const char* text) {
    sqlite3* database = nullptr;
    BOOST_REQUIRE(sqlite3_open(file.c_str(), &database) == SQLITE_OK);
    char* message = nullptr;
    const int code = sqlite3_exec(database, text, nullptr, nullptr, &message);
    BOOST_REQUIRE_MESSAGE(code == SQLITE_OK, (message ? message : ""));
    sqlite3_close(database);
}

void put(const fs::path& file, const std::string& bytes) {
    std::ofstream out(file, std::ios::binary);
    out << bytes;
    BOOST_REQUIRE(out.good());
}

std::string content(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<fs::path> arrays(const fs::path& folder) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder / "arrays"))
        if (entry.is_regular_file()) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

std::string opening(const fs::path& folder, Access access) {
    return workload::failure([&] { Store(folder, access); });
}

} // namespace

BOOST_AUTO_TEST_CASE(of_eight_that_open_at_once_one_wins) {
    constexpr int races = 12, starters = 8;
    for (int race = 0; race < races; ++race) {
        const Folder folder;
        int start[2], ready[2], end[2];
        BOOST_REQUIRE(pipe(start) == 0 && pipe(ready) == 0 && pipe(end) == 0);
        std::vector<pid_t> children;
        for (int i = 0; i < starters; ++i) {
            const pid_t child = fork();
            BOOST_REQUIRE(child >= 0);
            if (child > 0) {
                children.push_back(child);
                continue;
            }
            close(start[1]), close(end[1]);
            char wait = 0;
            [[maybe_unused]] ssize_t n = read(start[0], &wait, 1); // the end of the pipe
            int code = 0;
            try {
                const Store store(folder / "runs", Access::write);
                n = write(ready[1], "w", 1);
                n = read(end[0], &wait, 1); // the winner holds on until all have tried
            } catch (const Failure& failure) {
                const std::string message = failure.what();
                code = static_cast<int>(failure.exit());
                if (message.find("store in use by pid ") == message.npos) code = 99;
                n = write(ready[1], "l", 1);
            }
            _exit(code);
        }
        close(start[0]), close(start[1]);
        for (int tried = 0; tried < starters; ++tried) {
            pollfd one{ready[0], POLLIN, 0};
            char said = 0;
            BOOST_REQUIRE(poll(&one, 1, 60'000) == 1);
            BOOST_REQUIRE(read(ready[0], &said, 1) == 1);
        }
        close(end[0]), close(end[1]), close(ready[0]), close(ready[1]);
        int won = 0, busy = 0;
        for (const pid_t child : children) {
            int status = 0;
            BOOST_REQUIRE(waitpid(child, &status, 0) == child);
            won += WIFEXITED(status) && WEXITSTATUS(status) == 0;
            busy += WIFEXITED(status) && WEXITSTATUS(status) == static_cast<int>(Exit::busy);
        }
        BOOST_TEST(won == 1);
        BOOST_TEST(busy == starters - 1);
        BOOST_TEST(opening(folder / "runs", Access::write) == "nothing"); // nothing stale is left
    }
}

BOOST_AUTO_TEST_CASE(a_writer_is_named_and_readers_come_in) {
    const Folder folder;
    Store writer(folder / "runs", Access::write);
    const auto tasks = workload::tasks(count);
    const auto run = writer.begin(workload::record(), tasks);
    writer.keep(run, tasks[0], workload::outcome(tasks[0]));
    writer.commit();
    writer.keep(run, tasks[1], workload::outcome(tasks[1]));
    const auto said = opening(folder / "runs", Access::write);
    BOOST_TEST(said.starts_with("75: " + (folder / "runs").string() + ": store in use by pid " +
                                std::to_string(getpid()) + " on "));
    BOOST_TEST(said.find(" since 20") != said.npos);
    const Store reader(folder / "runs", Access::read);
    BOOST_TEST(reader.summary(run).in(TaskState::done) == 1);
    BOOST_TEST(reader.outcome(basis_of(workload::record()), tasks[0].key).has_value());
    BOOST_TEST(workload::failure([&] { Store(folder / "runs", Access::read).finish(1, "done"); }) !=
               "nothing");
}

BOOST_AUTO_TEST_CASE(a_store_of_the_first_version_is_read_and_brought_up_to_date) {
    const Folder folder;
    fill(folder / "runs");
    sql(folder / "runs" / "store.sqlite",
        "DROP TABLE provenance_read; PRAGMA user_version = 1; PRAGMA wal_checkpoint(TRUNCATE)");
    const auto done = Store(folder / "runs", Access::read).summary(1).in(TaskState::done);
    BOOST_TEST(done > 0);
    for (const Access access : {Access::read, Access::write, Access::read}) {
        const Store store(folder / "runs", access);
        BOOST_TEST(store.readings(1).empty());
        BOOST_TEST(store.summary(1).in(TaskState::done) == done);
        const RunTask task = store.task(1, 0);
        BOOST_TEST(store.outcome(store.record(1).basis, task.key).has_value());
    }
}

BOOST_AUTO_TEST_CASE(stores_of_others_are_refused_by_name) {
    struct Case {
        const char* name;
        std::function<void(const fs::path& folder)> spoil;
        std::string message; // after "65: FOLDER/store.sqlite: "
    };
    const auto change = [](const char* text) {
        return [text](const fs::path& folder) { sql(folder / "store.sqlite", text); };
    };
    const auto replace = [](std::string bytes) {
        return [bytes](const fs::path& folder) {
            fs::remove(folder / "store.sqlite");
            put(folder / "store.sqlite", bytes);
        };
    };
    const std::vector<Case> cases{
        {"newer", change("PRAGMA user_version = 3"),
         "is a run store of version 3; this program reads 1 to 2 | a newer Espalier made it"},
        {"older", change("PRAGMA user_version = 0"),
         "is a run store of version 0; this program reads 1 to 2 | export it with the Espalier "
         "that made it"},
        {"another program", change("PRAGMA application_id = 7"),
         "is a database of another program, not a run store"},
        {"foreign tables",
         [](const fs::path& folder) {
             fs::remove(folder / "store.sqlite");
             sql(folder / "store.sqlite", "CREATE TABLE bookmarks(url)");
         },
         "is a database of another program, not a run store"},
        {"trigger", change("CREATE TRIGGER evil AFTER INSERT ON task BEGIN DELETE FROM run; END"),
         "holds 'evil', which no run store has"},
        {"view", change("CREATE VIEW task_view AS SELECT * FROM task"),
         "holds 'task_view', which no run store has"},
        {"table gone", change("DROP TABLE scalar"), "tables of the run store are missing"},
        {"column more", change("ALTER TABLE run ADD COLUMN extra TEXT"),
         "holds 'run', which no run store has"},
        {"text", replace(std::string(5000, 'x')), "is no database of SQLite"},
        {"cut short",
         [](const fs::path& folder) { fs::resize_file(folder / "store.sqlite", 3 * 4096); },
         "is damaged"},
    };
    for (const Case& c : cases)
        for (const Access access : {Access::read, Access::write}) {
            const Folder folder;
            fill(folder / "runs");
            c.spoil(folder / "runs");
            const auto before = arrays(folder / "runs").size();
            const auto said = opening(folder / "runs", access);
            const auto wanted =
                "65: " + (folder / "runs" / "store.sqlite").string() + ": " + c.message;
            BOOST_TEST(said.starts_with(wanted), c.name << ": " << said);
            BOOST_TEST(arrays(folder / "runs").size() == before); // nothing was swept away
        }
}

BOOST_AUTO_TEST_CASE(folders_that_cannot_hold_a_store_are_refused) {
    const Folder folder;
    BOOST_TEST(opening(folder / "none", Access::read) ==
               "66: " + (folder / "none").string() +
                   ": there is no run store | 'espalier run' makes one; --store names another "
                   "folder");
    BOOST_TEST(!fs::exists(folder / "none"));
    put(folder / "file", "x");
    BOOST_TEST(opening(folder / "file", Access::write) ==
               "73: " + (folder / "file").string() + ": cannot be made: Not a directory");
    BOOST_TEST(opening(folder / "file" / "runs", Access::write).starts_with("73: "));
    BOOST_TEST(opening(folder / std::string(300, 'n'), Access::write).starts_with("73: "));
    for (const char* odd : {"with space", "with\nline", "gr\xC3\xBC\xC3\x9F", "a/b/c/"}) {
        fill(folder / odd);
        BOOST_TEST(opening(folder / odd, Access::read) == "nothing");
    }
    fs::create_symlink("/etc/passwd", folder / "store.lock");
    BOOST_TEST(opening(folder.path(), Access::write).starts_with("73: "));
}

BOOST_AUTO_TEST_CASE(a_store_that_nobody_can_write_is_read) {
    const Folder folder;
    const fs::path odd = folder / "100% sure? #1";
    fill(odd);
    fs::permissions(folder.path(), fs::perms(0755));
    for (const auto& entry : fs::recursive_directory_iterator(odd))
        fs::permissions(entry, entry.is_directory() ? fs::perms(0555) : fs::perms(0444));
    fs::permissions(odd, fs::perms(0555));
    const pid_t child = fork();
    BOOST_REQUIRE(child >= 0);
    if (child == 0) {
        if (geteuid() == 0 && setuid(65534) != 0) _exit(1); // root may write anything
        try {
            Store store(odd, Access::read);
            if (!store.verify(std::nullopt).empty() || workload::canonical(store, 1).empty())
                _exit(2);
            _exit(opening(odd, Access::write).starts_with("73: ") ? 0 : 3);
        } catch (const std::exception& unwanted) {
            std::fprintf(stderr, "%s\n", unwanted.what());
            _exit(4);
        }
    }
    int status = 0;
    BOOST_REQUIRE(waitpid(child, &status, 0) == child);
    BOOST_TEST((WIFEXITED(status) && WEXITSTATUS(status) == 0), status);
    BOOST_TEST(!fs::exists(odd / "store.sqlite-shm"));
    for (const auto& entry : fs::recursive_directory_iterator(odd)) // so that it can be removed
        if (entry.is_directory()) fs::permissions(entry, fs::perms::owner_all);
    fs::permissions(odd, fs::perms::owner_all);
}

BOOST_AUTO_TEST_CASE(lost_and_damaged_arrays_are_told_and_computed_again) {
    const Folder folder, whole;
    fill(folder / "runs");
    fill(whole / "runs");
    const auto files = arrays(folder / "runs");
    BOOST_REQUIRE(files.size() == 7u);
    fs::remove(files[0]);
    fs::resize_file(files[1], 100);
    put(files[2].parent_path() / ".left.tmp", "half");
    put(files[2].parent_path() / (std::string(64, '0') + ".npy"), "without a row");
    put(files[2].parent_path() / "notes.txt", "the user's own");

    Store store(folder / "runs", Access::write);
    const Texts warnings = store.take_warnings();
    BOOST_REQUIRE(warnings.size() == 2u);
    const auto named = [&](const fs::path& file, const std::string& why) {
        return std::any_of(warnings.begin(), warnings.end(), [&](const std::string& text) {
            return text.starts_with(file.string() + ' ' + why + ": a result of sweep/1 task ") &&
                   text.ends_with("; it will be computed again");
        });
    };
    BOOST_TEST(named(files[0], "is missing"));
    BOOST_TEST(named(files[1], "has 100 bytes instead of 36128"));
    BOOST_TEST(!fs::exists(files[2].parent_path() / ".left.tmp"));
    BOOST_TEST(!fs::exists(files[2].parent_path() / (std::string(64, '0') + ".npy")));
    BOOST_TEST(fs::exists(files[2].parent_path() / "notes.txt"));
    BOOST_TEST(fs::exists(files[1].string() + ".corrupt"));
    const auto tasks = workload::tasks(count);
    BOOST_TEST(store.unfinished(1).size() == 2u);
    workload::compute(store, store.begin(workload::record(), tasks), tasks, 1);
    BOOST_TEST(workload::canonical(store, 1) ==
               workload::canonical(Store(whole / "runs", Access::read), 1));
}

BOOST_AUTO_TEST_CASE(every_flipped_byte_of_an_array_is_found) {
    const Folder folder;
    fill(folder / "runs");
    const auto files = arrays(folder / "runs");
    std::mt19937_64 random(5);
    Store reader(folder / "runs", Access::read);
    BOOST_TEST(reader.verify(std::nullopt).empty());
    int found = 0;
    constexpr int flips = 200;
    for (int i = 0; i < flips; ++i) {
        const fs::path& file = files[random() % files.size()];
        const std::string before = content(file);
        std::string after = before;
        after[random() % after.size()] ^= static_cast<char>(1U << random() % 8);
        put(file, after);
        const Texts said = reader.verify(std::nullopt);
        found += said.size() == 1 && said[0].starts_with(file.string() + " has another content");
        put(file, before);
    }
    BOOST_TEST(found == flips);
    // Reading a result says it too, and a repair lets its task be computed again.
    std::string bytes = content(files[3]);
    bytes[200] ^= 1;
    put(files[3], bytes);
    BOOST_TEST(workload::failure([&] {
                   reader.outcomes(
                       1, Detail::everything,
                       [](std::size_t, const RunTask&, const Outcome&) { return true; });
               }).starts_with("65: " + files[3].string() + ": "));
    Store store(folder / "runs", Access::write);
    BOOST_TEST(store.verify(1, true).size() == 1u);
    BOOST_TEST(store.verify(1).empty());
    BOOST_TEST(store.unfinished(1).size() == 1u);
}

// SQLite has no checksums: a flip in a page is found, or changes a value, and never more than that.
BOOST_AUTO_TEST_CASE(flipped_bytes_of_the_database_do_no_harm) {
    const Folder folder;
    fill(folder / "runs");
    const fs::path file = folder / "runs" / "store.sqlite";
    const std::string before = content(file);
    std::mt19937_64 random(6);
    int refused = 0, read = 0;
    for (int i = 0; i < 150; ++i) {
        std::string after = before;
        after[random() % after.size()] ^= static_cast<char>(1U << random() % 8);
        put(file, after);
        const auto said = workload::failure([&] {
            Store store(folder / "runs", Access::read);
            for (const auto& run : store.runs()) workload::canonical(store, run.number);
            store.verify(std::nullopt);
        });
        (said == "nothing" ? read : refused) += 1;
        BOOST_TEST((said == "nothing" || said.starts_with("65: ")), said);
    }
    BOOST_TEST(refused > 0);
    BOOST_TEST(read > 0);
}

BOOST_AUTO_TEST_CASE(a_log_of_another_store_is_no_crash) {
    const Folder folder;
    fill(folder / "runs");
    {
        Store other(folder / "other", Access::write);
        other.begin(workload::record("other"), workload::tasks(40, 100));
        fs::copy(folder / "other" / "store.sqlite-wal", folder / "runs" / "store.sqlite-wal");
    }
    const auto said = opening(folder / "runs", Access::write);
    BOOST_TEST((said == "nothing" || said.starts_with("65: ")), said);
}
