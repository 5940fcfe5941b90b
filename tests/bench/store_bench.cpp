// SPDX-License-Identifier: MIT
// What the run store costs a task, beside bare SQLite that writes one row for each: CSV.
#include "store/store.hpp"

#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>

using namespace espalier;
namespace fs = std::filesystem;

namespace {

double seconds(const auto& body) {
    const auto begin = std::chrono::steady_clock::now();
    body();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

std::vector<Task> tasks_of(int64_t count) {
    std::vector<Task> tasks;
    for (int64_t i = 0; i < count; ++i)
        tasks.push_back(task_of(Map{{"nodes", i}, {"coupling", 0.5}, {"replicate", i % 10}}, 1));
    return tasks;
}

Outcome outcome_of(int64_t i, int64_t elements) {
    Outcome outcome;
    outcome.state = TaskState::done;
    Map result{{"auc", 1.0 / static_cast<double>(i + 1)}, {"edges", i}};
    if (elements > 0) {
        Tensor field(DType::float64, {elements});
        field.writable_values<double>()[0] = static_cast<double>(i);
        result["field"] = field;
    }
    outcome.result = result;
    outcome.plugins = {"org.espalier.networks 0.1.0"};
    return outcome;
}

void row(const char* what, int64_t tasks, double time, double peer) {
    fmt::print("{},{},{:.3f},{:.2f},{:.2f}\n", what, tasks, time,
               1e6 * time / static_cast<double>(tasks), time / peer);
}

// One row a task, a commit for each group, and nothing else: what no store can beat.
double bare(const fs::path& file, int64_t count) {
    sqlite3* database = nullptr;
    sqlite3_open(file.c_str(), &database);
    sqlite3_exec(database,
                 "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                 "CREATE TABLE task(key INTEGER PRIMARY KEY, result TEXT); BEGIN",
                 nullptr, nullptr, nullptr);
    sqlite3_stmt* insert = nullptr;
    sqlite3_prepare_v2(database, "INSERT INTO task VALUES (?, ?)", -1, &insert, nullptr);
    const double time = seconds([&] {
        for (int64_t i = 0; i < count; ++i) {
            const auto text = fmt::format("{{\"auc\": {}, \"edges\": {}}}",
                                          1.0 / (1.0 + static_cast<double>(i)), i);
            sqlite3_bind_int64(insert, 1, i);
            sqlite3_bind_text(insert, 2, text.c_str(), -1, SQLITE_TRANSIENT);
            sqlite3_step(insert);
            sqlite3_reset(insert);
            if ((i + 1) % static_cast<int64_t>(Store::group_tasks) == 0)
                sqlite3_exec(database, "COMMIT; BEGIN", nullptr, nullptr, nullptr);
        }
        sqlite3_exec(database, "COMMIT", nullptr, nullptr, nullptr);
    });
    sqlite3_finalize(insert);
    sqlite3_close(database);
    return time;
}

void measure(const fs::path& folder, int64_t count, int64_t elements) {
    const double peer = bare(folder / "bare.sqlite", count);
    row("bare SQLite: one row", count, peer, peer);
    const auto tasks = tasks_of(count);
    RunRecord record;
    record.name = "bench";
    record.parameters = Map{};
    int64_t run = 0;
    {
        Store store(folder / "runs", Access::write);
        row("begin", count, seconds([&] { run = store.begin(record, tasks); }), peer);
        const double keep = seconds([&] {
            for (int64_t i = 0; i < count; ++i) {
                store.keep(run, tasks[static_cast<std::size_t>(i)], outcome_of(i, elements));
                if (store.commit_due(std::chrono::steady_clock::now())) store.commit();
            }
            store.finish(run, "finished");
        });
        row(elements > 0 ? "keep with an array of 64 KiB" : "keep", count, keep, peer);
    }
    const double again = seconds([&] {
        Store store(folder / "runs", Access::write);
        store.unfinished(store.begin(record, tasks));
    });
    row("open and resume", count, again, peer);
    const Store store(folder / "runs", Access::read);
    std::size_t bytes = 0;
    row("canonical export", count, seconds([&] {
            store.export_json(run, true, [&](std::string_view text) { bytes += text.size(); });
        }),
        peer);
}

} // namespace

// store_bench [FOLDER]: a folder on the disk that is to be measured; the current one otherwise.
int main(int count, char** words) {
    std::string pattern = (fs::path(count > 1 ? words[1] : ".") / "store-bench-XXXXXX").string();
    if (!mkdtemp(pattern.data())) return 73;
    const fs::path folder = pattern;
    fmt::print("what,tasks,seconds,microseconds_a_task,times_bare_sqlite\n");
    for (const auto& [name, tasks, elements] : {std::tuple{"small", int64_t{100'000}, int64_t{0}},
                                                {"large", int64_t{500}, int64_t{8192}}}) {
        fs::create_directory(folder / name);
        measure(folder / name, tasks, elements);
    }
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    fmt::print("# peak memory {} MiB\n", used.ru_maxrss / 1024);
    fs::remove_all(folder);
    return 0;
}
