// SPDX-License-Identifier: MIT
// Values laid out as text and as files.
#include "app/results.hpp"

#include "app/json.hpp"
#include "app/places.hpp"
#include "app/terminal.hpp"
#include "files/files.hpp"
#include "files/writing.hpp"
#include "values/failure.hpp"
#include "values/wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <optional>

namespace espalier::app {

namespace fs = std::filesystem;

namespace {

bool is_plain(const Value& v) {
    if (v.get<Tensor>() || v.get<Graph>() || v.get<Table>() || v.get<Model>()) return false;
    if (const auto* list = v.get<List>()) return std::all_of(list->begin(), list->end(), is_plain);
    if (const auto* map = v.get<Map>())
        return std::all_of(map->begin(), map->end(),
                           [](const auto& entry) { return is_plain(entry.second); });
    return true;
}

std::string scalar_text(const Value& v) {
    if (const auto* x = v.get<double>())
        return std::isnan(*x) ? "nan" : fmt::format("{}", *x); // without the sign of 0 / 0
    if (const auto* text = v.get<std::string>()) return *text;
    return v.text();
}

void put_named(std::string& out, const std::string& name, const Value& v);

void put_parts(std::string& out, const std::string& prefix, const Value& v) {
    if (const auto* map = v.get<Map>())
        for (const auto& [name, part] : *map) put_named(out, prefix + name, part);
    else
        for (std::size_t i = 0; const Value& part : v.as<List>())
            put_named(out, prefix + std::to_string(++i), part);
}

bool is_flat(const List& list) {
    return std::none_of(list.begin(), list.end(), [](const Value& v) {
        return v.get<List>() || v.get<Map>() || v.get<Table>();
    });
}

// Maps with the same names and plain content, one under the other; nothing for any other list.
std::optional<Table> rows_in(const List& list) {
    const Map* first = list.empty() ? nullptr : list.front().get<Map>();
    if (!first) return {};
    std::map<std::string, Texts> columns;
    for (const Value& item : list) {
        const Map* row = item.get<Map>();
        if (!row || row->size() != first->size()) return {};
        for (const auto& [name, v] : *row) {
            if (!first->contains(name) || v.get<Map>() || v.get<List>() || !is_plain(v)) return {};
            columns[name].push_back(scalar_text(v));
        }
    }
    Table table;
    for (auto& [name, texts] : columns)
        table.add(name, std::make_shared<const Texts>(std::move(texts)));
    return table;
}

void put_named(std::string& out, const std::string& name, const Value& v) {
    const auto* list = v.get<List>();
    if (list)
        if (const auto rows = rows_in(*list)) {
            out += fmt::format("{}:\n{}", name, table_text(*rows, rows->rows));
            return;
        }
    if (v.get<Map>() || (list && !is_flat(*list)))
        put_parts(out, name + '.', v);
    else if (const auto* table = v.get<Table>())
        out += fmt::format("{}:\n{}", name, table_text(*table));
    else if (list) {
        std::string joined;
        for (const Value& part : *list) joined += (joined.empty() ? "" : ", ") + scalar_text(part);
        out += fmt::format("{} = {}\n", name, joined);
    } else
        out += fmt::format("{} = {}\n", name, scalar_text(v));
}

// A name that is a file's on every system.
std::string file_name(const std::string& name) {
    std::string safe;
    for (const char c : name)
        safe += std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' || c == '.'
                    ? c
                    : '_';
    if (safe.empty() || safe.front() == '.') safe = fmt::format("_{}", safe);
    return safe;
}

const char* extension_of(const Value& v) {
    if (v.get<Tensor>()) return ".npy";
    if (v.get<Graph>()) return ".graphml";
    if (v.get<Table>()) return ".csv";
    return ".npz";
}

class Saver {
public:
    explicit Saver(const fs::path& folder) : folder_(folder) {}

    void part(const std::string& name, const Value& v) {
        if (v.is_nil()) return;
        if (is_plain(v)) {
            plain_[name] = v;
        } else if (const auto* map = v.get<Map>()) {
            for (const auto& [key, inner] : *map) part(fmt::format("{}.{}", name, key), inner);
        } else if (const auto* list = v.get<List>()) {
            for (std::size_t i = 0; const Value& inner : *list)
                part(name + '.' + std::to_string(++i), inner);
        } else
            write(file_name(name) + extension_of(v), v);
    }
    std::vector<fs::path> finish() {
        if (plain_.empty()) return std::move(written_);
        const fs::path path = folder_ / "results.json";
        files::Destination file(path);
        file.write(json_text(plain_));
        file.commit();
        written_.push_back(path);
        return std::move(written_);
    }

private:
    void write(const std::string& file, const Value& v) {
        const fs::path path = folder_ / file;
        if (std::find(written_.begin(), written_.end(), path) != written_.end())
            throw Failure(Exit::cannot_create,
                          fmt::format("{}: two results would have this name", shown(path)));
        espalier::save(path, v);
        written_.push_back(path);
    }

    fs::path folder_;
    Map plain_;
    std::vector<fs::path> written_;
};

} // namespace

std::string table_text(const Table& table, int64_t most) {
    const int64_t rows = std::min(table.rows, most);
    std::vector<std::string> lines(static_cast<std::size_t>(rows) + 1);
    for (const auto& [name, column] : table.columns) {
        const bool text = !std::holds_alternative<Tensor>(column);
        std::vector<std::string> cells{name};
        for (int64_t r = 0; r < rows; ++r) cells.push_back(cell_text(column, r));
        std::size_t width = 0;
        for (const auto& c : cells) width = std::max(width, c.size());
        for (std::size_t i = 0; i < cells.size(); ++i)
            lines[i] += text ? fmt::format("  {:<{}}", cells[i], width)
                             : fmt::format("  {:>{}}", cells[i], width);
    }
    std::string out;
    for (auto& line : lines) {
        line.erase(line.find_last_not_of(' ') + 1);
        out += line + '\n';
    }
    if (rows < table.rows) out += fmt::format("  ... {} rows\n", table.rows);
    return out;
}

std::string results_text(const Value& v) {
    if (v.is_nil()) return {};
    if (const auto* table = v.get<Table>()) return table_text(*table);
    const auto* list = v.get<List>();
    if (!v.get<Map>() && !list) return scalar_text(v) + '\n';
    std::string out;
    put_parts(out, "", v);
    return out;
}

void print_results(const Value& v, bool json) {
    if (!json) return print(results_text(v));
    print(json_text(v));
    if (leaves_out(v))
        tell(fmt::format("note: models and arrays of more than {} elements are described only; "
                         "'-o DIR' saves them",
                         json_elements));
}

void make_folder(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error || !fs::is_directory(folder))
        throw Failure(Exit::cannot_create,
                      fmt::format("{}: cannot be made a folder: {}", folder.string(),
                                  error ? error.message() : "a file of this name is there"));
}

std::vector<fs::path> save_results(const Value& v, const fs::path& folder) {
    make_folder(folder);
    Saver saver(folder);
    if (const auto* map = v.get<Map>())
        for (const auto& [name, part] : *map) saver.part(name, part);
    else
        saver.part("result", v);
    return saver.finish();
}

} // namespace espalier::app
