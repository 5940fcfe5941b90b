// SPDX-License-Identifier: MIT
// A package fetched by its registry's own client into a folder beside the cache, unpacked, and its
// files verified before they take their place.
#include "data/dataset.hpp"
#include "data/process.hpp"
#include "values/digest.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace espalier::data {

namespace {

namespace fs = std::filesystem;

// A folder of its own in the cache, on the file system that the files will stay on.
class Workshop {
public:
    explicit Workshop(const fs::path& cache) {
        std::error_code error;
        fs::create_directories(cache, error);
        std::string name = (cache / ".fetch-XXXXXX").string();
        if (!mkdtemp(name.data()))
            throw Failure(
                Exit::cannot_create,
                fmt::format("{}: cannot be written: {}", cache.string(), std::strerror(errno)),
                "ESPALIER_DATA names another folder");
        path_ = name;
    }
    ~Workshop() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    Workshop(const Workshop&) = delete;
    Workshop& operator=(const Workshop&) = delete;
    const fs::path& path() const noexcept { return path_; }

private:
    fs::path path_;
};

std::string by_hand(const Dataset& set) {
    return fmt::format("its home is {}: put the files into {} by hand", set.address,
                       folder_of(set).string());
}

void expect(const Dataset& set, const Ended& ended, const std::string& tool) {
    if (!ended.found)
        throw Failure(
            Exit::missing_input,
            fmt::format("{}: '{}' is not installed, which fetches {}", set.name, tool, set.source),
            by_hand(set));
    if (ended.code > 128)
        throw Failure(Exit::interrupted, fmt::format("{}: {} was stopped", set.name, tool));
    if (ended.code != 0)
        throw Failure(Exit::missing_input,
                      fmt::format("{}: {} cannot fetch {}: is its registry out of reach? ({})",
                                  set.name, tool, set.source, ended.last_line),
                      by_hand(set));
}

// The one file of this extension in a folder.
fs::path fetched_file(const Dataset& set, const fs::path& folder, const char* extension) {
    for (const auto& entry : fs::directory_iterator(folder))
        if (entry.path().extension() == extension) return entry.path();
    throw Failure(Exit::missing_input,
                  fmt::format("{}: fetching {} left no {} file", set.name, set.source, extension),
                  by_hand(set));
}

void unpack(const Dataset& set, const std::vector<std::string>& words, const fs::path& folder) {
    const Ended ended = run_program(words, folder);
    if (!ended.found)
        throw Failure(Exit::missing_input, fmt::format("{}: '{}' is not installed, which unpacks "
                                                       "{}",
                                                       set.name, words[0], set.source));
    if (ended.code != 0)
        throw Failure(Exit::bad_data, fmt::format("{}: {} cannot unpack what was fetched ({})",
                                                  set.name, words[0], ended.last_line));
}

void get_package(const Dataset& set, const fs::path& folder) {
    const std::size_t space = set.source.find(' ');
    const std::string registry = set.source.substr(0, space);
    const std::string package = space == std::string::npos ? "" : set.source.substr(space + 1);
    if (package.empty() || package.front() == '-' || (registry != "npm" && registry != "debian"))
        throw Failure(Exit::bad_data,
                      fmt::format("{}: '{}' is not a source ('npm NAME@VERSION', 'debian NAME')",
                                  set.name, set.source));
    if (registry == "npm") {
        expect(set, run_program({"npm", "pack", "--silent", package}, folder), "npm");
        unpack(set, {"tar", "-xzf", fetched_file(set, folder, ".tgz").string()}, folder);
    } else {
        expect(set, run_program({"apt-get", "download", "-q", package}, folder), "apt-get");
        unpack(set, {"dpkg-deb", "-x", fetched_file(set, folder, ".deb").string(), "."}, folder);
    }
}

void take(const Dataset& set, const File& file, const fs::path& from) {
    std::error_code error;
    const fs::path found = from / file.path;
    if (!fs::is_regular_file(fs::symlink_status(found, error)))
        throw Failure(Exit::bad_data,
                      fmt::format("{}: {} holds no {}", set.name, set.source, file.path));
    const std::string digest = digest_of_file(found).hex();
    if (digest != file.sha256)
        throw Failure(Exit::bad_data,
                      fmt::format("{}: {} has the SHA-256 {}, the manifest says {}", set.name,
                                  file.path, digest, file.sha256),
                      "the package was changed upstream, or on its way: nothing was kept");
    fs::rename(found, folder_of(set) / file.name(), error);
    if (error)
        throw Failure(Exit::cannot_create,
                      fmt::format("{}: cannot be written: {}",
                                  (folder_of(set) / file.name()).string(), error.message()));
}

} // namespace

void fetch(const std::vector<const Dataset*>& sets) {
    std::vector<const Dataset*> wanted;
    for (const Dataset* set : sets) try {
            verify(*set);
        } catch (const Failure&) {
            wanted.push_back(set); // absent or wrong: it is fetched anew
        }
    while (!wanted.empty()) {
        const Workshop workshop(cache_folder());
        const std::string source = wanted.front()->source;
        get_package(*wanted.front(), workshop.path());
        std::erase_if(wanted, [&](const Dataset* set) {
            if (set->source != source) return false;
            std::error_code error;
            fs::create_directories(folder_of(*set), error);
            for (const File& file : set->files) take(*set, file, workshop.path());
            verify(*set);
            return true;
        });
    }
}

void fetch(const Dataset& set) { fetch(std::vector<const Dataset*>{&set}); }

} // namespace espalier::data
