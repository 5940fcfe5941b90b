// SPDX-License-Identifier: MIT
// What tasks gave: written as text, scalars and arrays, and read back with the same bits.
#include "files/json.hpp"
#include "files/npy.hpp"
#include "files/value_tree.hpp"
#include "store/state.hpp"

#include <fmt/format.h>

#include <bit>

namespace espalier {

namespace {

using store::Database;

// Larger arrays are files; a file for each of a hundred thousand small ones would be a burden.
constexpr std::size_t content_limit = std::size_t{1} << 14;

// A Map of the scalars in a value by their path: "auc", "fit.slope"; "value" when it is one itself.
void add_scalars(const Value& value, const std::string& path, Map& to) {
    if (const auto* map = value.get<Map>())
        for (const auto& [name, part] : *map)
            add_scalars(part, path.empty() ? name : path + "." + name, to);
    else if (value.get<bool>() || value.number() || value.get<std::string>())
        to.emplace(path.empty() ? "value" : path, value);
}

void write_scalars(Database& database, int64_t task, const Value& result) {
    Map scalars;
    add_scalars(result, "", scalars);
    for (const auto& [name, v] : scalars) {
        constexpr const char* sql = "INSERT INTO scalar VALUES (?, ?, ?, ?, ?)";
        if (const auto* truth = v.get<bool>())
            database.run(sql, task, name, v.type(), int64_t{*truth}, nullptr);
        else if (const auto* whole = v.get<int64_t>())
            database.run(sql, task, name, v.type(), *whole, nullptr);
        else if (const auto* text = v.get<std::string>())
            database.run(sql, task, name, v.type(), *text, nullptr);
        else {
            const double x = v.as<double>();
            const uint64_t bits = __builtin_bswap64(std::bit_cast<uint64_t>(x));
            database.run(sql, task, name, v.type(), x,
                         store::Blob{{reinterpret_cast<const char*>(&bits), sizeof bits}});
        }
    }
}

Value scalar_in(const store::Query& row) { // of: name, type, value, bits
    const auto type = row.text(1);
    if (type == "boolean") return row.integer(2) != 0;
    if (type == "integer") return row.integer(2);
    if (type == "text") return row.string(2);
    uint64_t bits = 0;
    const auto bytes = row.text(3);
    if (bytes.size() == sizeof bits)
        std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(&bits));
    return std::bit_cast<double>(__builtin_bswap64(bits));
}

// One array under the name that its task gives it.
struct Named {
    std::string name;
    Tensor tensor;
};

std::vector<Named> arrays_of(const files::Tree& result, const Outcome& outcome) {
    std::vector<Named> all;
    for (const auto& [entry, tensor] : result.arrays) all.push_back({"result/" + entry, tensor});
    for (const auto& [name, series] : outcome.metrics) {
        all.push_back({"metric/" + name + "/steps", Tensor::vector(series.steps)});
        all.push_back({"metric/" + name + "/values", Tensor::vector(series.values)});
    }
    return all;
}

void write_array(Database& database, store::protocol::ArrayFiles& files, int64_t task,
                 const Named& array) {
    const Tensor& tensor = array.tensor;
    std::string bytes = files::npy_header(tensor.dtype(), tensor.shape());
    const std::string_view data(reinterpret_cast<const char*>(tensor.data()), tensor.bytes());
    const std::size_t size = bytes.size() + data.size();
    const Digest digest =
        Hasher().add(bytes.data(), bytes.size()).add(data.data(), data.size()).digest();
    if (!database.rows("SELECT 1 FROM array WHERE digest = ?", store::blob(digest)).next()) {
        const auto length = static_cast<int64_t>(size);
        if (size <= content_limit)
            database.run("INSERT INTO array VALUES (?, ?, ?)", store::blob(digest), length,
                         store::Blob{bytes.append(data)});
        else {
            files.put(digest, bytes, data);
            database.run("INSERT INTO array VALUES (?, ?, NULL)", store::blob(digest), length);
        }
    }
    database.run("INSERT INTO artifact VALUES (?, ?, ?)", task, array.name, store::blob(digest));
}

// Columns of every statement that reads outcomes.
#define ESPALIER_OUTCOME_COLUMNS                                                                   \
    "t.id, t.state, t.result, t.message, t.hint, t.plugins, v.seconds, v.peak_bytes, v.attempts, " \
    "v.output"

Outcome without_content(const store::Query& row, const std::string& file) {
    Outcome outcome;
    outcome.state = task_state_named(row.text(1));
    outcome.message = row.string(3);
    outcome.hint = row.string(4);
    outcome.plugins = store::texts_of(row.text(5), file);
    outcome.seconds = row.real(6);
    outcome.peak_bytes = row.integer(7);
    outcome.attempts = static_cast<int>(row.integer(8));
    outcome.output = row.string(9);
    return outcome;
}

void read_scalars(Database& database, int64_t task, Outcome& outcome) {
    Map scalars;
    auto row = database.rows("SELECT name, type, value, bits FROM scalar WHERE task = ?", task);
    while (row.next()) scalars.emplace(row.string(0), scalar_in(row));
    outcome.result = std::move(scalars);
}

// Metrics into the outcome; arrays of the result, unless only metrics are wanted, into `arrays`.
void read_arrays(const Store::State& state, int64_t task, Detail detail, Outcome& outcome,
                 files::Arrays& arrays) {
    auto row =
        state.database->rows("SELECT name, array FROM artifact WHERE task = ? AND name GLOB ?",
                             task, detail == Detail::metrics ? "metric/*" : "*");
    while (row.next()) {
        const std::string name = row.string(0);
        const std::string bytes = state.bytes(row.digest(1));
        files::MemorySource source(name, bytes);
        const Tensor tensor = files::read_npy(source);
        if (name.starts_with("result/"))
            arrays.emplace(name.substr(7), tensor);
        else if (const auto end = name.rfind('/'); name.starts_with("metric/") && end > 7) {
            Series& series = outcome.metrics[name.substr(7, end - 7)];
            if (name.ends_with("/steps")) {
                const auto steps = tensor.values<int64_t>();
                series.steps.assign(steps.begin(), steps.end());
            } else {
                const auto values = tensor.values<double>();
                series.values.assign(values.begin(), values.end());
            }
        }
    }
}

void read_content(const Store::State& state, int64_t task, std::string_view result,
                  Outcome& outcome) {
    auto row =
        state.database->rows("SELECT name, content FROM provenance_read WHERE task = ?", task);
    while (row.next()) outcome.read.emplace(row.string(0), row.digest(1));
    files::Arrays arrays;
    read_arrays(state, task, Detail::everything, outcome, arrays);
    const std::string& file = state.database->file();
    if (!result.empty())
        outcome.result =
            files::from_tree(files::parse_json(files::as_text(file, result)), arrays, file);
}

Outcome outcome_in(const Store::State& state, const store::Query& row, Detail detail) {
    Outcome outcome = without_content(row, state.database->file());
    if (outcome.state == TaskState::pending) return outcome;
    const int64_t task = row.integer(0);
    if (detail == Detail::everything) {
        read_content(state, task, row.text(2), outcome);
        return outcome;
    }
    read_scalars(*state.database, task, outcome);
    files::Arrays none;
    if (detail == Detail::metrics) read_arrays(state, task, detail, outcome, none);
    return outcome;
}

} // namespace

Digest digest_of(const Outcome& outcome) {
    Hasher hasher;
    hasher.add(name_of(outcome.state)).add(outcome.result);
    hasher.add(std::string_view(outcome.message)).add(std::string_view(outcome.hint));
    for (const auto& [name, series] : outcome.metrics)
        hasher.add(std::string_view(name))
            .add(Value(Tensor::vector(series.steps)))
            .add(Value(Tensor::vector(series.values)));
    for (const auto& plugin : outcome.plugins) hasher.add(std::string_view(plugin));
    return hasher.digest();
}

void Store::keep(int64_t run, const RunTask& task, const Outcome& outcome) {
    // All that can be wrong with the values is found before anything is written.
    const auto tree = files::to_tree(outcome.result, "result");
    const std::string result = files::json_line(tree.settings, "result");
    const auto arrays = arrays_of(tree, outcome);
    const std::string plugins = store::text_of(outcome.plugins);
    const bool first = state_->waiting.empty();
    state_->write([&] {
        auto& database = *state_->database;
        int64_t id = 0;
        {
            auto row = database.rows("SELECT t.id, t.state FROM task t JOIN run r "
                                     "ON r.basis = t.basis WHERE r.id = ? AND t.key = ?",
                                     run, store::blob(task.key));
            if (!row.next()) throw Failure(Exit::bug, fmt::format("run {} has no such task", run));
            id = row.integer(0);
            if (row.text(1) != name_of(TaskState::pending)) state_->forget(id);
        }
        for (const Named& array : arrays) write_array(database, state_->arrays, id, array);
        write_scalars(database, id, outcome.result);
        database.run("UPDATE task SET state = ?, result = ?, message = ?, hint = ?, plugins = ? "
                     "WHERE id = ?",
                     name_of(outcome.state), result, outcome.message, outcome.hint, plugins, id);
        database.run("INSERT OR REPLACE INTO provenance_task VALUES (?, ?, ?, ?, ?)", id,
                     outcome.seconds, outcome.peak_bytes, int64_t{outcome.attempts},
                     outcome.output);
        for (const auto& [name, content] : outcome.read)
            database.run("INSERT INTO provenance_read VALUES (?, ?, ?)", id, std::string_view(name),
                         store::blob(content));
    });
    if (first) state_->waiting_since = std::chrono::steady_clock::now();
    state_->waiting.push_back(task.key);
}

void Store::outcomes(int64_t run, Detail detail, const Visitor& visit) const {
    auto row = state_->database->rows(
        "SELECT " ESPALIER_OUTCOME_COLUMNS ", p.place, t.point, t.seed, t.key FROM planned p "
        "JOIN task t ON t.id = p.task LEFT JOIN provenance_task v ON v.task = t.id "
        "WHERE p.run = ? ORDER BY p.place",
        run);
    while (row.next()) {
        RunTask task;
        task.point = store::value_of(row.text(11), state_->database->file()).as<Map>();
        task.seed = row.integer(12);
        task.key = row.digest(13);
        const Outcome outcome = outcome_in(*state_, row, detail);
        if (!visit(static_cast<std::size_t>(row.integer(10)), task, outcome)) return;
    }
}

TaskState Store::state(const Digest& basis, const Digest& key) const {
    auto row = state_->database->rows("SELECT state FROM task WHERE basis = ? AND key = ?",
                                      store::blob(basis), store::blob(key));
    return row.next() ? task_state_named(row.text(0)) : TaskState::pending;
}

std::optional<Outcome> Store::outcome(const Digest& basis, const Digest& key, Detail detail) const {
    auto row = state_->database->rows("SELECT " ESPALIER_OUTCOME_COLUMNS
                                      " FROM task t LEFT JOIN provenance_task v ON v.task = t.id "
                                      "WHERE t.basis = ? AND t.key = ?",
                                      store::blob(basis), store::blob(key));
    if (!row.next()) return std::nullopt;
    return outcome_in(*state_, row, detail);
}

} // namespace espalier
