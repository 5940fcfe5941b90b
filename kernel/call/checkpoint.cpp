// SPDX-License-Identifier: MIT
// Checkpoint files: written in turns, believed only when the digest of their content is right.
#include "call/checkpoint.hpp"

#include "files/files.hpp"
#include "values/failure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>

namespace espalier {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view format_name = "espalier-checkpoint";
constexpr int64_t format_version = 1;

Value of_maker(const Maker& m) {
    return Map{{"component", m.component},
               {"plugin", m.plugin},
               {"version", m.version},
               {"build", m.build},
               {"file", m.file.hex()}};
}

std::string text_of(const Map& maker, const char* name) { return maker.at(name).as<std::string>(); }

// Content of a checkpoint without its digest.
Value content_of(const SavedState& s, const Maker& maker) {
    return Map{{"format", std::string(format_name)},
               {"version", format_version},
               {"maker", of_maker(maker)},
               {"generation", s.generation},
               {"steps", s.steps},
               {"state", s.state},
               {"metrics", s.metrics}};
}

// The content of a file. Throws when it is damaged.
Map read(const fs::path& path) {
    LoadOptions options;
    options.format = "npz";
    const Value whole = load(path, options);
    Map content = whole.as<Map>().at("content").as<Map>();
    if (whole.as<Map>().at("sha256").as<std::string>() != digest_of(Value(content)).hex())
        throw Failure(Exit::bad_data, fmt::format("{}: its SHA-256 is another", path.string()));
    if (content.at("format").as<std::string>() != format_name ||
        content.at("version").as<int64_t>() != format_version)
        throw Failure(Exit::bad_data, fmt::format("{}: not of this format", path.string()));
    return content;
}

// Whether `name` is ".CALL.a.PID.NUMBER.tmp", or longer, of a process that is gone.
bool abandoned(std::string_view name, std::string_view call) {
    const std::string start = fmt::format(".{}.", call);
    if (!name.starts_with(start) || name.size() < start.size() + 2) return false;
    const std::string_view rest = name.substr(start.size() + 2);
    pid_t process = 0;
    const auto read = std::from_chars(rest.data(), rest.data() + rest.size(), process);
    return read.ec == std::errc{} && process > 0 && ::kill(process, 0) != 0 && errno == ESRCH;
}

} // namespace

Checkpoint::Checkpoint(fs::path folder, const Digest& call, Maker maker, Warn warn)
    : folder_(std::move(folder)), name_(call.hex()), maker_(std::move(maker)),
      warn_(std::move(warn)) {}

fs::path Checkpoint::file(int64_t generation) const {
    return folder_ / (name_ + (generation % 2 ? ".a" : ".b"));
}

std::vector<SavedState> Checkpoint::found() const {
    std::vector<SavedState> states;
    for (int64_t place : {1, 2}) {
        const fs::path path = file(place);
        std::error_code unseen;
        if (!fs::exists(path, unseen)) continue;
        try {
            const Map content = read(path);
            generation_ = std::max(generation_, content.at("generation").as<int64_t>());
            if (const auto& by = content.at("maker").as<Map>();
                digest_of(Value(by)) != digest_of(of_maker(maker_))) {
                warn_(fmt::format("{}: was saved by {} {} ({}), not by this {} ({}): not used",
                                  path.string(), text_of(by, "plugin"), text_of(by, "version"),
                                  text_of(by, "build"), maker_.version, maker_.build));
                continue;
            }
            states.push_back({content.at("generation").as<int64_t>(),
                              content.at("steps").as<int64_t>(), content.at("state").as<Model>(),
                              content.at("metrics").as<Table>()});
        } catch (const std::exception& error) { // a file may hold anything
            warn_(fmt::format("{}: is damaged: not used ({})", path.string(), error.what()));
        }
    }
    std::sort(states.begin(), states.end(),
              [](const auto& a, const auto& b) { return a.generation > b.generation; });
    return states;
}

void Checkpoint::save(SavedState state) {
    std::error_code error;
    fs::create_directories(folder_, error);
    if (error)
        throw Failure(Exit::cannot_create,
                      fmt::format("{}: cannot be created: {}", folder_.string(), error.message()));
    state.generation = generation_ + 1;
    const Value content = content_of(state, maker_);
    SaveOptions options;
    options.format = "npz";
    espalier::save(file(state.generation),
                   Map{{"content", content}, {"sha256", digest_of(content).hex()}}, options);
    generation_ = state.generation;
}

void Checkpoint::remove() noexcept {
    std::error_code unseen;
    for (int64_t place : {1, 2}) fs::remove(file(place), unseen);
    for (fs::directory_iterator at(folder_, unseen), end; !unseen && at != end;
         at.increment(unseen)) {
        std::error_code ignored;
        if (abandoned(at->path().filename().native(), name_)) fs::remove(at->path(), ignored);
    }
}

} // namespace espalier
