// SPDX-License-Identifier: MIT
// A store is opened, written in groups, and closed.
#include "store/store.hpp"

#include "files/json.hpp"
#include "files/value_tree.hpp"
#include "store/layout.hpp"
#include "store/state.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <utility>

namespace espalier {

namespace fs = std::filesystem;

namespace store {

std::string text_of(const Value& value, const std::string& what) {
    const auto tree = files::to_tree(value, what);
    if (!tree.arrays.empty())
        throw Failure(Exit::script, fmt::format("{}: holds an array, which can stand only in "
                                                "what a task returns",
                                                what));
    return files::json_line(tree.settings, what);
}

Value value_of(std::string_view text, const std::string& what) {
    return files::from_tree(files::parse_json(files::as_text(what, text)), {}, what);
}

std::string text_of(const Texts& texts) {
    return text_of(List(texts.begin(), texts.end()), "texts");
}

Texts texts_of(std::string_view text, const std::string& what) {
    Texts texts;
    if (text.empty()) return texts;
    const Value value = value_of(text, what);
    for (const Value& one : value.as<List>()) texts.push_back(one.as<std::string>());
    return texts;
}

} // namespace store

namespace {

using Mode = store::Database::Mode;

constexpr const char* database_name = "store.sqlite";

void open_to_read(Store::State& state) {
    const fs::path file = state.folder / database_name;
    if (!fs::exists(file))
        throw Failure(Exit::missing_input,
                      fmt::format("{}: there is no run store", state.folder.string()),
                      "'espalier run' makes one; --store names another folder");
    // A reader needs a place for its locks, unless nobody can write: a store on a disk of others.
    const bool frozen = ::access(state.folder.c_str(), W_OK) != 0 &&
                        !fs::exists(state.folder / (std::string(database_name) + "-wal"));
    state.database = std::make_unique<store::Database>(file, frozen ? Mode::frozen : Mode::read);
    store::check_layout(*state.database);
    store::bring_up_to_date(*state.database, false);
}

void open_to_write(Store::State& state, bool shard) {
    std::error_code error;
    const fs::path above = state.folder.parent_path();
    if (!above.empty()) fs::create_directories(above, error); // what is wrong shows below
    store::protocol::make_folder(state.folder);
    store::protocol::make_folder(state.folder / "arrays");
    if (!shard) store::require_local(state.folder);
    state.lock.emplace(state.folder);
    state.database = std::make_unique<store::Database>(state.folder / database_name, Mode::create);
    // Without shared memory, which no network file system has; nobody else can read it then.
    if (shard) state.database->script("PRAGMA locking_mode = EXCLUSIVE");
    if (store::is_empty(*state.database)) {
        store::create_layout(*state.database);
        store::protocol::flush_folder(state.folder);
    }
    store::check_layout(*state.database);
    store::bring_up_to_date(*state.database, true);
    state.sweep();
}

} // namespace

void Store::State::commit() {
    if (!open) return;
    write([&] {
        arrays.before_commit();
        database->script("COMMIT");
        arrays.after_commit();
    });
    open = false;
    safe.insert(safe.end(), waiting.begin(), waiting.end());
    waiting.clear();
}

Store::Store(const fs::path& folder, Access access, bool shard)
    : state_(std::make_unique<State>((folder / ".").lexically_normal().parent_path(), access)) {
    if (access == Access::read)
        open_to_read(*state_);
    else
        open_to_write(*state_, shard);
}

Store::~Store() = default;
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;

const fs::path& Store::folder() const noexcept { return state_->folder; }
Texts Store::take_warnings() {
    Texts fresh;
    for (std::string& warning : std::exchange(state_->warnings, {}))
        if (state_->told.insert(warning).second) fresh.push_back(std::move(warning));
    return fresh;
}

bool Store::commit_due(std::chrono::steady_clock::time_point now) const {
    const auto& waiting = state_->waiting;
    return waiting.size() >= group_tasks ||
           (!waiting.empty() && now - state_->waiting_since >= group_time);
}

std::vector<Digest> Store::commit() {
    state_->commit();
    return std::exchange(state_->safe, {});
}

} // namespace espalier
