// SPDX-License-Identifier: MIT
#include "app/contents.hpp"

#include "data/dataset.hpp"

namespace espalier::app {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view dataset_mark = "data:";

Digest of_dataset(const fs::path& manifest, const std::string& name) {
    const auto sets = data::read_manifest(manifest);
    Hasher hasher;
    for (const data::File& file : data::dataset_named(sets, name).files)
        hasher.add(std::string_view(file.name())).add(std::string_view(file.sha256));
    return hasher.digest();
}

} // namespace

std::optional<Digest> Contents::of(const std::string& name) {
    const bool dataset = name.starts_with(dataset_mark);
    try {
        const fs::path file = dataset ? data::manifest_file() : fs::path(name);
        std::error_code error;
        const auto bytes = fs::file_size(file, error);
        if (error) return {};
        const auto written = fs::last_write_time(file, error);
        if (error) return {};
        const auto at = known_.find(name);
        if (at != known_.end() && at->second.bytes == bytes && at->second.written == written)
            return at->second.content;
        const Digest content =
            dataset ? of_dataset(file, name.substr(dataset_mark.size())) : digest_of_file(file);
        known_.insert_or_assign(name, Known{bytes, written, content});
        return content;
    } catch (const Failure&) {
        return {};
    }
}

} // namespace espalier::app
