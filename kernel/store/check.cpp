// SPDX-License-Identifier: MIT
// What a crash or a failing disk did to the arrays is found, told and undone.
#include "files/reading.hpp"
#include "store/state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace espalier {

namespace fs = std::filesystem;

namespace {

// The digest in "0123...ef.npy".
std::optional<Digest> digest_in(const std::string& name) {
    Digest digest;
    if (name.size() != 68 || !name.ends_with(".npy")) return std::nullopt;
    const auto value = [](char c) {
        return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    };
    for (std::size_t i = 0; i < 32; ++i) {
        const int high = value(name[2 * i]), low = value(name[2 * i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        digest.bytes[i] = static_cast<uint8_t>(high * 16 + low);
    }
    return digest;
}

// Why the file of an array is not what it was; empty when it is.
std::string damage(const fs::path& path, int64_t bytes, const Digest* content) {
    std::error_code error;
    const auto size = fs::file_size(path, error);
    if (error) return "is missing";
    if (size != static_cast<uintmax_t>(bytes))
        return fmt::format("has {} bytes instead of {}", size, bytes);
    if (content && digest_of_file(path) != *content) return "has another content than it had";
    return "";
}

} // namespace

void Store::State::forget(int64_t task) {
    database->run("DELETE FROM scalar WHERE task = ?", task);
    database->run("DELETE FROM artifact WHERE task = ?", task);
    database->run("UPDATE task SET state = 'pending', result = NULL, message = '', hint = '', "
                  "plugins = '' WHERE id = ?",
                  task);
    database->run("DELETE FROM provenance_task WHERE task = ?", task);
    database->run("DELETE FROM provenance_read WHERE task = ?", task);
}

std::string Store::State::loss(const Digest& array, const std::string& why) {
    std::string tasks;
    int64_t count = 0;
    auto row = database->rows("SELECT r.name, r.id, p.place + 1 FROM artifact a "
                              "JOIN planned p ON p.task = a.task JOIN run r ON r.id = p.run "
                              "WHERE a.array = ? ORDER BY r.id, p.place",
                              store::blob(array));
    while (row.next())
        if (++count <= 3)
            tasks += fmt::format("{}{}/{} task {}", tasks.empty() ? "" : ", ", row.text(0),
                                 row.integer(1), row.integer(2));
    if (count > 3) tasks += fmt::format(" and {} more", count - 3);
    return fmt::format("{} {}: {}", arrays.path_of(array).string(), why,
                       tasks.empty() ? "no task needs it" : "a result of " + tasks);
}

void Store::State::lose(const Digest& array) {
    std::vector<int64_t> tasks;
    {
        auto row = database->rows("SELECT task FROM artifact WHERE array = ?", store::blob(array));
        while (row.next()) tasks.push_back(row.integer(0));
    }
    for (const int64_t task : tasks) forget(task);
    database->run("DELETE FROM array WHERE digest = ?", store::blob(array));
    const fs::path path = arrays.path_of(array);
    std::error_code absent; // when it was missing
    fs::rename(path, path.string() + ".corrupt", absent);
}

void Store::State::sweep() {
    std::set<Digest> sound;
    std::error_code error;
    std::vector<fs::path> leftovers;
    for (fs::recursive_directory_iterator at(folder / "arrays", error), end; !error && at != end;
         at.increment(error)) {
        if (!at->is_regular_file()) continue;
        const std::string name = at->path().filename().string();
        const auto digest = digest_in(name);
        if (!digest) {
            if (name.starts_with(".") && name.ends_with(".tmp")) leftovers.push_back(at->path());
            continue;
        }
        auto row = database->rows(
            "SELECT bytes FROM array WHERE digest = ? AND content IS NULL AND EXISTS "
            "(SELECT 1 FROM artifact WHERE array = digest)",
            store::blob(*digest));
        if (!row.next())
            leftovers.push_back(at->path());
        else if (damage(at->path(), row.integer(0), nullptr).empty())
            sound.insert(*digest);
    }
    if (error)
        throw Failure(
            Exit::input_output,
            fmt::format("{}: cannot be read: {}", (folder / "arrays").string(), error.message()));
    std::vector<std::pair<Digest, std::string>> lost;
    {
        auto row =
            database->rows("SELECT digest, bytes FROM array WHERE content IS NULL AND EXISTS "
                           "(SELECT 1 FROM artifact WHERE array = digest)");
        while (row.next())
            if (const Digest digest = row.digest(0); !sound.contains(digest))
                lost.emplace_back(digest, damage(arrays.path_of(digest), row.integer(1), nullptr));
    }
    for (const auto& [digest, why] : lost)
        warnings.push_back(loss(digest, why) + "; it will be computed again");
    const bool unused = database
                            ->rows("SELECT 1 FROM array WHERE NOT EXISTS "
                                   "(SELECT 1 FROM artifact WHERE array = digest)")
                            .next();
    if (!lost.empty() || unused) {
        write([&] {
            for (const auto& one : lost) lose(one.first);
            database->run("DELETE FROM array WHERE NOT EXISTS "
                          "(SELECT 1 FROM artifact WHERE array = digest)");
        });
        commit();
    }
    for (const auto& path : leftovers) fs::remove(path, error);
}

std::string Store::State::bytes(const Digest& digest) const {
    auto row =
        database->rows("SELECT bytes, content FROM array WHERE digest = ?", store::blob(digest));
    if (!row.next())
        throw Failure(Exit::bad_data,
                      fmt::format("{}: has no array {}", database->file(), digest.hex()));
    std::string bytes, why;
    fs::path path = database->file();
    if (row.is_null(1)) {
        path = arrays.path_of(digest);
        why = damage(path, row.integer(0), nullptr);
        if (why.empty()) bytes = files::read_all(*files::open_source(path, std::nullopt)).view();
    } else
        bytes = row.text(1);
    if (why.empty() && Hasher().add(bytes.data(), bytes.size()).digest() != digest)
        why =
            fmt::format("the array {} has another content than it had", digest.hex().substr(0, 8));
    if (!why.empty())
        throw Failure(Exit::bad_data, fmt::format("{}: {}", path.string(), why),
                      "'espalier verify --repair' lets its task be computed again");
    return bytes;
}

Texts Store::verify(std::optional<int64_t> run, bool repair) {
    auto& database = *state_->database;
    std::vector<std::pair<Digest, std::string>> lost;
    {
        auto row = database.rows(
            "SELECT digest, bytes, content FROM array WHERE ?1 = 0 OR digest IN (SELECT a.array "
            "FROM artifact a JOIN planned p ON p.task = a.task WHERE p.run = ?1) ORDER BY digest",
            run.value_or(0));
        while (row.next()) {
            const Digest digest = row.digest(0);
            std::string why;
            if (row.is_null(2))
                why = damage(state_->arrays.path_of(digest), row.integer(1), &digest);
            else if (Hasher().add(row.text(2).data(), row.text(2).size()).digest() != digest)
                why = "is damaged inside the database";
            if (!why.empty()) lost.emplace_back(digest, why);
        }
    }
    Texts sentences;
    for (const auto& [digest, why] : lost) sentences.push_back(state_->loss(digest, why));
    if (repair && !lost.empty()) {
        state_->write([&] {
            for (const auto& one : lost) state_->lose(one.first);
        });
        state_->commit();
    }
    return sentences;
}

} // namespace espalier
