// SPDX-License-Identifier: MIT
// Folders are found from the program's own file, so that a tree can be moved.
#include "app/places.hpp"

#include "schema/suggest.hpp"
#include "values/failure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace espalier::app {

namespace fs = std::filesystem;

namespace {

bool is_scripts(const fs::path& folder) {
    std::error_code ignored;
    return fs::is_directory(folder / "lib", ignored) ||
           fs::is_directory(folder / "papers", ignored);
}

std::vector<std::string> stems(const fs::path& folder, const std::string& prefix,
                               const std::string& extension) {
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
        const std::string stem = at->path().stem().string();
        if (at->path().extension() == extension && stem.starts_with(prefix))
            names.push_back(stem.substr(prefix.size()));
    }
    std::sort(names.begin(), names.end());
    return names;
}

} // namespace

fs::path program_file() {
    std::error_code error;
    const fs::path file = fs::read_symlink("/proc/self/exe", error);
    return error ? fs::path("espalier") : file;
}

std::optional<fs::path> scripts_folder() {
    const fs::path program = program_file().parent_path();
    std::vector<fs::path> candidates;
    if (const char* named = std::getenv("ESPALIER_SCRIPTS"); named && *named)
        candidates.emplace_back(named);
    candidates.push_back(program.parent_path() / "share/espalier/scripts");
    // build/release/bin/espalier: the source tree is three folders up.
    fs::path above = program;
    for (int i = 0; i < 3; ++i) candidates.push_back((above = above.parent_path()) / "scripts");
    std::error_code ignored;
    candidates.push_back(fs::current_path(ignored) / "scripts");
    for (const auto& folder : candidates)
        if (is_scripts(folder)) return folder;
    return std::nullopt;
}

fs::path library_folder() {
    const auto scripts = scripts_folder();
    return scripts ? *scripts / "lib" : fs::path();
}

std::vector<std::string> paper_names() {
    const auto scripts = scripts_folder();
    if (!scripts)
        throw Failure(Exit::missing_input, "no folder scripts/papers beside the program",
                      "run it from the source tree, or install it");
    return stems(*scripts / "papers", "", ".lua");
}

fs::path paper_file(const std::string& name) {
    const auto names = paper_names();
    if (std::find(names.begin(), names.end(), name) == names.end()) {
        const auto near = nearest(name, names);
        throw Failure(Exit::command_line, fmt::format("command line: there is no paper '{}'", name),
                      near ? fmt::format("did you mean '{}'?", *near) : "espalier paper list");
    }
    return *scripts_folder() / "papers" / (name + ".lua");
}

fs::path report_folder() {
    return program_file().parent_path().parent_path() / "share/espalier/report";
}

fs::path bench_folder() { return program_file().parent_path() / "bench"; }

std::vector<std::string> bench_names() { return stems(bench_folder(), "bench_", ""); }

std::string shown(const fs::path& path) {
    std::error_code error;
    const fs::path relative = fs::relative(path, error);
    return error || relative.empty() || *relative.begin() == ".." ? path.string()
                                                                  : relative.string();
}

} // namespace espalier::app
