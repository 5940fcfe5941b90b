// SPDX-License-Identifier: MIT
// The cache: where files lie, whether they are the right ones, and their content.
#include "data/dataset.hpp"
#include "files/files.hpp"
#include "values/digest.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <cstring>

namespace espalier::data {

namespace {

namespace fs = std::filesystem;

std::string again(const Dataset& set) { return fmt::format("espalier data get {}", set.name); }

void verify_file(const Dataset& set, const File& file) {
    const fs::path path = folder_of(set) / file.name();
    std::error_code error;
    if (!fs::is_regular_file(path, error))
        throw Failure(Exit::missing_input,
                      fmt::format("{}: {} is not in the cache ({})", set.name, file.name(),
                                  folder_of(set).string()),
                      again(set));
    const auto bytes = static_cast<int64_t>(fs::file_size(path, error));
    if (bytes != file.bytes)
        throw Failure(Exit::bad_data,
                      fmt::format("{}: {} bytes, the manifest says {}: {}", path.string(), bytes,
                                  file.bytes,
                                  bytes < file.bytes ? "it is truncated" : "it is another file"),
                      again(set));
    const std::string found = digest_of_file(path).hex();
    if (found != file.sha256)
        throw Failure(Exit::bad_data,
                      fmt::format("{}: its SHA-256 is {}, the manifest says {}", path.string(),
                                  found, file.sha256),
                      again(set));
}

// Columns first .. last of a float64 [rows, columns] tensor.
Tensor cut(const Tensor& rows, const Columns& wanted, const std::string& name) {
    if (rows.axes() != 2 || rows.shape()[1] < wanted.last)
        throw Failure(Exit::bad_data, fmt::format("{}: shape {}, wanted at least {} columns", name,
                                                  text_of(rows.shape()), wanted.last));
    Shape shape{rows.shape()[0]};
    shape.insert(shape.end(), wanted.shape.begin(), wanted.shape.end());
    return rows.slice(1, wanted.first - 1, wanted.last).as(wanted.type).reshape(std::move(shape));
}

} // namespace

fs::path cache_folder() {
    const auto named = [](const char* variable) -> std::string {
        const char* text = std::getenv(variable);
        return text ? text : "";
    };
    if (const auto folder = named("ESPALIER_DATA"); !folder.empty()) return folder;
    if (const auto cache = named("XDG_CACHE_HOME"); !cache.empty())
        return fs::path(cache) / "espalier";
    if (const auto home = named("HOME"); !home.empty()) return fs::path(home) / ".cache/espalier";
    throw Failure(Exit::cannot_create, "there is no home folder to keep datasets in",
                  "set ESPALIER_DATA to a folder");
}

fs::path folder_of(const Dataset& set) { return cache_folder() / set.name; }

State state_of(const Dataset& set) {
    std::error_code error;
    for (const File& file : set.files)
        if (!fs::is_regular_file(folder_of(set) / file.name(), error)) return State::absent;
    return State::present;
}

void verify(const Dataset& set) {
    for (const File& file : set.files) verify_file(set, file);
}

bool has_reader(const Dataset& set) noexcept {
    return set.reader == "idx" || set.reader == "csv" || set.reader == "rda" || set.reader == "gt";
}

Map read(const Dataset& set) {
    if (!has_reader(set))
        throw Failure(
            Exit::bad_data,
            fmt::format("{}: files of type '{}' cannot be read yet", set.name, set.reader),
            fmt::format("espalier data path {} says where they are", set.name));
    verify(set);
    LoadOptions options;
    options.format = set.reader;
    options.as = TextAs::tensor;
    options.header = false;
    options.self_loops = EdgePolicy::drop; // networks are read as simple graphs
    options.duplicates = EdgePolicy::merge;
    options.allow_nan = set.reader == "gt"; // cond-mat-2005 was published with infinite weights
    Map parts;
    for (const File& file : set.files) {
        const fs::path path = folder_of(set) / file.name();
        const Value content = load(path, options);
        if (!file.as.empty()) parts[file.as] = content;
        for (const Columns& wanted : set.columns)
            parts[wanted.as] = cut(content.as<Tensor>(), wanted, path.string());
    }
    return parts;
}

} // namespace espalier::data
