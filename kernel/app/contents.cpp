// SPDX-License-Identifier: MIT
#include "app/contents.hpp"

#include "data/dataset.hpp"

namespace espalier::app {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view dataset_mark = "data:";

std::optional<Digest> of_dataset(const std::string& name) {
    try {
        const auto sets = data::read_manifest(data::manifest_file());
        Hasher hasher;
        for (const data::File& file : data::dataset_named(sets, name).files)
            hasher.add(std::string_view(file.name())).add(std::string_view(file.sha256));
        return hasher.digest();
    } catch (const Failure&) {
        return {};
    }
}

} // namespace

std::optional<Digest> Contents::of(const std::string& name) {
    if (name.starts_with(dataset_mark)) return of_dataset(name.substr(dataset_mark.size()));
    std::error_code error;
    const auto bytes = fs::file_size(name, error);
    if (error) return {};
    const auto written = fs::last_write_time(name, error);
    if (error) return {};
    if (const auto at = known_.find(name);
        at != known_.end() && at->second.bytes == bytes && at->second.written == written)
        return at->second.content;
    try {
        return known_.insert_or_assign(name, Known{bytes, written, digest_of_file(name)})
            .first->second.content;
    } catch (const Failure&) {
        return {};
    }
}

} // namespace espalier::app
