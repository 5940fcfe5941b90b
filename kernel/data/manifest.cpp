// SPDX-License-Identifier: MIT
// The manifest found, read and checked field by field.
#include "data/dataset.hpp"

#include "files/files.hpp"
#include "schema/suggest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace espalier::data {

namespace {

namespace fs = std::filesystem;

// One map of the manifest; every refusal says where it stands.
class Entry {
public:
    Entry(const Value& value, std::string where) : where_(std::move(where)) {
        map_ = value.get<Map>();
        if (!map_) refuse("is not a map");
    }
    std::string text(const char* name) const {
        const auto* text = field(name).get<std::string>();
        if (!text || text->empty()) refuse(fmt::format("'{}' must be a text", name));
        return *text;
    }
    std::string text_or_nothing(const char* name) const {
        return map_->contains(name) ? text(name) : std::string();
    }
    int64_t whole(const char* name, int64_t least) const {
        const auto* number = field(name).get<int64_t>();
        if (!number || *number < least)
            refuse(fmt::format("'{}' must be a whole number >= {}", name, least));
        return *number;
    }
    List list(const char* name) const {
        if (!map_->contains(name)) return {};
        const auto* list = field(name).get<List>();
        if (!list) refuse(fmt::format("'{}' must be a list", name));
        return *list;
    }
    [[noreturn]] void refuse(const std::string& message) const {
        throw Failure(Exit::bad_data, fmt::format("{}: {}", where_, message));
    }
    const std::string& where() const noexcept { return where_; }

private:
    const Value& field(const char* name) const {
        const auto found = map_->find(std::string_view(name));
        if (found == map_->end()) refuse(fmt::format("has no '{}'", name));
        return found->second;
    }
    const Map* map_ = nullptr;
    std::string where_;
};

File file_from(const Value& value, const std::string& where) {
    const Entry entry(value, where);
    File file{entry.text("path"), entry.text_or_nothing("as"), entry.text("sha256"),
              entry.whole("bytes", 1)};
    const fs::path path = file.path;
    if (path.is_absolute() || !path.has_filename() ||
        std::find(path.begin(), path.end(), "..") != path.end())
        entry.refuse(fmt::format("'path' = '{}' does not lie in the package", file.path));
    if (file.sha256.size() != 64 ||
        file.sha256.find_first_not_of("0123456789abcdef") != std::string::npos)
        entry.refuse("'sha256' must be 64 hexadecimal digits");
    return file;
}

Columns columns_from(const Value& value, const std::string& where) {
    const Entry entry(value, where);
    Columns columns;
    columns.as = entry.text("as");
    columns.first = entry.whole("first", 1);
    columns.last = entry.whole("last", columns.first);
    columns.type = dtype_named(entry.text("type"));
    for (const Value& length : entry.list("shape")) {
        const auto* axis = length.get<int64_t>();
        if (!axis || *axis < 1) entry.refuse("'shape' must hold whole numbers >= 1");
        columns.shape.push_back(*axis);
    }
    if (element_count(columns.shape) != columns.last - columns.first + 1)
        entry.refuse(fmt::format("'shape' = {} does not hold {} columns", text_of(columns.shape),
                                 columns.last - columns.first + 1));
    return columns;
}

Dataset dataset_from(const Value& value, const std::string& where) {
    const Entry unnamed(value, where);
    const std::string name = unnamed.text("name");
    if (name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_") != std::string::npos)
        unnamed.refuse(fmt::format("'name' = '{}': small letters, digits, '-' and '_'", name));
    const Entry entry(value, where + ": " + name);
    Dataset set{name,
                entry.text("summary"),
                entry.text("licence"),
                entry.text("citation"),
                entry.text("address"),
                entry.text("source"),
                entry.text("reader"),
                {},
                {}};
    for (const Value& file : entry.list("files"))
        set.files.push_back(file_from(file, entry.where()));
    if (set.files.empty()) entry.refuse("'files' names none");
    for (const Value& columns : entry.list("columns"))
        set.columns.push_back(columns_from(columns, entry.where()));
    return set;
}

} // namespace

std::string File::name() const { return fs::path(path).filename().string(); }

int64_t Dataset::bytes() const noexcept {
    int64_t sum = 0;
    for (const File& file : files) sum += file.bytes;
    return sum;
}

fs::path manifest_file() {
    if (const char* named = std::getenv("ESPALIER_DATASETS"); named && *named) return named;
    std::error_code error;
    const fs::path program = fs::read_symlink("/proc/self/exe", error).parent_path();
    std::vector<fs::path> candidates{program.parent_path() / "share/espalier/datasets"};
    fs::path above = program;
    for (int i = 0; i < 4; ++i) candidates.push_back((above = above.parent_path()) / "datasets");
    candidates.push_back(fs::current_path(error) / "datasets");
    for (const fs::path& folder : candidates)
        if (fs::is_regular_file(folder / "manifest.json", error)) return folder / "manifest.json";
    throw Failure(Exit::missing_input, "no datasets/manifest.json beside the program",
                  "run it from the source tree, install it, or set ESPALIER_DATASETS to the file");
}

std::vector<Dataset> read_manifest(const fs::path& path) {
    const Value manifest = load(path);
    const List* entries = manifest.get<List>();
    if (!entries) throw Failure(Exit::bad_data, path.string() + ": is not a list of datasets");
    std::vector<Dataset> sets;
    for (const Value& entry : *entries) {
        sets.push_back(dataset_from(entry, path.string()));
        for (std::size_t i = 0; i + 1 < sets.size(); ++i)
            if (sets[i].name == sets.back().name)
                throw Failure(Exit::bad_data,
                              fmt::format("{}: {} stands twice", path.string(), sets[i].name));
    }
    return sets;
}

const Dataset& dataset_named(const std::vector<Dataset>& sets, std::string_view name) {
    std::vector<std::string> names;
    for (const Dataset& set : sets) {
        if (set.name == name) return set;
        names.push_back(set.name);
    }
    throw Failure(
        Exit::missing_input,
        fmt::format("there is no dataset '{}'{}", name, suggestion(std::string(name), names)),
        "espalier data list shows those there are");
}

} // namespace espalier::data
